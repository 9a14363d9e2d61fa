"""When a gateway is asked again and how, and when a person has to decide."""

from datetime import UTC, datetime, timedelta

import pytest

from cancellations.arithmetic.sending import (
    Next,
    Sent,
    next_call,
    wait_after,
    wait_for_settling,
    wait_for_the_mail,
)

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
MOST = 5


def what_next(sent, *, lives=HOUR, can_look_up=True):
    return next_call(sent, now=NOW, key_lifetime=lives, can_look_up=can_look_up, most_tries=MOST)


def sent(ago=MINUTE, tries=2, **more):
    return Sent(NOW - ago, tries, **more)


@pytest.mark.parametrize("tries", [1, MOST, MOST + 1])
@pytest.mark.parametrize("look_up_first", [False, True])
def test_what_was_never_sent_is_sent(tries, look_up_first):
    never = Sent(None, tries, look_up_first=look_up_first)

    assert what_next(never, lives=None, can_look_up=False) is Next.SEND


@pytest.mark.parametrize(
    ("ago", "lives", "can_look_up", "then"),
    [
        (MINUTE, HOUR, True, Next.SEND),
        (HOUR - SECOND, HOUR, False, Next.SEND),
        (HOUR, HOUR, True, Next.LOOK_UP),
        (HOUR, HOUR, False, Next.PERSON),
        (-MINUTE, HOUR, False, Next.SEND),
        (SECOND, None, True, Next.LOOK_UP),
        (SECOND, None, False, Next.PERSON),
    ],
)
def test_under_the_same_key_while_it_is_known(ago, lives, can_look_up, then):
    assert what_next(sent(ago), lives=lives, can_look_up=can_look_up) is then


@pytest.mark.parametrize(("can_look_up", "then"), [(True, Next.LOOK_UP), (False, Next.PERSON)])
@pytest.mark.parametrize(
    "which",
    [
        sent(tries=MOST),
        sent(look_up_first=True),
        sent(is_settling=True),
        sent(tries=MOST + 1, is_settling=True),
        Sent(None, 1, is_settling=True),
    ],
)
def test_asked_and_never_sent_again(which, can_look_up, then):
    assert what_next(which, can_look_up=can_look_up) is then


def test_a_try_before_the_last_is_one_like_others():
    assert what_next(sent(tries=MOST - 1)) is Next.SEND


def test_after_the_last_try_a_person_decides():
    assert what_next(sent(tries=MOST + 1)) is Next.PERSON


@pytest.mark.parametrize(
    ("tries", "waits"),
    [(0, 3 * SECOND), (1, 3 * SECOND), (2, 6 * SECOND), (4, 24 * SECOND), (11, 30 * MINUTE)],
)
def test_waits_are_doubled_up_to_half_an_hour(tries, waits):
    assert wait_after(tries, first=3 * SECOND, chance=1) == waits
    assert wait_after(tries, first=3 * SECOND, chance=0) == waits / 2
    assert wait_after(tries, first=3 * SECOND, chance=0.5) == waits * 3 / 4


@pytest.mark.parametrize("tries", [17, 18, 10_000])
def test_the_number_of_tries_is_no_matter_in_the_end(tries):
    tick = timedelta(microseconds=1)

    assert wait_after(tries, first=tick, chance=1) == 65_536 * tick


@pytest.mark.parametrize("wait", [wait_for_settling, wait_for_the_mail])
@pytest.mark.parametrize(("tries", "waits"), [(1, MINUTE), (2, 2 * MINUTE), (10, 6 * HOUR)])
def test_what_may_take_days_is_looked_at_ever_more_rarely(wait, tries, waits):
    assert wait(tries, chance=1) == waits
    assert wait(tries, chance=0) == waits / 2
