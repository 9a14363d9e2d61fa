"""Deliveries that go together: what is left of them when one fails, and when a worker dies."""

import time
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import DatabaseError
from django.utils import timezone

from cancellations import worker
from cancellations.work import RECORDED_WITHIN_SECONDS, Done, claim, drain, finish
from cancellations.worker import Draining
from integrations.events import deliveries, followers, recording
from integrations.events.deliveries import deliver, deliveries_queue
from integrations.events.publishing import publish_all
from integrations.events.queues import queues
from integrations.events.sending import WHOLE_SECONDS
from integrations.models import Delivery, DeliveryAttempt, Endpoint
from tests.support.builders import cancel, imported, product, select

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.slow]


@pytest.fixture
def busy_order(endpoint, new_order, manager):
    """An order of three events, then the imports of two others."""
    order = new_order([product("1", 2)])
    cancel(order, select(), by=manager)
    cancel(order, select(), by=manager)
    new_order([product("1")], "W-2")
    new_order([product("1")], "W-3")
    publish_all()
    Delivery.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    return order


def states():
    rows = Delivery.objects.order_by("event")
    return list(rows.values_list("status", "lease", "tries", "attempts__status"))


def test_what_goes_together_goes_in_sequence_by_one_hand(busy_order, endpoint, receiver, clock):
    drain(queues(), clock=clock)

    assert receiver.names[:3] == ["evt_00000001", "evt_00000002", "evt_00000003"]
    assert states() == [("delivered", None, 1, 200)] * 5


def test_a_failure_in_between_gives_the_rest_back_as_it_was(endpoint, receiver, clock, busy_order):
    before = list(Delivery.objects.order_by("event").values_list("due_at", flat=True))
    receiver.answer = lambda got: 500 if got.name == "evt_00000002" else 200
    queue = deliveries_queue()
    [row] = claim(queue, now=clock(), most=1)
    assert [each.event_id for each in (row, *row.followers)] == [1, 2, 3, 4]

    finish(queue, row, clock)

    assert receiver.names == ["evt_00000001", "evt_00000002"]
    untouched = ("waiting", None, 0, None)
    assert states() == [("delivered", None, 1, 200), ("waiting", None, 1, 500), *[untouched] * 3]
    after = list(Delivery.objects.order_by("event").values_list("due_at", flat=True))
    assert after[2:] == before[2:]
    endpoint.refresh_from_db()
    assert endpoint.is_struggling

    drain(queues(), clock=clock)
    assert receiver.names[2:] == ["evt_00000004", "evt_00000005"]
    receiver.answer = lambda got: 200
    clock.go_on(seconds=6)
    drain(queues(), clock=clock)
    assert receiver.names[4:] == ["evt_00000002", "evt_00000003"]


def test_what_a_hand_has_no_time_for_goes_back(busy_order, endpoint, receiver, clock, monkeypatch):
    monkeypatch.setattr(deliveries, "TOGETHER_SECONDS", -1)
    queue = deliveries_queue()
    [row] = claim(queue, now=clock(), most=1)

    finish(queue, row, clock)
    assert receiver.names == ["evt_00000001"]
    drain(queues(), clock=clock)

    assert len(receiver.names) == len(set(receiver.names)) == 5
    assert states() == [("delivered", None, 1, 200)] * 5


def test_one_that_cannot_even_be_sent_keeps_no_other(
    busy_order, endpoint, receiver, clock, monkeypatch, caplog
):
    as_it_is = deliveries.payload
    monkeypatch.setattr(
        deliveries, "payload", lambda row: 1 / 0 if row.event_id == 4 else as_it_is(row)
    )

    drain(queues(), clock=clock)

    assert sorted(receiver.names) == [f"evt_0000000{number}" for number in (1, 2, 3, 5)]
    kept = Delivery.objects.get(due_at__isnull=False)
    assert (kept.event_id, kept.due_at > clock()) == (4, True)
    assert f"delivery {kept.pk} could not be sent" in caplog.text


def test_a_worker_that_dies_in_between_leaves_all_due_after_its_lease(
    busy_order, endpoint, receiver, clock
):
    [row] = claim(deliveries_queue(), now=clock(), most=1)
    deliver(row, clock)  # and dies before that is recorded

    drain(queues(), clock=clock)
    assert receiver.names[4:] == ["evt_00000005"]
    clock.go_on(minutes=2)
    drain(queues(), clock=clock)

    assert receiver.names[5:] == receiver.names[:4]
    assert not Delivery.objects.filter(due_at__isnull=False).exists()


def test_what_is_sent_again_meanwhile_is_not_given_back(busy_order, endpoint, receiver, clock):
    queue = deliveries_queue()
    [row] = claim(queue, now=clock(), most=1)
    again = clock() + timedelta(minutes=1)
    Delivery.objects.update(lease=None, due_at=again, tries=0)  # as people have it sent again

    queue.record([Done(each, None) for each in (row, *row.followers)], clock)

    assert set(Delivery.objects.values_list("lease", "due_at", "tries")) == {(None, again, 0)}


