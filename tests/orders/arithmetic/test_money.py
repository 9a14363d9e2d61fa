from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.arithmetic.money import (
    NotMoney,
    decimal,
    left,
    parse,
    round_half_away,
    show,
)
from tests.support.builders import KWD, USD, currency

amounts = st.integers(-(10**15), 10**15)
currencies = st.sampled_from(["JPY", "USD", "IQD"]).map(currency)


@st.composite
def reductions(draw):
    """A component, the units it is for, and the rising numbers of units gone, up to all."""
    of = draw(st.integers(1, 60))
    steps = draw(st.lists(st.integers(0, of), max_size=8))
    return draw(amounts), of, [0, *sorted(steps), of]


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (1, 2, 1),
        (-1, 2, -1),
        (3, 2, 2),
        (-3, 2, -2),
        (1, 3, 0),
        (2, 3, 1),
        (-2, 3, -1),
        (0, 7, 0),
        (10**30 + 1, 2, 5 * 10**29 + 1),
    ],
)
def test_halves_are_rounded_away_from_zero(numerator, denominator, rounded):
    assert round_half_away(numerator, denominator) == rounded


@pytest.mark.parametrize("denominator", [0, -2])
def test_rounding_refuses_a_denominator_below_one(denominator):
    with pytest.raises(ValueError, match=r"^denominator must be at least 1$"):
        round_half_away(1, denominator)


@pytest.mark.parametrize(
    ("original", "of", "parts"),
    [
        ("10.00", 3, ["3.33", "3.34", "3.33"]),
        ("0.83", 3, ["0.28", "0.27", "0.28"]),
        ("-10.00", 3, ["-3.33", "-3.34", "-3.33"]),
        ("0.01", 2, ["0.01", "0.00"]),
        ("0.00", 2, ["0.00", "0.00"]),
    ],
)
def test_a_component_leaves_unit_by_unit_as_the_law_shows(original, of, parts):
    rest = [left(parse(original, USD), gone, of) for gone in range(of + 1)]

    assert [show(before - after, USD) for before, after in pairwise(rest)] == parts


@given(reductions())
def test_what_leaves_in_steps_adds_up_to_what_leaves_at_once(reduction):
    original, of, steps = reduction

    parts = [left(original, a, of) - left(original, b, of) for a, b in pairwise(steps)]

    assert sum(parts) == original


@given(reductions())
def test_what_is_left_only_nears_zero(reduction):
    original, of, steps = reduction

    rest = [abs(left(original, gone, of)) for gone in steps]

    assert rest == sorted(rest, reverse=True)


@given(amounts, st.integers(1, 1000))
def test_the_last_unit_takes_the_remainder(original, of):
    assert left(original, 0, of) == original
    assert left(original, of, of) == 0


@given(amounts, st.integers(1, 1000), st.data())
def test_what_is_left_is_within_half_a_minor_unit_of_the_exact_share(original, of, data):
    gone = data.draw(st.integers(0, of))

    assert abs(2 * (left(original, gone, of) * of - original * (of - gone))) <= of


@given(st.integers(-(10**12) + 1, 10**12 - 1), currencies)
def test_shown_money_is_read_back_the_same(amount, its_currency):
    assert parse(show(amount, its_currency), its_currency) == amount


@pytest.mark.parametrize(
    ("text", "code", "amount"),
    [
        ("99.5", "USD", 9950),
        ("-7", "KWD", -7000),
        ("1200", "JPY", 1200),
        ("0.001", "IQD", 1),
        ("-0.00", "USD", 0),
        ("007.10", "USD", 710),
        ("999999999999.99", "USD", 99_999_999_999_999),
    ],
)
def test_money_is_read_in_minor_units(text, code, amount):
    assert parse(text, currency(code)) == amount


@pytest.mark.parametrize(
    ("amount", "code", "text"),
    [
        (-5, "USD", "-0.05"),
        (0, "USD", "0.00"),
        (123456, "USD", "1234.56"),
        (1200, "JPY", "1200"),
        (0, "JPY", "0"),
        (1, "IQD", "0.001"),
        (10**16, "USD", "100000000000000.00"),
    ],
)
def test_money_is_shown_with_all_its_places(amount, code, text):
    assert show(amount, currency(code)) == text
    assert str(decimal(amount, currency(code))) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "1\n",
        "+1",
        "--1",
        "-",
        ".5",
        "1.",
        "-.5",
        "1e3",
        "1_000",
        "1,000.00",
        "1.2.3",
        "0x10",
        "NaN",
        "Infinity",
        "１２",  # noqa: RUF001 -- full-width digits
        "١٢",
        "1.2345",
        "1234567890123",
        "$1",
    ],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(NotMoney, match=r"^must be an amount such as 12\.50, as text$"):
        parse(text, KWD)


@pytest.mark.parametrize(
    ("text", "code", "places"), [("1.0", "JPY", 0), ("1.000", "USD", 2), ("0.125", "GBP", 2)]
)
def test_too_many_decimals_are_refused(text, code, places):
    with pytest.raises(NotMoney, match=f"has more than {code}'s {places} decimals"):
        parse(text, currency(code))
