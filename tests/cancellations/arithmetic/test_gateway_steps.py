"""Refunds in whole steps of their gateways; the plain rules are judged by one written apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancellations.arithmetic.distribution import Amounts, beyond_steps, distribute
from orders.arithmetic.funds import Payment
from tests.support.strategies import payments

WHOLE = Amounts(step=100, smallest=100)
LARGE = Amounts(step=1, smallest=500)


@st.composite
def payments_and_steps(draw):
    found = [draw(payments(f"P{n}")) for n in range(draw(st.integers(0, 5)))]
    steps = st.builds(Amounts, st.sampled_from([1, 5, 10, 100]), st.sampled_from([1, 50, 700]))
    return found, {payment.key: draw(steps) for payment in found if draw(st.booleans())}


def by_the_plain_rules(amount, payments):
    """Shares as domain.md §6 had them before there were steps, by key."""
    able = [
        each
        for each in payments
        if each.refundable and (not each.full_refund_only or each.refundable == each.captured)
    ]
    if amount <= 0:
        return {}
    for each in able:
        if each.refundable == amount:
            return {each.key: amount}
    greater = [each for each in able if each.refundable > amount and not each.full_refund_only]
    if greater:
        return {min(greater, key=lambda each: each.refundable).key: amount}
    shares = {}
    for each in sorted(able, key=lambda each: (not each.full_refund_only, -each.refundable)):
        part = min(each.refundable, amount)
        if part and not (each.full_refund_only and part < each.refundable):
            shares[each.key] = part
            amount -= part
    return shares


def shares_of(amount, payments, sends):
    return {share.payment.key: share.amount for share in distribute(amount, payments, sends)}


def card(key, refundable):
    return Payment(key, "Card", captured=refundable)


@pytest.mark.parametrize(
    ("amount", "payments", "sends", "shares"),
    [
        # The exact one sends what it can; what remains goes on by the same rules.
        (250, [card("A", 250), card("B", 90)], {"A": WHOLE}, {"A": 200, "B": 50}),
        (250, [card("A", 250), card("B", 90), card("C", 50)], {"A": WHOLE}, {"A": 200, "C": 50}),
        # So does the smallest greater one.
        (1005, [card("A", 2000), card("B", 3000)], {"A": WHOLE}, {"A": 1000, "B": 5}),
        (1005, [card("A", 2000), card("B", 3000)], {"B": WHOLE}, {"A": 1005}),
        # What remains goes in the steps of the others.
        (1005, [card("A", 2000), card("B", 3000)], {"A": WHOLE, "B": WHOLE}, {"A": 1000}),
        # And each from the largest to the smallest.
        (350, [card("A", 199), card("B", 120)], {"A": WHOLE}, {"A": 100, "B": 120}),
        (250, [card("A", 199), card("B", 120)], {"A": WHOLE, "B": WHOLE}, {"A": 100, "B": 100}),
        # What is too little for a gateway passes it by.
        (99, [card("A", 100), card("B", 200)], {"A": WHOLE}, {"B": 99}),
        (499, [card("A", 600), card("B", 700)], {"A": LARGE}, {"B": 499}),
        (500, [card("A", 600), card("B", 700)], {"A": LARGE}, {"A": 500}),
        # A payment that goes back whole or not at all does not when its gateway cannot send all.
        (150, [Payment("A", "Voucher", 150, full_refund_only=True)], {"A": WHOLE}, {}),
        (99, [card("A", 1000)], {"A": WHOLE}, {}),
    ],
)
def test_what_a_gateway_cannot_send_goes_on_by_the_same_rules(amount, payments, sends, shares):
    assert list(shares_of(amount, payments, sends).items()) == list(shares.items())


@given(st.integers(-5, 60_000), payments_and_steps())
def test_single_minor_units_go_as_they_went_before_there_were_steps(amount, found):
    payments, _ = found
    single = {payment.key: Amounts() for payment in payments}

    assert shares_of(amount, payments, {}) == by_the_plain_rules(amount, payments)
    assert shares_of(amount, payments, single) == by_the_plain_rules(amount, payments)


@given(st.integers(0, 60_000), payments_and_steps())
def test_shares_are_whole_steps_within_their_payments_and_the_amount(amount, found):
    payments, sends = found

    shares = distribute(amount, payments, sends)

    for share in shares:
        able = sends.get(share.payment.key, Amounts())
        assert share.amount % able.step == 0
        assert able.smallest <= share.amount <= share.payment.refundable
        assert not share.payment.full_refund_only or share.amount == share.payment.captured
    assert sum(share.amount for share in shares) <= amount
    assert len({share.payment.key for share in shares}) == len(shares)


@given(st.integers(0, 60_000), payments_and_steps())
def test_nothing_is_left_over_that_a_payment_could_send(amount, found):
    payments, sends = found
    shares = shares_of(amount, payments, sends)

    over = amount - sum(shares.values())

    for payment in payments:
        if payment.full_refund_only:
            continue
        able = sends.get(payment.key, Amounts())
        more = able.most_of(min(over, payment.refundable - shares.get(payment.key, 0)))
        assert more == 0


@given(st.integers(0, 60_000), payments_and_steps())
def test_what_steps_alone_leave_over_is_told_from_what_no_payment_has(amount, found):
    payments, sends = found

    over = amount - sum(shares_of(amount, payments, sends).values())

    assert 0 <= beyond_steps(amount, payments, sends) <= over
    assert beyond_steps(amount, payments, {}) == 0
    assert beyond_steps(55, [card("A", 1000)], {"A": WHOLE}) == 55
