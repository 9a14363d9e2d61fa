"""How PostgreSQL is to go about long lists."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


@contextmanager
def by_indexes(database: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Read no table from end to end in this block where an index leads to what is wanted.

    The planner may think that a word is common, and that reading all rows from the start finds
    enough of them soon; nor are two tables gone through side by side for the first few rows. Nor is
    a query compiled or shared among processes, which takes longer than these take. To look for a
    word in a text costs more than the planner thinks, and what is read often is in memory.
    """
    if connections[database].vendor != "postgresql":
        yield
        return
    with transaction.atomic(using=database):
        with connections[database].cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL jit = off;"
                " SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL enable_mergejoin = off;"
                " SET LOCAL random_page_cost = 1.1; SET LOCAL cpu_operator_cost = 0.005"
            )
        yield


def first_of_any(rows: QuerySet[Row], places: Sequence[Q], most: int) -> QuerySet[Row, Any]:
    """The primary keys of the first rows for which a place holds, so many of each, united.

    Each place is read by an index of its own, and no further than to its last row that counts:
    an OR of them all is held against every row. Of several places for PostgreSQL alone.
    """
    first, *others = (rows.filter(place).values("pk")[:most] for place in places)
    return first.union(*others) if others else first
