"""A page of a list as the table that ``console/lists/_table.html`` shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from console.lists.cells import Cells
from console.lists.columns import Column
from orders.formats import Text
from orders.keyset import Row
from orders.list_form import ListForm
from orders.places import Ordering

WIDE = 8
"""Columns from which on a tablet has no room for the words in them."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column's heading.

    Attributes:
        sorted: The direction, as ``aria-sort`` wants it, or "".
        query: The query by which the list is sorted by it, the other way if it is already; or "".
    """

    column: Column
    sorted: Literal["ascending", "descending", ""]
    query: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    caption: Text
    heads: tuple[Head, ...]
    rows: tuple[SafeString, ...]

    @property
    def is_wide(self) -> bool:
        """Whether it scrolls sideways between a desk's width and a phone's."""
        return len(self.heads) >= WIDE


def table_of(
    caption: Text,
    columns: tuple[Column[Row], ...],
    ordering: Ordering,
    rows: Iterable[Row],
    sort_queries: Mapping[str, str] | None = None,
) -> Table:
    """The rows under their columns; the one by which they are ordered first says so.

    Args:
        sort_queries: What sorts the list by a column, by the column's ``sort``.
    """
    queries, cells = sort_queries or {}, Cells()
    return Table(
        caption=caption,
        heads=tuple(
            Head(column, _direction(column, ordering), queries.get(column.sort, ""))
            for column in columns
        ),
        rows=tuple(cells.row([(column, column.value(row)) for column in columns]) for row in rows),
    )


def sort_queries(form: ListForm) -> dict[str, str]:
    """The queries that sort a list otherwise, by the first key of the ordering they lead to.

    Each leads to the first way that the list knows for the key, or to the other one from there.
    """
    now = form.sorted_by
    ways = {form.usual: form.ordering, **form.sorts} if form.usual else {}
    found: dict[str, str] = {}
    for name, way in ways.items():
        key = way.keys[0].name
        is_now = key == now.keys[0].name and way.descending == now.descending
        if key not in found and not is_now:
            found[key] = urlencode(form.asked | {"sort": name})
    return found


def _direction(column: Column, ordering: Ordering) -> Literal["ascending", "descending", ""]:
    if column.sort != ordering.keys[0].name:
        return ""
    return "descending" if ordering.descending else "ascending"
