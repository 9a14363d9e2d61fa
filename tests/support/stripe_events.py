"""Stripe's events as tests make and sign them."""

import json
import time
from itertools import count

import stripe

SECRET = "whsec_of_these_tests"
ADDRESS = "/gateways/stripe/webhook/"
_numbers = count(1)


def refund_event(type="refund.updated", *, notice=None, **changes):
    """An event about a refund of 10.00 USD over pi_1 that somebody else asked for."""
    refund = {
        "object": "refund",
        "id": "re_1",
        "status": "succeeded",
        "amount": 1000,
        "currency": "usd",
        "charge": "ch_of_pi_1",
        "payment_intent": "pi_1",
        "metadata": {},
        "failure_reason": None,
    }
    return event(type, {**refund, **changes}, notice)


def dispute_event(type="charge.dispute.created", **changes):
    dispute = {
        "object": "dispute",
        "id": "du_1",
        "status": "needs_response",
        "amount": 1000,
        "currency": "usd",
        "charge": "ch_of_pi_1",
        "payment_intent": "pi_1",
    }
    return event(type, {**dispute, **changes})


def event(type, found, id=None):
    id = id or f"evt_{next(_numbers)}"
    return {"id": id, "object": "event", "type": type, "data": {"object": found}}


def signature(body, *, secret=SECRET, age=0):
    return stripe.WebhookSignature.generate_signature_header(
        body, secret, timestamp=int(time.time()) - age
    )


def deliver(client, told, **headers):
    """What the answer is to an event, signed as Stripe does it."""
    body = told if isinstance(told, str) else json.dumps(told)
    headers = {"Stripe-Signature": signature(body), **headers}
    return client.post(ADDRESS, body, content_type="application/json", headers=headers)
