"""What Stripe's events (webhooks) mean: those about refunds and disputes."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import stripe
from django.conf import settings

from cancellations.refunds.gateways import NotConfigured
from cancellations.refunds.gateways.notices import (
    DisputeTold,
    NotGenuine,
    Notice,
    Reader,
    RefundTold,
    Told,
)
from cancellations.refunds.gateways.stripe.amounts import from_stripe
from cancellations.refunds.gateways.stripe.answers import OUTCOMES

SIGNATURE = "Stripe-Signature"
LONGEST_AGE_SECONDS = 300
"""Of a delivery, which Stripe signs anew each time: not of what it tells."""
LONGEST_NAME = 150
"""Stripe's have some thirty characters; an event of an order holds one with words around it."""
LONGEST_TYPE = 100

_OF_REFUNDS = ("refund.", "charge.refund.")
_OF_DISPUTES = ("charge.dispute.",)
_MONEY_IS_GONE = ("needs_response", "under_review", "lost")
_MONEY_IS_BACK = ("won",)
"""Statuses of disputes. Inquiries (``warning_…``) and prevented ones take no money."""


def configured() -> Reader:
    """The reader of Stripe's notices, by the settings.

    Raises:
        NotConfigured: They have no secret.
    """
    if not settings.STRIPE_WEBHOOK_SECRET:
        raise NotConfigured
    return partial(read, secret=settings.STRIPE_WEBHOOK_SECRET)


def read(body: bytes, headers: Mapping[str, str], *, secret: str) -> Notice:
    """The notice in a delivery that Stripe signed with this secret, at most five minutes ago.

    Raises:
        NotGenuine: It did not, or the delivery is no event.
    """
    _check_signature(body, headers.get(SIGNATURE, ""), secret)
    try:
        event = json.loads(body)
        id, type = _name(event["id"]), event["type"]
        told = _told(type, event["data"]["object"]) if event["object"] == "event" else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotGenuine("This is no event of Stripe's.") from error
    if len(type) > LONGEST_TYPE or not type.isprintable():
        raise NotGenuine("This is no event of Stripe's.")
    return Notice(id, type, told)


def _check_signature(body: bytes, signature: str, secret: str) -> None:
    if not signature.isascii():
        raise NotGenuine("The signature does not hold.")
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, LONGEST_AGE_SECONDS)
    except stripe.SignatureVerificationError as error:
        is_old = "Timestamp" in (error.user_message or "")
        why = "The signature is too old." if is_old else "The signature does not hold."
        raise NotGenuine(why) from error
    except UnicodeDecodeError as error:
        raise NotGenuine("The body is not UTF-8.") from error


def _told(type: str, found: Mapping[str, Any]) -> Told | None:
    if type.startswith(_OF_REFUNDS):
        return _told_of_refund(found)
    if type.startswith(_OF_DISPUTES):
        return _told_of_dispute(found)
    return None


def _told_of_refund(refund: Mapping[str, Any]) -> RefundTold | None:
    outcome = OUTCOMES.get(refund["status"] or "")
    if outcome is None:
        return None
    return RefundTold(
        id=_name(refund["id"]),
        outcome=outcome,
        payments=_payments(refund),
        minor=partial(from_stripe, _number(refund["amount"])),
        currency=_name(refund["currency"]).upper(),
        key=_name((refund.get("metadata") or {}).get("idempotency_key") or ""),
        code=_name(refund.get("failure_reason") or ""),
    )


def _told_of_dispute(dispute: Mapping[str, Any]) -> DisputeTold | None:
    is_won = dispute["status"] in _MONEY_IS_BACK
    if not is_won and dispute["status"] not in _MONEY_IS_GONE:
        return None
    return DisputeTold(
        id=_name(dispute["id"]),
        is_won=is_won,
        payments=_payments(dispute),
        minor=partial(from_stripe, _number(dispute["amount"])),
        currency=_name(dispute["currency"]).upper(),
    )


def _payments(found: Mapping[str, Any]) -> tuple[str, ...]:
    names = (found.get("payment_intent"), found.get("charge"))
    return tuple(_name(name) for name in names if name)


def _name(text: Any) -> str:
    if not isinstance(text, str) or len(text) > LONGEST_NAME or not (text + "-").isprintable():
        raise ValueError(text)
    return text


def _number(number: Any) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 10**12:
        raise ValueError(number)
    return number
