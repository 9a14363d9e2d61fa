import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancellations.arithmetic.distribution import distribute
from orders.arithmetic.funds import Payment
from tests.support.strategies import payments


@st.composite
def several_payments(draw):
    return [draw(payments(f"P{n}")) for n in range(draw(st.integers(0, 5)))]


def card(key, refundable):
    return Payment(key, "Card", captured=refundable)


def whole(key, refundable):
    """A payment that only supports full refunds."""
    return Payment(key, "Voucher", captured=refundable, full_refund_only=True)


@pytest.mark.parametrize(
    ("amount", "payments", "shares"),
    [
        # The one that is exactly the amount.
        (30, [card("A", 50), card("B", 30), card("C", 40)], {"B": 30}),
        (30, [card("A", 30), card("B", 30)], {"A": 30}),
        (30, [card("A", 40), whole("B", 30)], {"B": 30}),
        # Else the smallest that is greater.
        (30, [card("A", 50), card("B", 40), card("C", 20)], {"B": 30}),
        (30, [card("A", 40), card("B", 40)], {"A": 30}),
        (30, [whole("A", 40), card("B", 50)], {"B": 30}),
        # Else from the largest to the smallest until covered.
        (30, [card("A", 10), card("B", 20), card("C", 5)], {"B": 20, "A": 10}),
        (30, [card("A", 10), card("B", 25), card("C", 10)], {"B": 25, "A": 5}),
        (30, [card("A", 10), card("B", 10), card("C", 10)], {"A": 10, "B": 10, "C": 10}),
        # Full refunds first there, and whole or not at all.
        (30, [card("A", 25), whole("B", 10)], {"B": 10, "A": 20}),
        (30, [card("A", 25), whole("B", 10), whole("C", 15)], {"C": 15, "B": 10, "A": 5}),
        (30, [card("A", 25), whole("B", 40)], {"A": 25}),
        (30, [whole("A", 20), whole("B", 20)], {"A": 20}),
        # What no payment can take is left over.
        (30, [card("A", 10)], {"A": 10}),
        (30, [whole("A", 40)], {}),
        (30, [card("A", 0)], {}),
        # A single minor unit is money too.
        (1, [card("A", 0), card("B", 1)], {"B": 1}),
        (3, [card("A", 1), card("B", 1)], {"A": 1, "B": 1}),
        (3, [whole("A", 1), card("B", 1)], {"A": 1, "B": 1}),
        (30, [], {}),
        (0, [card("A", 10)], {}),
    ],
)
def test_a_refund_goes_over_payments_as_the_law_says(amount, payments, shares):
    found = {share.payment.key: share.amount for share in distribute(amount, payments)}

    assert list(found.items()) == list(shares.items())


@given(st.integers(0, 60_000), several_payments())
def test_shares_exceed_neither_the_payments_nor_the_amount(amount, payments):
    shares = distribute(amount, payments)

    assert all(0 < share.amount <= share.payment.refundable for share in shares)
    assert sum(share.amount for share in shares) <= amount
    assert len({share.payment.key for share in shares}) == len(shares)


@given(st.integers(0, 60_000), several_payments())
def test_full_refund_payments_give_all_or_nothing(amount, payments):
    full = [share for share in distribute(amount, payments) if share.payment.full_refund_only]

    assert all(share.amount == share.payment.refundable for share in full)


@given(st.integers(1, 60_000), several_payments())
def test_nothing_is_left_over_while_a_payment_could_take_a_part(amount, payments):
    shares = distribute(amount, payments)

    over = amount - sum(share.amount for share in shares)
    taken = {share.payment.key: share.amount for share in shares}
    idle = sum(
        payment.refundable - taken.get(payment.key, 0)
        for payment in payments
        if not payment.full_refund_only
    )
    assert 0 in (over, idle)


@given(several_payments(), st.data())
def test_one_payment_of_exactly_the_amount_takes_it(payments, data):
    able = [
        payment
        for payment in payments
        if payment.refundable
        and (not payment.full_refund_only or payment.refundable == payment.captured)
    ]
    if able:
        amount = data.draw(st.sampled_from(able)).refundable

        [share] = distribute(amount, payments)

        assert share.amount == share.payment.refundable == amount
