"""The quantities that details begins with, and those that follow a bundle's (domain.md §4)."""

from collections.abc import Iterable, Mapping, Sequence

from cancellations.arithmetic.bundles import default_child_quantity
from orders.models import OrderItemSummary

MOST_FOLLOWED = 1000
"""Up to so many bundles their children's quantities follow at once, where scripts run."""


def default_quantities(
    selected: Iterable[OrderItemSummary], available: Mapping[int, int]
) -> dict[int, int]:
    """What is available; for children of a selected bundle what goes with it (domain.md §4)."""
    by_pk = {line.pk: line for line in selected}
    return {
        pk: _default_quantity(line, by_pk.get(line.bundle_id or 0), available)
        for pk, line in by_pk.items()
    }


def _default_quantity(
    line: OrderItemSummary, bundle: OrderItemSummary | None, available: Mapping[int, int]
) -> int:
    if bundle is None:
        return available[line.pk]
    return default_child_quantity(line.quantities, bundle.quantities, available[bundle.pk])


def following_quantities(
    line: OrderItemSummary, bundle: OrderItemSummary | None, available: Mapping[int, int]
) -> Sequence[int]:
    """Of a child under its bundle: its default quantity for 1, 2, 3 … bundles."""
    if bundle is None:
        return ()
    bundles = range(1, min(available[bundle.pk], MOST_FOLLOWED) + 1)
    return tuple(
        default_child_quantity(line.quantities, bundle.quantities, number) for number in bundles
    )
