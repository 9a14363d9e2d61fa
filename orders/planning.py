"""How PostgreSQL is to go about long lists."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import BooleanField, Model, Q, QuerySet
from django.db.models.expressions import RawSQL

Row = TypeVar("Row", bound=Model)

_PLACE = "TRUE /* at the place */"
_ANYWHERE = RawSQL(_PLACE, (), BooleanField())
_NONE = "SELECT NULL::bigint WHERE FALSE"
_PARAMETER = re.compile(r"(?<!%)(?:%%)*%s")


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


def written(model: type[Model], condition: Q) -> RawSQL:
    """A condition on rows of a model as it stands in a query for them.

    Django writes it this once, which takes it longer than all else does where two words make
    dozens of places.
    """
    query = model._default_manager.filter(condition).query
    compiler = query.get_compiler(DEFAULT_DB_ALIAS)
    text, given = query.where.as_sql(compiler, compiler.connection)
    joined = [alias for alias, uses in query.alias_refcount.items() if uses]
    assert len(joined) <= 1, "a condition across a join is none of these rows alone"
    return RawSQL(f"({text})", tuple(given), BooleanField())


def all_of(conditions: Iterable[RawSQL]) -> RawSQL:
    """One that holds where each of these does."""
    texts, given = zip(*((each.sql, each.params) for each in conditions), strict=True)
    return RawSQL(" AND ".join(texts), tuple(chain.from_iterable(given)), BooleanField())


def found_of_any(rows: QuerySet[Row], places: Sequence[RawSQL], most: int) -> list[Any]:
    """The primary keys of the rows for which a place holds: all of them or, where there are more
    than ``most``, one more than so many and no matter which.

    A place is read only while none before it was full: those that are read soon come first.
    """
    parts: list[str] = []
    answers: list[Any] = []
    for number, (place, given) in enumerate(_at_each(rows.order_by(), places, most + 1)):
        before = f"(SELECT is_full FROM so_far{number - 1})" if number else "FALSE"
        parts.append(
            f"place{number} (pk) AS MATERIALIZED (SELECT * FROM ({place}) AS found"
            f" WHERE NOT {before}), so_far{number} AS MATERIALIZED"
            f" (SELECT {before} OR count(*) > {most} AS is_full FROM place{number})"
        )
        answers += given
    if not parts:
        return []
    united = " UNION ".join(f"SELECT pk FROM place{number}" for number in range(len(parts)))
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} {united} LIMIT {most + 1}", answers)
        return [pk for (pk,) in cursor.fetchall()]


def first_of_any(rows: QuerySet[Row], places: Sequence[RawSQL], most: int) -> RawSQL:
    """The primary keys of the first rows for which a place holds, so many of each, united.

    Each place is read by an index of its own, and no further than to its last row that counts:
    an OR of them all is held against every row. For PostgreSQL alone.
    """
    parts = list(_at_each(rows, places, most))
    united = " UNION ".join(f"({place})" for place, _given in parts)
    return RawSQL(united or _NONE, [answer for _place, given in parts for answer in given])


def _at_each(
    rows: QuerySet[Row], places: Sequence[RawSQL], most: int
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """A query for the primary keys at each place, and its parameters; written once but for it.

    None where no row can be what is asked for.
    """
    try:
        text, given = rows.filter(_ANYWHERE).values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:
        return
    before, after = text.split(_PLACE)
    first = len(_PARAMETER.findall(before))
    for place in places:
        answers = (*given[:first], *place.params, *given[first:])
        yield f"{before}{place.sql}{after}", answers
