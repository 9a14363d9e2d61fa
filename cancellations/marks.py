"""What an order keeps of its exceptions, for the lists that are narrowed by it."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from cancellations.models import ProcessException
from orders.models import OrderSummary


def mark_orders(orders: Collection[int]) -> None:
    """Write on orders whether an exception of them is open, and whether one is urgent.

    In one statement, after exceptions were opened or resolved and under the orders' locks.
    """
    if not orders:
        return
    open_now = ProcessException.objects.open().filter(order=OuterRef("pk")).order_by()
    OrderSummary.objects.filter(pk__in=orders).update(
        has_exceptions=Exists(open_now), needs_attention=Exists(open_now.urgent())
    )
