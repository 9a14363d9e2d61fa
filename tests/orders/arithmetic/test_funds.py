"""What a payment holds, can refund and keeps open (domain.md §6); amounts are minor units."""

import pytest

from orders.arithmetic.funds import Payment, held


def payment(captured=100, **figures):
    return Payment("P1", "Visa", captured, **figures)


GONE = {"refunded_here": 10, "refunded_elsewhere": 20, "charged_back": 30, "reserved": 15}


@pytest.mark.parametrize(
    ("figures", "left"),
    [
        ({}, 100),
        (GONE, 25),
        ({**GONE, "reserved": 40}, 0),
        ({**GONE, "reserved": 41}, -1),
        ({"captured": 0, "refunded_elsewhere": 5}, -5),
    ],
)
def test_what_is_held_may_be_below_zero_but_no_refund_is(figures, left):
    found = payment(**figures)

    assert (found.held, found.refundable) == (left, max(0, left))


def test_refunded_is_what_went_back_here_and_elsewhere():
    assert payment(**GONE).refunded == 30


def test_what_one_payment_lacks_another_makes_up_for():
    assert held([payment(captured=10, charged_back=30), payment(captured=50)]) == 30
    assert held([]) == 0


@pytest.mark.parametrize(
    ("figures", "still_open"),
    [
        ({"captured": 60, "authorized": 100}, 40),
        ({"captured": 60, "authorized": 100, "released": 30}, 10),
        ({"captured": 60, "authorized": 100, "released": 40}, 0),
        ({"captured": 70, "authorized": 100, "released": 40}, 0),
        ({"captured": 100, "authorized": 60}, 0),
    ],
)
def test_what_may_still_be_captured(figures, still_open):
    assert payment(**figures).authorization_open == still_open


@pytest.mark.parametrize(
    "figures",
    [
        {"captured": 150, "authorized": 100},
        {**GONE, "reserved": 40},
        {"captured_at_release": 100, "released": 50},
        {"captured_at_release": 120, "released": 50},
    ],
)
def test_figures_that_fit(figures):
    assert payment(**figures).misfit is None


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({**GONE, "reserved": 41}, "more went back or is set aside than was captured"),
        ({"refunded_elsewhere": 101}, "more went back or is set aside than was captured"),
        ({"charged_back": 101}, "more went back or is set aside than was captured"),
        ({"captured_at_release": 99}, "more was captured than at its release"),
        ({"captured_at_release": 0}, "more was captured than at its release"),
    ],
)
def test_figures_that_do_not_fit(figures, words):
    assert payment(**figures).misfit == words
