"""What workers do for machines outside: publish what happened, and deliver it."""

from datetime import timedelta

from django.db.models import Exists

from cancellations.models.queue import QueuedQuerySet
from cancellations.work import Clock, Queue
from integrations.events.deliveries import deliveries_queue
from integrations.events.letters import letters_queue
from integrations.events.publishing import publish_all, remove_older
from integrations.models import Feed, Unpublished

LEASE = timedelta(minutes=5)


def queues() -> tuple[Queue, ...]:
    """In the sequence in which a worker looks at them."""
    return (
        Queue(rows=_to_publish, work=_publish, lease=LEASE),
        deliveries_queue(),
        letters_queue(),
    )


def _to_publish() -> QueuedQuerySet:
    """The feed, while something waits to be published."""
    rows: QueuedQuerySet = Feed.objects.filter(Exists(Unpublished.objects.all()))
    return rows


def _publish(row: Feed, clock: Clock) -> None:
    """Publish what waits, and let the feed be claimed again; old events go on the way."""
    now = clock()
    publish_all(now=now)
    remove_older(now=now)
    Feed.objects.filter(pk=row.pk, lease=row.lease).update(lease=None, due_at=now, tries=0)
