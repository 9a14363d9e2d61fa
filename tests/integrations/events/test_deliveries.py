"""Every event arrives at least once, in its order's sequence, and signed."""

import time
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.core import mail
from standardwebhooks import WebhookVerificationError

from cancellations.work import claim, drain
from cancellations.worker import Draining
from integrations.events import letters
from integrations.events.again import replay_since, resend_delivery
from integrations.events.deliveries import deliveries_queue
from integrations.events.endpoints import (
    change_endpoint,
    create_endpoint,
    rotate_secret,
    test_endpoint,
)
from integrations.events.publishing import publish_all
from integrations.events.queues import queues
from integrations.events.recording import disable
from integrations.models import Delivery, Endpoint, PublishedEvent
from tests.support.builders import cancel, imported, product, select_all
from tests.support.receiver import Receiver

test_endpoint.__test__ = False
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.slow]
committed = pytest.mark.django_db(transaction=True)


def test_an_event_is_delivered_signed_as_the_feed_shows_it(new_order, endpoint, receiver, clock):
    new_order([product("1")])

    drain(queues(), clock=clock)

    [got] = receiver.requests
    told = got.verified(endpoint.shown_secret)
    event = PublishedEvent.objects.get()
    assert (got.name, told["id"], told["type"]) == (event.name, event.name, "order.imported")
    assert told["data"] == event.data
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.due_at, delivery.lease) == ("delivered", None, None)
    assert delivery.attempts.get().status == 200


def test_an_endpoint_hears_of_its_types_alone(new_order, receiver, manager, clock):
    create_endpoint(address=receiver.address, types=["change_order.created"], by=manager)
    order = new_order([product("1")])
    cancel(order, select_all(), by=manager)

    drain(queues(), clock=clock)

    assert [each.event.type for each in Delivery.objects.all()] == ["change_order.created"]


def test_for_a_day_after_a_rotation_both_secrets_sign(
    new_order, endpoint, receiver, manager, clock
):
    _, new = rotate_secret(endpoint=endpoint.pk, by=manager)
    new_order([product("1")])

    drain(queues(), clock=clock)
    [got] = receiver.requests
    assert got.verified(endpoint.shown_secret) == got.verified(new)

    Endpoint.objects.update(old_secret_until=clock())
    new_order([product("1")], "W-2")
    drain(queues(), clock=clock)
    assert receiver.requests[1].verified(new)
    with pytest.raises(WebhookVerificationError):
        receiver.requests[1].verified(endpoint.shown_secret)


def test_what_fails_is_tried_again_under_the_same_id(new_order, endpoint, receiver, clock):
    receiver.answer = lambda got: 500 if len(receiver.requests) < 3 else 200
    new_order([product("1")])

    drain(queues(), clock=clock)
    clock.go_on(seconds=6)
    drain(queues(), clock=clock)
    assert len(receiver.requests) == 2
    clock.go_on(minutes=6)
    drain(queues(), clock=clock)

    assert (len(receiver.requests), len(set(receiver.names))) == (3, 1)
    assert Delivery.objects.get().status == "delivered"


def test_later_events_of_an_order_wait_for_the_earlier(
    new_order, endpoint, receiver, manager, clock
):
    receiver.answer = lambda got: 500 if len(receiver.requests) == 1 else 200
    order = new_order([product("1")])
    cancel(order, select_all(), by=manager)
    new_order([product("1")], "W-2")

    drain(queues(), clock=clock)
    assert receiver.names == ["evt_00000001", "evt_00000003"]
    clock.go_on(seconds=6)
    drain(queues(), clock=clock)

    assert receiver.names[2:] == ["evt_00000001", "evt_00000002"]


def test_one_delivery_at_a_time_of_an_order(new_order, endpoint, manager, clock):
    order = new_order([product("1")])
    cancel(order, select_all(), by=manager)
    publish_all(now=clock())
    queue = deliveries_queue()

    [first] = claim(queue, now=clock(), most=10)

    assert first.event.type == "order.imported"
    assert claim(queue, now=clock(), most=10) == []


def test_after_the_last_try_the_endpoint_is_disabled_and_says_so(
    new_order, endpoint, receiver, manager, clock
):
    manager.email = "manager@example.com"
    manager.save()
    receiver.answer = lambda got: 500
    new_order([product("1")])

    for _ in range(11):
        drain(queues(), clock=clock)
        clock.go_on(days=2)

    endpoint.refresh_from_db()
    assert len(receiver.requests) == 10
    assert (endpoint.is_enabled, endpoint.disabled_why) == (False, "failed")
    assert PublishedEvent.objects.last().type == "endpoint.disabled"
    assert [letter.to for letter in mail.outbox] == [["manager@example.com"]]

    receiver.answer = lambda got: 200
    change_endpoint(endpoint=endpoint.pk, enabled=True, by=manager)
    drain(queues(), clock=clock)
    assert Delivery.objects.get(event=1).status == "delivered"


