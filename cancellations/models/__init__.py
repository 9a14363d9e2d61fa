"""What changes orders: change orders with their items and refunds, and the reasons for them."""

from cancellations.models.approvals import RIGHT_TO_APPROVE, Approval
from cancellations.models.attempts import Attempt, GatewayNotice, SandboxEntry
from cancellations.models.change_order_items import ChangeOrderItem
from cancellations.models.change_orders import (
    LONGEST_NOTE,
    RIGHT_TO_CANCEL,
    RIGHT_TO_ERASE,
    RIGHT_TO_SETTLE,
    ChangeOrder,
)
from cancellations.models.exceptions import RIGHT_TO_RESOLVE, ProcessException
from cancellations.models.notices import CustomerNotice, InternalNote, Unassigned
from cancellations.models.queue import Worker
from cancellations.models.reasons import BundlePolicy, CancellationReason
from cancellations.models.refunds import RIGHT_TO_ACT, Refund, Release

__all__ = [
    "LONGEST_NOTE",
    "RIGHT_TO_ACT",
    "RIGHT_TO_APPROVE",
    "RIGHT_TO_CANCEL",
    "RIGHT_TO_ERASE",
    "RIGHT_TO_RESOLVE",
    "RIGHT_TO_SETTLE",
    "Approval",
    "Attempt",
    "BundlePolicy",
    "CancellationReason",
    "ChangeOrder",
    "ChangeOrderItem",
    "CustomerNotice",
    "GatewayNotice",
    "InternalNote",
    "ProcessException",
    "Refund",
    "Release",
    "SandboxEntry",
    "Unassigned",
    "Worker",
]
