"""How acts tell what happened to an order: one event each, in their own transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F
from django.dispatch import Signal

from orders.arithmetic.amounts import Standing
from orders.arithmetic.money import Minor
from orders.models import EventType, OrderEvent, OrderSummary
from orders.rows import update_rows

events_written = Signal()
"""Sent with new ``events`` of any orders, in the transaction that writes them."""


def write_event(
    order: OrderSummary,
    type: EventType,
    *,
    by: User,
    facts: Mapping[str, Any],
    after: Standing,
    request_id: str = "",
    fingerprint: str = "",
) -> OrderEvent:
    """Write the next event of a locked order, which is saved after it with its new count."""
    event = next_event(order, type, by=by, facts=facts, after=after)
    event.request_id, event.fingerprint = request_id, fingerprint
    event.save(force_insert=True)
    events_written.send(OrderEvent, events=[event])
    return event


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to a locked order that comes to what it came to.

    Attributes:
        held_more: What is no longer set aside because of it.
    """

    order: OrderSummary
    type: EventType
    facts: Mapping[str, Any]
    held_more: Minor = 0
    request_id: str = ""
    fingerprint: str = ""


def write_event_as_it_stands(
    order: OrderSummary,
    type: EventType,
    *,
    by: User,
    facts: Mapping[str, Any],
    request_id: str = "",
    fingerprint: str = "",
) -> OrderEvent:
    """Write the next event of a locked order that comes to what it came to, and count it."""
    happening = Happening(order, type, facts, request_id=request_id, fingerprint=fingerprint)
    return write_events_as_they_stand([happening], by=by)[0]


def write_events_as_they_stand(happenings: Sequence[Happening], *, by: User) -> list[OrderEvent]:
    """The same for many, of any orders that are locked, in their sequence."""
    orders = {each.order.pk: each.order for each in happenings}
    last = {
        event.order_id: event
        for event in OrderEvent.objects.filter(
            order__in=orders, sequence=F("order__events_written")
        )
    }
    events = []
    for each in happenings:
        each.order.events_written += 1
        events.append(_following(last[each.order.pk], each, by))
        last[each.order.pk] = events[-1]
    OrderEvent.objects.bulk_create(events)
    update_rows(list(orders.values()), ["events_written"])
    events_written.send(OrderEvent, events=events)
    return events


def _following(last: OrderEvent, happening: Happening, by: User) -> OrderEvent:
    return OrderEvent(
        order=happening.order,
        sequence=happening.order.events_written,
        type=happening.type,
        by=by,
        request_id=happening.request_id,
        fingerprint=happening.fingerprint,
        facts=dict(happening.facts),
        grand_total_minor=last.grand_total_minor,
        held_minor=last.held_minor + happening.held_more,
        expected_elsewhere_minor=last.expected_elsewhere_minor,
        given_elsewhere_minor=last.given_elsewhere_minor,
        unpaid_elsewhere_minor=last.unpaid_elsewhere_minor,
    )


def next_event(
    order: OrderSummary,
    type: EventType,
    *,
    by: User,
    facts: Mapping[str, Any],
    after: Standing,
) -> OrderEvent:
    """The next event of an order, which counts it; neither is saved yet.

    Args:
        after: What the order comes to because of it.
    """
    order.events_written += 1
    return OrderEvent(
        order=order,
        sequence=order.events_written,
        type=type,
        by=by,
        facts=dict(facts),
        grand_total_minor=after.totals.grand_total,
        held_minor=after.held,
        expected_elsewhere_minor=after.elsewhere.expected,
        given_elsewhere_minor=after.elsewhere.given,
        unpaid_elsewhere_minor=after.elsewhere.unpaid,
    )
