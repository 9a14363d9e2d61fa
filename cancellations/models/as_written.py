"""What a change order consists of, for whoever has just made it or read it whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cancellations.models.change_order_items import ChangeOrderItem
from cancellations.models.change_orders import ChangeOrder
from cancellations.models.refunds import Refund, Release
from orders.arithmetic.money import Minor
from orders.models import OrderItemSummary


class WrittenItem(NamedTuple):
    """An item as an act writes it: what it is besides its change order's."""

    line: OrderItemSummary
    type: ChangeOrderItem.Type
    quantity: int
    reason_id: int | None
    reason_name: str
    note: str
    refund_delivery: bool
    line_amount_minor: Minor
    line_adjustments_minor: Minor
    order_adjustments_minor: Minor
    tax_minor: Minor

    @property
    def net_minor(self) -> Minor:
        """As of :class:`ChangeOrderItem`."""
        return self.line_amount_minor + self.line_adjustments_minor + self.order_adjustments_minor


class AsWritten(NamedTuple):
    """The rows of a change order, in the sequence in which they were written."""

    items: Iterable[ChangeOrderItem | WrittenItem]
    refunds: Iterable[Refund]
    releases: Iterable[Release]


def rows_of(change_order: ChangeOrder) -> AsWritten:
    """Those that its act has just written, or else those that are read or fetched."""
    return change_order.as_written or AsWritten(
        change_order.items.all(), change_order.refunds.all(), change_order.releases.all()
    )
