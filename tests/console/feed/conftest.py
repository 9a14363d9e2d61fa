import re
from html import unescape

import pytest

from orders.models import OrderEvent
from tests.support.unguarded import unguarded


@pytest.fixture
def said():
    """What an order's feed says, newest first: each event's lines as text."""

    def said(client, number="W-1", query=""):
        page = client.get(f"/order-summaries/{number}/feed/{query}").text
        entries = re.findall(r'<li id="event-\d+">(.*?)</time>', page, re.DOTALL)
        return [_lines(entry) for entry in entries]

    return said


def _lines(entry):
    parts = re.split(r"</?(?:p|li|ul|div|span|blockquote|svg|path)\b[^>]*>", entry)
    texts = [" ".join(unescape(re.sub(r"<[^>]+>", "", part)).split()) for part in parts]
    return [text for text in texts if text][:-1]


@pytest.fixture
def tell(db):
    """Writes an event of any type and with any facts, as no act does."""

    def tell(order, type, facts, **columns):
        last = order.events.order_by("sequence").last()
        with unguarded(OrderEvent):
            last.pk = None
            last.sequence += 1
            last.type, last.facts, last.request_id = type, facts, ""
            for name, value in columns.items():
                setattr(last, name, value)
            last.save(force_insert=True)
        return last

    return tell
