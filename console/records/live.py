"""When a page looks again by itself how far refunds and releases have come."""

from collections.abc import Iterable
from math import ceil

from django.utils import timezone

from cancellations.models import Refund, Release

WAITS = (2, 2, 3, 5, 8, 13, 21, 34, 60)
"""Seconds between the looks: at first people watch, later they have gone on."""
LONGEST_WAIT = 600


def next_look(rows: Iterable[Refund | Release], *, looks: int) -> int:
    """In how many seconds to look again, 0 for never: nothing is in flight.

    Args:
        looks: How often the page has looked already.
    """
    due = [row.due_at for row in rows if row.due_at and not row.has_ended]
    if not due:
        return 0
    until_due = ceil((min(due) - timezone.now()).total_seconds()) + 1
    wait = WAITS[min(looks, len(WAITS) - 1)]
    return min(max(wait, until_due), LONGEST_WAIT)