def test_what_is_sent_again_meanwhile_goes_though_it_arrived(busy_order, endpoint, receiver, clock):
    queue = deliveries_queue()
    [row] = claim(queue, now=clock(), most=1)
    sent = deliver(row, clock)
    again = clock()
    Delivery.objects.update(status="waiting", lease=None, due_at=again, tries=0)

    queue.record(sent, clock)

    assert [each.result.reply.is_taken for each in sent] == [True] * 4
    assert set(Delivery.objects.values_list("status", "due_at")) == {("waiting", again)}


def test_what_arrived_late_is_not_sent_again_after_its_lease(busy_order, endpoint, receiver, clock):
    queue = deliveries_queue()
    [row] = claim(queue, now=clock(), most=1)
    sent = deliver(row, clock)
    clock.go_on(minutes=2)
    [anew] = claim(queue, now=clock(), most=1, only=row.pk)
    assert (anew.pk, anew.tries, anew.followers) == (row.pk, 2, ())

    queue.record(sent, clock)

    assert Delivery.objects.get(pk=row.pk).status == "delivered"


@pytest.fixture
def meanwhile(monkeypatch):
    """Has something happen while a hand sends; it looks before whatever it sends next."""
    monkeypatch.setattr(deliveries, "LOOKS_EVERY_SECONDS", -1)
    payload = deliveries.payload

    def happens(what):
        monkeypatch.setattr(deliveries, "payload", lambda row: (what(), payload(row))[1])

    return happens


def test_a_hand_sends_no_more_to_where_nothing_is_to_go(
    busy_order, endpoint, receiver, clock, meanwhile
):
    elsewhere = "https://elsewhere.example.com/"
    meanwhile(lambda: Endpoint.objects.update(address=elsewhere))
    queue = deliveries_queue()
    [row] = claim(queue, now=clock(), most=1)

    finish(queue, row, clock)

    assert receiver.names == ["evt_00000001"]
    assert states()[1:] == [("waiting", None, 0, None)] * 4


def test_a_hand_leaves_what_somebody_asked_for_meanwhile(
    busy_order, endpoint, receiver, clock, meanwhile
):
    again = {"lease": None, "due_at": clock()}
    meanwhile(lambda: Delivery.objects.filter(event=2).update(**again))
    queue = deliveries_queue()
    [row] = claim(queue, now=clock(), most=1)

    finish(queue, row, clock)

    assert receiver.names == ["evt_00000001"]
    assert not Delivery.objects.filter(lease__isnull=False).exists()


def test_who_goes_with_what_ends_its_worker_has_no_try_less(busy_order, endpoint, receiver, clock):
    [row] = claim(deliveries_queue(), now=clock(), most=1)
    for _ in range(2):
        clock.go_on(minutes=2)  # the worker was killed
        [row] = claim(deliveries_queue(), now=clock(), most=1, only=row.pk)

    assert (row.tries, row.followers) == (3, ())
    assert set(Delivery.objects.exclude(pk=row.pk).values_list("tries", flat=True)) == {0}


def test_where_none_can_go_with_them_leaders_go_alone(
    busy_order, endpoint, receiver, clock, monkeypatch, caplog
):
    def refused(*args):
        raise DatabaseError

    monkeypatch.setattr(followers, "_followers", refused)

    drain(queues(), clock=clock)

    assert states() == [("delivered", None, 1, 200)] * 5
    assert "gets its events one by one" in caplog.text


@pytest.mark.parametrize("host", [".example.com", "*.example.com", "a%zz.com"])
def test_an_address_that_nothing_can_be_sent_to_is_a_failed_try(
    busy_order, endpoint, receiver, clock, host
):
    Endpoint.objects.update(address=f"https://{host}/")
    queue = deliveries_queue()
    [row] = claim(queue, now=clock(), most=1)

    finish(queue, row, clock)

    assert states()[0] == ("waiting", None, 1, None)
    assert DeliveryAttempt.objects.get().remark


def test_the_lease_outlasts_what_one_hand_has():
    longest = deliveries.TOGETHER_SECONDS + WHOLE_SECONDS + RECORDED_WITHIN_SECONDS
    assert timedelta(seconds=longest) < deliveries.LEASE


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_the_next_goes_as_soon_as_the_one_before_it_is_recorded(
    receiver, endpoint, manager, monkeypatch
):
    """A worker that found nothing while one was on its way does not wait to look again."""
    monkeypatch.setattr(worker, "POLL_SECONDS", 15)
    monkeypatch.setattr(recording, "_see_to_endpoints", lambda *args: None)
    for number in range(10):
        imported(order_number=f"W-{number}")
    publish_all()
    Endpoint.objects.update(is_struggling=True)
    began, stop = time.monotonic(), Event()

    thread = Thread(target=Draining((deliveries_queue(),), hands=8).until, args=(stop,))
    thread.start()
    while len(receiver.requests) < 10 and time.monotonic() - began < 30:
        time.sleep(0.05)
    stop.set()
    thread.join()

    assert len(receiver.names) == 10
