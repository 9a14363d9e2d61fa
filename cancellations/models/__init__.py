"""What changes orders: change orders with their items and refunds, and the reasons for them."""

from cancellations.models.change_orders import (
    LONGEST_NOTE,
    RIGHT_TO_CANCEL,
    ChangeOrder,
    ChangeOrderItem,
)
from cancellations.models.reasons import BundlePolicy, CancellationReason
from cancellations.models.refunds import Refund

__all__ = [
    "LONGEST_NOTE",
    "RIGHT_TO_CANCEL",
    "BundlePolicy",
    "CancellationReason",
    "ChangeOrder",
    "ChangeOrderItem",
    "Refund",
]
