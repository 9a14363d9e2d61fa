"""The quantities of a line and the statuses that follow from them (domain.md §2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Self

from orders.arithmetic.words import gettext_noop


class _Status(StrEnum):
    """A code, which is stored, with the label that people and documents read."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        status = str.__new__(cls, code)
        status._value_ = code
        status.label = label
        return status


class LineStatus(_Status):
    """Status of an order product summary."""

    ORDERED = "ordered", gettext_noop("Ordered")
    PARTIALLY_ALLOCATED = "partially_allocated", gettext_noop("Partially Allocated")
    ALLOCATED = "allocated", gettext_noop("Allocated")
    PARTIALLY_FULFILLED = "partially_fulfilled", gettext_noop("Partially Fulfilled")
    FULFILLED = "fulfilled", gettext_noop("Fulfilled")
    RETURN_INITIATED = "return_initiated", gettext_noop("Return Initiated")
    RETURNED = "returned", gettext_noop("Returned")
    CANCELED = "canceled", gettext_noop("Canceled")


class OrderStatus(_Status):
    """Status of an order summary."""

    CREATED = "created", gettext_noop("Created")
    PARTIALLY_ALLOCATED = "partially_allocated", gettext_noop("Partially Allocated")
    ALLOCATED = "allocated", gettext_noop("Allocated")
    PARTIALLY_FULFILLED = "partially_fulfilled", gettext_noop("Partially Fulfilled")
    FULFILLED = "fulfilled", gettext_noop("Fulfilled")
    RETURNED = "returned", gettext_noop("Returned")
    CANCELED = "canceled", gettext_noop("Canceled")


@dataclass(frozen=True, slots=True)
class Quantities:
    """The counters of one line in effect, in whole units; allocated includes fulfilled.

    ``canceled`` counts every unit canceled, ``canceled_elsewhere`` those that others canceled.
    """

    ordered: int
    canceled: int = 0
    allocated: int = 0
    fulfilled: int = 0
    return_initiated: int = 0
    returned: int = 0
    canceled_elsewhere: int = 0

    @property
    def current(self) -> int:
        """What is still part of the order: shown as "Quantity"."""
        return self.ordered - self.canceled - self.returned

    @property
    def available_to_cancel(self) -> int:
        return self.ordered - self.canceled - self.allocated

    @property
    def gone(self) -> int:
        """Units whose money has left the line: the ``r`` of domain.md §3."""
        return self.canceled + self.returned

    @property
    def canceled_here(self) -> int:
        return self.canceled - self.canceled_elsewhere

    def broken_rule(self) -> str | None:
        """The first part of the invariant that does not hold, in words, or None."""
        steps = (
            ("quantity_returned", self.returned),
            ("quantity_return_initiated", self.return_initiated),
            ("quantity_fulfilled", self.fulfilled),
            ("quantity_allocated", self.allocated),
            ("the quantity ordered and not canceled", self.ordered - self.canceled),
        )
        if self.returned < 0 or self.canceled < 0:
            return "quantities must not be negative"
        if self.canceled > self.ordered:
            return f"quantity_canceled ({self.canceled}) is above the quantity ordered"
        for (name, smaller), (limit, larger) in pairwise(steps):
            if smaller > larger:
                return f"{name} ({smaller}) is above {limit} ({larger})"
        return None


def line_status(line: Quantities) -> LineStatus:
    """The status of a line; the first rule of domain.md §2 that matches."""
    if line.current > 0 and line.returned < line.return_initiated == line.fulfilled:
        return LineStatus.RETURN_INITIATED
    if line.current == 0:
        return LineStatus.RETURNED if line.returned else LineStatus.CANCELED
    if line.fulfilled:
        whole = line.ordered - line.canceled <= line.fulfilled
        return LineStatus.FULFILLED if whole else LineStatus.PARTIALLY_FULFILLED
    if line.allocated:
        whole = line.current <= line.allocated
        return LineStatus.ALLOCATED if whole else LineStatus.PARTIALLY_ALLOCATED
    return LineStatus.ORDERED


def order_status(product_lines: Iterable[Quantities]) -> OrderStatus:
    """The status of an order from its product lines; derived, never typed in."""
    lines = tuple(product_lines)
    live = {line_status(line) for line in lines if line.current > 0}
    if not lines:
        return OrderStatus.CREATED
    if not live:
        returned = any(line.returned for line in lines)
        return OrderStatus.RETURNED if returned else OrderStatus.CANCELED
    if live <= {LineStatus.FULFILLED, LineStatus.RETURN_INITIATED}:
        return OrderStatus.FULFILLED
    if any(line.fulfilled for line in lines):
        return OrderStatus.PARTIALLY_FULFILLED
    if live == {LineStatus.ALLOCATED}:
        return OrderStatus.ALLOCATED
    if any(line.allocated for line in lines):
        return OrderStatus.PARTIALLY_ALLOCATED
    return OrderStatus.CREATED
