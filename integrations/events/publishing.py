"""The one way into the feed: what was committed gets its place there when it is published.

A reader who pages by sequence therefore misses nothing: what commits late is published late,
after all that the reader has seen. Each publisher holds the lock of the feed's one row.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import (
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    transaction,
)
from django.db.models import Prefetch
from django.utils import timezone

from cancellations.models import ChangeOrder, ProcessException, Refund, Release
from integrations.events.bare import bare_events
from integrations.events.telling import Told, told_by, told_of_exception
from integrations.events.types import ENDPOINT_DISABLED, told_to
from integrations.models import Delivery, Endpoint, Feed, PublishedEvent, Unpublished
from integrations.models.published import Source
from orders.models import OrderEvent

logger = logging.getLogger(__name__)

AWAY = (OperationalError, InterfaceError, ProgrammingError, InternalError, MemoryError)
"""What is no fault of the row that is told: a database that is away or of another version."""

AT_ONCE = 500
"""Published in one transaction; whoever waits for the lock waits no longer than that."""
REMOVED_AT_ONCE = 1000


def publish_all(*, now: datetime | None = None) -> int:
    """Publish all that is committed and is not published yet; gives how many rows that were."""
    published = 0
    while count := publish_some(now=now or timezone.now()):
        published += count
    return published


@transaction.atomic
def publish_some(*, now: datetime) -> int:
    """Publish up to ``AT_ONCE`` of what waits, once each; gives how many that were.

    Another publisher waits until this one has committed, and finds nothing of it again.
    """
    feed = Feed.objects.select_for_update().get(pk=Feed.ONE)
    waiting = list(Unpublished.objects.order_by("pk")[:AT_ONCE])
    events = _published(waiting, feed.last, now)
    if events:
        _queue_deliveries(events, now)
        feed.last = events[-1].sequence
        feed.save(update_fields=["last"])
    Unpublished.objects.filter(pk__in=[row.pk for row in waiting]).delete()
    return len(waiting)


def _published(rows: Sequence[Unpublished], after: int, now: datetime) -> list[PublishedEvent]:
    """Publish rows; where one makes it fail, each alone, so that the feed goes on.

    What cannot be told is told as nothing but a link: it has its place in the sequence.
    """
    if not rows:
        return []
    try:
        return _inserted(_events, rows, after, now)
    except AWAY:
        raise
    except Exception:
        if len(rows) == 1:
            return _bare(rows[0], after, now)
    events: list[PublishedEvent] = []
    for row in rows:
        events += _published([row], after + len(events), now)
    return events


def _bare(row: Unpublished, after: int, now: datetime) -> list[PublishedEvent]:
    logger.exception("%s cannot be told: it is published as a link", row)
    try:
        return _inserted(lambda rows, now: bare_events(rows[0], now), [row], after, now)
    except AWAY:
        raise
    except Exception:
        logger.exception("%s is not published at all", row)
        return []


def _inserted(
    tell: Callable[[Sequence[Unpublished], datetime], list[PublishedEvent]],
    rows: Sequence[Unpublished],
    after: int,
    now: datetime,
) -> list[PublishedEvent]:
    """What rows tell, with its place in the feed; all of it, or nothing was written."""
    with transaction.atomic():
        events = tell(rows, now)
        for sequence, event in enumerate(events, after + 1):
            event.sequence = sequence
        return PublishedEvent.objects.bulk_create(events)


def _queue_deliveries(events: Iterable[PublishedEvent], now: datetime) -> None:
    """Each endpoint's, while none of them is changed or deleted."""
    enabled = Endpoint.objects.filter(disabled_at__isnull=True).select_related("kept_by")
    locked = enabled.select_for_update(no_key=True, of=("self",)).order_by("pk")
    told = [(endpoint, set(told_to(endpoint))) for endpoint in locked]
    Delivery.objects.bulk_create(
        [
            Delivery(endpoint=endpoint, event=event, order_id=event.order_id, due_at=now)
            for event in events
            for endpoint, types in told
            if event.type in types
        ]
    )


