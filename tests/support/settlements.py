"""Requests to refund what is owed without a cancellation."""

from itertools import count

from cancellations.acts.settle import submit_settlement
from cancellations.selection import SettlementRequest
from cancellations.snapshots import NotReviewed

_numbers = count(1)


def settlement(order, *delivery_groups, request_id=None, **changes):
    """A request to settle an order, and to give back the charges of groups with nothing left."""
    return SettlementRequest(
        order.order_number, request_id or f"settle-{next(_numbers)}", delivery_groups, **changes
    )


def settle(order, *delivery_groups, by, **changes):
    """Settle without a review; gives the change order."""
    asked = settlement(order, *delivery_groups, **changes)
    return submit_settlement(request=asked, agreed=NotReviewed(), by=by).change_order
