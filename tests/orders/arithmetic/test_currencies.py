from datetime import date

import pytest

from orders.arithmetic.currencies import UnknownCurrency, currency_on
from orders.arithmetic.money import Currency

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("code", "places"),
    [("JPY", 0), ("KRW", 0), ("ISK", 0), ("USD", 2), ("EUR", 2), ("KWD", 3), ("IQD", 3)],
)
def test_places_are_those_of_iso_4217(code, places):
    assert currency_on(code, TODAY) == Currency(code, places)


@pytest.mark.parametrize("code", ["XAU", "XXX", "XTS", "UYW", "usd", "US", "USDX", "", "ZZZ", "$"])
def test_what_nobody_can_pay_in_is_no_currency(code):
    with pytest.raises(UnknownCurrency) as unknown:
        currency_on(code, None)

    assert unknown.value.args == (code,)


@pytest.mark.parametrize(
    ("code", "in_use", "places"),
    [
        ("HRK", date(2022, 12, 31), 2),
        ("DEM", date(2001, 12, 31), 2),
        ("ITL", date(2001, 12, 31), 0),
        ("SLL", date(2023, 12, 31), 2),
        ("ZWL", date(2024, 8, 1), 2),
        ("BGN", date(2025, 12, 31), 2),
        ("AYM", date(2005, 1, 1), 2),
        ("CSK", date(1992, 6, 1), 2),
    ],
)
def test_what_iso_withdrew_is_known_for_as_long_as_it_was_in_use(code, in_use, places):
    assert currency_on(code, in_use) == Currency(code, places)
    assert currency_on(code, None) == Currency(code, places)

    with pytest.raises(UnknownCurrency):
        currency_on(code, TODAY)
