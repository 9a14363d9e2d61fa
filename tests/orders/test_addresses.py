"""Numbers in addresses: one spelling each, read back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.addresses import read, spelled
from orders.texts import LONGEST_NUMBER, is_number

NUMBERS = st.text(min_size=1, max_size=LONGEST_NUMBER).map(str.strip).filter(is_number)


@pytest.mark.parametrize(
    ("number", "spelling"),
    [
        ("00001401", "00001401"),
        ("a.B_c-9", "a.B_c-9"),
        ("2024/00123", "2024~2F00123"),
        ("~", "~7E"),
        (".", "~2E"),
        ("..", "~2E~2E"),
        ("...", "..."),
        ("#1 a", "~231~20a"),
        ("Ω-ä", "~CE~A9-~C3~A4"),
        ("😀", "~F0~9F~98~80"),
        ("?a=%2F&b", "~3Fa~3D~252F~26b"),
    ],
)
def test_what_no_address_holds_is_spelled_out(number, spelling):
    assert spelled(number) == spelling
    assert read(spelling) == number


@given(NUMBERS)
def test_every_number_is_read_back_from_plain_ascii(number):
    assert read(spelled(number)) == number
    assert spelled(number).isascii()


@pytest.mark.parametrize(
    "spelling",
    [
        "",
        ".",
        "..",
        "~",
        "a~",
        "~2",
        "~2f",
        "~2e",
        "~41",
        "~zz",
        "~~2F",
        "a/b",
        "a b",
        "Ω",
        "~FF~FE",
        "~CE",
        "~C0~AF",
        "~ED~A0~80",
        "~00",
        "a~0A",
        "~20a",
        "a~20",
        "a~C2~A0b",
        "a~E2~80~AEb",
        "x" * 65,
        "~C3~A4" * 65,
    ],
)
def test_any_other_spelling_is_no_number(spelling):
    with pytest.raises(ValueError):  # noqa: PT011 -- Django asks for no more
        read(spelling)
