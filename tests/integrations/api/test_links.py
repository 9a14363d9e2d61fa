"""What an event is too long to say is found where it leads."""

import pytest

from cancellations.acts.exceptions import resolve_exception
from cancellations.acts.undo import undo_change_order
from cancellations.models import ProcessException, Refund, Release
from integrations.events import telling
from integrations.events.publishing import publish_all
from integrations.events.types import ENDPOINT_DISABLED, TYPES
from integrations.models import PublishedEvent
from orders.models import EventType, OrderEvent
from tests.support.builders import cancel, order_document, payment, product, report, select

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def everything_happened(new_order, manager):
    """Orders of which everything was told that there is to tell."""
    new_order([product("1")], "W-9", payments=[payment("20.00", charged_back="30.00")])
    order = new_order([product("1", 3)], "W/1", payments=[payment("30.00")])
    resolve_exception(exception_id=ProcessException.objects.get().pk, note="Called.", by=manager)
    report(order, {"key": "1", "quantity_allocated": 1})
    undo_change_order(change_order_id=cancel(order, select(), by=manager).pk, by=manager)
    unpaid = new_order([product("1", 3)], "W-2", payments=[payment("30.00", captured="10.00")])
    cancel(unpaid, select(quantity=2), by=manager)


def became():
    """All that refunds and releases may become, unwritten: guards hold what is written to more."""
    for kind, model in (("refund", Refund), ("release", Release)):
        row = model.objects.select_related("change_order__order").first()
        facts = {kind: row.pk, "payment": "P1", "amount": 1000}
        for now in ("succeeded", "failed", "unknown", "withdrawn"):
            moved = {"was": "processing", "now": now, **facts}
            order = row.change_order.order
            yield OrderEvent(order=order, type=EventType.GATEWAY_ANSWERED, facts=moved)
        yield OrderEvent(order=order, type=EventType.LEFT_TO_PEOPLE, facts=facts)


def test_every_event_leads_to_what_can_be_read(call, everything_happened, monkeypatch):
    monkeypatch.setattr(telling, "MOST_BYTES", 0)
    document = order_document(order_number="W-7")
    for each in (document, {**document, "channel": "Store"}):
        assert call("PUT", "/orders/W-7", each).status_code in (200, 201)
    publish_all()

    told = list(PublishedEvent.objects.values_list("type", "data__href"))
    told += [(each.type, each.href) for event in became() for each in telling.told_by(event)]
    assert {type for type, _ in told} == set(TYPES) - {ENDPOINT_DISABLED}
    for _, href in told:
        assert call("GET", href.removeprefix("/api/v1")).status_code == 200, href
