"""When a gateway is asked again and how, and when a person has to decide (domain.md §6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_WAIT = timedelta(minutes=30)
FIRST_LOOK = timedelta(minutes=1)
LONGEST_LOOK = timedelta(hours=6)
UNKNOWN_AT_MOST = timedelta(minutes=15)
"""So long one may be unknown before people are told."""


class Next(StrEnum):
    """What comes next for something that a gateway was told, or is to be told."""

    SEND = "send"
    LOOK_UP = "look_up"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Sent:
    """How far one refund or release has come.

    Attributes:
        first_sent_at: When its key was first sent; None before.
        tries: Claims so far, this one included.
        is_settling: Whether the gateway accepted it, and only its end is to be heard.
        look_up_first: Whether a person wants to know what became of it.
    """

    first_sent_at: datetime | None
    tries: int
    is_settling: bool = False
    look_up_first: bool = False


def next_call(
    sent: Sent, *, now: datetime, key_lifetime: timedelta | None, can_look_up: bool, most_tries: int
) -> Next:
    """What to do about one that is due.

    What was never sent is sent. What was sent without an answer is sent again under the same key
    while the gateway surely knows it again, else looked up, else left to a person: never sent
    where it could happen twice. The last try looks up. A clock that was set back makes no key
    live longer than it says by more than it was set back.
    """
    asked = Next.LOOK_UP if can_look_up else Next.PERSON
    if sent.is_settling:
        return asked
    if sent.first_sent_at is None:
        return Next.SEND
    if sent.tries > most_tries:
        return Next.PERSON
    if sent.look_up_first or key_lifetime is None or sent.tries == most_tries:
        return asked
    is_known_again = now - sent.first_sent_at < key_lifetime  # guard: keys are forgotten
    return Next.SEND if is_known_again else asked


def wait_after(tries: int, *, first: timedelta, chance: float) -> timedelta:
    """How long to wait after so many tries: twice as long each time, up to a ceiling.

    Args:
        first: After the first one, at most.
        chance: 0 … 1, which spreads those that began together.
    """
    return _growing(first, LONGEST_WAIT, tries, chance)


def wait_for_settling(tries: int, *, chance: float) -> timedelta:
    """The same for what the gateway has accepted, which may take days."""
    return _growing(FIRST_LOOK, LONGEST_LOOK, tries, chance)


def wait_for_the_mail(tries: int, *, chance: float) -> timedelta:
    """The same for a mail that could not be sent: a mail server may be away for hours."""
    return _growing(FIRST_LOOK, LONGEST_LOOK, tries, chance)


def _growing(first: timedelta, ceiling: timedelta, tries: int, chance: float) -> timedelta:
    doubled: int = 2 ** min(max(0, tries - 1), 16)
    return min(ceiling, first * doubled) * (0.5 + chance / 2)
