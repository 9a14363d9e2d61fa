"""How children go with their bundle (domain.md §4)."""

from collections.abc import Iterator

from orders.arithmetic.amounts import Standing
from orders.arithmetic.availability import BundleRule
from orders.arithmetic.statuses import Quantities


def default_child_quantity(child: Quantities, bundle: Quantities, bundles: int) -> int:
    """How many more of a child go with so many more bundles: its share, as far as available."""
    return min(wanted_child_quantity(child, bundle, bundles), child.available_to_cancel)


def wanted_child_quantity(child: Quantities, bundle: Quantities, bundles: int) -> int:
    """How many more of a child bring it to its share of all bundles canceled.

    Cumulative: bundles one by one take the same children as all at once.
    """
    return max(0, share_of(child, bundle, bundle.canceled + bundles) - child.canceled)


def share_of(child: Quantities, bundle: Quantities, bundles: int) -> int:
    """The units of a child that belong to so many bundles, rounded up."""
    return -(-child.ordered * bundles // bundle.ordered)


def taken_by_cancel_all(standing: Standing) -> Iterator[tuple[str, int]]:
    """The product lines that Cancel All takes, with how many units: all that is available.

    Where only whole bundles are canceled a child goes with its bundle, or not at all.
    """
    for key, available in standing.available.items():
        line, taken = standing.lines[key], available
        if line.bundle and standing.bundle_rule is BundleRule.WHOLE_BUNDLES:
            bundle, bundles = standing.lines[line.bundle], standing.available[line.bundle]
            taken = default_child_quantity(line.quantities, bundle.quantities, bundles)
            taken = taken if bundles else 0
        if taken:
            yield key, taken
