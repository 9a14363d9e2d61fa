"""Every event arrives at a receiver that drops, delays, hangs, lies and closes."""

import random
import time
from datetime import timedelta
from threading import Event, Lock, Thread

import pytest
from django.utils import timezone

from cancellations.worker import Draining
from integrations.events import sending
from integrations.events.endpoints import create_endpoint
from integrations.events.publishing import publish_all
from integrations.events.queues import queues
from integrations.models import Delivery, Endpoint, PublishedEvent
from tests.proofs.sizes import DELIVERIES
from tests.support.builders import UserFactory, imported
from tests.support.receiver import DROPPED, OK, Receiver

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
]
WRONG_TIMES = 3
"""After so many wrong answers to one event the receiver takes it."""


class Unreliable:
    """Keeps the ids that it took, which is not always what it says."""

    def __init__(self, seed):
        self.random, self.lock = random.Random(seed), Lock()
        self.taken, self.wrong = set(), {}

    def __call__(self, got):
        with self.lock:
            times = self.wrong.get(got.name, 0)
            what = self.random.choice(["takes", "drops", "delays", "hangs", "lies", "closes"])
            if times >= WRONG_TIMES:
                what = "takes"
            self.wrong[got.name] = times + (what in ("drops", "hangs", "lies", "closes"))
            if what in ("takes", "delays", "lies", "closes"):
                self.taken.add(got.name)
        if what in ("delays", "hangs"):
            time.sleep(0.05 if what == "delays" else 0.6)
        return {"takes": OK, "delays": OK, "drops": 503, "lies": 500}.get(what, DROPPED)


def test_feed_and_receiver_agree_by_id(settings, monkeypatch):
    settings.WEBHOOK_HOSTS_ALLOWED = ["127.0.0.1"]
    monkeypatch.setattr(sending, "READ_SECONDS", 0.5)
    unreliable = Unreliable(1)
    for _ in range(DELIVERIES):
        imported()
    with Receiver(answer=unreliable) as receiver:
        create_endpoint(address=receiver.address, by=UserFactory(manager=True))
        publish_all()
        _deliver_everything()

    published = {event.name for event in PublishedEvent.objects.all()}
    assert len(published) == DELIVERIES
    assert (set(receiver.names), unreliable.taken) == (published, published)
    assert set(Delivery.objects.values_list("status", flat=True)) == {"delivered"}
    assert Endpoint.objects.get().is_enabled


def _deliver_everything():
    """Two workers, by a clock that goes on so fast that no wait is long."""
    began = timezone.now()
    stop = Event()

    def clock():
        return began + (timezone.now() - began) * 600

    workers = [
        Thread(target=Draining(queues(), hands=8, clock=clock).until, args=(stop,))
        for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    until = time.monotonic() + 60 + DELIVERIES
    while Delivery.objects.filter(due_at__isnull=False).exists() and time.monotonic() < until:
        time.sleep(0.2)
    stop.set()
    for worker in workers:
        worker.join()
    assert timezone.now() - began < timedelta(seconds=120 + DELIVERIES)
