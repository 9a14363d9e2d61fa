"""The fields that the details of both wizards ask for."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cancellations.models import LONGEST_NOTE, CancellationReason
from orders.formats import Text
from orders.texts import LinesField

CHOOSE_A_REASON = _("Choose a reason")
NEEDS_NOTE = _("Write a note: this reason needs one.")


class WholeNumberField(forms.IntegerField):
    """ASCII digits, with a minus at most: no point, underscore or full-width digit."""

    default_error_messages = {"invalid": _("Enter a whole number.")}

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value.strip():
            if not re.fullmatch(r"-?[0-9]{1,18}", value.strip(), re.ASCII):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            return int(value)
        return super().to_python(value)


class ReasonField(forms.ChoiceField):
    """One of the reasons, by primary key."""

    default_error_messages = {
        "required": _("Choose a reason."),
        "invalid_choice": _("Choose a reason from the list."),
    }


class NoteField(LinesField):
    """What is said beside a reason; whether it must be said is the reason's word."""

    default_error_messages = {
        "max_length": ngettext_lazy(
            "Shorten the note to %(limit_value)d character.",
            "Shorten the note to %(limit_value)d characters.",
            "limit_value",
        )
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=LONGEST_NOTE, **kwargs)


class Choices(BaseChoiceIterator):
    """Values with their words, as they are: a hundred fields share them without copies."""

    def __init__(self, pairs: Iterable[tuple[str, Text]]) -> None:
        self._pairs = tuple(pairs)

    def __iter__(self) -> Iterator[tuple[str, Text]]:
        return iter(self._pairs)


def reason_choices(reasons: Iterable[CancellationReason], blank: Text = CHOOSE_A_REASON) -> Choices:
    """The choices of a :class:`ReasonField`, with words for the blank one."""
    return Choices([("", blank), *((str(reason.pk), reason.name) for reason in reasons)])


def check_note(form: forms.Form, reasons: Mapping[str, CancellationReason], of: str = "") -> None:
    """Put an error at a note that is blank though its reason needs one.

    Args:
        reasons: By the value that stands for them in the form.
        of: What comes before ``reason`` and ``note`` in the names of the fields.
    """
    answers = form.cleaned_data
    reason = reasons.get(answers.get(f"{of}reason", ""))
    if reason and f"{of}note" in answers and reason.lacks_note(answers[f"{of}note"]):
        form.add_error(f"{of}note", NEEDS_NOTE)
