"""The feed as it is read: every event in the sequence in which it was published."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import AnonymousUser, User

from integrations.events.types import visible_types
from integrations.models import Feed, PublishedEvent

MOST = 1000


class OlderThanKept(Exception):
    """What follows on this sequence is kept no longer; reading goes on after ``removed``."""

    def __init__(self, removed: int) -> None:
        super().__init__(f"Events up to {removed} are kept no longer.")
        self.removed = removed


def feed_after(
    sequence: int,
    *,
    types: Collection[str] = (),
    limit: int = MOST,
    user: User | AnonymousUser,
) -> list[PublishedEvent]:
    """The events after one that a user may see, the first of them first.

    Args:
        types: Those of the events wanted; without any, all.
        limit: At most so many, and never more than ``MOST``.

    Raises:
        OlderThanKept: Some of what follows was removed.
    """
    seen = visible_types(user)
    wanted = [type for type in seen if not types or type in types]
    following = PublishedEvent.objects.filter(sequence__gt=sequence, type__in=wanted)
    events = list(following.order_by("sequence")[: max(0, min(limit, MOST))])
    # Asked afterwards: what was removed while they were read is missed by nobody then.
    removed = Feed.objects.values_list("removed", flat=True).get(pk=Feed.ONE)
    if sequence < removed:
        raise OlderThanKept(removed)
    return events


def as_json(event: PublishedEvent) -> dict[str, Any]:
    """An event as the feed shows it and as webhooks carry it."""
    return {
        "id": event.name,
        "sequence": event.sequence,
        "type": event.type,
        "timestamp": event.at.isoformat(),
        "data": event.data,
    }
