"""The feed: everything that happened, in the sequence in which it was published."""

import re
import time
from threading import BoundedSemaphore
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from integrations.api.callers import caller
from integrations.api.described import answers
from integrations.api.documents import as_json
from integrations.api.more_answers import EventsAnswer
from integrations.api.pages import LARGEST_ID, refuse_unknown
from integrations.api.problems import Refused
from integrations.events import feed
from integrations.events.types import TYPES
from integrations.models import Feed, PublishedEvent, Scope
from orders.documents.fields import DocumentRefused, Problem

router = Router(tags=["events"])

LONGEST_WAIT_SECONDS = 20
ASKED_AGAIN_SECONDS = 0.5
"""A call that waits asks the database so often, and holds no transaction meanwhile."""


SEVERAL_TYPES = "^(({0})(,({0}))*)?$".format("|".join(map(re.escape, TYPES)))


class Wanted(Schema):
    """From where on, and what; ``types`` are separated by commas."""

    after: int = Field(0, ge=0, le=LARGEST_ID)
    types: str = Field("", json_schema_extra={"pattern": SEVERAL_TYPES})
    limit: int = Field(100, ge=1, le=feed.MOST)
    wait: int = Field(0, ge=0, le=LONGEST_WAIT_SECONDS)


MOST_WAITING = 2
"""Calls of a process that wait at the same time: its threads are for everybody. More are answered
at once."""
_waiting = BoundedSemaphore(MOST_WAITING)


@router.get("/events", openapi_extra=answers(EventsAnswer, 200, 410))
def events(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """Events after one; with ``wait`` the call stays open until there is one, so long at most."""
    user = caller(request, Scope.EVENTS_READ)
    refuse_unknown(request, wanted)
    types = [each for each in wanted.types.split(",") if each]
    if unknown := [each for each in types if each not in TYPES]:
        raise DocumentRefused(Problem("types", f"{unknown[0]!a:.80} is no type of event"))
    may_wait = wanted.wait > 0 and _waiting.acquire(blocking=False)
    until = time.monotonic() + (wanted.wait if may_wait else 0)
    try:
        while True:
            last = Feed.objects.values_list("last", flat=True).get()
            found = feed.feed_after(wanted.after, types=types, limit=wanted.limit, user=user)
            left = until - time.monotonic()
            if found or left <= 0:
                return _answer(found, wanted, last)
            time.sleep(min(ASKED_AGAIN_SECONDS, left))
    except feed.OlderThanKept as gone:
        further: dict[str, Any] = {"removed": gone.removed}
        raise Refused(410, "older-than-kept", Problem("after", str(gone)), **further) from gone
    finally:
        if may_wait:
            _waiting.release()


def _answer(found: list[PublishedEvent], wanted: Wanted, last: int) -> HttpResponse:
    """Events, and where to read on: behind all that was there before they were looked for."""
    is_rest = len(found) < wanted.limit
    seen = [wanted.after, *(each.sequence for each in found), *([last] if is_rest else [])]
    return as_json({"items": [feed.as_json(each) for each in found], "next_after": max(seen)})
