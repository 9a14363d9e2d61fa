"""Money: integer minor units of a currency (cents, yen, fils), and the one rounding.

Decimals and strings exist only at the edges; :func:`parse` and :func:`show` are those
edges. The number of places is ISO 4217's, from the ``iso4217`` package's copy of its table.
"""

import re
from decimal import Decimal
from functools import cache
from typing import TypeAlias

from iso4217 import Currency

Minor: TypeAlias = int
"""An amount in the minor units of its order's currency."""

MONEY = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,3})?", re.ASCII)
"""Money in documents (contract.md §1)."""


MOST_PLACES = 3

LARGEST: Minor = 10**17
"""No order's amounts add up to more, so that every sum of them fits a database integer."""


class NotMoney(ValueError):
    """The text is not an amount in the currency; the message says why."""


@cache
def places(currency: str) -> int:
    """How many digits ``currency`` has after the point: 0 for JPY, 2 for USD, 3 for KWD.

    Raises:
        KeyError: ISO 4217 has no such currency, gives it no minor unit (gold, say), or more
            places than documents can write (units of account, such as UYW).
    """
    try:
        digits = Currency(currency).exponent
    except ValueError:
        digits = None
    if digits is None or digits > MOST_PLACES:
        raise KeyError(currency)
    return digits


def is_currency(code: str) -> bool:
    """Whether ``code`` is a currency that one can pay in.

    >>> is_currency("IQD"), is_currency("XAU"), is_currency("usd")
    (True, False, False)
    """
    try:
        places(code)
    except KeyError:
        return False
    return True


def parse(text: str, currency: str) -> Minor:
    """The amount that a document's money string means.

    >>> parse("99.5", "USD"), parse("-7", "KWD"), parse("1200", "JPY")
    (9950, -7000, 1200)

    Raises:
        NotMoney: The text does not match the contract's pattern, or has more decimals
            than the currency.
    """
    if not MONEY.fullmatch(text):
        raise NotMoney("must be an amount such as 12.50, as text")
    whole, _, fraction = text.partition(".")
    digits = places(currency)
    if len(fraction) > digits:
        raise NotMoney(f"has more than {currency}'s {digits} decimals")
    return int(whole + fraction.ljust(digits, "0"))


def show(amount: Minor, currency: str) -> str:
    """The document form of an amount.

    >>> show(-5, "USD"), show(1200, "JPY"), show(1, "IQD")
    ('-0.05', '1200', '0.001')
    """
    return f"{decimal(amount, currency):f}"


def decimal(amount: Minor, currency: str) -> Decimal:
    """The amount in the currency's major unit, with all its places."""
    sign = 1 if amount < 0 else 0
    digits = tuple(int(digit) for digit in str(abs(amount)))
    return Decimal((sign, digits, -places(currency)))


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
