"""Pages of long lists by place: no OFFSET, no long COUNT, as quick at the end as at the start."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from orders.estimates import estimated_count
from orders.formats import number_text
from orders.list_form import ListForm
from orders.planning import by_indexes, first_of_any, found_of_any

PAGE_SIZE = 50
COUNT_AT_MOST = 1000
"""Beyond that the count is not worth a scan of the table."""

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list, and the query strings of its neighbours ("" where there is none)."""

    rows: list[Row]
    count_text: str
    is_narrowed: bool
    previous_query: str = ""
    next_query: str = ""


def page_of(
    form: ListForm,
    listed: QuerySet[Row],
    *,
    counted: QuerySet[Row],
    places: Sequence[RawSQL] = (),
    found_first: bool = False,
) -> Page[Row]:
    """The page after or before the form's place, else the first one; in two queries.

    Where there are more rows than are counted a third asks how many the database thinks there are;
    where there are none the first says so.

    Args:
        listed: The rows with all that the list shows of them.
        counted: The same rows with nothing more than what they are ordered by.
        places: Only those for which one of these holds.
        found_first: Whether the page's rows are found before anything is joined to any row.
    """
    after, before = form.place("after"), form.place("before")
    listed, counted = listed.using(form.database), counted.using(form.database)
    ordering = form.sorted_by
    beyond = before.preceding if before else after.following if after else Q()
    names = ordering.backward if before else ordering.forward
    with by_indexes(form.database):
        count, found = _found(counted, form, places)
        rows = listed.filter(beyond)
        if found:
            rows = rows.filter(pk__any_of=found)
        elif count and (places or found_first):
            rows = rows.filter(pk__in=_of_page(counted.filter(beyond).order_by(*names), places))
        read = list(rows.order_by(*names)[: PAGE_SIZE + 1]) if count else []
        count_text = _count_text(count, counted, form)
    shown, goes_on = read[:PAGE_SIZE], len(read) > PAGE_SIZE
    if before:
        shown.reverse()
    has_previous, has_next = (goes_on, True) if before else (after is not None, goes_on)
    return Page(
        rows=shown,
        count_text=count_text,
        is_narrowed=bool(form.narrowing or after or before),
        previous_query=_query(form, "before", shown[0]) if shown and has_previous else "",
        next_query=_query(form, "after", shown[-1]) if shown and has_next else "",
    )


def _query(form: ListForm, side: str, row: Model) -> str:
    return urlencode(form.asked | {side: str(form.sorted_by.place_of(row))})


def _of_page(rows: QuerySet[Row], places: Sequence[RawSQL]) -> Any:
    """The primary keys of the page's rows, which are the first of these."""
    if places:
        return first_of_any(rows, places, PAGE_SIZE + 1)
    return rows.values("pk")[: PAGE_SIZE + 1]


def _found(rows: QuerySet[Row], form: ListForm, places: Sequence[RawSQL]) -> tuple[int, list[Any]]:
    """How many there are, as far as they are counted; and which, where few had to be found."""
    if places:
        found = found_of_any(rows, places, COUNT_AT_MOST)
        return len(found), found if len(found) <= COUNT_AT_MOST else []
    # In the sequence of the list there is an index to count along, whatever it is narrowed by.
    return rows.order_by(*form.sorted_by.forward)[: COUNT_AT_MOST + 1].count(), []


def _count_text(count: int, rows: QuerySet[Row], form: ListForm) -> str:
    if count <= COUNT_AT_MOST:
        return form.count_words % {"count": count}
    # The planner guesses what a condition leaves, and may be wrong by orders of magnitude.
    about = estimated_count(rows) if form.about_words and not form.narrowing else 0
    if about > COUNT_AT_MOST:
        return form.about_words % {"about": number_text(about)}
    return form.many_words % {"most": number_text(COUNT_AT_MOST)}
