"""How children go with their bundle (domain.md §4)."""

from orders.arithmetic.statuses import Quantities


def default_child_quantity(child: Quantities, bundle: Quantities, bundles: int) -> int:
    """How many more of a child go with so many more bundles, so that it keeps their share.

    Cumulative: bundles one by one take the same children as all at once. At most what is
    available.
    """
    wanted = share_of(child, bundle, bundle.canceled + bundles) - child.canceled
    return min(max(0, wanted), child.available_to_cancel)


def share_of(child: Quantities, bundle: Quantities, bundles: int) -> int:
    """The units of a child that belong to so many bundles, rounded up."""
    return -(-child.ordered * bundles // bundle.ordered)
