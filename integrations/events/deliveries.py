"""Deliveries carried out: claimed by a worker, and sent one after the other by its hands."""

import json
import logging
from collections import deque
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic

from cancellations.models.queue import QueuedQuerySet
from cancellations.work import Clock, Done, Queue
from integrations.events.feed import as_json
from integrations.events.followers import claim_followers
from integrations.events.recording import Sent, Tried, record
from integrations.events.schedule import MOST_TRIES
from integrations.events.secrets import Unreadable
from integrations.events.sending import Line, Reply
from integrations.events.signing import Signer
from integrations.events.types import TEST
from integrations.models import Delivery, Endpoint
from integrations.models.deliveries import DeliveryQuerySet
from orders.arithmetic.words import gettext_noop

logger = logging.getLogger(__name__)

TOGETHER_SECONDS = 5
"""After so long a hand sends no more of what it has and gives the rest back."""
LOOKS_EVERY_SECONDS = 0.2
"""So often a hand looks whether what it has is still to be sent, and where to."""
LEASE = timedelta(minutes=1)
"""Longer than that, with what a receiver has for the last and what recording may wait for."""

UNREADABLE = gettext_noop("The secret cannot be decrypted: rotate it.")
ENDLESS = gettext_noop("It was tried too often without an end.")


def deliveries_queue() -> Queue:
    """What waits to be delivered."""
    return Queue(
        rows=_waiting,
        due=_due,
        claimed=claim_followers,
        work=deliver,
        came_of=lambda row, sent: list(sent),
        record=record,
        lease=LEASE,
        goes_on=lambda done: any(each.result and each.result.reply.is_taken for each in done),
    )


def _waiting() -> QueuedQuerySet:
    rows: QueuedQuerySet = Delivery.objects.select_related("endpoint", "event")
    return rows


def _due(rows: QueuedQuerySet, now: datetime, in_hand: Collection[Delivery]) -> QueuedQuerySet:
    assert isinstance(rows, DeliveryQuerySet)
    return rows.due(now, in_hand)


def deliver(row: Delivery, clock: Clock) -> list[Sent]:
    """Send a claimed delivery and its followers, with no lock held and no transaction open.

    The first that does not arrive is the last that is tried; what is left goes back as it was.
    """
    looked = began = monotonic()
    sent: list[Sent] = []
    with Line(row.endpoint.address) as line:
        send = _sender(row.endpoint, line, clock)
        waiting = deque((row, *row.followers))
        while waiting:
            if sent and monotonic() - looked > LOOKS_EVERY_SECONDS:
                looked = monotonic()
                if not _is_still_as_claimed(row.endpoint, waiting):  # guard: the look in between
                    break
            each = waiting.popleft()
            try:
                tried = send(each)
            except Exception:  # due again after its lease, and alone in that
                logger.exception("delivery %s could not be sent", each.pk)
                break
            sent.append(Done(each, tried))
            is_late = monotonic() - began > TOGETHER_SECONDS
            if not tried.reply.is_taken or is_late:  # guard: nothing after a failure
                break
    left: list[Sent] = [Done(each, None) for each in waiting]
    return [*sent, *left]


def _is_still_as_claimed(endpoint: Endpoint, waiting: Sequence[Delivery]) -> bool:
    """Whether the endpoint is what it was, and nobody has asked for what waits meanwhile."""
    same = Endpoint.objects.filter(
        pk=endpoint.pk,
        disabled_at__isnull=True,
        address=endpoint.address,
        secret=endpoint.secret,
    )
    ours = Delivery.objects.filter(pk__in=[each.pk for each in waiting], lease=waiting[0].lease)
    return same.exists() and ours.count() == len(waiting)


def _sender(endpoint: Endpoint, line: Line, clock: Clock) -> Callable[[Delivery], Tried]:
    """Tries deliveries to an endpoint, each once."""
    signer = None
    with suppress(Unreadable):
        signer = Signer(endpoint, now=clock())

    def send(row: Delivery) -> Tried:
        now, began = clock(), monotonic()
        if row.tries > MOST_TRIES:  # of which none was recorded, for it never ended
            return Tried(now, Reply(None, ENDLESS), 0)
        if signer is None:
            return Tried(now, Reply(None, UNREADABLE), 0)
        body = json.dumps(payload(row), ensure_ascii=False, separators=(",", ":"))
        reply = line.call(body=body, headers=signer.headers(name=row.name, body=body, now=now))
        return Tried(now, reply, int((monotonic() - began) * 1000))

    return send


def payload(row: Delivery) -> dict[str, object]:
    """What a delivery carries: its event as the feed shows it."""
    if row.event:
        return as_json(row.event)
    return {
        "id": row.name,
        "type": TEST,
        "timestamp": row.created_at.isoformat(),
        "data": {"endpoint": row.endpoint_id},
    }
