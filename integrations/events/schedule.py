"""When a delivery is tried again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_TRIES = len(_WAITS) + 1
LONGEST_WAIT = timedelta(days=1)
"""A receiver that asks for more patience is asked after so long all the same."""


def next_try(
    tries: int, *, now: datetime, retry_after: str = "", chance: Callable[[], float]
) -> datetime | None:
    """When a delivery that failed is tried again; None after the last try.

    Args:
        tries: How often it was tried, at least once.
        retry_after: What the receiver asked for; it waits no shorter.
        chance: Gives a number from 0 to 1, by which a wait is up to a tenth shorter or longer.
    """
    if tries >= MOST_TRIES:
        return None
    wait = _WAITS[tries - 1] * (0.9 + 0.2 * chance())
    return now + max(wait, _asked(retry_after, now))


def _asked(retry_after: str, now: datetime) -> timedelta:
    """What ``Retry-After`` asks for, in seconds or as a date; nothing where it cannot be read."""
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text[:10]), LONGEST_WAIT.total_seconds()))
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return timedelta()
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta()), LONGEST_WAIT)
