"""What is reported of a line, and what of it is in effect (domain.md §2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.arithmetic.facts import Reported, in_effect
from orders.arithmetic.statuses import Quantities


def line(here=0, elsewhere=0, **counters):
    """Ten ordered."""
    return Quantities(10, canceled=here + elsewhere, canceled_elsewhere=elsewhere, **counters)


def told(canceled=0, allocated=0, fulfilled=0, initiated=0, returned=0):
    return Reported(canceled, allocated, fulfilled, initiated, returned)


def shipped(count):
    return {"allocated": count, "fulfilled": count}


def gone(count):
    return {**shipped(count), "return_initiated": count, "returned": count}


@pytest.mark.parametrize(
    ("before", "report", "after"),
    [
        # What fits is in effect as reported, up or down.
        (line(), told(2, 8, 5, 4, 3), told(2, 8, 5, 4, 3)),
        (line(**shipped(8)), told(allocated=3), told(allocated=3)),
        (line(2, **shipped(8)), told(), told()),
        # What is final does not fall; what must be as high follows it.
        (line(**gone(3)), told(), told(0, 3, 3, 3, 3)),
        (line(**gone(3)), told(0, 5, 4, 1, 1), told(0, 5, 4, 3, 3)),
        (line(**gone(3)), told(0, 3, 2, 2, 2), told(0, 3, 3, 3, 3)),
        (line(0, 2), told(1), told(2)),
        # Allocated is at most what is not canceled so far, and what follows from it at most that.
        (line(4), told(0, 8, 7, 7, 7), told(0, 6, 6, 6, 6)),
        (line(4), told(0, 8, 5, 4, 3), told(0, 6, 5, 4, 3)),
        (line(0, 4), told(4, 8), told(4, 6)),
        (line(0, 4), told(0, 10, 10), told(4, 6, 6)),
        (line(10), told(0, 1, 1, 1, 1), told()),
        # Then canceled elsewhere is at most what is left.
        (line(), told(11), told(10)),
        (line(), told(5, 8), told(2, 8)),
        (line(3), told(5, 6), told(1, 6)),
        (line(3, 2), told(9, 5), told(2, 5)),
        (line(3), told(8), told(7)),
        (line(**gone(4)), told(8, 4, 4, 4, 4), told(6, 4, 4, 4, 4)),
        # A unit that was shipped before it was canceled elsewhere is not canceled.
        (line(0, 0, **shipped(10)), told(3, 10, 10), told(0, 10, 10)),
    ],
)
def test_what_is_in_effect(before, report, after):
    now = in_effect(before, report)

    assert Reported.of(now) == after
    assert now.canceled_here == before.canceled_here
    assert now.broken_rule() is None


@pytest.mark.parametrize(
    ("report", "contradiction"),
    [
        (told(0, 3, 2, 1, 0), None),
        (told(99, 3, 3, 3, 3), None),
        (told(0, 0, 1), ("fulfilled", "1 is above quantity_allocated (0)")),
        (told(0, 3, 3, 4), ("return_initiated", "4 is above quantity_fulfilled (3)")),
        (told(0, 3, 3, 1, 2), ("returned", "2 is above quantity_return_initiated (1)")),
        (told(0, 0, 1, 2, 3), ("returned", "3 is above quantity_return_initiated (2)")),
    ],
)
def test_a_report_contradicts_itself_where_units_did_what_comes_later_first(report, contradiction):
    assert report.contradiction == contradiction


def test_of_what_is_in_effect_a_report_can_be_made():
    counters = line(2, 1, allocated=5, fulfilled=4, return_initiated=3, returned=2)

    assert Reported.of(counters) == told(1, 5, 4, 3, 2)


@st.composite
def lines(draw):
    """A line that keeps the invariant, some of it canceled here and elsewhere."""
    ordered = draw(st.integers(1, 8))
    canceled = draw(st.integers(0, ordered))
    counts = [ordered - canceled]
    for _ in range(4):
        counts.append(draw(st.integers(0, counts[-1])))
    return Quantities(ordered, canceled, *counts[1:], draw(st.integers(0, canceled)))


@st.composite
def reports(draw):
    """Any sound report."""
    counts = sorted(draw(st.lists(st.integers(0, 12), min_size=4, max_size=4)), reverse=True)
    return Reported(draw(st.integers(0, 12)), *counts)


@given(lines(), reports())
def test_counters_in_effect_keep_the_invariant_and_our_own_cancellations(line, report):
    now = in_effect(line, report)

    assert now.broken_rule() is None
    assert (now.ordered, now.canceled_here) == (line.ordered, line.canceled_here)


@given(lines(), reports())
def test_what_is_final_never_falls(line, report):
    now = in_effect(line, report)

    assert now.returned >= line.returned
    assert now.canceled_elsewhere >= line.canceled_elsewhere


@given(lines(), reports())
def test_repeating_a_report_changes_nothing(line, report):
    now = in_effect(line, report)

    assert in_effect(now, report) == now


@given(lines(), reports())
def test_what_fits_is_in_effect_as_reported(line, report):
    fits = (
        report.returned >= line.returned
        and report.canceled >= line.canceled_elsewhere
        and report.allocated + line.canceled <= line.ordered
        and report.allocated + report.canceled + line.canceled_here <= line.ordered
    )

    assert (Reported.of(in_effect(line, report)) == report) is fits
