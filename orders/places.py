"""Places in long lists: what a list is ordered by, and a position in it that a URL can hold.

A place is the values by which a list is ordered, of the row beside it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from django.db.models import BooleanField, F, Func, Model, Q
from django.db.models import Value as Literal

from orders.texts import is_number

Value: TypeAlias = datetime | int | str

_SEPARATOR = "~"
"""In none of the values but perhaps the first, which takes the rest."""


@dataclass(frozen=True, slots=True)
class Key:
    """A column or annotation that a list is ordered by, and how its values are read from a URL.

    ``read`` raises ValueError or OverflowError for what is no such value.
    """

    name: str
    read: Callable[[str], Value]


@dataclass(frozen=True, slots=True)
class Ordering:
    """A total order of rows: the last key is unique, and all go the same way.

    ``name`` tells it from the other orders of a list, and stands in its places: none of one
    order is taken for one of another. The usual order of a list needs none.
    """

    keys: tuple[Key, ...]
    descending: bool
    name: str = ""

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
        if self.name:
            name, _, text = text.partition(_SEPARATOR)
            if name != self.name:
                raise ValueError(name)
        parts = text.rsplit(_SEPARATOR, len(self.keys) - 1)
        return Place(
            self, tuple(key.read(part) for key, part in zip(self.keys, parts, strict=True))
        )

    def _fields(self, *, descending: bool) -> list[str]:
        return [f"{'-' if descending else ''}{key.name}" for key in self.keys]


def both_ways(**keys: tuple[Key, ...]) -> dict[str, Ordering]:
    """Orderings by their names, each way: ``total``, and ``-total`` from the last to the first."""
    named = [(name, each, False) for name, each in keys.items()]
    named += [(f"-{name}", each, True) for name, each in keys.items()]
    return {name: Ordering(each, descending, name) for name, each, descending in named}


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a list: beside the row with these values."""

    ordering: Ordering
    values: tuple[Value, ...]

    def __str__(self) -> str:
        values = (
            value.isoformat() if isinstance(value, datetime) else str(value)
            for value in self.values
        )
        return _SEPARATOR.join(filter(None, (self.ordering.name, *values)))

    @property
    def following(self) -> Q:
        """The rows that come after it."""
        return self._beyond("<" if self.ordering.descending else ">")

    @property
    def preceding(self) -> Q:
        return self._beyond(">" if self.ordering.descending else "<")

    def _beyond(self, operator: str) -> Q:
        return Q(_Compared(operator, self.ordering.keys, self.values))


class _Compared(Func):
    """A comparison of row values, for which databases go to the very place in an index.

    Taken apart into ``a <= x AND (a < x OR …)`` it reads all rows with the first value.
    """

    output_field = BooleanField()

    def __init__(self, operator: str, keys: tuple[Key, ...], values: tuple[Value, ...]) -> None:
        self.operator = operator
        names = (F(key.name) for key in keys)
        super().__init__(*names, *(Literal(value) for value in values))

    def copy(self) -> "_Compared":
        copied = super().copy()
        copied.operator = self.operator
        return copied

    def as_sql(self, compiler: Any, *args: Any, **kwargs: Any) -> tuple[str, tuple[Any, ...]]:
        compiled = [compiler.compile(each) for each in self.get_source_expressions()]
        half = len(compiled) // 2
        sides = (", ".join(sql for sql, _ in side) for side in (compiled[:half], compiled[half:]))
        left, right = sides
        params = tuple(param for _, given in compiled for param in given)
        return f"({left}) {self.operator} ({right})", params


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


def integer(text: str) -> int:
    """A whole number that may be negative."""
    return -whole(text[1:]) if text.startswith("-") else whole(text)


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
