"""What is answered to whoever calls the address for notices; what they change is told elsewhere."""

import json
import time
from threading import Event

import pytest
from django.db import OperationalError, transaction
from django.test import Client

from cancellations.models.attempts import GatewayNotice
from cancellations.refunds import notices
from integrations import views
from orders import locking
from orders.locking import OrderBusy
from orders.models import OrderEvent, OrderSummary
from tests.support.builders import imported, payment
from tests.support.stripe_events import ADDRESS, SECRET, deliver, refund_event, signature
from tests.support.threads import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _secret(settings):
    settings.STRIPE_WEBHOOK_SECRET = SECRET


@pytest.fixture
def order():
    return imported(payments=[payment(gateway="stripe", gateway_reference="pi_1")])


def posted(client, body, header):
    headers = {} if header is None else {"Stripe-Signature": header}
    return client.post(ADDRESS, body, content_type="application/json", headers=headers)


def test_a_signed_notice_is_taken_without_a_session_and_in_spite_of_csrf(order):
    answer = deliver(Client(enforce_csrf_checks=True), refund_event())

    assert (answer.status_code, answer.text) == (200, "refunded_elsewhere\n")
    assert not answer.cookies
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


BODY = json.dumps(refund_event(notice="evt_forged"))


FORGED = {
    "none": (BODY, lambda: None, "The signature does not hold."),
    "empty": (BODY, lambda: "", "The signature does not hold."),
    "nonsense": (BODY, lambda: "nonsense", "The signature does not hold."),
    "no signature": (BODY, lambda: "t=1,v1=", "The signature does not hold."),
    "no ASCII": (
        BODY,
        lambda: f"t={int(time.time())},v1=é{'a' * 63}",
        "The signature does not hold.",
    ),
    "no time": (BODY, lambda: "t=x,v1=y", "The signature does not hold."),
    "another secret": (
        BODY,
        lambda: signature(BODY, secret="whsec_of_another"),
        "The signature does not hold.",
    ),
    "another body": (BODY + " ", lambda: signature(BODY), "The signature does not hold."),
    "replayed": (BODY, lambda: signature(BODY, age=301), "The signature is too old."),
    "no text": (b"\xff", lambda: signature("x"), "The body is not UTF-8."),
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_or_replayed_notice_changes_nothing(client, order, how):
    body, header, why = FORGED[how]

    answer = posted(client, body, header())

    assert (answer.status_code, answer.text) == (400, f"{why}\n")
    assert OrderEvent.objects.count() == 1
    assert not GatewayNotice.objects.exists()


MALFORMED = [
    " ",
    "nonsense",
    "[]",
    "null",
    "{}",
    '"text"',
    "[" * 100_000,
    '{"id": 1, "object": "event", "type": "x", "data": {"object": {}}}',
    '{"id": "evt_1", "object": "event", "type": 5, "data": {"object": {}}}',
    '{"id": "evt_1", "object": "event", "type": "refund.updated", "data": {"object": []}}',
    json.dumps(refund_event(notice="evt_\0")),
    json.dumps(refund_event(notice="e" * 151)),
    json.dumps(refund_event(type="refund." + "x" * 100)),
    json.dumps(refund_event(status=["x"])),
    json.dumps(refund_event(notice="evt_1") | {"data": {"object": {"id": "re_1"}}}),
    *(
        json.dumps(refund_event(**changes))
        for changes in (
            {"amount": "1000"},
            {"amount": -1},
            {"amount": 1.5},
            {"amount": True},
            {"amount": 10**12},
            {"currency": None},
            {"currency": "u\nd"},
            {"metadata": "text"},
            {"metadata": {"idempotency_key": ["x"]}},
            {"metadata": {"idempotency_key": "\ud800"}},
            {"charge": {"id": "ch_1"}},
            {"failure_reason": "\0"},
        )
    ),
]


@pytest.mark.parametrize("number", range(len(MALFORMED)))
def test_what_cannot_be_read_is_refused_in_one_line(client, order, number):
    answer = deliver(client, MALFORMED[number])

    assert (answer.status_code, answer.text) == (400, "This is no event of Stripe's.\n")
    assert OrderEvent.objects.count() == 1
    assert not GatewayNotice.objects.exists()


def test_a_body_without_end_is_not_read(client):
    body = "x" * (views.MOST_BYTES + 1)

    answer = posted(client, body, signature(body))

    assert answer.status_code == 400
    assert "256 KiB" in answer.text


@pytest.mark.parametrize("length", ["", "-1", "x", "9" * 20, "9" * 5000])
def test_a_length_that_is_none_is_refused(client, length):
    answer = client.generic("POST", ADDRESS, b"{}", CONTENT_LENGTH=length)

    assert answer.status_code == 400
    assert "256 KiB" in answer.text


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_notices_are_posted(client, method):
    assert getattr(client, method)(ADDRESS).status_code == 405


@pytest.mark.parametrize("name", ["sandbox", "manual", "abacus"])
def test_other_gateways_send_no_notices(client, name):
    answer = client.post(f"/gateways/{name}/webhook/", BODY, content_type="application/json")

    assert answer.status_code == 404
    assert answer.text == "No notices of this gateway are taken here.\n"


def test_without_a_secret_nothing_is_believed(client, order, settings):
    settings.STRIPE_WEBHOOK_SECRET = ""

    assert deliver(client, refund_event()).status_code == 404
    assert OrderEvent.objects.count() == 1


@pytest.mark.parametrize("failure", [OrderBusy(), OperationalError("gone")])
def test_what_cannot_be_taken_now_is_to_be_sent_again(client, order, monkeypatch, failure):
    def busy(number):
        raise failure

    monkeypatch.setattr(notices, "locked_order", busy)

    answer = deliver(client, refund_event())

    assert (answer.status_code, answer.text, answer["Retry-After"]) == (
        503,
        "Send it again.\n",
        "5",
    )
    assert not GatewayNotice.objects.exists()


def test_a_notice_and_what_it_changes_are_written_together(client, order, monkeypatch):
    def lost(*args):
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(notices, "_noted", lost)

    assert deliver(client, refund_event()).status_code == 503
    assert OrderEvent.objects.count() == 1
    assert order.payments.get().refunded_elsewhere_minor == 0


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_order_that_someone_else_changes_is_waited_for_and_then_told_of(client, monkeypatch):
    monkeypatch.setattr(locking, "LONGEST_WAIT_SECONDS", 1)
    imported(payments=[payment(gateway="stripe", gateway_reference="pi_1")])
    event, answered = refund_event(), Event()

    def change_the_order():
        with transaction.atomic():
            OrderSummary.objects.select_for_update().get()
            answered.wait(20)

    def notify():
        wait_until_locked()
        try:
            return deliver(client, event).status_code
        finally:
            answered.set()

    _, outcomes = at_once(change_the_order, notify)
    assert outcomes == [None, 503]
    assert deliver(client, event).text == "refunded_elsewhere\n"


def wait_until_locked():
    for _ in range(1000):
        with transaction.atomic():
            if not OrderSummary.objects.select_for_update(skip_locked=True).exists():
                return
        time.sleep(0.01)


@pytest.mark.parametrize(
    "told",
    [
        refund_event(payment_intent="pi_of_others", charge="ch_of_others"),
        refund_event(payment_intent=None, charge=None),
        {"id": "evt_x", "object": "event", "type": "invoice.paid", "data": {"object": {}}},
        {"id": "evt_y", "object": "v2.core.event", "type": "refund.updated", "data": {"object": 1}},
        refund_event(status="of_the_future"),
    ],
)
def test_what_concerns_no_order_is_answered_and_left_alone(client, order, told):
    answer = deliver(client, told)

    assert (answer.status_code, answer.text) == (200, "not_for_us\n")
    assert OrderEvent.objects.count() == 1


def test_an_unknown_payment_is_noted(client, order):
    deliver(client, refund_event(notice="evt_7", payment_intent="pi_of_others", charge=None))

    noted = GatewayNotice.objects.get()
    assert (noted.gateway, noted.notice_id) == ("stripe", "evt_7")
    assert (noted.type, noted.taken_as) == ("refund.updated", "not_for_us")
