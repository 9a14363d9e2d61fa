"""Pages of long lists by place: no OFFSET, no long COUNT, as quick at the end as at the start.

A place is the values by which a list is ordered, of the row beside it; it stands in the URL.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Generic, TypeAlias, TypeVar
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from orders.formats import Text, number_text
from orders.texts import is_number

PAGE_SIZE = 50
COUNT_AT_MOST = 1000
"""Beyond that the count is not worth a scan of the table."""

Value: TypeAlias = datetime | int | str
Row = TypeVar("Row", bound=Model)

_SEPARATOR = "~"
"""In none of the values but perhaps the last, which takes the rest."""


@dataclass(frozen=True, slots=True)
class Key:
    """A column or annotation that a list is ordered by, and how its values are read from a URL.

    ``read`` raises ValueError or OverflowError for what is no such value.
    """

    name: str
    read: Callable[[str], Value]


@dataclass(frozen=True, slots=True)
class Ordering:
    """A total order of rows: the last key is unique, and all go the same way."""

    keys: tuple[Key, ...]
    descending: bool

    @property
    def forward(self) -> list[str]:
        """The fields to order by, for the way people page through the list."""
        return self._fields(descending=self.descending)

    @property
    def backward(self) -> list[str]:
        return self._fields(descending=not self.descending)

    def place_of(self, row: Model) -> "Place":
        return Place(self, tuple(getattr(row, key.name) for key in self.keys))

    def read(self, text: str) -> "Place":
        """The place that ``str`` of it gave.

        Raises:
            ValueError, OverflowError: It is none of this list.
        """
        parts = text.split(_SEPARATOR, len(self.keys) - 1)
        return Place(
            self, tuple(key.read(part) for key, part in zip(self.keys, parts, strict=True))
        )

    def _fields(self, *, descending: bool) -> list[str]:
        return [f"{'-' if descending else ''}{key.name}" for key in self.keys]


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a list: beside the row with these values."""

    ordering: Ordering
    values: tuple[Value, ...]

    def __str__(self) -> str:
        return _SEPARATOR.join(
            value.isoformat() if isinstance(value, datetime) else str(value)
            for value in self.values
        )

    @property
    def following(self) -> Q:
        """The rows that come after it."""
        return self._beyond("lt" if self.ordering.descending else "gt")

    @property
    def preceding(self) -> Q:
        return self._beyond("gt" if self.ordering.descending else "lt")

    def _beyond(self, lookup: str) -> Q:
        """Compares like a row value, in a form for which databases use an index on the keys."""
        *leading, last = zip(self.ordering.keys, self.values, strict=True)
        beyond = Q((f"{last[0].name}__{lookup}", last[1]))
        for key, value in reversed(leading):
            beyond = Q((f"{key.name}__{lookup}e", value)) & (
                Q((f"{key.name}__{lookup}", value)) | beyond
            )
        return beyond


class ListForm(forms.Form):
    """What a list is narrowed to and where its page starts; it comes with the URL.

    Subclasses name the ordering and how many rows there are in words, and add the fields that
    narrow the list. What is not valid narrows nothing.

    Attributes:
        count_words: So many rows, ``%(count)d`` of them.
        many_words: More rows than are counted, which are ``%(most)s``.
    """

    ordering: ClassVar[Ordering]
    count_words: Text
    many_words: Text

    after = forms.CharField(required=False, widget=forms.HiddenInput)
    before = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_after(self) -> Place | None:
        return self._place("after")

    def clean_before(self) -> Place | None:
        return self._place("before")

    def answer(self, name: str) -> str:
        """What was given for a narrowing field, or ""."""
        return "" if name in self.errors else self.cleaned_data[name]

    def place(self, name: str) -> Place | None:
        return None if name in self.errors else self.cleaned_data[name]

    @property
    def has_errors_at_fields(self) -> bool:
        """Whether something is wrong that a person typed or chose, and not only the place."""
        return any(field.errors for field in self.visible_fields())

    @property
    def narrowing(self) -> dict[str, str]:
        """The answers that narrow the list, as the URL's query holds them."""
        names = [field.name for field in self.visible_fields()]
        return {name: str(given) for name in names if (given := self.answer(name))}

    def _place(self, name: str) -> Place | None:
        text = self.cleaned_data[name]
        try:
            return self.ordering.read(text) if text else None
        except (ValueError, OverflowError) as error:
            raise ValidationError(_("The page to show is not one of this list.")) from error


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list, and the query strings of its neighbours ("" where there is none)."""

    rows: list[Row]
    count_text: str
    is_narrowed: bool
    previous_query: str = ""
    next_query: str = ""


def page_of(form: ListForm, listed: QuerySet[Row], *, counted: QuerySet[Row]) -> Page[Row]:
    """The page after or before the form's place, else the first one; in two queries.

    Args:
        listed: The rows with all that the list shows of them.
        counted: The same rows with nothing more.
    """
    after, before = form.place("after"), form.place("before")
    if before:
        rows = listed.filter(before.preceding).order_by(*form.ordering.backward)
    else:
        rows = listed.filter(after.following) if after else listed
        rows = rows.order_by(*form.ordering.forward)
    found = list(rows[: PAGE_SIZE + 1])
    shown, goes_on = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    if before:
        shown.reverse()
    has_previous, has_next = (goes_on, True) if before else (after is not None, goes_on)
    return Page(
        rows=shown,
        count_text=_count_text(counted, form),
        is_narrowed=bool(form.narrowing or after or before),
        previous_query=_query(form, "before", shown[0]) if shown and has_previous else "",
        next_query=_query(form, "after", shown[-1]) if shown and has_next else "",
    )


def moment(text: str) -> datetime:
    """A moment with its offset, in UTC."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(UTC)


def whole(text: str) -> int:
    """A whole number that a database's column can hold, in plain digits."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise ValueError(text)
    return int(text)


def flag(text: str) -> bool:
    """Whether or not, as Python writes it."""
    if text not in ("True", "False"):
        raise ValueError(text)
    return text == "True"


def number(text: str) -> str:
    """The number of an order or account (contract.md §1)."""
    if not is_number(text):
        raise ValueError(text)
    return text


def _query(form: ListForm, side: str, row: Model) -> str:
    return urlencode(form.narrowing | {side: str(form.ordering.place_of(row))})


def _count_text(rows: QuerySet[Row], form: ListForm) -> str:
    count = rows.order_by()[: COUNT_AT_MOST + 1].count()
    if count > COUNT_AT_MOST:
        return form.many_words % {"most": number_text(COUNT_AT_MOST)}
    return form.count_words % {"count": count}
