import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.arithmetic.statuses import (
    LineStatus,
    OrderStatus,
    Quantities,
    line_status,
    order_status,
)


def line(ordered=5, **counters):
    return Quantities(ordered, **counters)


@st.composite
def quantities(draw):
    """Counters that keep the invariant."""
    ordered = draw(st.integers(1, 8))
    canceled = draw(st.integers(0, ordered))
    allocated = draw(st.integers(0, ordered - canceled))
    fulfilled = draw(st.integers(0, allocated))
    initiated = draw(st.integers(0, fulfilled))
    returned = draw(st.integers(0, initiated))
    return Quantities(ordered, canceled, allocated, fulfilled, initiated, returned)


ORDERED = line()
PARTIALLY_ALLOCATED = line(allocated=2)
ALLOCATED = line(allocated=5)
PARTIALLY_FULFILLED = line(allocated=5, fulfilled=2)
FULFILLED = line(allocated=5, fulfilled=5)
RETURN_INITIATED = line(allocated=5, fulfilled=5, return_initiated=5)
RETURNED = line(allocated=5, fulfilled=5, return_initiated=5, returned=5)
CANCELED = line(canceled=5)


@pytest.mark.parametrize(
    ("counters", "status"),
    [
        (line(allocated=2, canceled=3), "Allocated"),
        (line(allocated=2, fulfilled=2, canceled=3), "Fulfilled"),
        (line(allocated=2, fulfilled=2, return_initiated=2, returned=2, canceled=3), "Returned"),
        (line(canceled=2), "Ordered"),
    ],
)
def test_examples_of_the_law(counters, status):
    assert line_status(counters).label == status


@pytest.mark.parametrize(
    ("counters", "status"),
    [
        (ORDERED, "Ordered"),
        (PARTIALLY_ALLOCATED, "Partially Allocated"),
        (ALLOCATED, "Allocated"),
        (PARTIALLY_FULFILLED, "Partially Fulfilled"),
        (FULFILLED, "Fulfilled"),
        (RETURN_INITIATED, "Return Initiated"),
        (RETURNED, "Returned"),
        (CANCELED, "Canceled"),
        # Shipped in part and all of that on its way back.
        (line(allocated=2, fulfilled=2, return_initiated=2), "Return Initiated"),
        # Returned in part, the rest still out.
        (line(allocated=5, fulfilled=5, return_initiated=5, returned=2), "Return Initiated"),
        (line(allocated=5, fulfilled=5, return_initiated=3), "Fulfilled"),
        # All that came back came back; three were never shipped.
        (line(allocated=2, fulfilled=2, return_initiated=2, returned=2), "Partially Fulfilled"),
        (line(canceled=2, allocated=2, fulfilled=1), "Partially Fulfilled"),
        (line(canceled=1, allocated=3), "Partially Allocated"),
        (line(canceled=4), "Ordered"),
        (line(1, allocated=1, fulfilled=1, return_initiated=1), "Return Initiated"),
    ],
)
def test_status_of_a_line_is_the_first_rule_that_matches(counters, status):
    assert line_status(counters).label == status


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([], "Created"),
        ([ORDERED], "Created"),
        ([ORDERED, CANCELED], "Created"),
        ([CANCELED, CANCELED], "Canceled"),
        ([RETURNED, RETURNED], "Returned"),
        ([RETURNED, CANCELED], "Returned"),
        ([FULFILLED, RETURN_INITIATED], "Fulfilled"),
        ([FULFILLED, CANCELED, RETURNED], "Fulfilled"),
        ([FULFILLED, ORDERED], "Partially Fulfilled"),
        ([PARTIALLY_FULFILLED], "Partially Fulfilled"),
        ([ALLOCATED, RETURNED], "Partially Fulfilled"),
        ([ALLOCATED, ALLOCATED], "Allocated"),
        ([ALLOCATED, CANCELED], "Allocated"),
        ([ALLOCATED, ORDERED], "Partially Allocated"),
        ([PARTIALLY_ALLOCATED, CANCELED], "Partially Allocated"),
    ],
)
def test_status_of_an_order_is_the_first_rule_that_matches(lines, status):
    assert order_status(lines).label == status
    assert order_status(reversed(lines)).label == status


@given(quantities())
def test_an_order_of_one_line_has_the_status_of_its_line(counters):
    renamed = {
        LineStatus.ORDERED: OrderStatus.CREATED,
        LineStatus.RETURN_INITIATED: OrderStatus.FULFILLED,
    }
    status = line_status(counters)

    assert order_status([counters]) == renamed.get(status, status.value)


@given(quantities())
def test_a_line_is_over_exactly_when_nothing_of_it_is_left(counters):
    over = line_status(counters) in {LineStatus.CANCELED, LineStatus.RETURNED}

    assert over == (counters.current == 0)


@given(quantities())
def test_counters_within_the_invariant_break_no_rule(counters):
    assert counters.broken_rule() is None
    assert counters.available_to_cancel >= 0
    assert counters.gone + counters.current == counters.ordered


@pytest.mark.parametrize(
    ("counters", "rule"),
    [
        (line(canceled=6), "quantity_canceled (6) is above the quantity ordered"),
        (line(allocated=6), "quantity_allocated (6) is above the quantity ordered and not"),
        (line(canceled=3, allocated=3), "quantity_allocated (3) is above the quantity ordered"),
        (line(allocated=1, fulfilled=2), "quantity_fulfilled (2) is above quantity_allocated (1)"),
        (
            line(allocated=2, fulfilled=1, return_initiated=2),
            "quantity_return_initiated (2) is above quantity_fulfilled (1)",
        ),
        (
            line(allocated=2, fulfilled=2, return_initiated=1, returned=2),
            "quantity_returned (2) is above quantity_return_initiated (1)",
        ),
        (line(returned=-1), "quantities must not be negative"),
        (line(canceled=-1), "quantities must not be negative"),
    ],
)
def test_a_broken_invariant_is_told_in_words(counters, rule):
    assert counters.broken_rule().startswith(rule)
