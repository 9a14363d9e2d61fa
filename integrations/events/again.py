"""Deliveries that people have sent again: one, or all since a time."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from integrations.events.managing import UnknownEndpoint, locked_endpoint, tell
from integrations.events.types import told_to, visible_types
from integrations.models import Delivery, Endpoint, PublishedEvent
from orders.arithmetic.words import gettext_noop

REPLAYED_AT_ONCE = 1000
"""In one transaction: what is recorded of deliveries meanwhile waits no longer than that."""
MOST_REPLAYED = 100_000

TOO_MANY = gettext_noop("More than 100,000 events were published since then: choose a later time.")


class TooManyEvents(Exception):
    """So much is not replayed at once; nothing was written."""

    message = TOO_MANY


def send_again(endpoint: Endpoint, deliveries: "QuerySet[Delivery]") -> int:
    """Put deliveries in the queue with all their tries; what is claimed is claimed anew.

    What its keeper may not see is left as it is, whoever kept the endpoint when it was told.
    """
    seen = Q(event__isnull=True) | Q(event__type__in=visible_types(endpoint.kept_by))
    return deliveries.filter(seen).update(
        status=Delivery.Status.WAITING, due_at=timezone.now(), lease=None, tries=0
    )


@transaction.atomic
def resend_delivery(*, endpoint: int, delivery: int, by: User) -> Delivery:
    """Have a delivery sent again, under the id that it had, with all its tries before it.

    Raises:
        NotAllowed, UnknownEndpoint: As they say.
    """
    found = locked_endpoint(endpoint, by=by)
    if not send_again(found, found.deliveries.filter(pk=delivery)):
        raise UnknownEndpoint
    tell(found, "resent", by, deliveries=1)
    return found.deliveries.get(pk=delivery)


def replay_since(*, endpoint: int, since: datetime, by: User) -> int:
    """Have all that was published since then delivered (again); gives how many events.

    It is written down first, then done in batches: while an endpoint is locked nothing is recorded
    of what is delivered to it. Begun and not ended, it is asked for again.

    Raises:
        NotAllowed, UnknownEndpoint: As they say.
        TooManyEvents: More than ``MOST_REPLAYED``.
    """
    with transaction.atomic():
        found = locked_endpoint(endpoint, by=by)
        asked = PublishedEvent.objects.filter(published_at__gte=since, type__in=told_to(found))
        events = list(asked.order_by("sequence").values_list("pk", "order")[: MOST_REPLAYED + 1])
        if len(events) > MOST_REPLAYED:
            raise TooManyEvents
        tell(found, "replayed", by, deliveries=len(events))
    for first in range(0, len(events), REPLAYED_AT_ONCE):
        _replay(endpoint, events[first : first + REPLAYED_AT_ONCE], by)
    return len(events)


@transaction.atomic
def _replay(pk: int, events: Collection[tuple[int, int | None]], by: User) -> None:
    endpoint = locked_endpoint(pk, by=by)
    # locked, so that none is removed for its age before the deliveries of it are written
    kept = PublishedEvent.objects.select_for_update(no_key=True).order_by("pk")
    kept = kept.filter(pk__in=[event for event, _ in events])
    there = set(kept.filter(type__in=told_to(endpoint)).values_list("pk", flat=True))
    send_again(endpoint, endpoint.deliveries.filter(event__in=there))
    now = timezone.now()
    missing = [
        Delivery(endpoint=endpoint, event_id=event, order_id=order, due_at=now)
        for event, order in events
        if event in there
    ]
    Delivery.objects.bulk_create(missing, ignore_conflicts=True)
