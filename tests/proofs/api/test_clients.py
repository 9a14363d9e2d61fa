"""Clients that nobody here wrote do what a shop does, from the import to the paid refund."""

import json
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.utils import timezone

from cancellations.models import ChangeOrder, Refund
from cancellations.queues import queues
from cancellations.work import drain
from cancellations.worker import Draining
from integrations.events.queues import queues as feed_queues
from tests.proofs.api.generating import check_types, python_client, typescript_client
from tests.support.builders import payment, shirts

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

HAPPENED = [
    "order.imported",
    "change_order.created",
    "change_order.created",
    "change_order.undone",
    "refund.withdrawn",
    "change_order.created",
    "refund.needs_person",
    "exception.opened",
    "refund.succeeded",
    "exception.resolved",
]


def test_python(site, tmp_path):
    drives_from_import_to_refund(python_client(site.url, tmp_path), site)


@pytest.mark.node
def test_typescript(site, tmp_path):
    client = typescript_client(site.url, tmp_path)
    check_types(client)
    drives_from_import_to_refund(client, site)


def drives_from_import_to_refund(client, site):
    by_hand = [payment("216.29", gateway="nobody")]
    order = shirts(order_number="P/1", payments=by_hand)
    environment = {"SITE": site.url, "TOKEN": site.token, "ORDER": json.dumps(order)}

    told = client.drive("cancel", environment)

    made, again, undone, anew = told["numbers"]
    assert told["statuses"] == [201, 201, 200, 201, 201]
    assert (told["replayed"], again, told["undoes"]) == ("true", made, made)
    assert len({made, undone, anew}) == ChangeOrder.objects.count() == 3
    assert told["refund_due"][0] == told["refund_due"][1]

    drain(queues(), clock=lambda: timezone.now() + timedelta(days=1))
    with published_meanwhile():
        told = client.drive("look", environment)

    assert (told["paid"], told["canceled"]) == ("succeeded", 1)
    assert told["refunded"] == "103.95"
    assert Refund.objects.filter(status="succeeded").count() == 1
    assert told["awaited"] == ["refund.succeeded"]
    assert (told["feed"], told["next_after"]) == (HAPPENED, len(HAPPENED))


@contextmanager
def published_meanwhile():
    """A worker that publishes, as one does beside every site."""
    stop = Event()
    worker = Thread(target=Draining(feed_queues(), hands=1).until, args=(stop,))
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()
