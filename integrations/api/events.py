"""The feed: everything that happened, in the sequence in which it was published."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from integrations.api.callers import caller
from integrations.api.described import takes
from integrations.api.documents import as_json
from integrations.api.pages import LARGEST_ID
from integrations.api.problems import Refused
from integrations.events import feed
from integrations.events.types import TYPES
from integrations.models import PublishedEvent, Scope
from orders.documents.fields import DocumentRefused, Problem

router = Router(tags=["events"])

LONGEST_WAIT_SECONDS = 20
ASKED_AGAIN_SECONDS = 0.5
"""A call that waits asks the database so often, and holds no transaction meanwhile."""


class Wanted(Schema):
    """From where on, and what; ``types`` are separated by commas."""

    after: int = Field(0, ge=0, le=LARGEST_ID)
    types: str = ""
    limit: int = Field(100, ge=1, le=feed.MOST)
    wait: int = Field(0, ge=0, le=LONGEST_WAIT_SECONDS)


@router.get("/events", openapi_extra=takes(None, 200, 410))
def events(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """Events after one; with ``wait`` the call stays open until there is one, so long at most."""
    user = caller(request, Scope.EVENTS_READ)
    types = [each for each in wanted.types.split(",") if each]
    if unknown := [each for each in types if each not in TYPES]:
        raise DocumentRefused(Problem("types", f"{unknown[0]!a:.80} is no type of event"))
    until = time.monotonic() + wanted.wait
    try:
        while True:
            found = feed.feed_after(wanted.after, types=types, limit=wanted.limit, user=user)
            left = until - time.monotonic()
            if found or left <= 0:
                return _answer(found, wanted.after)
            time.sleep(min(ASKED_AGAIN_SECONDS, left))
    except feed.OlderThanKept as gone:
        further: dict[str, Any] = {"removed": gone.removed}
        raise Refused(410, "older-than-kept", Problem("after", str(gone)), **further) from gone


def _answer(found: list[PublishedEvent], after: int) -> HttpResponse:
    last = found[-1].sequence if found else after
    return as_json({"items": [feed.as_json(each) for each in found], "next_after": last})
