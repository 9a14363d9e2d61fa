"""What Stripe's answers mean, and what of them is kept.

REFUSED is said only where Stripe has certainly not done it and will not. What speaks of the key
that is configured, of too many calls at once, or of a fault says nothing of the refund: it is asked
for again under the same idempotency key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import stripe

from cancellations.models.attempts import Attempt
from cancellations.refunds.gateways import OTHER_AMOUNT, OTHER_REQUEST, Answer, Asked
from cancellations.refunds.gateways.stripe.amounts import from_stripe

Outcome = Attempt.Outcome

OUTCOMES = {
    "succeeded": Outcome.SUCCEEDED,
    "pending": Outcome.SETTLING,
    "requires_action": Outcome.SETTLING,
    "failed": Outcome.REFUSED,
    "canceled": Outcome.REFUSED,
}
"""By the status of a refund; anything else leaves a doubt."""

GIVEN_UP = ("canceled", "succeeded")
"""Statuses of a PaymentIntent of whose authorization nothing is left: a capture of a part gave up
the rest."""

_DECIDES_NOTHING = frozenset(
    {
        "account_invalid",
        "api_key_expired",
        "idempotency_key_in_use",
        "livemode_mismatch",
        "lock_timeout",
        "platform_api_key_expired",
        "rate_limit",
        "resource_missing",  # another account's or mode's key finds nothing either
        "secret_key_required",
        "testmode_charges_only",
    }
)
"""Codes of refusals of a call that say nothing of what it asked for."""

_KEPT_OF_OBJECTS = (
    "id",
    "object",
    "status",
    "amount",
    "currency",
    "charge",
    "payment_intent",
    "created",
    "failure_reason",
    "pending_reason",
    "captured",
    "amount_capturable",
    "amount_received",
    "cancellation_reason",
)
_KEPT_OF_ERRORS = ("type", "code", "decline_code", "param")


def answer_of_refund(refund: stripe.Refund, asked: Asked) -> Answer:
    """What a refund has come to, as Stripe shows it."""
    found = refund.to_dict()
    answer = Answer(
        OUTCOMES.get(found.get("status") or "", Outcome.UNKNOWN),
        gateway_id=str(found.get("id") or ""),
        code=str(found.get("failure_reason") or ""),
        answer=_kept(refund),
    )
    if not answer.gateway_id:
        return replace(answer, outcome=Outcome.UNKNOWN, code="no_refund")
    if answer.outcome not in (Outcome.SUCCEEDED, Outcome.SETTLING):
        return answer
    number, currency = found.get("amount"), found.get("currency")
    amount = from_stripe(number, asked.currency) if isinstance(number, int) else None
    if amount is None or not isinstance(currency, str):
        return replace(answer, outcome=Outcome.UNKNOWN, code=OTHER_AMOUNT)
    return replace(answer, amount=amount, currency=currency.upper())


def answer_of_intent(intent: stripe.PaymentIntent) -> Answer:
    """What has become of a release, by the PaymentIntent as it is."""
    status = intent.to_dict().get("status")
    outcome = Outcome.SUCCEEDED if status in GIVEN_UP else Outcome.UNKNOWN
    return Answer(outcome, gateway_id=intent.id, code=str(status or ""), answer=_kept(intent))


def answer_of_error(error: stripe.StripeError, *, may_refuse: bool) -> Answer:
    """What an error means.

    Args:
        may_refuse: Whether it answers what asked for money to move: that a question was refused
            says nothing of what was asked about.
    """
    is_definite = may_refuse and _is_definite(error)
    kept = _only(_KEPT_OF_ERRORS, error.error.to_dict()) if error.error else {}
    return Answer(
        Outcome.REFUSED if is_definite else Outcome.UNKNOWN,
        code=OTHER_REQUEST if isinstance(error, stripe.IdempotencyError) else _code(error),
        message=_message(error),
        answer={"http_status": error.http_status, "request_id": error.request_id, **kept},
    )


def _is_definite(error: stripe.StripeError) -> bool:
    if _code(error) in _DECIDES_NOTHING:
        return False
    if isinstance(error, stripe.CardError):
        return True
    return isinstance(error, stripe.InvalidRequestError) and error.http_status == 400


def _code(error: stripe.StripeError) -> str:
    found = error.error.to_dict() if error.error else {}
    return error.code or found.get("code") or type(error).__name__


def _message(error: stripe.StripeError) -> str:
    """Stripe's own words only where they are of the payment, not of the key."""
    if isinstance(error, stripe.AuthenticationError):
        return "Stripe does not accept the key that is configured here."
    if isinstance(error, stripe.PermissionError):
        return "The key that is configured here may not do that at Stripe."
    if isinstance(error, stripe.IdempotencyError):
        return "Stripe knows this idempotency key from another request."
    if isinstance(error, stripe.RateLimitError):
        return "Stripe was asked too often, or by several at once."
    if isinstance(error, stripe.CardError | stripe.InvalidRequestError):
        return error.user_message or ""
    return "Stripe had a fault of its own."


def _kept(found: stripe.StripeObject) -> dict[str, Any]:
    """What is kept of an object: no name, address or card of anyone."""
    kept = _only(_KEPT_OF_OBJECTS, found.to_dict())
    response = found.last_response
    return {**kept, "request_id": response.request_id if response else None}


def _only(names: Iterable[str], found: Mapping[str, Any]) -> dict[str, Any]:
    """The plain values of these names."""
    return {
        name: found[name]
        for name in names
        if isinstance(found.get(name), str | int | bool) and found.get(name) != ""
    }
