"""What came of deliveries, written down: attempts, the next try, and how their endpoints do."""

import logging
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.db import transaction

from cancellations.work import Clock, Done
from integrations.events.schedule import next_try
from integrations.events.sending import Reply
from integrations.models import Delivery, DeliveryAttempt, Endpoint, Unpublished
from integrations.models.published import Source
from orders.rows import insert_rows, update_rows

logger = logging.getLogger(__name__)

GONE = 410
LONGEST_REMARK = 1100

DISABLED = ("disabled_at", "disabled_why", "disabled_times")

Status = Delivery.Status
Disabled = Endpoint.Disabled


@dataclass(frozen=True, slots=True)
class Tried:
    """One try, and what the receiver said."""

    at: datetime
    reply: Reply
    milliseconds: int


Sent: TypeAlias = Done[Delivery, Tried | None]
"""A delivery that was claimed, with the try if it was tried."""


def record(done: Sequence[Sent], clock: Clock) -> Sequence[Sent]:
    """Record what came of deliveries, each try as an attempt; nothing is left for later.

    A delivery that somebody else has claimed meanwhile keeps that claim, unless this one arrived.
    One that was not tried is due as it was before it was claimed.
    """
    now = clock()
    with transaction.atomic():
        struggled = _lock_endpoints(done)
        locked = Delivery.objects.select_for_update().order_by("pk")
        current = locked.in_bulk([each.row.pk for each in done])
        found = [(each, current[each.row.pk]) for each in done if each.row.pk in current]
        tried = [(row, each.result) for each, row in found if each.result]
        insert_rows(DeliveryAttempt, _ATTEMPTED, [_attempt(row, what) for row, what in tried])
        ours = [(each, row) for each, row in found if _counts(each, row)]
        for each, row in ours:
            _move(each, row, now)
        update_rows([row for _, row in ours], ["status", "due_at", "lease", "tries"])
        _see_to_endpoints([(row, each.result) for each, row in ours if each.result], struggled, now)
    return []


def _lock_endpoints(done: Sequence[Sent]) -> Collection[int]:
    """Before their deliveries, as people's acts lock them: nobody waits crosswise.

    Gives those that struggle as things stand.
    """
    concerned = Endpoint.objects.filter(pk__in={each.row.endpoint_id for each in done})
    locked = concerned.select_for_update(no_key=True).order_by("pk")
    return [pk for pk, is_so in locked.values_list("pk", "is_struggling") if is_so]


def _counts(sent: Sent, row: Delivery) -> bool:
    """Whether a row goes by what came of this claim of it.

    Claimed anew after its lease it has more tries, and has arrived if this one did; asked for by a
    person meanwhile, its tries begin anew, and it has to be sent again.
    """
    if row.lease == sent.row.lease:
        return True
    has_arrived = bool(sent.result and sent.result.reply.is_taken)
    return has_arrived and row.status == Status.WAITING and row.tries > sent.row.tries


_ATTEMPTED = ("delivery_id", "at", "status", "remark", "milliseconds")


def _attempt(row: Delivery, tried: Tried) -> tuple[Any, ...]:
    reply = tried.reply
    return (row.pk, tried.at, reply.status, reply.remark[:LONGEST_REMARK], tried.milliseconds)


def _move(sent: Sent, row: Delivery, now: datetime) -> None:
    """What came of a claim: given back, delivered, tried again, or failed; no test is repeated."""
    row.lease = row.due_at = None
    if sent.result is None:
        row.due_at = sent.row.was_due_at
        return
    if sent.row.was_due_at:  # a follower, whose claim was no try
        row.tries += 1
    reply = sent.result.reply
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
    recorded: Sequence[tuple[Delivery, Tried]], struggled: Collection[int], now: datetime
) -> None:
    """Disable those that are gone or failed for the last time, and note which struggle."""
    struggling: set[int] = set()
    well: set[int] = set()
    for row, tried in recorded:
        if row.event_id is not None and row.status == Status.FAILED:
            is_gone = tried.reply.status == GONE
            disable(row.endpoint_id, Disabled.GONE if is_gone else Disabled.FAILED, now=now)
        (well if tried.reply.is_taken else struggling).add(row.endpoint_id)
    if new := struggling.difference(struggled):
        Endpoint.objects.filter(pk__in=new).update(is_struggling=True)
    if over := well.intersection(struggled) - struggling:
        Endpoint.objects.filter(pk__in=over).update(is_struggling=False)


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
