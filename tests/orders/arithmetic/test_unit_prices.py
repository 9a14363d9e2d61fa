"""Unit prices have up to six decimals, in millionths of the currency's unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.arithmetic.money import (
    NotMoney,
    is_whole,
    minor_of,
    parse_micros,
    show_micros,
)
from tests.support.builders import JPY, KWD, USD


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("99.5", 99_500_000),
        ("0.333333", 333_333),
        ("0.000001", 1),
        ("7", 7_000_000),
        ("-0.5", -500_000),
        ("007.10", 7_100_000),
        ("999999999999.999999", 10**18 - 1),
    ],
)
def test_unit_prices_are_read_in_millionths(text, micros):
    assert parse_micros(text) == micros


@pytest.mark.parametrize(
    "text",
    ["", "1.", ".5", "1.1234567", "1e3", "1,5", " 1", "1\n", "+1", "1234567890123"],
)
def test_what_is_no_unit_price_is_refused(text):
    with pytest.raises(NotMoney, match=r"^must be an amount such as 12\.50, as text$"):
        parse_micros(text)


@pytest.mark.parametrize(
    ("micros", "unit", "text"),
    [
        (99_500_000, USD, "99.50"),
        (7_000_000, USD, "7.00"),
        (333_333, USD, "0.333333"),
        (120_000, USD, "0.12"),
        (125_000, USD, "0.125"),
        (1, USD, "0.000001"),
        (0, USD, "0.00"),
        (1_500_000_000, JPY, "1500"),
        (1_500_500_000, JPY, "1500.5"),
        (0, JPY, "0"),
        (10_000_000, JPY, "10"),
        (125_000, KWD, "0.125"),
        (120_000, KWD, "0.120"),
        (120_050, KWD, "0.12005"),
    ],
)
def test_unit_prices_are_shown_with_the_places_of_the_currency_or_as_many_as_they_have(
    micros, unit, text
):
    assert show_micros(micros, unit) == text


@given(st.integers(0, 10**18 - 1), st.sampled_from([JPY, USD, KWD]))
def test_shown_unit_prices_are_read_back_the_same(micros, its_currency):
    assert parse_micros(show_micros(micros, its_currency)) == micros


@pytest.mark.parametrize(
    ("text", "unit", "whole", "minor"),
    [
        ("99.50", USD, True, 9950),
        ("99.505", USD, False, 9950),
        ("0.000001", USD, False, 0),
        ("0.125", KWD, True, 125),
        ("0.1255", KWD, False, 125),
        ("1500", JPY, True, 1500),
        ("1500.5", JPY, False, 1500),
    ],
)
def test_a_unit_price_may_be_no_whole_number_of_minor_units(text, unit, whole, minor):
    micros = parse_micros(text)

    assert is_whole(micros, unit) is whole
    assert minor_of(micros, unit) == minor
