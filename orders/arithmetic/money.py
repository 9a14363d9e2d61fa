"""Money: integer minor units of a currency (cents, yen, fils), and the one rounding.

Decimals and strings exist only at the edges; :func:`parse` and :func:`show` are those
edges. How many places a currency has, ``orders.arithmetic.currencies`` knows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import TypeAlias

Minor: TypeAlias = int
"""An amount in the minor units of its order's currency."""

MONEY = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,3})?", re.ASCII)
"""Money in documents (contract.md §1)."""

_UNIT_PRICE = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)


MOST_PLACES = 3

LARGEST: Minor = 10**17
"""No order's amounts add up to more, so that every sum of them fits a database integer."""


class NotMoney(ValueError):
    """The text is not an amount in the currency; the message says why."""


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency by its ISO 4217 code, with how many digits it has after the point.

    An order keeps both as they were when it came: 0 for JPY, 2 for USD, 3 for KWD.
    """

    code: str
    places: int

    def __str__(self) -> str:
        return self.code


def parse(text: str, currency: Currency) -> Minor:
    """The amount that a document's money string means.

    >>> parse("99.5", Currency("USD", 2)), parse("-7", Currency("KWD", 3))
    (9950, -7000)

    Raises:
        NotMoney: The text does not match the contract's pattern, or has more decimals
            than the currency.
    """
    if not MONEY.fullmatch(text):
        raise NotMoney("must be an amount such as 12.50, as text")
    whole, _, fraction = text.partition(".")
    if len(fraction) > currency.places:
        raise NotMoney(f"has more than {currency}'s {currency.places} decimals")
    return int(whole + fraction.ljust(currency.places, "0"))


MICROS = 10**6
"""A unit price is kept in millionths of its currency's unit: others have up to six decimals."""


def parse_micros(text: str) -> int:
    """The unit price that a document's text means, in millionths.

    >>> parse_micros("0.333333"), parse_micros("99.5")
    (333333, 99500000)

    Raises:
        NotMoney: It is no amount, or has more than six decimals.
    """
    if not _UNIT_PRICE.fullmatch(text):
        raise NotMoney("must be an amount such as 12.50, as text")
    whole, _, fraction = text.partition(".")
    return int(whole + fraction.ljust(6, "0"))


def is_whole(micros: int, currency: Currency) -> bool:
    """Whether a unit price is a whole number of the currency's minor units."""
    return micros % _micros_in(currency) == 0


def minor_of(micros: int, currency: Currency) -> Minor:
    """A unit price that ``is_whole`` in minor units; of another, what is whole of it."""
    return micros // _micros_in(currency)


def _micros_in(currency: Currency) -> int:
    """Millionths of the unit in one minor unit."""
    return MICROS // int(10**currency.places)


def show_micros(micros: int, currency: Currency) -> str:
    """The document form of a unit price: the currency's places, or as many as it has.

    >>> show_micros(333333, Currency("USD", 2)), show_micros(99500000, Currency("USD", 2))
    ('0.333333', '99.50')
    """
    text = f"{micros // MICROS}.{micros % MICROS:06}"
    shortest = len(text) - (6 - currency.places)
    return (text[:shortest] + text[shortest:].rstrip("0")).rstrip(".")


def show(amount: Minor, currency: Currency) -> str:
    """The document form of an amount.

    >>> show(-5, Currency("USD", 2)), show(1200, Currency("JPY", 0))
    ('-0.05', '1200')
    """
    if not currency.places:
        return str(amount)
    digits = str(abs(amount)).zfill(currency.places + 1)
    return f"{'-' * (amount < 0)}{digits[: -currency.places]}.{digits[-currency.places :]}"


def decimal(amount: Minor, currency: Currency) -> Decimal:
    """The amount in the currency's major unit, with all its places."""
    sign = 1 if amount < 0 else 0
    digits = tuple(int(digit) for digit in str(abs(amount)))
    return Decimal((sign, digits, -currency.places))


def round_half_away(numerator: int, denominator: int) -> int:
    """``numerator / denominator`` to a whole number, halves away from zero.

    >>> [round_half_away(n, 2) for n in (-3, -1, 0, 1, 3)]
    [-2, -1, 0, 1, 2]
    """
    if denominator < 1:
        raise ValueError("denominator must be at least 1")
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def left(original: Minor, gone: int, of: int) -> Minor:
    """What is left of one money component after some of it has gone (domain.md §3).

    The rounding is cumulative: it depends on how much is gone, not on how many steps it
    went in, so one by one and all at once give the same and the last unit takes what
    remains.

    Args:
        original: The component for all of ``of``, in minor units; may be negative.
        gone: Units (or, for a delivery charge, priced minor units) gone, 0 … ``of``.
        of: All units (or the whole price), at least 1.

    >>> [left(1000, gone, 3) for gone in range(4)]
    [1000, 667, 333, 0]
    """
    return original - round_half_away(original * gone, of)


def left_of_parts(parts: Sequence[Minor], gone: int, of: int) -> tuple[Minor, ...]:
    """What is left of each part, so that they add up to what is left of their sum (domain.md §3).

    >>> left_of_parts([5, 5, 5], 1, 2), left(15, 1, 2)
    ((2, 3, 2), 7)
    """
    sums = [0, *accumulate(parts)]
    return tuple(left(after, gone, of) - left(before, gone, of) for before, after in pairwise(sums))
