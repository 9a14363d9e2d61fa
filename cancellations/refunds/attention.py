"""People called for: the exception that is open while a refund or release waits for one."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from cancellations.marks import mark_orders
from cancellations.models import ProcessException, Release
from cancellations.models.refunds import Instruction
from orders.models import OrderSummary


def call_for_a_person(row: Instruction, *, why: str, now: datetime) -> None:
    """Open an exception for one that waits for a person, or give the open one newer facts.

    Args:
        row: Locked with its order.
        why: In a word: what ``misfits.py`` has the sentence of.
    """
    facts = {
        "status": str(row.status),
        "why": why,
        "remark": row.remark,
        "by_hand": row.by_hand,
        "amount": row.amount_minor,
    }
    if not _open(row).update(facts=facts):
        ProcessException.objects.create(
            order_id=row.change_order.order_id,
            category=ProcessException.Category.REFUND,
            severity=ProcessException.Severity.HIGH,
            payment=row.payment,
            facts=facts,
            **about(row),
        )
        mark_orders([row.change_order.order_id])
    if row.attention_since is None:
        row.attention_since = now
        row.save(update_fields=["attention_since"])


def nobody_is_needed(row: Instruction, *, by: User, now: datetime, note: str = "") -> None:
    """Resolve the exception of one that came to an end, or that a person decided on."""
    if row.attention_since is None:
        return
    if _open(row).update(resolved_at=now, resolved_by=by, note=note):
        mark_orders([row.change_order.order_id])
    row.attention_since = None
    row.save(update_fields=["attention_since"])


def call_for_an_assignment(
    order: OrderSummary, *, minor: int, now: datetime
) -> ProcessException | None:
    """Open an exception for money that no payment could take; None where one is open."""
    is_open = order.process_exceptions.open().filter(**_UNASSIGNED).exists()
    if is_open:
        return None
    opened = ProcessException.objects.create(
        order=order,
        category=ProcessException.Category.REFUND,
        severity=ProcessException.Severity.HIGH,
        facts={"why": "unassigned", "amount": minor},
    )
    mark_orders([order.pk])
    return opened


def assigned(order: OrderSummary, *, by: User, now: datetime) -> None:
    """Resolve the exception of an order to whose customer nothing is owed any more."""
    open_now = order.process_exceptions.open().filter(**_UNASSIGNED)
    if open_now.update(resolved_at=now, resolved_by=by):
        mark_orders([order.pk])


def about(row: Instruction) -> dict[str, Any]:
    """By which field an exception or an attempt hangs on a refund or release."""
    return {kind_of(row): row}


def kind_of(row: Instruction) -> str:
    """``refund`` or ``release``: how events and rows name it."""
    return "release" if isinstance(row, Release) else "refund"


_UNASSIGNED: dict[str, Any] = {
    "category": ProcessException.Category.REFUND,
    "payment__isnull": True,
}


def _open(row: Instruction) -> Any:
    return ProcessException.objects.open().filter(**about(row))
