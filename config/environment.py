"""What the environment may hold: each check says what is wrong, and never shows a secret."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from environs import ValidationError


def known_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("not a time zone such as Europe/Berlin")


def is_weak(key: str) -> bool:
    """Whether what is signed with this key could be forged by trying."""
    return len(key) < 50 or len(set(key)) < 10  # guard: short keys


def within(least: int, most: int) -> Callable[[int], None]:
    def check(number: int) -> None:
        if not least <= number <= most:
            raise ValidationError(f"not a number from {least} to {most}")

    return check


def days_or_for_ever(least: int) -> Callable[[int], None]:
    def check(days: int) -> None:
        if days != 0 and not least <= days <= 36_500:
            raise ValidationError(f"not 0 (for ever) or a number of days from {least}")

    return check


def one_of(*words: str) -> Callable[[str], None]:
    def check(word: str) -> None:
        if word not in words:
            raise ValidationError(f"not {' or '.join(words)}")

    return check


def long_enough(least: int) -> Callable[[str], None]:
    """A secret is checked by its length, and never shown; without one it is off."""

    def check(text: str) -> None:
        if text and not (len(text) >= least and text.isascii() and text.isprintable()):
            raise ValidationError(f"not {least} or more printable characters")

    return check


def begins_with(*beginnings: str) -> Callable[[str], None]:
    """A secret is checked by how it begins, and never shown."""

    def check(text: str) -> None:
        if text and not (
            text.startswith(beginnings)
            and text.isascii()
            and text.isprintable()
            and " " not in text
        ):
            raise ValidationError(f"does not begin with {' or '.join(beginnings)}")

    return check


def address_of_a_gateway(url: str) -> None:
    """Secrets go there: over TLS, or to this machine."""
    parts = urlsplit(url)
    is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if url and not (parts.hostname and (parts.scheme == "https" or is_here)):
        raise ValidationError("not an address such as https://api.stripe.com")


def address_of_postgresql(url: str) -> None:
    """It holds a password, and is not shown."""
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in ("postgres", "postgresql", "pgsql") and len(parts.path) > 1
        is_one = is_one and parts.port != 0
    except ValueError:
        is_one = False
    if url and not is_one:
        raise ValidationError("not an address such as postgres://user:password@host:5432/name")


def networks(texts: Sequence[str]) -> list[IPv4Network | IPv6Network]:
    """Addresses and networks, such as 10.0.0.0/8.

    Raises:
        ValueError: One of them is neither.
    """
    try:
        return [ip_network(text.strip()) for text in texts]
    except ValueError as error:
        raise ValueError(f"TRUSTED_PROXIES: {error}") from error


def amounts_by_currency(texts: Sequence[str]) -> dict[str, Decimal]:
    """Amounts such as EUR=500.00, one a currency.

    Raises:
        ValueError: One of them is none.
    """
    amounts = {}
    for text in texts:
        found = re.fullmatch(r"([A-Z]{3})=(\d{1,15}(?:\.\d{1,4})?)", text.strip(), re.ASCII)
        if found is None:
            raise ValueError(f"APPROVAL_OVER: {text.strip()!r} is not such as EUR=500.00")
        amounts[found[1]] = Decimal(found[2])
    return amounts
