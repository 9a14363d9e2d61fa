"""What an order's event tells to the outside: numbers and amounts, no names and no addresses."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from cancellations.models import ChangeOrder, ProcessException, Refund, Release
from cancellations.models.refund_states import RefundStatus
from orders.addresses import spelled
from orders.arithmetic.money import Currency, Minor, show
from orders.models import EventType, OrderEvent

MOST_BYTES = 20_000
"""Of what an event tells; of more it tells where it can be asked for."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event of the feed before it has its place there."""

    type: str
    said: Mapping[str, Any]
    href: str

    @property
    def data(self) -> dict[str, Any]:
        """What it says, or where to ask where that would be too long."""
        is_short = len(json.dumps(self.said).encode()) <= MOST_BYTES
        return dict(self.said) if is_short else {"href": self.href}


Telling: TypeAlias = Callable[[OrderEvent], Iterator[Told]]


def told_by(event: OrderEvent) -> list[Told]:
    """What an event tells, in sequence; nothing where it is nobody's business outside.

    Args:
        event: Fetched with its order and its change orders (``publishing.py``).
    """
    tell = _TELLS.get(EventType(event.type))
    return list(tell(event)) if tell else []


def told_of_exception(exception: ProcessException, type: str) -> Told:
    """That an exception was opened or resolved."""
    said = {
        **_order(exception.order.order_number),
        "exception": exception.pk,
        "category": exception.category,
        "severity": exception.severity,
        "line": exception.line.key if exception.line else None,
        "payment": exception.payment.key if exception.payment else None,
        "refund": exception.refund_id,
        "release": exception.release_id,
    }
    return Told(type, said, f"/api/v1/process-exceptions/{exception.pk}")


def money(amount: Minor, currency: Currency) -> dict[str, str]:
    """An amount as documents spell it, with its currency."""
    return {"amount": show(amount, currency), "currency": currency.code}


def _order(number: str) -> dict[str, Any]:
    return {"order_number": number}


def _order_href(event: OrderEvent) -> str:
    return f"/api/v1/orders/{spelled(event.order.order_number)}"


def _of_order(event: OrderEvent, type: str, **said: Any) -> Told:
    """An event of the order itself, with what the order came to."""
    currency = event.order.currency
    whole = {
        **_order(event.order.order_number),
        "grand_total": money(event.grand_total_minor, currency),
        "held": money(event.held_minor, currency),
        **said,
    }
    return Told(type, whole, _order_href(event))


def _imported(event: OrderEvent) -> Iterator[Told]:
    yield _of_order(event, "order.imported")


def _amended(event: OrderEvent) -> Iterator[Told]:
    yield _of_order(event, "order.amended", fields=list(event.facts["fields"]))
    yield from _created(event)


def _reported(event: OrderEvent) -> Iterator[Told]:
    yield _of_order(
        event,
        "order.fulfillment_recorded",
        lines=sorted(event.facts["lines"]),
        payments=sorted(event.facts["payments"]),
    )
    yield from _created(event)


def _created(event: OrderEvent) -> Iterator[Told]:
    for change_order in event.change_orders.all():
        yield Told(
            "change_order.created",
            {**_change_order(change_order, event), "kind": change_order.kind},
            f"/api/v1/change-orders/{change_order.number}",
        )


def _change_order(change_order: ChangeOrder, event: OrderEvent) -> dict[str, Any]:
    currency = event.order.currency
    return {
        **_order(event.order.order_number),
        "change_order": change_order.number,
        "canceled": money(change_order.canceled_minor, currency),
        "refund_due": money(change_order.refund_due_minor, currency),
        "lines": [
            {"line": item.line.key, "quantity": item.quantity} for item in change_order.items.all()
        ],
        "refunds": [_instruction(row, event) for row in change_order.refunds.all()],
        "releases": [_instruction(row, event) for row in change_order.releases.all()],
    }


def _instruction(row: Refund | Release, event: OrderEvent) -> dict[str, Any]:
    return {
        "id": row.pk,
        "payment": row.payment.key,
        **money(row.amount_minor, event.order.currency),
    }


def _undone(event: OrderEvent) -> Iterator[Told]:
    """The reversal is a change order too; what it withdraws is told after it."""
    yield from _created(event)
    for reversal in event.change_orders.all():
        undone = reversal.undoes
        if undone is None:
            continue
        yield Told(
            "change_order.undone",
            {
                **_order(event.order.order_number),
                "change_order": undone.number,
                "undone_by": reversal.number,
            },
            f"/api/v1/change-orders/{undone.number}",
        )
        for row in (*undone.refunds.all(), *undone.releases.all()):
            yield _of_instruction(
                event,
                "withdrawn",
                {
                    "release" if row.is_release else "refund": row.pk,
                    "payment": row.payment.key,
                    "amount": row.amount_minor,
                },
            )


def _became(event: OrderEvent) -> Iterator[Told]:
    """What a refund or release became by an answer or a person, if that is told at all."""
    facts = event.facts
    if facts["was"] != facts["now"] and facts["now"] in _STATES:
        yield _of_instruction(event, facts["now"], facts)


def _left_to_people(event: OrderEvent) -> Iterator[Told]:
    """Money that no payment could take is told by its exception alone."""
    if "refund" in event.facts or "release" in event.facts:
        yield _of_instruction(event, "needs_person", event.facts)


def _of_instruction(event: OrderEvent, became: str, facts: Mapping[str, Any]) -> Told:
    kind = "release" if "release" in facts else "refund"
    said = {
        **_order(event.order.order_number),
        kind: facts[kind],
        "payment": facts["payment"],
        **money(facts["amount"], event.order.currency),
    }
    # Releases have no address of their own: their order shows them.
    href = _order_href(event) if kind == "release" else f"/api/v1/refunds/{facts[kind]}"
    return Told(f"{kind}.{became}", said, href)


_STATES = (
    RefundStatus.SUCCEEDED,
    RefundStatus.FAILED,
    RefundStatus.UNKNOWN,
    RefundStatus.WITHDRAWN,
)
_TELLS: Mapping[EventType, Telling] = {
    EventType.IMPORTED: _imported,
    EventType.AMENDED: _amended,
    EventType.REPORTED: _reported,
    EventType.CANCELED: _created,
    EventType.SETTLED: _created,
    EventType.UNDONE: _undone,
    EventType.GATEWAY_ANSWERED: _became,
    EventType.PERSON_DECIDED: _became,
    EventType.LEFT_TO_PEOPLE: _left_to_people,
}
"""Notes, notices to customers, approvals and erasures are nobody's business outside; that an
exception was resolved is told by the exception, whoever resolved it.
"""
