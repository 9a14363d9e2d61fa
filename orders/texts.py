"""What a text may hold (contract.md §1), the same in documents and in forms.

Control characters and overrides of the reading direction are refused: with them a name could
make a sentence around it say something else.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_NUMBER = 64
"""Characters of an order's or account's number."""

LINE_BREAK = "\n"

ERASED = "erased"
"""What stands in place of a name, an address or a note that was erased; ``guards.sql`` knows it."""

_CONTROLS = re.compile(r"[\0-\x1f\x7f-\x9f]")
_OVERRIDES = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_LONG_BREAK = re.compile(r"\r\n?")


def is_number(text: str) -> bool:
    """Whether an order or account can have this number."""
    return 1 <= len(text) <= LONGEST_NUMBER and text.isprintable() and text == text.strip()


def with_short_breaks(text: str) -> str:
    """The text with every line break as one character."""
    return _LONG_BREAK.sub(LINE_BREAK, text)


def without_what_no_text_holds(text: str) -> str:
    """What of the text can be in any other: without control characters and overrides."""
    return _OVERRIDES.sub("", _CONTROLS.sub("", text))


def control_in(text: str, allowed: str = "") -> str | None:
    """The code point of the first control character, but for those allowed."""
    return _first(_CONTROLS, text, allowed)


def override_in(text: str) -> str | None:
    """The code point of the first character that overrides the direction of reading."""
    return _first(_OVERRIDES, text)


def check_line(text: str) -> None:
    """A form's word on a text of one line; a validator. NUL is left to the field itself."""
    _check(text)


def check_lines(text: str) -> None:
    """The same for a text that may have line breaks."""
    _check(text, allowed=LINE_BREAK)


class LinesField(forms.CharField):
    """A form's text that may have line breaks, each of which counts one."""

    default_validators = [check_lines]

    def to_python(self, value: Any) -> str:
        return with_short_breaks(super().to_python(value) or "")


def _check(text: str, allowed: str = "") -> None:
    if point := control_in(text, allowed + "\0"):
        raise ValidationError(_("Remove the control character %(point)s.") % {"point": point})
    if point := override_in(text):
        sentence = _("Remove the character %(point)s, which changes the direction of reading.")
        raise ValidationError(sentence % {"point": point})


def _first(pattern: re.Pattern[str], text: str, allowed: str = "") -> str | None:
    found = (sign for sign in pattern.findall(text) if sign not in allowed)
    return next((f"U+{ord(sign):04X}" for sign in found), None)
