"""What gateways tell of themselves, in neutral words, and who reads which gateway's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cancellations.models.attempts import Attempt
from cancellations.refunds.gateways import NotConfigured
from orders.arithmetic.money import Currency, Minor


@dataclass(frozen=True, slots=True)
class RefundTold:
    """What a gateway tells of a refund, whoever asked for it.

    Attributes:
        id: Its own name of the refund.
        outcome: SUCCEEDED, SETTLING or REFUSED: it has failed, now or after all.
        payments: Its own names of the payment, any of which orders may know.
        minor: The amount in an order's minor units, or None where they cannot name it.
        currency: The code.
        key: The idempotency key in our metadata; "" for refunds of others.
        code: The gateway's word for why it failed.
    """

    id: str
    outcome: Attempt.Outcome
    payments: tuple[str, ...]
    minor: Callable[[Currency], Minor | None]
    currency: str
    key: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class DisputeTold:
    """What a gateway tells of a customer's dispute: the money is gone for now, or is back."""

    id: str
    is_won: bool
    payments: tuple[str, ...]
    minor: Callable[[Currency], Minor | None]
    currency: str


Told: TypeAlias = RefundTold | DisputeTold


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice, by the gateway's own name of it.

    Attributes:
        type: The gateway's word for what it is about.
        told: None where it says nothing that orders are concerned with.
    """

    id: str
    type: str
    told: Told | None = None


class NotGenuine(Exception):
    """A notice is forged, malformed, or too old; the message says in one line which."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


Reader: TypeAlias = Callable[[bytes, Mapping[str, str]], Notice]


def _stripe() -> Reader:
    from cancellations.refunds.gateways.stripe.notices import configured

    return configured()


_READERS: dict[str, Callable[[], Reader]] = {"stripe": _stripe}
"""How each gateway's notices are read; raises :class:`NotConfigured` without its settings."""


def read_notice(gateway: str, body: bytes, headers: Mapping[str, str]) -> Notice:
    """The notice that a gateway sent.

    Raises:
        NotConfigured: No notices of this gateway are taken here.
        NotGenuine: It is not from there, or cannot be read.
    """
    if gateway not in _READERS:
        raise NotConfigured
    return _READERS[gateway]()(body, headers)
