"""One state to the next: a refund or release, and its money with it, under the order's lock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F

from cancellations.models import Refund
from cancellations.models.refunds import Instruction, RefundStatus
from cancellations.refunds.attention import kind_of
from orders.events import write_event_as_it_stands
from orders.models import EventType, OrderEvent, OrderSummary, PaymentSummary


class NotItsWay(Exception):
    """No way leads from the state that a refund or release is in to the one that is wanted."""


def locked(row: Instruction) -> Instruction:
    """The refund or release as it is now, locked after its order."""
    rows = type(row).objects.select_for_update(of=("self",)).for_carrying_out()
    found: Instruction = rows.get(pk=row.pk)
    return found


def write_status(
    order: OrderSummary,
    row: Instruction,
    status: RefundStatus,
    *,
    type: EventType,
    by: User,
    facts: Mapping[str, Any],
) -> OrderEvent:
    """Write what happened to one as an event, its new state, and what that makes of its money.

    Args:
        order: Locked; ``row`` is read and locked after it. Its other changed fields are saved too.

    Raises:
        NotItsWay: It cannot become that (domain.md §6).
    """
    was = RefundStatus(row.status)
    if status != was and not was.may_become(status):
        raise NotItsWay(f"{row} is {was} and cannot become {status}.")
    gives_up = status == RefundStatus.WITHDRAWN
    event = write_event_as_it_stands(
        order,
        type,
        by=by,
        facts={
            kind_of(row): row.pk,
            "payment": row.payment.key,
            "amount": row.amount_minor,
            "was": str(was),
            "now": str(status),
            **facts,
        },
        held_more=row.amount_minor if gives_up and isinstance(row, Refund) else 0,
    )
    row.status = status
    row.save()
    _move_money(row, was, status)
    return event


def _move_money(row: Instruction, was: RefundStatus, now: RefundStatus) -> None:
    if was == now:
        return
    payment = PaymentSummary.objects.filter(pk=row.payment_id)
    amount = row.amount_minor
    if isinstance(row, Refund):
        aside = (now.reserves_money - was.reserves_money) * amount
        gone = ((now == RefundStatus.SUCCEEDED) - (was == RefundStatus.SUCCEEDED)) * amount
        if aside or gone:
            payment.update(
                reserved_minor=F("reserved_minor") + aside,
                refunded_here_minor=F("refunded_here_minor") + gone,
            )
    elif now == RefundStatus.WITHDRAWN:
        kept = row.payment.released_minor - amount
        payment.update(
            released_minor=kept,
            captured_at_release_minor=row.payment.captured_at_release_minor if kept else None,
        )


def takes_out_of_the_queue(row: Instruction, due_at: datetime | None = None) -> None:
    """Let go of its lease, and have it worked on again at ``due_at``, or not."""
    row.lease, row.due_at, row.look_up_first = None, due_at, False
