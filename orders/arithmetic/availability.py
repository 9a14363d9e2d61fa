"""Whether something can be canceled; why not, and what to do instead (domain.md §2, §8)."""

from dataclasses import dataclass

from orders.arithmetic.statuses import Quantities
from orders.arithmetic.words import gettext_noop


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why nothing of a line can be canceled; ``instead`` is "" where nothing else can be done."""

    reason: str
    instead: str = ""


DELIVERY_CHARGE = WhyNot(
    gettext_noop("Delivery charges are not canceled by themselves."),
    gettext_noop("Refund it with an item of its delivery: tick Refund delivery charge there."),
)
CANCELED = WhyNot(gettext_noop("Already canceled."))
RETURNED = WhyNot(gettext_noop("Already returned."))
RETURNING = WhyNot(gettext_noop("Already fulfilled, and on its way back."))
FULFILLED = WhyNot(
    gettext_noop("Already fulfilled."), gettext_noop("Ask the customer to return it.")
)
ALLOCATED = WhyNot(
    gettext_noop("Allocated: fulfilment is working on it."),
    gettext_noop("Ask fulfilment to release it, then cancel."),
)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why nothing of an order can be canceled.

    Attributes:
        title: Of the page that a wizard shows instead, with its ``text``.
        sentence: What stands at the action that is not possible.
    """

    title: str
    text: str
    sentence: str


UNMANAGED = Obstacle(
    gettext_noop("This order summary is unmanaged."),
    gettext_noop("You can only cancel items of a managed order summary."),
    gettext_noop("This order summary is unmanaged. You can only cancel items of a managed one."),
)
NOTHING_TO_CANCEL = Obstacle(
    gettext_noop("Nothing to cancel"),
    gettext_noop("When an order has items you can cancel, you'll find them here."),
    gettext_noop(
        "Nothing of this order can be canceled: all of it is allocated, fulfilled or gone."
    ),
)


def is_eligible(line: Quantities, *, is_product: bool) -> bool:
    """Whether something of a line of a managed order can be canceled.

    ``OrderItemSummaryQuerySet.eligible`` says the same in SQL.
    """
    return is_product and line.available_to_cancel > 0


def why_not(line: Quantities, *, is_product: bool) -> WhyNot | None:
    """Why nothing of a line can be canceled, or None when something can."""
    if not is_product:
        return DELIVERY_CHARGE
    if is_eligible(line, is_product=is_product):
        return None
    if line.current == 0:
        return RETURNED if line.returned else CANCELED
    if line.fulfilled < line.allocated:
        return ALLOCATED
    return RETURNING if line.return_initiated == line.fulfilled else FULFILLED


def obstacle(*, is_managed: bool, has_eligible_lines: bool) -> Obstacle | None:
    """Why nothing of an order can be canceled, or None when something can."""
    if not is_managed:
        return UNMANAGED
    return None if has_eligible_lines else NOTHING_TO_CANCEL
