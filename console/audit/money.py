"""What is written down of acts on refunds and exceptions: their events, seen by auditors."""

from typing import Any

from django.db.models.signals import post_save

from console.audit.recording import record
from console.models import AuditKind
from orders.models import EventType, OrderEvent

AUDITED = {
    EventType.SETTLED: AuditKind.MONEY,
    EventType.UNDONE: AuditKind.MONEY,
    EventType.PERSON_DECIDED: AuditKind.MONEY,
    EventType.NOTHING_MORE_EXPECTED: AuditKind.MONEY,
    EventType.EXCEPTION_RESOLVED: AuditKind.EXCEPTION,
}
"""Events that stand in the audit, too; in whose transaction the entry is written."""

_SAID = ("decision", "refund", "release", "exception", "change_order")


def listen() -> None:
    post_save.connect(_happened, sender=OrderEvent, dispatch_uid="audit.events")


def _happened(sender: object, instance: OrderEvent, created: bool, **kwargs: Any) -> None:
    kind = AUDITED.get(EventType(instance.type))
    if created and kind:
        said = {name: instance.facts[name] for name in _SAID if name in instance.facts}
        record(
            kind,
            about=instance.order.order_number,
            by=instance.by,
            event=str(instance.type),
            sequence=instance.sequence,
            **said,
        )
