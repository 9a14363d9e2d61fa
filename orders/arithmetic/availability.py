"""Whether something can be canceled; why not, and what to do instead (domain.md §2, §8)."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from orders.arithmetic.statuses import Quantities
from orders.arithmetic.words import gettext_noop

Key = TypeVar("Key", bound=Hashable)


class BundleRule(StrEnum):
    """How often a bundle item is available to cancel (domain.md §4)."""

    ANY = "any"
    WHOLE_BUNDLES = "whole_bundles"


BUNDLE_RULE_LABELS = {
    BundleRule.ANY: gettext_noop("Any: a bundle is canceled by its own counters"),
    BundleRule.WHOLE_BUNDLES: gettext_noop("Whole bundles only"),
}


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why nothing of a line can be canceled; ``instead`` is "" where nothing else can be done."""

    reason: str
    instead: str = ""


DELIVERY_CHARGE = WhyNot(
    gettext_noop("Delivery charges are not canceled by themselves."),
    gettext_noop("Refund it with an item of its delivery: tick Refund delivery charge there."),
)
FEE = WhyNot(
    gettext_noop("Fees are not canceled by themselves."),
    gettext_noop("Refund it with the last item of the order: tick Refund fees in the details."),
)
NOT_WHOLE = WhyNot(
    gettext_noop("Only whole bundles are canceled, and an item of it is not available."),
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


NO_WHOLE_BUNDLE = Obstacle(
    gettext_noop("Nothing to cancel"),
    gettext_noop(
        "Only items of bundles are left, and Cancel All takes them with their bundle alone. Use"
        " Cancel Item."
    ),
    gettext_noop("Only items of bundles are left, which go with their bundle alone."),
)


def available_to_cancel(
    lines: Mapping[Key, tuple[Quantities, Key | None]], rule: BundleRule
) -> dict[Key, int]:
    """How many more units of each product line can be canceled, when its order is managed.

    Args:
        lines: The product lines of one order, each with the key of its bundle, if it has one.
    """
    available = {key: counters.available_to_cancel for key, (counters, _) in lines.items()}
    if rule is BundleRule.WHOLE_BUNDLES:
        for counters, bundle in lines.values():
            if bundle is not None:
                whole = _whole_bundles(counters, lines[bundle][0])
                available[bundle] = max(0, min(available[bundle], whole))
    return available


def _whole_bundles(child: Quantities, bundle: Quantities) -> int:
    """The largest number of further bundles whose default units of a child are available."""
    can_be_gone = child.canceled + child.available_to_cancel
    return can_be_gone * bundle.ordered // child.ordered - bundle.canceled


def why_not(line: Quantities, *, line_type: str, available: int) -> WhyNot | None:
    """Why nothing of a line can be canceled, or None when something can."""
    if line_type != "product":
        return FEE if line_type == "fee" else DELIVERY_CHARGE
    if available > 0:
        return None
    if line.available_to_cancel > 0:
        return NOT_WHOLE
    if line.current == 0:
        return RETURNED if line.returned else CANCELED
    if line.fulfilled < line.allocated:
        return ALLOCATED
    return RETURNING if line.return_initiated == line.fulfilled else FULFILLED


def obstacle(
    lines: Iterable[tuple[int, bool]], *, is_managed: bool, goes_with_bundle: bool
) -> Obstacle | None:
    """Why nothing of an order can be canceled, or None when something can.

    Args:
        lines: What is available of each product line, and whether it is in a bundle.
        goes_with_bundle: Whether a line in a bundle is taken with its bundle alone.
    """
    if not is_managed:
        return UNMANAGED
    eligible = [is_child for available, is_child in lines if available > 0]
    if not eligible:
        return NOTHING_TO_CANCEL
    return NO_WHOLE_BUNDLE if goes_with_bundle and all(eligible) else None
