"""Before and after, as review and the pages of change orders show it."""

from dataclasses import dataclass

from orders.arithmetic.amounts import Standing
from orders.arithmetic.totals import totals_labels


@dataclass(frozen=True, slots=True)
class Change:
    """A quantity, or an amount in minor units, before a change and after it."""

    label: str
    before: int
    after: int

    @property
    def by(self) -> int:
        return self.after - self.before

    @property
    def off(self) -> int:
        """What it fell by."""
        return self.before - self.after


def total_changes(before: Standing, after: Standing) -> tuple[Change, ...]:
    """The totals of an order, one by one."""
    return tuple(
        Change(label, getattr(before.totals, name), getattr(after.totals, name))
        for name, label in totals_shown(before).items()
    )


def totals_shown(standing: Standing) -> dict[str, str]:
    """The labels of the totals that pages show, by field: those of fees where there are any."""
    labels = totals_labels(standing.tax_locale)
    if not any(line.type == "fee" for line in standing.lines.values()):
        del labels["fees"]
    return labels
