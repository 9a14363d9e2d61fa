"""A page of a list as the table that ``console/lists/_table.html`` shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from console.lists.columns import Column, Narrow, Value
from orders.formats import Text
from orders.keyset import Ordering, Row


@dataclass(frozen=True, slots=True)
class Head:
    """A column's heading; ``sorted`` is the direction, as ``aria-sort`` wants it, or ""."""

    column: Column
    sorted: Literal["ascending", "descending", ""]


@dataclass(frozen=True, slots=True)
class Cell:
    column: Column
    value: Value

    @property
    def narrow(self) -> Narrow:
        return Narrow.HIDDEN if self.value == "" else self.column.narrow


@dataclass(frozen=True, slots=True)
class Table:
    caption: Text
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]


def table_of(
    caption: Text, columns: tuple[Column[Row], ...], ordering: Ordering, rows: Iterable[Row]
) -> Table:
    """The rows under their columns; the one by which they are ordered first says so."""
    return Table(
        caption=caption,
        heads=tuple(Head(column, _direction(column, ordering)) for column in columns),
        rows=tuple(tuple(Cell(column, column.value(row)) for column in columns) for row in rows),
    )


def _direction(column: Column, ordering: Ordering) -> Literal["ascending", "descending", ""]:
    if column.sort != ordering.keys[0].name:
        return ""
    return "descending" if ordering.descending else "ascending"
