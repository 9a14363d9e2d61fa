"""What changes orders: change orders with their items and refunds, and the reasons for them."""

from cancellations.models.change_orders import (
    LONGEST_NOTE,
    RIGHT_TO_CANCEL,
    RIGHT_TO_SETTLE,
    ChangeOrder,
    ChangeOrderItem,
)
from cancellations.models.exceptions import RIGHT_TO_RESOLVE, ProcessException
from cancellations.models.reasons import BundlePolicy, CancellationReason
from cancellations.models.refunds import Refund, Release

__all__ = [
    "LONGEST_NOTE",
    "RIGHT_TO_CANCEL",
    "RIGHT_TO_RESOLVE",
    "RIGHT_TO_SETTLE",
    "BundlePolicy",
    "CancellationReason",
    "ChangeOrder",
    "ChangeOrderItem",
    "ProcessException",
    "Refund",
    "Release",
]
