"""Facts are taken: what a report says of a line, and what of it is in effect (domain.md §2)."""

from dataclasses import dataclass, replace
from itertools import pairwise

from orders.arithmetic.statuses import Quantities


@dataclass(frozen=True, slots=True)
class Reported:
    """The counters of a line as last reported, in whole units; ``canceled`` is elsewhere."""

    canceled: int = 0
    allocated: int = 0
    fulfilled: int = 0
    return_initiated: int = 0
    returned: int = 0

    @classmethod
    def of(cls, counters: Quantities) -> "Reported":
        """A report of what is in effect."""
        return cls(
            counters.canceled_elsewhere,
            counters.allocated,
            counters.fulfilled,
            counters.return_initiated,
            counters.returned,
        )

    @property
    def contradiction(self) -> tuple[str, str] | None:
        """The counter that contradicts another one, and how; None when the report is sound."""
        steps = (
            ("returned", self.returned),
            ("return_initiated", self.return_initiated),
            ("fulfilled", self.fulfilled),
            ("allocated", self.allocated),
        )
        for (name, smaller), (limit, larger) in pairwise(steps):
            if smaller > larger:
                return name, f"{smaller} is above quantity_{limit} ({larger})"
        return None


NOTHING_REPORTED = Reported()


def in_effect(line: Quantities, reported: Reported) -> Quantities:
    """The line's counters after a sound report; they differ from it where it does not fit.

    What is final does not fall, and what must be at least as high follows it; then allocated
    is at most what is ordered and not canceled so far, what follows from it at most that, and
    canceled elsewhere at most what is left.
    """
    returned = max(reported.returned, line.returned)
    elsewhere = max(reported.canceled, line.canceled_elsewhere)
    return_initiated = max(reported.return_initiated, returned)
    fulfilled = max(reported.fulfilled, return_initiated)
    allocated = min(max(reported.allocated, fulfilled), line.ordered - line.canceled)
    fulfilled = min(fulfilled, allocated)
    return_initiated = min(return_initiated, fulfilled)
    returned = min(returned, return_initiated)
    elsewhere = min(elsewhere, line.ordered - line.canceled_here - allocated)
    return replace(
        line,
        canceled=line.canceled_here + elsewhere,
        allocated=allocated,
        fulfilled=fulfilled,
        return_initiated=return_initiated,
        returned=returned,
        canceled_elsewhere=elsewhere,
    )
