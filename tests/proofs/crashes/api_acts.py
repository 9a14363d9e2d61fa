"""Killing what stands between an act and who hears of it: the call, the event, and its delivery.

After every kill and one more run the feed tells of each change order once, without a gap, and the
receiver has got all of it.
"""

import atexit
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.test import Client
from django.utils import timezone

from cancellations.models import ChangeOrder
from cancellations.work import drain
from integrations.api.tokens import make_token
from integrations.events.deliveries import deliveries_queue
from integrations.events.endpoints import create_endpoint
from integrations.events.publishing import publish_all
from integrations.models import Endpoint, Feed, PublishedEvent, Scope
from tests.benchmarks.measuring import PROJECT
from tests.proofs.crashes import samples
from tests.proofs.crashes.acts import Act, Document, canceled
from tests.proofs.crashes.refund_acts import AFTER_EVERY_LEASE, in_a_thread
from tests.support.builders import UserFactory, imported


class CallAndTell(Act):
    """A cancellation through the API, published and delivered, as by one process."""

    name = "call_and_tell"
    fewest_statements = 40
    makes = ["cancellation"]
    is_resumed = True
    after_statements = False

    def __init__(self, tag: str, folder: Path) -> None:
        super().__init__(tag, folder)
        self.order = samples.mixed_order(tag)
        imported(self.order)
        publish_all()
        user = UserFactory(manager=True, username=f"{tag}-shop")
        self.token = make_token(name=tag, user=user, scopes=set(Scope), by=user).text
        Endpoint.objects.all().delete()  # of the performance before
        self.address, self.got = _receiver(folder)
        create_endpoint(address=self.address, by=user)

    def perform(self) -> None:
        self._call()
        publish_all()
        drain((deliveries_queue(),))

    def steps(self) -> Iterator[None]:
        self._call()
        yield
        publish_all()
        in_a_thread(lambda: drain((deliveries_queue(),)))
        yield

    def repeat(self, done: int | None) -> Iterator[str]:
        """The caller asks again, under the same key; the next worker goes on."""
        number = self._call()
        publish_all()
        later = timezone.now() + AFTER_EVERY_LEASE
        in_a_thread(lambda: drain((deliveries_queue(),), clock=lambda: later))
        made = ChangeOrder.objects.filter(order__order_number__startswith=self.tag)
        if [each.number for each in made] != [number]:
            yield f"the call answers {number}, and there are {[str(each) for each in made]}"
        yield from self._told(number)

    def _told(self, number: str) -> Iterator[str]:
        published = PublishedEvent.objects.filter(order__order_number__startswith=self.tag)
        told = Counter(
            each.data["change_order"] for each in published if each.type == "change_order.created"
        )
        if told != {number: 1}:
            yield f"the feed tells of {told}"
        count, last = PublishedEvent.objects.count(), Feed.objects.get().last
        if count != last:
            yield f"the feed has {count} events and ends at {last}"
        got = set(self.got.read_text().split())
        due = {each.name for each in published.exclude(type="order.imported")}
        if not due or due - got:
            yield f"of {sorted(due)} arrived {sorted(due & got)}"

    def expected(self, done: int) -> list[Document]:
        return canceled([self.order], [samples.cancellation_of_submit(self.tag)][: min(done, 1)])

    def _call(self) -> str:
        """Cancel through the API, always under one key; gives the change order's number."""
        asked: dict[str, Any] = samples.cancellation_of_submit(self.tag)
        answer = Client().post(
            f"/api/v1/orders/{asked['order_number']}/cancellations",
            json.dumps(asked),
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {self.token}",
                "Idempotency-Key": asked["idempotency_key"],
            },
        )
        assert answer.status_code in (200, 201), answer.content
        return str(answer.json()["number"])


@cache
def _receiver(folder: Path) -> tuple[str, Path]:
    """A receiver in a process of its own, for these processes are forked; and what it got."""
    got = folder / "received"
    command = [sys.executable, "-m", "tests.proofs.crashes.receiving", str(got)]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    atexit.register(_end, process)
    assert process.stdout is not None
    return process.stdout.readline().strip(), got


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


API_ACTS: tuple[type[Act], ...] = (CallAndTell,)
