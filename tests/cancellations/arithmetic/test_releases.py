"""Which authorizations are given up, and which are kept for what (domain.md §6)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancellations.arithmetic.quotes import Asked, quote
from cancellations.arithmetic.releases import kept_open, releasable
from orders.arithmetic.funds import Elsewhere, Payment
from orders.arithmetic.money import show
from tests.support.builders import USD, item
from tests.support.standings import sold, usd


def payment(key, captured, authorized, **figures):
    return Payment(key, "Visa", usd(captured), usd(authorized), **figures)


def ten_shirts(*payments, **elsewhere):
    """Ten at 10.00."""
    money = Elsewhere(**{name: usd(amount) for name, amount in elsewhere.items()})
    return replace(sold(item(quantity=10)), payments=payments, elsewhere=money)


def released(order):
    return {each.payment.key: show(each.amount, USD) for each in releasable(order)}


def kept(order):
    return {payment.key: show(needed, USD) for payment, needed in kept_open(order)}


@pytest.mark.parametrize(
    ("payments", "given_up", "needed"),
    [
        ([("0.00", "100.00")], {}, {"P1": "100.00"}),
        ([("100.00", "100.00")], {}, {}),
        ([("100.00", "150.00")], {"P1": "50.00"}, {}),
        ([("60.00", "100.00")], {}, {"P1": "40.00"}),
        ([("60.00", "150.00")], {}, {"P1": "40.00"}),
        ([("0.00", "100.00"), ("0.00", "30.00")], {"P2": "30.00"}, {"P1": "100.00"}),
        ([("0.00", "30.00"), ("0.00", "100.00")], {}, {"P1": "30.00", "P2": "70.00"}),
        ([("100.00", "100.00"), ("0.00", "30.00")], {"P2": "30.00"}, {}),
        ([("0.00", "40.00"), ("60.00", "60.00")], {}, {"P1": "40.00"}),
        ([("120.00", "120.00"), ("0.00", "40.00")], {"P2": "40.00"}, {}),
    ],
)
def test_what_is_needed_is_covered_in_the_orders_sequence_and_the_rest_given_up_whole(
    payments, given_up, needed
):
    order = ten_shirts(*(payment(f"P{n}", *figures) for n, figures in enumerate(payments, 1)))

    assert (released(order), kept(order)) == (given_up, needed)


def test_what_was_released_before_is_not_open_any_more():
    first = payment("P1", "0.00", "100.00", released=usd("60.00"))
    order = ten_shirts(first, payment("P2", "0.00", "100.00"))

    assert (released(order), kept(order)) == ({}, {"P1": "40.00", "P2": "60.00"})


@pytest.mark.parametrize(
    ("elsewhere", "needed"),
    [
        ({}, "10.00"),
        ({"expected": "20.00"}, "30.00"),
        ({"given": "-20.00"}, "30.00"),
        ({"given": "4.00"}, "6.00"),
        ({"unpaid": "20.00"}, "10.00"),
    ],
)
def test_what_is_kept_and_what_others_will_pay_back_is_needed(elsewhere, needed):
    order = ten_shirts(payment("P1", "90.00", "200.00"), **elsewhere)

    assert kept(order) == {"P1": needed}


def test_goodwill_above_the_orders_worth_needs_nothing():
    order = ten_shirts(payment("P1", "50.00", "100.00"), given="120.00")

    assert (released(order), kept(order)) == ({"P1": "50.00"}, {})


def test_what_is_held_below_zero_is_not_captured_again():
    """A chargeback above what was captured is lost: only the order's worth is needed."""
    lost = payment("P1", "10.00", "10.00", charged_back=usd("50.00"))
    order = ten_shirts(lost, payment("P2", "0.00", "100.00"), payment("P3", "0.00", "40.00"))

    assert (released(order), kept(order)) == ({"P3": "40.00"}, {"P2": "100.00"})


def test_a_cancellation_gives_up_what_it_makes_needless_with_its_own_refunds_set_aside():
    order = ten_shirts(payment("P1", "40.00", "60.00"), payment("P2", "0.00", "40.00"))

    seven = quote(order, [Asked("1", 7)])
    four = quote(order, [Asked("1", 4)])

    assert show(seven.refund_due, USD) == "10.00"
    assert {each.payment.key: each.amount for each in seven.releases} == {
        "P1": usd("20.00"),
        "P2": usd("40.00"),
    }
    assert [(each.payment.key, each.amount) for each in four.releases] == [("P2", usd("40.00"))]


def test_what_was_captured_when_it_was_given_up_is_kept():
    order = ten_shirts(payment("P1", "40.00", "100.00"))

    [after] = quote(order, [Asked("1", 6)]).after.payments

    assert (after.released, after.captured_at_release) == (usd("60.00"), usd("40.00"))
    assert after.authorization_open == 0


@st.composite
def funded_orders(draw):
    amounts = st.integers(0, usd("120.00"))
    payments = [
        Payment(
            f"P{n}",
            "Visa",
            draw(amounts),
            draw(amounts),
            refunded_elsewhere=draw(st.integers(0, 3000)),
            released=draw(st.integers(0, 3000)),
        )
        for n in range(draw(st.integers(0, 4)))
    ]
    order = ten_shirts(*payments)
    given, expected = draw(st.integers(-3000, 6000)), draw(st.integers(0, 6000))
    return order.with_money(elsewhere=Elsewhere(expected, given))


@given(funded_orders())
def test_every_open_authorization_is_given_up_or_kept_and_what_is_kept_covers_the_need(order):
    needed = {payment.key: amount for payment, amount in kept_open(order)}
    given_up = released(order)

    opened = {each.key: each.authorization_open for each in order.payments}
    assert set(needed) | set(given_up) == {key for key, amount in opened.items() if amount}
    assert not set(needed) & set(given_up)
    assert all(0 < amount <= opened[key] for key, amount in needed.items())
    need = max(0, order.to_keep + order.elsewhere.expected - max(0, order.held))
    assert sum(needed.values()) == min(need, sum(opened.values()))
