"""What is told of what cannot be told: that it happened, and where it can be read."""

import logging
from datetime import datetime

from cancellations.models import ProcessException
from integrations.events.types import ENDPOINT_DISABLED
from integrations.models import Endpoint, PublishedEvent, Unpublished
from integrations.models.published import Source
from orders.addresses import spelled
from orders.models import EventType, OrderEvent

logger = logging.getLogger(__name__)

_TYPES = {
    EventType.IMPORTED: "order.imported",
    EventType.AMENDED: "order.amended",
    EventType.REPORTED: "order.fulfillment_recorded",
    EventType.CANCELED: "change_order.created",
    EventType.SETTLED: "change_order.created",
    EventType.UNDONE: "change_order.undone",
    EventType.GATEWAY_ANSWERED: "refund.needs_person",
    EventType.PERSON_DECIDED: "refund.needs_person",
    EventType.LEFT_TO_PEOPLE: "refund.needs_person",
}
"""What became of a refund or release stands in the facts alone: without them a person looks."""


def bare_events(row: Unpublished, now: datetime) -> list[PublishedEvent]:
    """A link and nothing else; no event where nothing is left to lead to, or nobody is told."""
    if row.source == Source.EVENT:
        return _of_event(row, now)
    if row.source == Source.DISABLED:
        if not Endpoint.objects.filter(pk=row.about).exists():
            return []
        href = f"/api/v1/webhook-endpoints/{row.about}"
        return [_bare(row, ENDPOINT_DISABLED, href, at=now, now=now)]
    return _of_exception(row, now)


def _of_event(row: Unpublished, now: datetime) -> list[PublishedEvent]:
    columns = ("type", "at", "sequence", "order_id", "order__order_number")
    found = OrderEvent.objects.filter(pk=row.about).values_list(*columns).first()
    if found is None:
        logger.error("event %s is not published: it is not there", row.about)
        return []
    type, at, sequence, order, number = found
    if type not in _TYPES:
        return []
    href = f"/api/v1/orders/{spelled(number)}"
    told = _bare(row, _TYPES[type], href, at=at, now=now, order=order, order_sequence=sequence)
    return [told]


def _of_exception(row: Unpublished, now: datetime) -> list[PublishedEvent]:
    columns = ("order_id", "opened_at", "resolved_at")
    found = ProcessException.objects.filter(pk=row.about).values_list(*columns).first()
    if found is None:
        logger.error("exception %s is not published: it is not there", row.about)
        return []
    order, opened_at, resolved_at = found
    is_opened = row.source == Source.OPENED
    return [
        _bare(
            row,
            "exception.opened" if is_opened else "exception.resolved",
            f"/api/v1/process-exceptions/{row.about}",
            at=opened_at if is_opened else (resolved_at or now),
            now=now,
            order=order,
            order_sequence=row.order_sequence,
        )
    ]


def _bare(
    row: Unpublished,
    type: str,
    href: str,
    *,
    at: datetime,
    now: datetime,
    order: int | None = None,
    order_sequence: int | None = None,
) -> PublishedEvent:
    return PublishedEvent(
        type=type,
        source=row.source,
        about=row.about,
        part=row.part,
        order_id=order,
        order_sequence=order_sequence,
        at=at,
        published_at=now,
        data={"href": href, "order_sequence": order_sequence},
    )
