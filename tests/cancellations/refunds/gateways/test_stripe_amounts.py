import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancellations.arithmetic.distribution import ANY_AMOUNT, Amounts
from cancellations.refunds.gateways.stripe.amounts import (
    amounts_at_stripe,
    from_stripe,
    to_stripe,
)
from orders.arithmetic.money import Currency


@pytest.mark.parametrize(
    ("code", "places", "step", "amount", "number"),
    [
        # Two decimals, as most have; so have forints and Taiwan dollars in all but payouts.
        ("USD", 2, 1, 1025, 1025),
        ("HUF", 2, 1, 1025, 1025),
        ("TWD", 2, 1, 1025, 1025),
        # None.
        ("JPY", 0, 1, 500, 500),
        ("KRW", 0, 1, 500, 500),
        # Three, the last of which is 0.
        ("KWD", 3, 10, 5120, 5120),
        # None, written with two.
        ("ISK", 0, 1, 5, 500),
        ("UGX", 0, 1, 5, 500),
        # Where an order has other places than Stripe.
        ("MGA", 2, 100, 500, 5),
        ("ISK", 2, 100, 500, 500),
        ("JPY", 2, 100, 500, 5),
        ("KWD", 2, 1, 512, 5120),
        ("USD", 0, 1, 10, 1000),
    ],
)
def test_amounts_are_told_in_stripes_units(code, places, step, amount, number):
    currency = Currency(code, places)

    assert amounts_at_stripe(currency) == Amounts(step, step)
    assert to_stripe(amount, currency) == number
    assert from_stripe(number, currency) == amount


def test_a_currency_of_three_places_that_stripe_has_not_is_not_taken():
    assert amounts_at_stripe(Currency("IQD", 3)) is None
    assert amounts_at_stripe(Currency("TND", 3)) == Amounts(10, 10)
    assert amounts_at_stripe(Currency("EUR", 2)) == ANY_AMOUNT


def test_what_stripe_cannot_name_is_never_rounded():
    with pytest.raises(ValueError, match="cannot name"):
        to_stripe(501, Currency("MGA", 2))
    assert from_stripe(501, Currency("ISK", 0)) is None


currencies = st.builds(
    Currency, st.sampled_from(["USD", "JPY", "KWD", "ISK", "UGX", "MGA", "TWD"]), st.integers(0, 3)
).filter(amounts_at_stripe)


@given(currencies, st.integers(1, 10**9))
def test_whole_steps_come_back_as_they_went(currency, steps):
    amount = steps * amounts_at_stripe(currency).step

    assert from_stripe(to_stripe(amount, currency), currency) == amount
