"""What has become of a line's units, each told once."""

from dataclasses import dataclass
from enum import StrEnum

from orders.arithmetic.statuses import Quantities


class Fate(StrEnum):
    """What became of a unit last, from those that are on their way to those that have left."""

    OPEN = "open"
    ALLOCATED = "allocated"
    FULFILLED = "fulfilled"
    COMING_BACK = "coming-back"
    RETURNED = "returned"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many units of one fate, which lie after ``start`` others."""

    fate: Fate
    start: int
    units: int


def units_by_fate(line: Quantities) -> dict[Fate, int]:
    """The units of a line by what became of each; together they are what was ordered.

    A unit that was fulfilled is allocated no more, and one that comes back not fulfilled.
    """
    return {
        Fate.OPEN: line.available_to_cancel,
        Fate.ALLOCATED: line.allocated - line.fulfilled,
        Fate.FULFILLED: line.fulfilled - line.return_initiated,
        Fate.COMING_BACK: line.return_initiated - line.returned,
        Fate.RETURNED: line.returned,
        Fate.CANCELED: line.canceled,
    }


def story_of(line: Quantities) -> tuple[Stretch, ...]:
    """The units of a line one after another, by what became of each."""
    stretches, start = [], 0
    for fate, count in units_by_fate(line).items():
        if count:
            stretches.append(Stretch(fate, start, count))
            start += count
    return tuple(stretches)
