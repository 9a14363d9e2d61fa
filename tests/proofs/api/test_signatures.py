"""What we sign, receivers verify: by two libraries, in Python and in JavaScript.

They get the same body, headers and secrets: before a rotation, within a day after it (both
signatures), and later; and what was changed on the way, which all of them refuse.
"""

import json
import subprocess
from datetime import timedelta

import pytest
import standardwebhooks
import svix.webhooks
from django.utils import timezone

from integrations.events.endpoints import create_endpoint, rotate_secret
from integrations.events.signing import Signer
from tests.proofs.api.generating import DRIVERS
from tests.support.builders import UserFactory
from tests.support.node import NODE, NODE_MODULES

pytestmark = pytest.mark.django_db

BODY = json.dumps({"type": "order.imported", "data": {"order_number": "Ä/1 – \u2028"}})
GENUINE, REFUSED = "genuine", "WebhookVerificationError"


@pytest.fixture
def rotated():
    """An endpoint whose secret was rotated just now, with the secrets before and after."""
    by = UserFactory(manager=True)
    endpoint, before = create_endpoint(address="https://shop.example/hooks", by=by)
    endpoint, after = rotate_secret(endpoint=endpoint.pk, by=by)
    return endpoint, before, after


def signed(endpoint, now=None):
    now = now or timezone.now()
    return Signer(endpoint, now=now).headers(name="evt_00000007", body=BODY, now=now)


def in_python(library):
    def verify(secrets, body, headers):
        return [_verdict(library.Webhook(secret), body, headers) for secret in secrets]

    return verify


def _verdict(webhook, body, headers):
    try:
        webhook.verify(body, headers)
    except Exception as error:
        return type(error).__name__
    return GENUINE


def in_javascript(package):
    def verify(secrets, body, headers):
        given = [{"secret": each, "body": body, "headers": headers} for each in secrets]
        run = subprocess.run(
            [NODE, DRIVERS / "verify.mjs", package, NODE_MODULES / "from.js"],
            input=json.dumps(given),
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    return verify


LIBRARIES = [
    pytest.param(in_python(standardwebhooks), id="standardwebhooks"),
    pytest.param(in_python(svix.webhooks), id="svix"),
    pytest.param(
        in_javascript("standardwebhooks"), id="standardwebhooks.js", marks=pytest.mark.node
    ),
    pytest.param(in_javascript("svix"), id="svix.js", marks=pytest.mark.node),
]


@pytest.mark.parametrize("verify", LIBRARIES)
def test_both_secrets_open_what_is_sent_within_a_day(rotated, verify):
    endpoint, before, after = rotated
    headers = signed(endpoint)
    assert len(headers["webhook-signature"].split()) == 2

    assert verify([before, after], BODY, headers) == [GENUINE, GENUINE]


@pytest.mark.parametrize("verify", LIBRARIES)
def test_a_secret_that_is_over_opens_nothing(rotated, verify):
    endpoint, before, after = rotated
    endpoint.old_secret_until = timezone.now() - timedelta(seconds=1)

    assert verify([before, after], BODY, signed(endpoint)) == [REFUSED, GENUINE]


@pytest.mark.parametrize("verify", LIBRARIES)
def test_what_was_changed_on_the_way_is_refused(rotated, verify):
    endpoint, _before, after = rotated
    headers = signed(endpoint)
    late = signed(endpoint, now=timezone.now() - timedelta(minutes=6))

    assert verify([after], BODY.replace("imported", "amended"), headers) == [REFUSED]
    assert verify([after], BODY, {**headers, "webhook-id": "evt_00000008"}) == [REFUSED]
    assert verify([after], BODY, late) == [REFUSED]
