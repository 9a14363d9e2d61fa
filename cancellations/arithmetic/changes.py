"""Before and after, as review and the pages of change orders show it."""

from dataclasses import dataclass

from orders.arithmetic import amounts

_TOTALS = {
    "product": "Products",
    "order_adjustments": "Order adjustments",
    "delivery": "Delivery",
    "tax": "Tax",
    "grand_total": "Total",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A quantity, or an amount in minor units, before a change and after it."""

    label: str
    before: int
    after: int

    @property
    def by(self) -> int:
        return self.after - self.before


def total_changes(before: amounts.Standing, after: amounts.Standing) -> tuple[Change, ...]:
    """The totals of an order, one by one."""
    included = " (included above)" if before.tax_locale == "gross" else ""
    return tuple(
        Change(
            label + (included if name == "tax" else ""),
            getattr(before.totals, name),
            getattr(after.totals, name),
        )
        for name, label in _TOTALS.items()
    )