def _events(waiting: Sequence[Unpublished], now: datetime) -> list[PublishedEvent]:
    """What the rows tell, in their sequence."""
    happened = _order_events(row.about for row in waiting if row.source == Source.EVENT)
    about_exceptions = [
        row.about for row in waiting if row.source in (Source.OPENED, Source.RESOLVED)
    ]
    exceptions = ProcessException.objects.select_related("order", "line", "payment")
    found = exceptions.in_bulk(about_exceptions)
    events: list[PublishedEvent] = []
    for row in waiting:
        if row.source == Source.EVENT:
            events += _of_event(happened[row.about], now)
        elif row.source == Source.DISABLED:
            events += _of_endpoint(row, now)
        else:
            events.append(_of_exception(row, found[row.about], now))
    return events


def _order_events(ids: Iterable[int]) -> Mapping[int, OrderEvent]:
    money = [
        Prefetch("refunds", Refund.objects.select_related("payment").order_by("pk")),
        Prefetch("releases", Release.objects.select_related("payment").order_by("pk")),
    ]
    undone = ChangeOrder.objects.prefetch_related(*money)
    made = ChangeOrder.objects.order_by("pk").prefetch_related(
        "items__line", *money, Prefetch("undoes", undone)
    )
    events = OrderEvent.objects.select_related("order")
    return events.prefetch_related(Prefetch("change_orders", made)).in_bulk(list(ids))


def _of_event(event: OrderEvent, now: datetime) -> list[PublishedEvent]:
    return [
        PublishedEvent(
            type=told.type,
            source=Source.EVENT,
            about=event.pk,
            part=part,
            order_id=event.order_id,
            order_sequence=event.sequence,
            at=event.at,
            published_at=now,
            data=_with_sequence(told, event.sequence),
        )
        for part, told in enumerate(told_by(event))
    ]


def _of_exception(row: Unpublished, exception: ProcessException, now: datetime) -> PublishedEvent:
    is_opened = row.source == Source.OPENED
    told = told_of_exception(exception, f"exception.{'opened' if is_opened else 'resolved'}")
    return PublishedEvent(
        type=told.type,
        source=row.source,
        about=row.about,
        order_id=exception.order_id,
        order_sequence=row.order_sequence,
        at=exception.opened_at if is_opened else (exception.resolved_at or now),
        published_at=now,
        data=_with_sequence(told, row.order_sequence),
    )


def _of_endpoint(row: Unpublished, now: datetime) -> list[PublishedEvent]:
    """That an endpoint was disabled; nothing where it has been deleted since."""
    endpoint = Endpoint.objects.filter(pk=row.about).first()
    if endpoint is None:
        return []
    return [
        PublishedEvent(
            type=ENDPOINT_DISABLED,
            source=Source.DISABLED,
            about=row.about,
            part=row.part,
            at=endpoint.disabled_at or now,
            published_at=now,
            data={"endpoint": endpoint.pk, "why": endpoint.disabled_why},
        )
    ]


def _with_sequence(told: Told, order_sequence: int | None) -> dict[str, object]:
    return {**told.data, "order_sequence": order_sequence}


def remove_older(*, now: datetime) -> int:
    """Remove events that were kept long enough, the oldest first; gives how many."""
    before = now - timedelta(days=settings.EVENTS_KEPT_DAYS)
    removed = 0
    while count := _remove_some(before):
        removed += count
    return removed


@transaction.atomic
def _remove_some(before: datetime) -> int:
    feed = Feed.objects.select_for_update().get(pk=Feed.ONE)
    oldest = PublishedEvent.objects.order_by("sequence").values_list("sequence", "published_at")
    old = [sequence for sequence, at in oldest[:REMOVED_AT_ONCE] if at < before]
    if old:
        feed.removed = old[-1]
        feed.save(update_fields=["removed"])  # before the first goes: the guard looks for it
        PublishedEvent.objects.filter(pk__in=old).delete()
    return len(old)
