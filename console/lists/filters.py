"""What lists are narrowed by: filters of django-filter, whose fields stand in the list's form."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.validators import EMPTY_VALUES
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import Filter, FilterSet

from console.lists.amounts import AmountField, CurrencyField
from console.lists.days import DayField
from console.lists.listing import search_field
from orders.formats import Text
from orders.keyset import Row
from orders.list_form import ListForm


class NarrowedForm(ListForm):
    """The form of a list with the fields of its filters.

    Attributes:
        filters: The filters, by the names of their fields.
        needs: The rights without which a reader has no such filter, by its name.
        can_show: The names of the columns that can be chosen.
    """

    filters: ClassVar[type[FilterSet]]
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    first = ("q", "status")
    can_show: ClassVar[frozenset[str]]
    keeps = ("sort", "columns")

    columns = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.filters(self.data).filters
        self._filters = {name: each for name, each in offered.items() if self._may_use(name)}
        self.fields = {name: each.field for name, each in self._filters.items()} | self.fields

    def clean_columns(self) -> str:
        """The names of columns with commas between them."""
        text: str = self.cleaned_data["columns"]
        names = text.split(",") if text else []
        if len(set(names)) < len(names) or not self.can_show.issuperset(names):
            raise forms.ValidationError(_("This list has no such columns."))
        return text

    def _may_use(self, name: str) -> bool:
        needed = self.needs.get(name, ())
        return not needed or (self.reader is not None and self.reader.has_perms(needed))

    @property
    def shown(self) -> tuple[str, ...]:
        chosen = self.answer("columns")
        return tuple(chosen.split(",")) if chosen else ()

    def narrowed(self, rows: QuerySet[Row], *, but: str = "") -> QuerySet[Row]:
        """The rows that were asked for; what is not valid narrows nothing.

        Args:
            but: The name of a filter that is left out.
        """
        for name, each in self._filters.items():
            if name != but and (given := self.answer(name)) not in EMPTY_VALUES:
                rows = each.filter(rows, given)
        return rows


class TickBox(forms.CheckboxInput):
    """A tick that stands in the URL as 1, and not at all where it is not set."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"value": "1"} | (attrs or {}), check_test=bool)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name, "")

    def format_value(self, value: Any) -> None:
        """The value is always the same."""


class TickField(forms.ChoiceField):
    widget = TickBox

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[("1", "1")], **kwargs)


class SearchFilter(Filter):
    """Words that people look for; ``placeholder`` says in what."""

    def __init__(self, placeholder: Text, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.placeholder = placeholder

    @property
    def field(self) -> forms.Field:
        return search_field(self.placeholder)


class TickFilter(Filter):
    field_class = TickField


class DayFilter(Filter):
    field_class = DayField


class AmountFilter(Filter):
    field_class = AmountField


class CurrencyFilter(Filter):
    field_class = CurrencyField
