"""The currencies of ISO 4217, those of today and those of its list three, with their places.

Asked once for an order, when it comes: what it says then is kept on the order, so that a
currency that leaves ISO 4217 changes nothing. Today's are those of the ``iso4217`` package.
Of withdrawn ones ISO lists neither places nor exact days; both are CLDR's, which the ``babel``
package carries, corrected below where ISO's former tables had something else.
"""

from datetime import date
from functools import cache

from babel.core import get_global
from iso4217 import Currency as IsoCurrency

from orders.arithmetic.money import MOST_PLACES, Currency

_PLACES = {
    "AZM": 2,
    "BEF": 0,
    "BYB": 0,
    "GHC": 2,
    "GRD": 0,
    "MRO": 2,
    "PTE": 0,
    "SLL": 2,
    "STD": 2,
    "TMM": 2,
    "TPE": 0,
    "ZMK": 2,
    "ZWD": 2,
}
"""Places of ISO's former tables where CLDR goes by everyday use instead."""

_WITHDRAWN = {
    "ARY": date(1990, 12, 31),
    "AYM": date(2005, 10, 31),
    "BGJ": date(1990, 12, 31),
    "BGK": date(1990, 12, 31),
    "BGN": date(2026, 1, 31),
    "CHC": date(2004, 11, 30),
    "CSJ": date(1990, 12, 31),
    "GHP": date(2007, 7, 31),
    "PEH": date(1990, 12, 31),
    "ROK": date(1990, 12, 31),
    "UGW": date(1990, 12, 31),
    "VNC": date(1990, 12, 31),
    "ZWN": date(2008, 8, 31),
}
"""The last days of what list three has and CLDR has not, or has as if it went on."""


class UnknownCurrency(KeyError):
    """ISO 4217 has no such currency, or had none on that day."""


def currency_on(code: str, day: date | None) -> Currency:
    """The currency that ``code`` meant on a day; None: on any day.

    >>> currency_on("USD", date(2026, 1, 1)), currency_on("ITL", date(1999, 1, 1))
    (Currency(code='USD', places=2), Currency(code='ITL', places=0))

    Raises:
        UnknownCurrency: It is none that people pay in (gold, units of account), was withdrawn
            by then, or has more places than documents can write.
    """
    found = _current(code)
    if found is not None:
        return found
    last = _last_day(code)
    if last is None or (day or date.min) > last:
        raise UnknownCurrency(code)
    return Currency(code, _PLACES.get(code, _cldr_places(code)))


@cache
def _current(code: str) -> Currency | None:
    try:
        places = IsoCurrency(code).exponent
    except ValueError:
        return None
    return Currency(code, places) if places is not None and places <= MOST_PLACES else None


@cache
def _last_day(code: str) -> date | None:
    """Until when a currency that ISO no longer lists was in use; CLDR may have no end yet."""
    if code in _WITHDRAWN:
        return _WITHDRAWN[code]
    if code in {currency.value for currency in IsoCurrency}:
        return None
    ends = [
        date(*end) if end else date.max
        for entries in get_global("territory_currencies").values()
        for name, _, end, is_tender in entries
        if name == code and is_tender
    ]
    return max(ends, default=None)


def _cldr_places(code: str) -> int:
    fractions = get_global("currency_fractions")
    places: int = fractions.get(code, fractions["DEFAULT"])[0]
    return places