def test_a_mail_that_cannot_be_sent_is_tried_again_and_holds_up_nothing(
    new_order, endpoint, receiver, manager, clock, monkeypatch
):
    manager.email = "manager@example.com"
    manager.save()
    receiver.answer = lambda got: 410
    new_order([product("1")])
    with monkeypatch.context() as away:
        away.setattr(letters, "send_mail", lambda *args: 1 / 0)
        drain(queues(), clock=clock)
    assert (Delivery.objects.get().status, mail.outbox) == ("failed", [])

    clock.go_on(minutes=10)
    drain(queues(), clock=clock)
    assert [letter.to for letter in mail.outbox] == [["manager@example.com"]]
    assert "410" in mail.outbox[0].body
    endpoint.refresh_from_db()
    assert (endpoint.due_at, endpoint.lease) == (None, None)


def test_nobody_is_written_to_about_what_a_person_did_or_what_is_enabled_again(
    new_order, endpoint, receiver, manager, clock
):
    manager.email = "manager@example.com"
    manager.save()
    change_endpoint(endpoint=endpoint.pk, enabled=False, by=manager)
    change_endpoint(endpoint=endpoint.pk, enabled=True, by=manager)
    disable(endpoint.pk, "failed", now=clock())
    change_endpoint(endpoint=endpoint.pk, enabled=True, by=manager)

    drain(queues(), clock=clock)

    assert mail.outbox == []


def test_gone_disables_at_once_and_what_waits_waits(new_order, endpoint, receiver, clock):
    receiver.answer = lambda got: 410
    new_order([product("1")])
    new_order([product("1")], "W-2")

    drain(queues(), clock=clock)

    endpoint.refresh_from_db()
    assert (endpoint.disabled_why, len(receiver.requests)) == ("gone", 1)
    assert sorted(Delivery.objects.values_list("status", flat=True)) == ["failed", "waiting"]


def test_retry_after_is_waited_for(new_order, endpoint, receiver, clock):
    receiver.answer = lambda got: (503, {"Retry-After": "600"})
    new_order([product("1")])

    drain(queues(), clock=clock)

    assert Delivery.objects.get().due_at == clock() + timedelta(seconds=600)


def test_a_test_is_sent_once_and_disables_nothing(endpoint, receiver, manager, clock):
    receiver.answer = lambda got: 500
    test_endpoint(endpoint=endpoint.pk, by=manager)
    clock.go_on(minutes=3)  # acts take the time of the machine, however busy it is

    drain(queues(), clock=clock)

    endpoint.refresh_from_db()
    assert receiver.requests[0].verified(endpoint.shown_secret)["type"] == ("endpoint.test")
    assert (Delivery.objects.get().status, endpoint.is_enabled) == ("failed", True)


def test_a_delivery_is_sent_again_and_all_is_replayed(
    new_order, endpoint, receiver, manager, clock
):
    new_order([product("1")])
    new_order([product("1")], "W-2")
    drain(queues(), clock=clock)
    clock.go_on(hours=1)  # acts take the time of the machine, however busy it is

    resend_delivery(endpoint=endpoint.pk, delivery=Delivery.objects.get(event=1).pk, by=manager)
    drain(queues(), clock=clock)
    assert receiver.names[2:] == ["evt_00000001"]

    since = clock() - timedelta(hours=2)
    Delivery.objects.filter(event=2).delete()
    assert replay_since(endpoint=endpoint.pk, since=since, by=manager) == 2
    drain(queues(), clock=clock)
    assert sorted(receiver.names[3:]) == ["evt_00000001", "evt_00000002"]


def test_a_worker_that_died_leaves_it_due_after_its_lease(new_order, endpoint, receiver, clock):
    new_order([product("1")])
    publish_all(now=clock())
    claim(deliveries_queue(), now=clock(), most=1)

    assert drain(queues(), clock=clock) == 0
    clock.go_on(minutes=2)
    drain(queues(), clock=clock)

    assert receiver.names == ["evt_00000001"]


@committed
@pytest.mark.postgresql
def test_a_slow_endpoint_does_not_delay_another(receiver, endpoint, manager):
    let_go = Event()
    with Receiver(answer=lambda got: (let_go.wait(8), 200)[1]) as slow:
        create_endpoint(address=slow.address, by=manager)
        for number in range(30):
            imported(order_number=f"W-{number}")
        publish_all()
        began, stop = time.monotonic(), Event()
        worker = Draining(queues(), hands=8)

        thread = Thread(target=worker.until, args=(stop,))
        thread.start()
        while len(receiver.requests) < 30 and time.monotonic() - began < 20:
            time.sleep(0.05)
        took = time.monotonic() - began
        let_go.set()
        stop.set()
        thread.join()

    assert len(set(receiver.names)) == 30
    assert took < 7
