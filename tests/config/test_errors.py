"""What is told to Sentry, as it leaves the house."""

import json

import pytest

sentry_sdk = pytest.importorskip("sentry_sdk")

from config.errors import tell_sentry, without_data  # noqa: E402

CUSTOMER = "lauren"
DSN = "https://public@sentry.example.com/1"


@pytest.fixture
def sent():
    """Whatever would go out, whole."""
    events = []

    class Kept(sentry_sdk.transport.Transport):
        def capture_envelope(self, envelope):
            events.extend(item.payload.json for item in envelope.items)

    scope = sentry_sdk.get_global_scope()
    before = scope.client
    tell_sentry(DSN, transport=Kept)
    yield events
    sentry_sdk.get_client().close()
    scope.set_client(before)


@pytest.mark.django_db
def test_an_error_is_told_without_anybodys_data(sent, client, monkeypatch):
    from django.contrib.auth.models import User
    from django.middleware.common import CommonMiddleware
    from django.test import Client

    def broken(self, request):
        customer = CUSTOMER.title()  # the line itself is told too, and names nobody
        raise ValueError(f"{CUSTOMER}@example.com\nDETAIL: Key (name)=({customer})")

    client.force_login(User.objects.create_user(CUSTOMER))
    cookies = client.cookies
    monkeypatch.setattr(CommonMiddleware, "process_request", broken)
    strict = Client(raise_request_exception=False)
    strict.cookies = cookies

    address = "/order-summaries/?q=Lauren+Boyle"
    headers = {"Authorization": "Bearer secret-1", "User-Agent": "x"}
    answer = strict.post(address, {"note": "call 555-0199"}, headers=headers)

    text = json.dumps(sent)
    assert answer.status_code == 500
    [value] = sent[0]["exception"]["values"]
    assert value["type"] == "ValueError"
    for private in ("Lauren", "lauren", "555-0199", "secret-1", "sessionid", "REMOTE_ADDR"):
        assert private not in text, private


def test_of_a_request_and_a_user_only_what_names_nobody_is_left():
    request = {
        "url": "https://orders.example.com/accounts/",
        "query_string": "q=Lauren",
        "cookies": {"sessionid": "x"},
        "data": {"note": "x"},
        "env": {"REMOTE_ADDR": "x"},
        "headers": {"Host": "orders.example.com", "Cookie": "x", "Authorization": "x"},
    }
    user = {"id": 7, "email": "x", "username": "x", "ip_address": "x"}

    left = without_data({"request": request, "user": user, "breadcrumbs": ["x"]}, {})

    assert left == {
        "request": {
            "url": "https://orders.example.com/accounts/",
            "headers": {"Host": "orders.example.com"},
        },
        "user": {"id": 7},
    }


def test_without_a_dsn_nothing_is_told():
    tell_sentry("")

    assert not sentry_sdk.get_client().is_active()
