"""Deliveries carried out: claimed by a worker, sent, and recorded with what came of them."""

import json
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction

from cancellations.models.queue import QueuedQuerySet
from cancellations.work import Clock, Done, Queue
from integrations.events.feed import as_json
from integrations.events.schedule import MOST_TRIES, next_try
from integrations.events.secrets import Unreadable
from integrations.events.sending import Reply, call
from integrations.events.signing import signed_headers
from integrations.events.types import TEST
from integrations.models import Delivery, DeliveryAttempt, Endpoint, Unpublished
from integrations.models.published import Source
from orders.arithmetic.words import gettext_noop
from orders.rows import update_rows

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
"""Longer than a receiver has."""
GONE = 410
LONGEST_REMARK = 1100

UNREADABLE = gettext_noop("The secret cannot be decrypted: rotate it.")
ENDLESS = gettext_noop("It was tried too often without an end.")

DISABLED = ("disabled_at", "disabled_why", "disabled_times")

Status = Delivery.Status
Disabled = Endpoint.Disabled


@dataclass(frozen=True, slots=True)
class Tried:
    """One try, and what the receiver said."""

    at: datetime
    reply: Reply
    milliseconds: int


def deliveries_queue() -> Queue:
    """What waits to be delivered."""
    return Queue(rows=_waiting, work=deliver, record=record, lease=LEASE)


def _waiting() -> QueuedQuerySet:
    rows: QueuedQuerySet = Delivery.objects.select_related("endpoint", "event")
    return rows


def deliver(row: Delivery, clock: Clock) -> Tried:
    """Send a claimed delivery once, with no lock held and no transaction open."""
    now, began = clock(), monotonic()
    if row.tries > MOST_TRIES:  # of which none was recorded, for it never ended
        return Tried(now, Reply(None, ENDLESS), 0)
    body = json.dumps(payload(row), ensure_ascii=False, separators=(",", ":"))
    try:
        headers = signed_headers(row.endpoint, name=row.name, body=body, now=now)
    except Unreadable:
        return Tried(now, Reply(None, UNREADABLE), 0)
    reply = call(row.endpoint.address, body=body, headers=headers)
    return Tried(now, reply, int((monotonic() - began) * 1000))


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


def record(done: Sequence[Done[Delivery, Tried]], clock: Clock) -> Sequence[Done[Delivery, Tried]]:
    """Record what came of deliveries, each with its attempt; nothing is left for later.

    A delivery that somebody else has claimed meanwhile keeps that claim, unless this one arrived.
    """
    now = clock()
    with transaction.atomic():
        _lock_endpoints(done)
        locked = Delivery.objects.select_for_update().order_by("pk")
        current = locked.in_bulk([each.row.pk for each in done])
        found = [(each, current[each.row.pk]) for each in done if each.row.pk in current]
        DeliveryAttempt.objects.bulk_create([_attempt(row, each.result) for each, row in found])
        ours = [(each, row) for each, row in found if _counts(each, row)]
        for each, row in ours:
            _move(row, each.result.reply, now)
        update_rows([row for _, row in ours], ["status", "due_at", "lease"])
        _see_to_endpoints(ours, now)
    return []


def _lock_endpoints(done: Sequence[Done[Delivery, Tried]]) -> None:
    """Before their deliveries, as people's acts lock them: nobody waits crosswise."""
    concerned = Endpoint.objects.filter(pk__in={each.row.endpoint_id for each in done})
    list(concerned.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _counts(done: Done[Delivery, Tried], row: Delivery) -> bool:
    is_ours = row.lease == done.row.lease
    return is_ours or (done.result.reply.is_taken and row.status == Status.WAITING)


def _attempt(row: Delivery, tried: Tried) -> DeliveryAttempt:
    return DeliveryAttempt(
        delivery=row,
        at=tried.at,
        status=tried.reply.status,
        remark=tried.reply.remark[:LONGEST_REMARK],
        milliseconds=tried.milliseconds,
    )


def _move(row: Delivery, reply: Reply, now: datetime) -> None:
    """What a try makes of a delivery: delivered, tried again, or failed; a test is not repeated."""
    row.lease = row.due_at = None
    if reply.is_taken:
        row.status = Status.DELIVERED
        return
    if row.event_id is not None:
        row.due_at = next_try(
            row.tries, now=now, retry_after=reply.retry_after, chance=random.random
        )
    if row.due_at is None or reply.status == GONE:
        row.status, row.due_at = Status.FAILED, None


def _see_to_endpoints(
    recorded: Sequence[tuple[Done[Delivery, Tried], Delivery]], now: datetime
) -> None:
    """Disable those that are gone or failed for the last time, and note which struggle."""
    struggling: set[int] = set()
    well: set[int] = set()
    for each, row in recorded:
        if row.event_id is not None and row.status == Status.FAILED:
            is_gone = each.result.reply.status == GONE
            disable(row.endpoint_id, Disabled.GONE if is_gone else Disabled.FAILED, now=now)
        (well if each.result.reply.is_taken else struggling).add(row.endpoint_id)
    moved = Endpoint.objects.filter(pk__in=struggling, is_struggling=False)
    moved.update(is_struggling=True)
    moved = Endpoint.objects.filter(pk__in=well - struggling, is_struggling=True)
    moved.update(is_struggling=False)


def disable(endpoint_id: int, why: str, *, now: datetime) -> None:
    """Deliver nothing more to an endpoint; what waits for it waits until it is enabled again.

    The feed says so, and whoever keeps it gets a mail, unless a person did it.
    """
    endpoint = Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint_id)
    if not endpoint.is_enabled:
        return
    endpoint.disabled_at, endpoint.disabled_why = now, why
    endpoint.disabled_times += 1
    # A mail takes as long as it takes: its queue sends it (``letters.py``).
    endpoint.due_at, endpoint.lease, endpoint.tries = None, None, 0
    if why != Disabled.BY_PERSON:
        endpoint.due_at = now
    endpoint.save(update_fields=[*DISABLED, "due_at", "lease", "tries"])
    Unpublished.objects.create(
        source=Source.DISABLED, about=endpoint.pk, part=endpoint.disabled_times
    )
    logger.warning("webhook endpoint %s was disabled: %s", endpoint.pk, why)
