"""What lies between what is canceled and what is refunded."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancellations.arithmetic.dues import Due, due_of
from cancellations.arithmetic.quotes import Asked, everything_eligible, quote
from orders.arithmetic.funds import Elsewhere, Payment
from tests.support.builders import item
from tests.support.standings import sold, usd
from tests.support.strategies import orders


def dues_of(order):
    asked = [Asked("1", 1)]
    quoted = quote(order, asked)
    return due_of(quoted.before, quoted.after)


def hundred(captured, **changes):
    """Two at 50.00, of which so much was captured."""
    return replace(
        sold(item("1", unit_price="50.00")),
        payments=(Payment("P1", "Visa", usd(captured), **changes),),
    )


def test_what_was_captured_in_full_goes_back_in_full():
    due = dues_of(hundred("100.00"))

    assert due == Due(usd("50.00"), 0, 0, 0, 0)
    assert due.is_plain


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (hundred("60.00"), Due(usd("50.00"), 0, 0, 0, usd("40.00"))),
        (hundred("0.00"), Due(usd("50.00"), 0, 0, 0, usd("50.00"))),
        (hundred("115.00"), Due(usd("50.00"), usd("15.00"), 0, 0, 0)),
        (
            hundred("100.00", charged_back=usd("20.00")),
            Due(usd("50.00"), 0, 0, usd("20.00"), 0),
        ),
        (
            hundred("90.00", charged_back=usd("20.00")),
            Due(usd("50.00"), 0, 0, usd("20.00"), usd("10.00")),
        ),
        (
            hundred("50.00", charged_back=usd("50.00")),
            Due(usd("50.00"), 0, 0, 0, usd("50.00")),
        ),
        (
            replace(
                hundred("100.00", refunded_elsewhere=usd("70.00")),
                elsewhere=Elsewhere(given=usd("70.00")),
            ),
            Due(usd("50.00"), 0, usd("20.00"), 0, 0),
        ),
    ],
    ids=["part", "nothing", "too much", "charged back", "both", "of what stays", "goodwill"],
)
def test_what_lies_between(order, expected):
    due = dues_of(order)

    assert due == expected
    assert not due.is_plain


def test_a_chargeback_is_the_reason_once_and_what_was_never_captured_is_not_its_own():
    """60.00 of 100.00 was captured, and 20.00 of it charged back."""
    order = hundred("60.00", charged_back=usd("20.00"))
    first = quote(order, [Asked("1", 1)])
    second = quote(first.after, [Asked("1", 1)])

    dues = [due_of(quoted.before, quoted.after) for quoted in (first, second)]

    assert sum(due.charged_back for due in dues) == usd("20.00")
    assert sum(due.never_captured for due in dues) == usd("40.00")


@given(orders(), st.integers(0, 20_000), st.integers(-3000, 3000), st.integers(0, 5000))
def test_it_comes_to_the_refund_of_the_act(order, charged_back, given_elsewhere, expected):
    payments = tuple(replace(each, charged_back=charged_back) for each in order.payments)
    order = order.with_money(
        payments=payments, elsewhere=Elsewhere(expected=expected, given=given_elsewhere)
    )

    quoted = quote(order, everything_eligible(order, refund_delivery=True))
    due = due_of(quoted.before, quoted.after)

    assert due.refund_due == quoted.refund_due
    assert due.canceled == quoted.canceled
    assert due.owed_before == quoted.owed_before
    assert min(due.given_before, due.charged_back, due.never_captured) >= 0
