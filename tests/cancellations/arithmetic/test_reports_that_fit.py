"""What of a report fits and what does not, and what holds whatever is reported."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancellations.arithmetic.quotes import Asked, quote
from cancellations.arithmetic.reports import LineFacts, PaymentFacts, Report, take
from orders.arithmetic.facts import Reported
from orders.arithmetic.funds import Elsewhere, Payment
from tests.support.builders import item
from tests.support.reported import both, paid, told
from tests.support.standings import sold, usd
from tests.support.strategies import orders

pytestmark = pytest.mark.slow


def four_shirts(**changes):
    return sold(item(quantity=4), **{"paid": ["40.00"], **changes})


def test_lines_that_fit_and_do_not_are_told_apart():
    order = sold(item("1"), item("2"), paid=["40.00"])
    canceled = quote(order, [Asked("1", 1)]).after

    taken = take(canceled, both(told("1", allocated=2), told("2", allocated=2)))

    assert taken.misfits == {("fulfillment", "1")}
    assert taken.fits == {("fulfillment", "2")}
    assert taken.after.lines["1"].quantities.allocated == 1
    assert taken.after.lines["1"].reported == Reported(allocated=2)


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({"refunded_elsewhere": "40.00"}, True),
        ({"refunded_elsewhere": "40.01"}, False),
        ({"charged_back": "40.01"}, False),
        ({"authorized": "1.00"}, True),
        ({"captured": "99.00"}, True),
        ({"captured": "0.00"}, True),
    ],
)
def test_payments_that_fit_and_do_not_are_told_apart(changes, fits):
    order = four_shirts()

    taken = take(order, paid(order, P1=changes))

    concern = {("payment", "P1")}
    assert (taken.fits, taken.misfits) == ((concern, set()) if fits else (set(), concern))


@pytest.mark.parametrize(
    ("reserved", "expected", "refunded", "asks"),
    [
        ("5.00", "0.00", "5.00", True),
        ("5.00", "0.00", "0.01", True),
        ("5.00", "5.00", "5.00", False),
        ("5.00", "5.00", "5.01", True),
        ("0.00", "0.00", "5.00", False),
        ("5.00", "0.00", "0.00", False),
    ],
)
def test_more_than_expected_beside_an_unfinished_refund_of_ours_asks_a_person(
    reserved, expected, refunded, asks
):
    payments = (Payment("P1", "Visa", usd("40.00"), reserved=usd(reserved)),)
    order = replace(four_shirts(), payments=payments, elsewhere=Elsewhere(usd(expected)))

    taken = take(order, paid(order, P1={"refunded_elsewhere": refunded}))

    assert (("refund", "P1") in taken.misfits) is asks
    assert ("refund", "P1") not in taken.fits


def test_a_refund_over_another_payment_than_ours_asks_nobody():
    ours = Payment("P1", "Visa", usd("20.00"), reserved=usd("5.00"))
    order = replace(four_shirts(), payments=(ours, Payment("P2", "Gift card", usd("20.00"))))

    taken = take(order, paid(order, P1={"captured": "20.00"}, P2={"refunded_elsewhere": "7.00"}))

    assert taken.misfits == set()


@st.composite
def reported_orders(draw):
    """An order, and any sound report on it."""
    order = draw(orders())
    lines = {}
    for key, line in order.lines.items():
        if not line.is_product or draw(st.booleans()):
            continue
        counts = draw(st.lists(st.integers(0, 7), min_size=4, max_size=4))
        counters = Reported(draw(st.integers(0, 4)), *sorted(counts, reverse=True))
        lines[key] = LineFacts(counters, draw(st.booleans()))
    amounts = st.integers(0, 30_000)
    payments = {
        payment.key: PaymentFacts(*(draw(amounts) for _ in range(4)))
        for payment in order.payments
        if draw(st.booleans())
    }
    return order, Report(lines, payments)


@given(reported_orders())
def test_whatever_is_reported_the_order_keeps_its_rules(reported):
    order, report = reported

    after = take(order, report).after

    assert all(line.quantities.broken_rule() is None for line in after.lines.values())
    assert 0 <= after.totals.grand_total <= order.totals.grand_total
    assert min(after.elsewhere.expected, after.elsewhere.unpaid) >= 0


@given(reported_orders())
def test_what_fits_and_what_does_not_is_all_that_was_told(reported):
    order, report = reported

    taken = take(order, report)

    told = {("fulfillment", key) for key in report.lines}
    told |= {("payment", key) for key in report.payments}
    assert not taken.fits & taken.misfits
    assert {concern for concern in taken.fits | taken.misfits if concern[0] != "refund"} == told


@given(reported_orders())
def test_taken_again_it_moves_no_money(reported):
    order, report = reported
    once = take(order, report).after

    again = take(once, report)

    assert (again.after, again.changes) == (once, ())


@given(reported_orders())
def test_what_units_leave_elsewhere_we_never_owe_by_it(reported):
    order, report = reported

    after = take(order, Report(lines=report.lines)).after

    assert after.excess_funds == order.excess_funds
