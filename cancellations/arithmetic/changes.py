"""Before and after, as review and the pages of change orders show it."""

from dataclasses import dataclass

from orders.arithmetic.amounts import Standing, totals_labels


@dataclass(frozen=True, slots=True)
class Change:
    """A quantity, or an amount in minor units, before a change and after it."""

    label: str
    before: int
    after: int

    @property
    def by(self) -> int:
        return self.after - self.before


def total_changes(before: Standing, after: Standing) -> tuple[Change, ...]:
    """The totals of an order, one by one."""
    return tuple(
        Change(label, getattr(before.totals, name), getattr(after.totals, name))
        for name, label in totals_labels(before.tax_locale).items()
    )
