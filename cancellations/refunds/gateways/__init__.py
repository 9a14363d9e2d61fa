"""Gateways: what each is asked, what it answers, and which ones there are.

A gateway is a package of its own here and an entry in ``_FACTORIES``; it touches no row of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol

from cancellations.arithmetic.distribution import ANY_AMOUNT, Amounts
from cancellations.models.attempts import Attempt
from cancellations.models.refund_states import ByHand
from orders.arithmetic.money import Currency, Minor
from orders.texts import without_what_no_text_holds

MANUAL = "manual"
"""The gateway of payments that people pay out."""


class Kind(StrEnum):
    """What a gateway is told to do."""

    REFUND = "refund"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a gateway can do.

    Attributes:
        key_lifetime: For how long it knows an idempotency key again, at least; None: not at all.
        can_look_up: Whether it can be asked by our metadata what became of a call.
        settles_later: Whether it may accept something that ends later, for or against us.
        partial_refunds: Whether a payment can be refunded in parts.
        amounts: What it can send of a currency; None when it does not take the currency.
    """

    key_lifetime: timedelta | None
    can_look_up: bool
    settles_later: bool = False
    partial_refunds: bool = True
    can_release: bool = True
    amounts: Callable[[Currency], Amounts | None] = lambda currency: ANY_AMOUNT


@dataclass(frozen=True, slots=True)
class Asked:
    """A call: one refund or release, in minor units of ``currency``.

    Attributes:
        key: The idempotency key, under which nothing happens twice.
        reference: The gateway's own name of the payment.
        gateway_id: Its own name of the refund or release, once it is known.
        metadata: What the gateway keeps with it and can be looked up by; no personal data.
    """

    kind: Kind
    key: str
    reference: str
    amount: Minor
    currency: Currency
    gateway_id: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


OTHER_AMOUNT = "other_amount"
OTHER_REQUEST = "other_request"
FOR_PEOPLE = frozenset({OTHER_AMOUNT, OTHER_REQUEST})
"""Codes after which asking again is of no use: the gateway did something else, or knows the key
from something else."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a call, as far as the gateway says.

    Attributes:
        outcome: REFUSED is definite: nothing has happened, and nothing will. Anything that leaves
            a doubt is UNKNOWN. NOT_FOUND answers a look-up alone.
        amount: What it says that it moved, in minor units, where it says so; so ``currency``.
        code: The gateway's word for why, in ASCII.
        message: The same for people.
        request, answer: What was sent and received, without secrets and personal data.
    """

    outcome: Attempt.Outcome
    gateway_id: str = ""
    amount: Minor | None = None
    currency: str | None = None
    code: str = ""
    message: str = ""
    request: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, Any] = field(default_factory=dict)

    def cleaned(self) -> Answer:
        """The same as a database can hold it, whatever a gateway sends."""
        return replace(
            self,
            gateway_id=_text(self.gateway_id)[:LONGEST_ID],
            code=_text(self.code)[:LONGEST_CODE],
            message=_text(self.message),
            request=_cleaned(self.request),
            answer=_cleaned(self.answer),
        )


LONGEST_ID = 255
LONGEST_CODE = 100
_text = without_what_no_text_holds


def _cleaned(value: Any) -> Any:
    """A JSON value with texts that can be stored."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return {_text(str(key)): _cleaned(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(each) for each in value]
    return value


class Gateway(Protocol):
    """What a payment goes back over.

    A method may take as long as the gateway's time-out, and raises :class:`NoAnswer` or answers
    UNKNOWN where it cannot tell what happened; whatever else it raises counts as that, too.
    """

    @property
    def capabilities(self) -> Capabilities: ...

    def refund(self, asked: Asked) -> Answer: ...

    def release(self, asked: Asked) -> Answer: ...

    def look_up(self, asked: Asked) -> Answer: ...


class NoAnswer(Exception):
    """The gateway was not reached, or did not answer in time: what became of it is not known."""


class NotConfigured(Exception):
    """A gateway is known, but the environment does not configure it."""


def _sandbox() -> Gateway:
    from cancellations.refunds.gateways.sandbox.gateway import configured

    return configured()


def _stripe() -> Gateway:
    from cancellations.refunds.gateways.stripe.gateway import configured

    return configured()


_FACTORIES: dict[str, Callable[[], Gateway]] = {"sandbox": _sandbox, "stripe": _stripe}
"""How each gateway is made of its settings; raises :class:`NotConfigured` without them."""


def known_gateways() -> list[str]:
    """The names of all that there are, with that of payments which people pay out."""
    return [*_FACTORIES, MANUAL]


def gateway_of(name: str) -> Gateway | ByHand:
    """The gateway of this name, or why a person has to act."""
    if name == MANUAL:
        return ByHand.GATEWAY
    factory = _FACTORIES.get(name)
    if factory is None:
        return ByHand.UNKNOWN_GATEWAY
    try:
        return factory()
    except NotConfigured:
        return ByHand.NOT_CONFIGURED


def amounts_of(name: str, currency: Currency) -> Amounts:
    """What the gateway of this name can send; whatever there is where a person pays out."""
    gateway = gateway_of(name)
    found = None if isinstance(gateway, ByHand) else gateway.capabilities.amounts(currency)
    return found or ANY_AMOUNT


def by_hand(name: str, asked: Asked, *, captured: Minor) -> ByHand | None:
    """Why a person has to do what is asked, or None where the gateway can.

    Args:
        captured: All of the payment.
    """
    gateway = gateway_of(name)
    if isinstance(gateway, ByHand):
        return gateway
    able = gateway.capabilities
    amounts = able.amounts(asked.currency)
    if not asked.reference:
        return ByHand.NO_REFERENCE
    if asked.kind == Kind.RELEASE:
        return None if able.can_release else ByHand.CANNOT_RELEASE
    if amounts is None:
        return ByHand.CURRENCY
    if asked.amount % amounts.step:
        return ByHand.STEP
    if asked.amount < amounts.smallest:
        return ByHand.SMALLEST
    if asked.amount != captured and not able.partial_refunds:
        return ByHand.PARTIAL
    return None
