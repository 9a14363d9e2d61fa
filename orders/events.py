"""How acts tell what happened to an order: one event each, in their own transaction."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from orders.arithmetic.amounts import Standing
from orders.arithmetic.money import Minor
from orders.models import EventType, OrderEvent, OrderSummary


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
    return event


def write_event_as_it_stands(
    order: OrderSummary,
    type: EventType,
    *,
    by: User,
    facts: Mapping[str, Any],
    held_more: Minor = 0,
    request_id: str = "",
    fingerprint: str = "",
) -> OrderEvent:
    """Write the next event of a locked order that comes to what it came to, and count it.

    Args:
        held_more: What is no longer set aside because of it.
    """
    last = order.events.get(sequence=order.events_written)
    order.events_written += 1
    event = OrderEvent.objects.create(
        order=order,
        sequence=order.events_written,
        type=type,
        by=by,
        request_id=request_id,
        fingerprint=fingerprint,
        facts=dict(facts),
        grand_total_minor=last.grand_total_minor,
        held_minor=last.held_minor + held_more,
        expected_elsewhere_minor=last.expected_elsewhere_minor,
        given_elsewhere_minor=last.given_elsewhere_minor,
        unpaid_elsewhere_minor=last.unpaid_elsewhere_minor,
    )
    order.save(update_fields=["events_written"])
    return event


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
