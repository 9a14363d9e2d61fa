"""Stripe: refunds of PaymentIntents and Charges, and authorizations that are canceled.

A payment's reference is its ``pi_…``, or its ``ch_…`` (``py_…``). Stripe knows an idempotency key
for a day at least; the library sends nothing again by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import islice
from typing import Any

import stripe
from django.conf import settings

from cancellations.models.attempts import Attempt
from cancellations.refunds.gateways import (
    Answer,
    Asked,
    Capabilities,
    Kind,
    NoAnswer,
    NotConfigured,
)
from cancellations.refunds.gateways.stripe.amounts import amounts_at_stripe, to_stripe
from cancellations.refunds.gateways.stripe.answers import (
    answer_of_error,
    answer_of_intent,
    answer_of_refund,
)

KEY_LIFETIME = timedelta(hours=23)
MOST_REFUNDS = 1000
"""So many refunds of one payment are looked through."""
CONNECT_SECONDS = 5.0

Outcome = Attempt.Outcome


class Stripe:
    """The gateway over one account at Stripe."""

    capabilities = Capabilities(
        key_lifetime=KEY_LIFETIME,
        can_look_up=True,
        settles_later=True,
        amounts=amounts_at_stripe,
    )

    def __init__(self, client: stripe.StripeClient) -> None:
        self.client = client.v1

    def refund(self, asked: Asked) -> Answer:
        payment = _payment(asked)
        if payment is None:
            return _no_such_reference()
        params: Any = {
            **payment,
            "amount": to_stripe(asked.amount, asked.currency),
            "metadata": dict(asked.metadata),
        }
        return _answered(
            lambda: answer_of_refund(
                self.client.refunds.create(params, {"idempotency_key": asked.key}), asked
            ),
            request={"call": "POST /v1/refunds", "idempotency_key": asked.key, **params},
            may_refuse=True,
        )

    def release(self, asked: Asked) -> Answer:
        """Cancel a PaymentIntent; of a Charge only see whether anything is left to release.

        A Charge without a PaymentIntent is released by a refund, which would give back what was
        captured in the meantime: people do that.
        """
        if _payment(asked) is None:
            return _no_such_reference()
        if not asked.reference.startswith("pi_"):
            return self._release_of_charge(asked)
        return self._canceled(asked.reference, asked.key)

    def look_up(self, asked: Asked) -> Answer:
        payment = _payment(asked)
        if payment is None:
            return _no_such_reference()
        if asked.kind is Kind.RELEASE:
            return self._release_found(asked)
        if asked.gateway_id:
            return _answered(
                lambda: answer_of_refund(self.client.refunds.retrieve(asked.gateway_id), asked),
                request={"call": f"GET /v1/refunds/{asked.gateway_id}"},
            )
        return _answered(
            lambda: self._found_by_metadata(payment, asked),
            request={"call": "GET /v1/refunds", **payment},
        )

    def _found_by_metadata(self, payment: dict[str, str], asked: Asked) -> Answer:
        params: Any = {**payment, "limit": 100}
        pages = self.client.refunds.list(params).auto_paging_iter()
        seen = 0
        for refund in islice(pages, MOST_REFUNDS):
            seen += 1
            if (refund.to_dict().get("metadata") or {}).get("idempotency_key") == asked.key:
                return answer_of_refund(refund, asked)
        return Answer(Outcome.NOT_FOUND if seen < MOST_REFUNDS else Outcome.UNKNOWN)

    def _canceled(self, intent: str, key: str) -> Answer:
        call = f"POST /v1/payment_intents/{intent}/cancel"
        answer = _answered(
            lambda: answer_of_intent(
                self.client.payment_intents.cancel(intent, {}, {"idempotency_key": key})
            ),
            request={"call": call, "idempotency_key": key},
            may_refuse=True,
        )
        if answer.outcome != Outcome.REFUSED:
            return answer
        found = self._intent(intent)
        return replace(found, request=answer.request) if found.outcome == SUCCEEDED else answer

    def _release_of_charge(self, asked: Asked) -> Answer:
        def released() -> Answer:
            charge = self.client.charges.retrieve(asked.reference).to_dict()
            if charge.get("captured") or charge.get("refunded"):
                return Answer(SUCCEEDED, gateway_id=asked.reference, code="captured")
            if intent := charge.get("payment_intent"):
                return self._canceled(str(intent), asked.key)
            return Answer(Outcome.REFUSED, code="charge", message=_CHARGE_ALONE)

        return _answered(released, request={"call": f"GET /v1/charges/{asked.reference}"})

    def _release_found(self, asked: Asked) -> Answer:
        if not asked.reference.startswith("pi_"):
            return self._release_of_charge_found(asked)
        found = self._intent(asked.reference)
        is_open = found.code.startswith("requires_")
        return replace(found, outcome=Outcome.NOT_FOUND) if is_open else found

    def _release_of_charge_found(self, asked: Asked) -> Answer:
        def found() -> Answer:
            charge = self.client.charges.retrieve(asked.reference).to_dict()
            is_over = charge.get("captured") or charge.get("refunded")
            return Answer(SUCCEEDED if is_over else Outcome.NOT_FOUND)

        return _answered(found, request={"call": f"GET /v1/charges/{asked.reference}"})

    def _intent(self, intent: str) -> Answer:
        return _answered(
            lambda: answer_of_intent(self.client.payment_intents.retrieve(intent)),
            request={"call": f"GET /v1/payment_intents/{intent}"},
        )


SUCCEEDED = Outcome.SUCCEEDED
_CHARGE_ALONE = (
    "A charge without a PaymentIntent is released in Stripe's dashboard, or lapses there."
)


def _answered(
    call: Callable[[], Answer], *, request: dict[str, Any], may_refuse: bool = False
) -> Answer:
    """What a call gives, with what was asked.

    Raises:
        NoAnswer: Stripe was not reached, or did not answer in time.
    """
    try:
        answer = call()
    except stripe.APIConnectionError as error:
        raise NoAnswer("Stripe was not reached, or did not answer in time.") from error
    except stripe.StripeError as error:
        answer = answer_of_error(error, may_refuse=may_refuse)
    return answer if answer.request else replace(answer, request=request)


def _payment(asked: Asked) -> dict[str, str] | None:
    """How Stripe is told of which payment; None where the reference is no name of one there."""
    if asked.reference.startswith("pi_"):
        return {"payment_intent": asked.reference}
    if asked.reference.startswith(("ch_", "py_")):
        return {"charge": asked.reference}
    return None


def _no_such_reference() -> Answer:
    """Nothing was sent, and nothing can be."""
    return Answer(
        Outcome.REFUSED,
        code="reference",
        message="The payment's reference is neither a PaymentIntent nor a Charge of Stripe's.",
    )


@cache
def _made_of(key: str, base: str, timeout: int) -> Stripe:
    addresses: Any = {"api": base} if base else {}
    return Stripe(
        stripe.StripeClient(
            key,
            base_addresses=addresses,
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=(min(CONNECT_SECONDS, timeout), timeout)),
        )
    )


def configured() -> Stripe:
    """Stripe, by the settings.

    Raises:
        NotConfigured: They have no key.
    """
    if not settings.STRIPE_API_KEY:
        raise NotConfigured
    return _made_of(
        settings.STRIPE_API_KEY, settings.STRIPE_API_BASE, settings.GATEWAY_TIMEOUT_SECONDS
    )
