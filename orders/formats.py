"""What people read, in the language and time zone that are active: numbers, money, moments.

And what strangers wrote, set into our sentences so that it turns none of our words around.
"""

import html
import re
from collections.abc import Callable
from copy import copy
from datetime import datetime, tzinfo
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, TypeAlias

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import NumberPattern, format_decimal
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale

from orders.arithmetic.money import Currency, Minor, decimal

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Text: TypeAlias = "str | _StrPromise"
"""Words for people, translated when they are shown."""

_LETTER_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")
"""Where CLDR's currency spacing sets a space, which Babel leaves out: KWD 58.005."""

LONGEST_KEPT = 300
"""Characters of the longest text that is kept escaped: names and labels are shorter, and what a
stranger posts by the megabyte does not stay in memory."""


def number_text(number: int) -> str:
    """A whole number with its thousands apart: 1,000."""
    return _number_texts(_locale())(number)


def number_writer() -> Callable[[int], str]:
    """The same for many numbers in a row: the language is asked for once."""
    return _number_texts(_locale())


def money_text(amount: Minor, currency: Currency) -> str:
    """An amount with its currency and all of its places: $103.95, ¥1,200."""
    return _money_texts(currency, _locale())(amount)


def money_texts(currency: Currency) -> Callable[[Minor], str]:
    """The same for many amounts in a row: the language is asked for once."""
    return _money_texts(currency, _locale())


def money_writer(currency: Currency) -> Callable[[Minor], SafeString]:
    """The same for a page."""
    return _money_writer(currency, _locale())


def unit_price_text(micros: int, currency: Currency) -> str:
    """A unit price in millionths: the currency's places, or as many more as it has."""
    digits = f"{micros:06}"[-6:].rstrip("0")
    places = max(currency.places, len(digits))
    return money_text(micros // 10 ** (6 - places), Currency(currency.code, places))


def moment_text(moment: datetime) -> str:
    """Day and minute in the viewer's zone."""
    return _moment_text(moment, timezone.get_current_timezone(), _locale())


def clock_text(moment: datetime) -> str:
    """The minute alone, in the viewer's zone: for what is over soon."""
    return _clock_text(moment.astimezone(timezone.get_current_timezone()), _locale())


def exact_moment_text(moment: datetime) -> str:
    """To the second, with the zone's name."""
    return _exact_moment_text(moment, timezone.get_current_timezone(), _locale())


# A page shows much that was shown before, and a library takes its time for each.
@cache
def _number_texts(locale: Locale) -> Callable[[int], str]:
    return lru_cache(maxsize=2_000)(partial(format_decimal, locale=locale))


@lru_cache(maxsize=20)
def _money_texts(currency: Currency, locale: Locale) -> Callable[[Minor], str]:
    pattern = _pattern(locale, currency.places)

    @lru_cache(maxsize=1_000)
    def text(amount: Minor) -> str:
        plain = pattern.apply(
            decimal(amount, currency), locale, currency=currency.code, currency_digits=False
        )
        return _LETTER_BEFORE_DIGIT.sub("\N{NO-BREAK SPACE}", plain)

    return text


@lru_cache(maxsize=20)
def _money_writer(currency: Currency, locale: Locale) -> Callable[[Minor], SafeString]:
    text = _money_texts(currency, locale)
    return lru_cache(maxsize=1_000)(lambda amount: SafeString(escaped(text(amount))))


@lru_cache(maxsize=2_000)
def _moment_text(moment: datetime, zone: tzinfo, locale: Locale) -> str:
    local = moment.astimezone(zone)
    return f"{format_date(local, 'medium', locale=locale)}, {_clock_text(local, locale)}"


def _clock_text(local: datetime, locale: Locale) -> str:
    # CLDR's narrow space all but vanishes at 13 px.
    time = format_time(local, "short", locale=locale)
    return time.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")


@lru_cache(maxsize=2_000)
def _exact_moment_text(moment: datetime, zone: tzinfo, locale: Locale) -> str:
    return format_datetime(moment.astimezone(zone), "full", locale=locale)


def age_text(since: datetime) -> str:
    """How long ago it began, in one unit: 3 days."""
    return format_timedelta(timezone.now() - since, locale=_locale())


def escaped(value: object) -> str:
    """As ``conditional_escape`` does it, without its detours: a page asks thousands of times."""
    if isinstance(value, Promise):
        value = str(value)
    safe: Callable[[], str] | None = getattr(value, "__html__", None)
    if safe:
        return safe()
    text = str(value)
    return _escaped_text(text) if len(text) <= LONGEST_KEPT else html.escape(text)


_escaped_text = lru_cache(maxsize=2_000)(html.escape)


def isolated(text: object) -> SafeString:
    """What a stranger wrote, for a page: its direction of reading goes no further than itself."""
    return SafeString(f"<bdi>{escaped(text)}</bdi>")


def sentence(words: str, **said: object) -> SafeString:
    """A translated sentence for a page, filled in as ``%(name)s`` says.

    Args:
        said: Numbers, and texts, which are escaped; what a stranger wrote comes ``isolated``.

    >>> sentence("Refund to %(payment)s", payment=isolated("Visa <1>"))
    'Refund to <bdi>Visa &lt;1&gt;</bdi>'
    """
    filled_in = {
        name: escaped(value) if isinstance(value, str) else value for name, value in said.items()
    }
    return SafeString(escaped(words) % filled_in)


def _locale() -> Locale:
    return _locale_of(get_language() or "en-us")


@cache
def _locale_of(language: str) -> Locale:
    return Locale.parse(to_locale(language))


@cache
def _pattern(locale: Locale, digits: int) -> NumberPattern:
    """The locale's money pattern with the currency's own places, which CLDR may round away."""
    pattern: NumberPattern = copy(locale.currency_formats["standard"])
    pattern.frac_prec = (digits, digits)
    return pattern
