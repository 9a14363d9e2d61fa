"""What is written down of acts on refunds, exceptions and customers: events, seen by auditors."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models.signals import post_save

from cancellations.acts.erase_customer import account_erased
from cancellations.documents.export import orders_exported
from console.audit.recording import record
from console.models import AuditKind
from orders.models import EventType, OrderEvent

AUDITED = {
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

_SAID = ("decision", "refund", "release", "exception", "change_order")


def listen() -> None:
    post_save.connect(_happened, sender=OrderEvent, dispatch_uid="audit.events")
    account_erased.connect(_erased, dispatch_uid="audit.account_erased")
    orders_exported.connect(_exported, dispatch_uid="audit.orders_exported")


def _happened(sender: object, instance: OrderEvent, created: bool, **kwargs: Any) -> None:
    kind = AUDITED.get(EventType(instance.type))
    if created and kind:
        facts = instance.facts if isinstance(instance.facts, dict) else {}
        said = {name: facts[name] for name in _SAID if name in facts}
        record(
            kind,
            about=instance.order.order_number,
            by=instance.by,
            event=str(instance.type),
            sequence=instance.sequence,
            **said,
        )


def _erased(sender: object, number: str, by: User, **kwargs: Any) -> None:
    record(AuditKind.ERASED, about=number, by=by)


def _exported(sender: object, numbers: list[str] | None, **kwargs: Any) -> None:
    record(AuditKind.EXPORTED, about="orders", asked=(numbers or [])[:MOST_NAMED])
