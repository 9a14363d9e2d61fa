import subprocess
import sys

import pytest
import stripe

from cancellations.refunds.gateways.stripe.gateway import _made_of, configured
from tests.benchmarks.measuring import PROJECT
from tests.proofs.stripe.proxy import Proxy

KEY = "sk_test_of_these_tests"


@pytest.fixture(scope="session")
def localstripe():
    """The port of a localstripe."""
    command = [sys.executable, "-m", "tests.proofs.stripe.server"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as server:
        yield int(server.stdout.readline())
        server.terminate()


@pytest.fixture
def proxy(localstripe, settings):
    """A Stripe to which the settings lead."""
    made = Proxy(localstripe)
    settings.STRIPE_API_KEY = KEY
    settings.STRIPE_API_BASE = made.url
    settings.GATEWAY_TIMEOUT_SECONDS = 1
    yield made
    made.stop()
    _made_of.cache_clear()


@pytest.fixture
def gateway(proxy):
    return configured()


@pytest.fixture
def shop(proxy):
    """The shop's own client, which takes payments."""
    return stripe.StripeClient(KEY, base_addresses={"api": proxy.url}).v1


@pytest.fixture
def new_intent(shop):
    """Takes a payment of 20.00 USD; with ``capture`` so much of it, or nothing for 0."""

    def new_intent(amount=2000, currency="usd", capture=None):
        visa = shop.payment_methods.create(
            {
                "type": "card",
                "card": {
                    "number": "4242424242424242",
                    "exp_month": 12,
                    "exp_year": 2030,
                    "cvc": "123",
                },
            }
        )
        intent = shop.payment_intents.create(
            {
                "amount": amount,
                "currency": currency,
                "payment_method": visa.id,
                "confirm": True,
                "capture_method": "automatic" if capture is None else "manual",
            }
        )
        if capture:
            shop.payment_intents.capture(intent.id, {"amount_to_capture": capture})
        return intent.id

    return new_intent
