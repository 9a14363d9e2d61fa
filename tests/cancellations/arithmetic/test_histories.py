"""Whatever happens to an order, its money comes out even in the end, to the cent.

Nothing is given beyond what is owed, nothing is charged back, and every payment can refund a
part: then, once others have paid what is expected of them and we have settled, the shop keeps
what the order is worth, and the customer has everything else.
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancellations.arithmetic.quotes import Asked, quote
from cancellations.arithmetic.reports import LineFacts, PaymentFacts, Report, take
from cancellations.arithmetic.settlements import (
    charges_left_behind,
    fees_left_behind,
    quote_settlement,
)
from orders.arithmetic import elsewhere
from orders.arithmetic.amounts import Line
from orders.arithmetic.facts import Reported
from orders.arithmetic.funds import Payment
from orders.arithmetic.statuses import Quantities
from tests.support.strategies import orders

pytestmark = pytest.mark.slow


@st.composite
def orders_with_fees(draw):
    """An order as it was sold, and what it is worth as a whole."""
    order = draw(orders())
    for number in range(draw(st.integers(0, 2))):
        key, amount = f"200{number}", draw(st.integers(0, 900))
        fee = Line(key, "Gift wrap", "fee", Quantities(1), amount, taxes=(amount // 10,))
        order = replace(order, lines={**order.lines, key: fee})
    untouched = {
        key: replace(line, quantities=replace(line.quantities, returned=0))
        for key, line in order.lines.items()
    }
    return order, replace(order, lines=untouched).totals.grand_total


def captured(order, *amounts):
    """The order as it comes with payments that captured so much."""
    payments = tuple(Payment(f"P{n}", "Visa", amount) for n, amount in enumerate(amounts))
    return elsewhere.as_it_came(order.with_money(payments=payments))


def cancels(draw, order):
    asked = [
        Asked(key, draw(st.integers(1, line.quantities.available_to_cancel)), draw(st.booleans()))
        for key, line in order.lines.items()
        if line.is_product and line.quantities.available_to_cancel and draw(st.booleans())
    ]
    return quote(order, asked, refund_fees=draw(st.booleans())).after


def settles(draw, order):
    groups = [key for key in charges_left_behind(order) if draw(st.booleans())]
    fees = bool(fees_left_behind(order)) and draw(st.booleans())
    return quote_settlement(order, groups, refund_fees=fees).after


def moves_goods(draw, order):
    """Units are shipped, returned and canceled elsewhere, whether it fits or not."""
    key = draw(st.sampled_from([key for key, line in order.lines.items() if line.is_product]))
    counts = sorted(draw(st.lists(st.integers(0, 7), min_size=4, max_size=4)), reverse=True)
    counters = Reported(draw(st.integers(0, 5)), *counts)
    return take(order, Report({key: LineFacts(counters, draw(st.booleans()))})).after


def pays(order, number, **more):
    """So much more is captured or refunded elsewhere over one of the payments."""
    payment = order.payments[number]
    facts = PaymentFacts(payment.authorized, payment.captured, payment.refunded_elsewhere, 0)
    facts = replace(facts, **{name: getattr(facts, name) + each for name, each in more.items()})
    return take(order, Report(payments={payment.key: facts})).after


def captures(draw, order):
    return pays(order, draw(st.integers(0, 1)), captured=draw(st.integers(0, 4000)))


def refunds_elsewhere(draw, order):
    """A part of what others are expected to pay, or of what we owe; never goodwill."""
    most = order.elsewhere.expected + order.excess_funds
    return pays(order, draw(st.integers(0, 1)), refunded_elsewhere=draw(st.integers(0, most)))


def refund_fails_elsewhere(draw, order):
    number = draw(st.integers(0, 1))
    failed = draw(st.integers(0, order.payments[number].refunded_elsewhere))
    return pays(order, number, refunded_elsewhere=-failed)


STEPS = (cancels, settles, moves_goods, moves_goods, refunds_elsewhere, refund_fails_elsewhere)


def in_the_end(order):
    """Once others have paid what is expected of them, and we have settled."""
    order = pays(order, 0, refunded_elsewhere=order.elsewhere.expected)
    return quote_settlement(order, (), refund_fees=False).after


def kept(order):
    """What was captured, without all that went back or is on its way."""
    return sum(each.captured - each.refunded - each.reserved for each in order.payments)


@given(orders_with_fees(), st.integers(0, 3000), st.integers(0, 10**6), st.data())
def test_an_order_that_was_paid_keeps_its_worth_to_the_cent(sold, too_much, part, data):
    order, worth = sold
    part = min(part, worth)
    order = captured(order, part, worth - part + too_much)

    for step in data.draw(st.lists(st.sampled_from(STEPS), max_size=8)):
        order = step(data.draw, order)
        assert order.balance >= 0
        assert (order.elsewhere.given, order.elsewhere.unpaid) == (0, 0)

    end = in_the_end(order)
    assert (end.balance, end.elsewhere.expected) == (0, 0)
    assert kept(end) == end.totals.grand_total


@given(orders_with_fees(), st.integers(0, 20_000), st.integers(0, 20_000), st.data())
def test_an_order_that_is_paid_late_keeps_its_worth_once_it_is_paid(sold, first, second, data):
    order = captured(sold[0], first, second)

    for step in data.draw(st.lists(st.sampled_from((*STEPS, captures, captures)), max_size=8)):
        order = step(data.draw, order)
        assert order.elsewhere.given == 0

    missing = max(0, -order.balance)
    end = in_the_end(pays(order, 1, captured=missing))
    assert (end.balance, end.elsewhere.expected) == (0, 0)
    assert kept(end) == end.totals.grand_total


@given(orders_with_fees(), st.integers(0, 20_000), st.data())
def test_only_what_others_do_with_money_moves_what_they_owe(sold, first, data):
    """Our own cancellations and settlements leave P, G and W as they are."""
    order = captured(sold[0], first, 0)

    for step in data.draw(st.lists(st.sampled_from((*STEPS, captures)), max_size=8)):
        before, order = order, step(data.draw, order)
        if step in (cancels, settles):
            assert order.elsewhere == before.elsewhere
        if step is moves_goods:
            assert order.excess_funds == before.excess_funds
