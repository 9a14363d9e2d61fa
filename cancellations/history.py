"""Orders with all that happened to them, as many as there are."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from cancellations.models import (
    Attempt,
    ChangeOrder,
    ChangeOrderItem,
    ProcessException,
    Refund,
    Release,
)
from orders.fetching import fetch, fetch_everything
from orders.models import OrderEvent, OrderItemSummary, OrderSummary
from orders.replica import read
from orders.standing import with_everything

CHUNK = 500
"""Orders that are read at once, where they have few lines."""

MOST_LINES = 5000
"""Lines that are read at once, but for those of one order more."""


def with_items_and_refunds(change_orders: QuerySet[ChangeOrder]) -> QuerySet[ChangeOrder]:
    """All that pages and documents read of change orders, as they were made, in four queries."""
    return (
        change_orders.select_related("created_by", "undone_by", "approval__requested_by")
        .prefetch_related(
            Prefetch("items", ChangeOrderItem.objects.select_related("line")),
            Prefetch("refunds", Refund.objects.select_related("payment")),
            Prefetch("releases", Release.objects.select_related("payment")),
        )
        .order_by("pk")
    )


def keys_by_number(
    numbers: Sequence[str] | None = None, *, since: datetime | None = None
) -> Iterator[list[int]]:
    """The primary keys of orders (all, or those named) by number, a chunk at a time.

    Args:
        since: Only of those to which something has happened since.
    """
    orders = OrderSummary.objects.all()
    if numbers:
        orders = orders.filter(order_number__in=numbers)
    if since:
        events = OrderEvent.objects.filter(order=OuterRef("pk"), at__gte=since)
        orders = orders.filter(Exists(events))
    return (keys for _, keys in _chunks(orders, fresh=True))


def keys_to_export(numbers: Sequence[str] | None = None) -> Iterator[tuple[str, list[int]]]:
    """The same, each chunk with the alias of the database that it was read from.

    There its orders are read too: a replica may not have what the primary has. Whoever names
    orders may have just changed them, and gets them from the primary.
    """
    orders = OrderSummary.objects.all()
    if numbers:
        orders = orders.filter(order_number__in=numbers)
    return _chunks(orders, fresh=bool(numbers))


def _chunks(orders: QuerySet[OrderSummary], *, fresh: bool) -> Iterator[tuple[str, list[int]]]:
    last = ""

    def following(alias: str) -> tuple[str, list[tuple[int, str]]]:
        left = orders.using(alias).filter(order_number__gt=last).order_by("order_number")
        return alias, list(left.values_list("pk", "order_number")[:CHUNK])

    while (found := read(following, fresh=fresh))[1]:
        alias, chunk = found
        yield alias, [key for key, _ in chunk]
        last = chunk[-1][1]


def orders_to_export(
    keys: Sequence[int], *, database: str = DEFAULT_DB_ALIAS
) -> Iterator[OrderSummary]:
    """What documents tell of orders, by number: not every report on them."""
    amendments = OrderEvent.objects.filter(type=OrderEvent.Type.AMENDED).select_related("by")
    for orders in _few_enough(keys, database):
        _fetch_history(orders, amendments)
        yield from orders


def orders_with_history(
    numbers: Sequence[str] | None = None, *, since: datetime | None = None
) -> Iterator[OrderSummary]:
    """Orders by number (all, or those named) with all that is needed to replay them."""
    for keys in keys_by_number(numbers, since=since):
        yield from orders_to_replay(keys)


def orders_to_replay(keys: Sequence[int]) -> Iterator[OrderSummary]:
    """The same of a chunk."""
    for orders in _few_enough(keys):
        change_orders = _fetch_history(orders, OrderEvent.objects.all())
        for kind in ("refunds", "releases"):
            rows = [row for each in change_orders for row in getattr(each, kind).all()]
            fetch(rows, "attempts", Attempt.objects.order_by("pk"))
        yield from orders


def _few_enough(
    keys: Sequence[int], database: str = DEFAULT_DB_ALIAS
) -> Iterator[list[OrderSummary]]:
    """Orders by number, so many at a time that there are not too many lines in memory."""
    orders = OrderSummary.objects.using(database).filter(pk__any_of=keys).order_by("order_number")
    lines = (
        OrderItemSummary.objects.using(database)
        .filter(order__any_of=keys)
        .order_by()
        .values_list("order_id")
    )
    counts = dict(lines.annotate(Count("pk")))
    few: list[OrderSummary] = []
    so_many = 0
    for order in orders.select_related("account"):
        few.append(order)
        so_many += counts.get(order.pk, 0)
        if so_many >= MOST_LINES:
            yield few
            few, so_many = [], 0
    yield few


def _fetch_history(
    orders: Sequence[OrderSummary], events: QuerySet[OrderEvent]
) -> list[ChangeOrder]:
    fetch_everything(orders)
    fetch(orders, "events", events.order_by("sequence"))
    exceptions = ProcessException.objects.open().select_related("line", "payment")
    fetch(orders, "process_exceptions", exceptions)
    made = ChangeOrder.objects.select_related("created_by").order_by("pk")
    change_orders = fetch(orders, "change_orders", made)
    fetch(change_orders, "items", ChangeOrderItem.objects.select_related("line"))
    fetch(change_orders, "refunds", Refund.objects.select_related("payment"))
    fetch(change_orders, "releases", Release.objects.select_related("payment"))
    return change_orders


def orders_with_history_until(change_order: int) -> QuerySet[OrderSummary]:
    """The order of a change order (by primary key) with its change orders up to that one."""
    until = ChangeOrder.objects.filter(pk__lte=change_order)
    exceptions = ProcessException.objects.open().select_related("line", "payment")
    orders = with_everything().prefetch_related(
        Prefetch("change_orders", with_items_and_refunds(until)),
        Prefetch("events", OrderEvent.objects.select_related("by").order_by("sequence")),
        Prefetch("process_exceptions", exceptions),
    )
    return orders.filter(change_orders=change_order)
