"""What is held, kept and owed of an order (domain.md §6)."""

import pytest

from orders.arithmetic.amounts import Line, Standing
from orders.arithmetic.funds import Elsewhere, Payment
from orders.arithmetic.money import show
from orders.arithmetic.statuses import Quantities
from tests.support.builders import USD
from tests.support.standings import usd


def order(worth, *payments, **elsewhere):
    """An order worth so much, with the money elsewhere that is given."""
    line = Line("1", "Thing", "product", Quantities(2), usd(worth))
    return Standing(USD, "net", {"1": line}, payments=payments, elsewhere=Elsewhere(**elsewhere))


def funded(worth, *, captured, given="0.00", expected="0.00", **figures):
    """The same with one payment, all amounts as text."""
    payment = Payment("P1", "Visa", usd(captured), **{n: usd(each) for n, each in figures.items()})
    return order(worth, payment, expected=usd(expected), given=usd(given))


@pytest.mark.parametrize(
    ("captured", "refunded", "reserved", "excess"),
    [
        ("28.99", "0.00", "0.00", "0.00"),
        ("33.99", "0.00", "0.00", "5.00"),
        ("33.99", "3.00", "1.50", "0.50"),
        ("33.99", "5.00", "5.00", "0.00"),
        ("0.00", "0.00", "0.00", "0.00"),
    ],
)
def test_excess_funds_are_what_is_held_above_the_total(captured, refunded, reserved, excess):
    payment = Payment(
        "P1", "Visa", usd(captured), refunded_elsewhere=usd(refunded), reserved=usd(reserved)
    )
    sold = order("28.99", payment)

    assert show(sold.excess_funds, USD) == excess


@pytest.mark.parametrize(
    ("funds", "balance"),
    [
        ({"captured": "60.00"}, "-40.00"),
        ({"captured": "100.00"}, "0.00"),
        ({"captured": "105.00"}, "5.00"),
        ({"captured": "180.00", "expected": "80.00"}, "0.00"),
        ({"captured": "100.00", "refunded_elsewhere": "10.00", "given": "10.00"}, "0.00"),
        ({"captured": "180.00", "given": "-80.00"}, "0.00"),
        ({"captured": "50.00", "given": "120.00"}, "50.00"),
        ({"captured": "110.00", "charged_back": "4.00"}, "6.00"),
        ({"captured": "110.00", "reserved": "4.00", "refunded_here": "5.00"}, "1.00"),
        ({"captured": "10.00", "charged_back": "30.00"}, "-120.00"),
    ],
)
def test_the_balance_is_what_is_held_beyond_what_is_kept_and_what_others_owe(funds, balance):
    sold = funded("100.00", **funds)

    assert show(sold.balance, USD) == balance
    assert show(sold.excess_funds, USD) == show(max(0, usd(balance)), USD)


def test_what_one_payment_lacks_is_made_up_for_by_another():
    lost = Payment("P1", "Visa", usd("10.00"), charged_back=usd("30.00"))
    sold = order("20.00", lost, Payment("P2", "Visa", usd("45.00")))

    assert (sold.held, sold.balance) == (usd("25.00"), usd("5.00"))


def test_what_was_reckoned_of_lines_is_kept_when_only_money_moves():
    sold = funded("100.00", captured="100.00")
    components = sold.components

    paid = sold.with_money(payments=(Payment("P1", "Visa", 1),), elsewhere=Elsewhere(expected=3))

    assert paid.components is components
    assert (paid.held, paid.elsewhere.expected, paid.totals) == (1, 3, sold.totals)
    assert sold.with_money() == sold
