"""Long lists read to their end, a chunk at a time."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

from orders.places import Ordering
from orders.replica import read

Row = TypeVar("Row", bound=Model)


def in_chunks(
    rows: QuerySet[Row], ordering: Ordering, *, size: int, fresh: bool = False
) -> Iterator[list[Row]]:
    """All rows, so many at a time, each chunk by a query of its own, on a replica if that may be.

    Args:
        fresh: What somebody just changed must not be missing.
    """
    left = rows

    def next_ones(alias: str) -> list[Row]:
        return list(left.using(alias).order_by(*ordering.forward)[:size])

    while chunk := read(next_ones, fresh=fresh):
        yield chunk
        left = rows.filter(ordering.place_of(chunk[-1]).following)
