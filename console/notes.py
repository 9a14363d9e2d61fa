"""Notes that people write on what they did."""

from typing import Any

from django import forms

from cancellations.selection import as_it_counts
from cancellations.wizard import fields


class NoteField(fields.NoteField):
    """A note of a few lines, counted as it is kept: a line break is one character."""

    widget = forms.Textarea

    def __init__(self, *, required: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.required = self.widget.is_required = required

    def to_python(self, value: Any) -> str:
        return as_it_counts(super().to_python(value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without ``maxlength``, by which browsers count a line break as two."""
        return {"rows": 3}
