"""A column of a list as a value, and what its cells hold.

Each list names its columns once, in a tuple; the list's page and the admin read the same one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Generic, Literal, TypeAlias

from django.db.models import Model
from django.shortcuts import resolve_url
from django.utils.translation import get_language, gettext

from orders.arithmetic.money import Currency, Minor
from orders.formats import Text, moment_text, money_text
from orders.keyset import Row


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to a page: by its address, or to that of a record."""

    kind: ClassVar = "link"

    text: str
    target: str | Model

    @property
    def url(self) -> str:
        """Found where a page asks for it: a file of many rows has the text alone."""
        return resolve_url(self.target)

    def __str__(self) -> str:
        return self.text


def link_to(record: Model, text: str = "") -> Link:
    """A link to a record's page, with its own name unless another text is given."""
    return Link(text or str(record), record)


@dataclass(frozen=True, slots=True)
class Moment:
    """Shown to the minute in the viewer's zone; on a page the exact time is there on hover."""

    kind: ClassVar = "moment"

    at: datetime

    def __str__(self) -> str:
        return moment_text(self.at)


@dataclass(frozen=True, slots=True)
class Money:
    kind: ClassVar = "money"

    amount_minor: Minor
    currency: Currency
    remark: Text = ""
    sign: Literal[1, -1] = 1
    """-1 where it is taken from others in a sum; shown without it, beside its remark."""

    def __str__(self) -> str:
        return money_text(self.amount_minor, self.currency)


@dataclass(frozen=True, slots=True)
class Status:
    """A status by its stored code, the label that people read, and what it asks of them."""

    kind: ClassVar = "status"

    code: str
    label: str
    remark: Text = ""

    def __str__(self) -> str:
        return self.label


def label_of(row: Model, field: str) -> str:
    """What people call the code in a field of a row.

    Django's ``get_…_display`` does the same, and translates all labels of the field for it.
    """
    code = getattr(row, field)
    return _labels(type(row), field, get_language()).get(code, code)


@cache
def _labels(model: type[Model], field: str, language: str) -> Mapping[str, str]:
    """In the language that is active."""
    known: Any = model._meta.get_field(field)
    return {code: str(label) for code, label in known.flatchoices}


@dataclass(frozen=True, slots=True)
class Guest:
    """Someone who ordered without an account, under a name or none."""

    kind: ClassVar = "guest"

    name: str

    def __str__(self) -> str:
        return self.name or gettext("Guest")


Value: TypeAlias = str | int | Link | Moment | Money | Status | Guest
"""What a cell holds; ``str`` of it is what it says as plain text."""


class Align(StrEnum):
    START = "start"
    END = "end"
    """For figures, so that their digits stand below each other."""


class Narrow(StrEnum):
    """A cell's place where the list is too narrow for a table.

    Each row is then a block of two columns, which fill in the order of the list's columns;
    list-table.css has the rule.
    """

    START = "start"
    END = "end"
    CORNER = "corner"
    """At the end and above all others: beside the row's first cell."""
    WHOLE = "whole"
    """On a line of its own."""
    SENTENCE = "sentence"
    """As well; in a table it takes a share of the room, and leaves the words beside it whole."""
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of a list. The first of a list names the row.

    Attributes:
        name: Unique in its list, a Python name.
        value: What the cell of a row holds; asks the database nothing.
        sort: The first key of the ordering by which this column sorts its list, or "".
        holds_money: Whether each value is ``Money``: a file has a column for its currency.
        leads: Whether its link is the one that a click on the row follows, if not the first.
        narrow: Where the cell stands when narrow; an empty one is hidden then.
        narrow_label: What stands before the value when narrow, where no heading says what it is.
    """

    name: str
    label: Text
    value: Callable[[Row], Value]
    sort: str = ""
    align: Align = Align.START
    holds_money: bool = False
    leads: bool = False
    narrow: Narrow = Narrow.START
    narrow_label: Text = ""
