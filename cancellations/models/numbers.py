"""How the number of a change order is spelled: CO- and its primary key, in eight digits or more."""

import re

SPELLING = r"CO-(?:[0-9]{8}|[1-9][0-9]{8,17})"
"""Each number in the one way in which it is written, as a regular expression."""

_TYPED = re.compile(r"(?:CO-?)?([0-9]{1,18})", re.ASCII | re.IGNORECASE)


def number_of(pk: int) -> str:
    return f"CO-{pk:08d}"


def pk_of(number: str) -> int:
    """The primary key in a number of this ``SPELLING``."""
    return int(number.removeprefix("CO-"))


def pk_as_typed(text: str) -> int | None:
    """The primary key that someone means who types CO-00000012, co-12 or 12, if any."""
    found = _TYPED.fullmatch(text)
    return int(found[1]) if found else None
