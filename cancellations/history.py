"""Orders read with all their change orders, as many as there are, in constant memory."""

from collections.abc import Iterator, Sequence

from django.db.models import Prefetch

from cancellations.models import ChangeOrder
from orders.models import OrderSummary

CHUNK = 200


def orders_with_history(numbers: Sequence[str] | None = None) -> Iterator[OrderSummary]:
    """Orders by number (all, or those named), never more than a chunk of them in memory."""
    orders = (
        OrderSummary.objects.with_everything()
        .prefetch_related(Prefetch("change_orders", ChangeOrder.objects.with_everything()))
        .order_by("order_number")
    )
    if numbers:
        orders = orders.filter(order_number__in=numbers)
    last = ""
    while chunk := list(orders.filter(order_number__gt=last)[:CHUNK]):
        yield from chunk
        last = chunk[-1].order_number
