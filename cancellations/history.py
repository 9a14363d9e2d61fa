"""Orders with all that happened to them, as many as there are."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from cancellations.models import ChangeOrder, ChangeOrderItem, ProcessException, Refund, Release
from orders.models import OrderEvent, OrderSummary
from orders.standing import with_everything

CHUNK = 25


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


def orders_to_export(numbers: Sequence[str] | None = None) -> Iterator[OrderSummary]:
    """What documents tell of orders, by number (all, or those named): not every report on them."""
    amendments = OrderEvent.objects.filter(type=OrderEvent.Type.AMENDED)
    yield from _by_number(_with_history(ChangeOrder.objects.all(), amendments), numbers)


def orders_with_history(
    numbers: Sequence[str] | None = None, *, since: datetime | None = None
) -> Iterator[OrderSummary]:
    """Orders by number (all, or those named) with all that is needed to replay them.

    Args:
        since: Only those to which something has happened since.
    """
    events = OrderEvent.objects.all()
    orders = _with_history(ChangeOrder.objects.all(), events)
    if since:
        orders = orders.filter(Exists(events.filter(order=OuterRef("pk"), at__gte=since)))
    yield from _by_number(
        orders.prefetch_related(
            "change_orders__refunds__attempts", "change_orders__releases__attempts"
        ),
        numbers,
    )


def _by_number(
    orders: QuerySet[OrderSummary], numbers: Sequence[str] | None
) -> Iterator[OrderSummary]:
    """Never more than a chunk of them in memory."""
    orders = orders.order_by("order_number")
    if numbers:
        orders = orders.filter(order_number__in=numbers)
    last = ""
    while chunk := list(orders.filter(order_number__gt=last)[:CHUNK]):
        yield from chunk
        last = chunk[-1].order_number


def orders_with_history_until(change_order: int) -> QuerySet[OrderSummary]:
    """The order of a change order (by primary key) with its change orders up to that one."""
    until = ChangeOrder.objects.filter(pk__lte=change_order)
    return _with_history(until, OrderEvent.objects.all()).filter(change_orders=change_order)


def _with_history(
    change_orders: QuerySet[ChangeOrder], events: QuerySet[OrderEvent]
) -> QuerySet[OrderSummary]:
    exceptions = ProcessException.objects.open().select_related("line", "payment")
    return with_everything().prefetch_related(
        Prefetch("change_orders", with_items_and_refunds(change_orders)),
        Prefetch("events", events.select_related("by").order_by("sequence")),
        Prefetch("process_exceptions", exceptions),
    )
