"""What forms take as text: what documents take too."""

import pytest
from django import forms

from orders.texts import LinesField, check_line, check_lines, with_short_breaks
from tests.support.wrong_documents import CONTROLS, OVERRIDES

FIRST_ALLOWED = " ~\xa0\u200e\u200f\u2029\u2065\u206a\u2800é😀"


def refusals(check, text):
    try:
        check(text)
    except forms.ValidationError as refusal:
        return refusal.messages
    return []


@pytest.mark.parametrize("sign", CONTROLS + OVERRIDES)
def test_controls_and_overrides_are_named(sign):
    [message] = refusals(check_line, f"a{sign}b{sign}")

    assert f"U+{ord(sign):04X}" in message
    assert bool(refusals(check_lines, f"a{sign}b")) is (sign != "\n")


@pytest.mark.parametrize("sign", FIRST_ALLOWED)
def test_any_other_sign_is_taken(sign):
    assert refusals(check_line, sign) == refusals(check_lines, sign) == []


@pytest.mark.parametrize("text", ["a\r\nb\rc\nd", "a\nb\nc\nd", "a\nb\r\nc\rd"])
def test_line_breaks_are_one_character(text):
    assert with_short_breaks(text) == "a\nb\nc\nd"
    assert LinesField(max_length=7).clean(text) == "a\nb\nc\nd"


def test_a_null_character_is_refused_once():
    assert refusals(LinesField().clean, "a\0b") == ["Null characters are not allowed."]
