"""What is written down of acts on refunds, exceptions and customers: events, seen by auditors."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User

from cancellations.acts.erase_customer import account_erased
from cancellations.connections import connection_changed, records_taken
from cancellations.documents.export import orders_exported
from console.audit.recording import record
from console.models import AuditKind
from orders.events import events_written
from orders.models import EventType, OrderEvent

AUDITED = {
    EventType.SECOND_PERSON: AuditKind.MONEY,
    EventType.SETTLED: AuditKind.MONEY,
    EventType.UNDONE: AuditKind.MONEY,
    EventType.PERSON_DECIDED: AuditKind.MONEY,
    EventType.NOTHING_MORE_EXPECTED: AuditKind.MONEY,
    EventType.EXCEPTION_RESOLVED: AuditKind.EXCEPTION,
    EventType.CUSTOMER_ERASED: AuditKind.ERASED,
}
"""Events that stand in the audit, too; in whose transaction the entry is written."""

MOST_NAMED = 20
"""Of the orders that an export was asked for."""

_SAID = ("decision", "request", "refund", "release", "exception", "change_order")


def listen() -> None:
    events_written.connect(_happened, dispatch_uid="audit.events")
    account_erased.connect(_erased, dispatch_uid="audit.account_erased")
    orders_exported.connect(_exported, dispatch_uid="audit.orders_exported")
    records_taken.connect(_taken, dispatch_uid="audit.records_taken")
    connection_changed.connect(_connected, dispatch_uid="audit.connection_changed")


def _happened(sender: object, events: Sequence[OrderEvent], **kwargs: Any) -> None:
    for event in events:
        kind = AUDITED.get(EventType(event.type))
        if kind:
            said = {name: event.facts[name] for name in _SAID if name in event.facts}
            record(
                kind,
                about=event.order.order_number,
                by=event.by,
                event=str(event.type),
                sequence=event.sequence,
                **said,
            )


def _erased(sender: object, number: str, by: User, **kwargs: Any) -> None:
    record(AuditKind.ERASED, about=number, by=by)


def _exported(sender: object, numbers: list[str] | None, **kwargs: Any) -> None:
    record(AuditKind.EXPORTED, about="orders", asked=(numbers or [])[:MOST_NAMED])


def _taken(sender: object, about: str, asked: list[str], **kwargs: Any) -> None:
    record(AuditKind.EXPORTED, about=about, asked=asked)


def _connected(
    sender: object, about: str, act: str, by: User, facts: Mapping[str, Any], **kwargs: Any
) -> None:
    record(AuditKind.CONNECTION, about=about, by=by, act=act, **facts)
