"""Every event arrives, in its order's sequence, at receivers on which nobody can rely."""

import random
import time
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from io import StringIO
from math import ceil
from threading import Event, Lock, Thread

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from cancellations.worker import Draining
from integrations.events import schedule, sending
from integrations.events.endpoints import create_endpoint
from integrations.events.publishing import _queue_deliveries, publish_all
from integrations.events.queues import queues
from integrations.models import Delivery, Endpoint, Feed, PublishedEvent
from integrations.models.deliveries import AT_ONCE
from tests.benchmarks.refunds import write_orders
from tests.proofs.sizes import DELIVERIES
from tests.support.builders import UserFactory
from tests.support.receiver import DROPPED, LEAVING, OK, TWICE, Receiver

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
]
RECEIVERS, WORKERS = 4, 2
WRONG_TIMES = 3
"""After so many wrong answers to one event the receiver takes it."""
WRONG_ONE_IN = 6
EVENTS_OF_AN_ORDER = 3
RIGHT = {"takes": OK, "delays": OK, "twice": TWICE, "leaves": LEAVING}
WRONG = {"drops": 503, "lies": 500, "redirects": 302, "closes": DROPPED, "hangs": DROPPED}
"""What lies and what closes took the event all the same; what hangs says nothing, however late."""
OF_WRONG = [what for what in WRONG if what != "hangs"] * 4 + ["hangs"]
"""Few hang: for those the proof has to wait."""


class Unreliable:
    """Keeps the ids that it took, which is not always what it says."""

    def __init__(self, seed):
        self.random, self.lock = random.Random(seed), Lock()
        self.taken, self.wrong_left = set(), {}

    def __call__(self, got):
        with self.lock:
            what = self._what(got.name)
            if what in RIGHT or what in ("lies", "closes"):
                self.taken.add(got.name)
        if what in ("delays", "hangs"):
            time.sleep(0.05 if what == "delays" else 2.5)
        return {**RIGHT, **WRONG}[what]

    def _what(self, name):
        if name not in self.wrong_left:
            is_wrong = self.random.randrange(WRONG_ONE_IN) == 0
            self.wrong_left[name] = self.random.randint(1, WRONG_TIMES) if is_wrong else 0
        if self.wrong_left[name]:
            self.wrong_left[name] -= 1
            return self.random.choice(OF_WRONG)
        return self.random.choice(list(RIGHT))


@pytest.fixture
def manager(settings):
    settings.WEBHOOK_HOSTS_ALLOWED = ["127.0.0.1"]
    return UserFactory(manager=True)


def test_feed_and_receivers_agree_by_id_and_in_each_orders_sequence(manager, tmp_path, monkeypatch):
    monkeypatch.setattr(sending, "READ_SECONDS", 2)
    monkeypatch.setattr(schedule, "_WAITS", (timedelta(seconds=0.2),) * len(schedule._WAITS))
    unreliable = [Unreliable(seed) for seed in range(RECEIVERS)]

    with ExitStack() as open_now:
        receivers = [open_now.enter_context(Receiver(answer=each)) for each in unreliable]
        for receiver in receivers:
            create_endpoint(address=receiver.address, by=manager)
        _publish(ceil(DELIVERIES / RECEIVERS / EVENTS_OF_AN_ORDER), tmp_path)
        with _workers():
            _wait_until(lambda: not Delivery.objects.filter(due_at__isnull=False).exists())

    orders = {event.name: event.order_id for event in PublishedEvent.objects.all()}
    assert len(orders) * RECEIVERS >= DELIVERIES
    assert set(Delivery.objects.values_list("status", flat=True)) == {"delivered"}
    assert all(endpoint.is_enabled for endpoint in Endpoint.objects.all())
    for receiver, each in zip(receivers, unreliable, strict=True):
        assert (set(receiver.names), each.taken) == (set(orders), set(orders))
        told = defaultdict(list)
        for name in receiver.names:
            told[orders[name]].append(name)
        assert [names for names in told.values() if names != sorted(names)] == []


def test_one_that_never_answers_keeps_nothing_from_another(manager, tmp_path, monkeypatch):
    monkeypatch.setattr(sending, "READ_SECONDS", 3600)
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 3600)
    let_go, count = Event(), max(10, DELIVERIES // 20)

    with Receiver() as prompt, Receiver(answer=lambda got: (let_go.wait(), OK)[1]) as hanging:
        for receiver in (hanging, prompt):
            create_endpoint(address=receiver.address, by=manager)
        _publish(count, tmp_path)
        with _workers():
            _wait_until(lambda: len(set(prompt.names)) == count * EVENTS_OF_AN_ORDER)
            held = len(hanging.requests)
            let_go.set()

    assert len(set(prompt.names)) == count * EVENTS_OF_AN_ORDER
    assert 0 < held <= AT_ONCE * WORKERS


def _publish(count, folder):
    """The import of so many orders, and as the feed has it whatever else happened to them.

    What happens is written at once: acts of people would take longer than all of the proof.
    """
    orders, _ = write_orders(folder, count)
    call_command("import_orders", str(orders), stdout=StringIO())
    publish_all()
    imports = list(PublishedEvent.objects.all())
    for part in range(1, EVENTS_OF_AN_ORDER):
        _publish_more(imports, part)


@transaction.atomic
def _publish_more(events, part):
    feed = Feed.objects.select_for_update().get()
    for event in events:
        feed.last += 1
        event.sequence, event.part, event.type = feed.last, part, "order.amended"
    _queue_deliveries(PublishedEvent.objects.bulk_create(events), timezone.now())
    feed.save()


@contextmanager
def _workers():
    stop = Event()
    workers = [
        Thread(target=Draining(queues(), hands=8).until, args=(stop,)) for _ in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        stop.set()
        for worker in workers:
            worker.join()


def _wait_until(is_done):
    until = time.monotonic() + 60 + DELIVERIES / 5
    while not is_done() and time.monotonic() < until:
        time.sleep(0.2)
