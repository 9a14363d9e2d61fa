"""One state to the next: refunds and releases, and their money with them, under orders' locks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib.auth.models import User

from cancellations.models import Refund
from cancellations.models.refund_states import RefundStatus
from cancellations.models.refunds import Instruction
from cancellations.refunds.attention import kind_of
from orders.events import Happening, write_events_as_they_stand
from orders.models import EventType, OrderEvent, OrderSummary, PaymentSummary
from orders.rows import update_rows

WRITTEN = (
    "status",
    "due_at",
    "lease",
    "tries",
    "look_up_first",
    "idempotency_key",
    "first_sent_at",
    "gateway_id",
    "by_hand",
    "remark",
    "paid_by",
    "reference",
)
"""What moves of one with its state; when a person was called is written where that happens."""
_MONEY = ("reserved_minor", "refunded_here_minor", "released_minor", "captured_at_release_minor")


class NotItsWay(Exception):
    """No way leads from the state that a refund or release is in to the one that is wanted."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one becomes, and why.

    Attributes:
        order: Locked; ``row`` is read and locked after it. Its other changed fields are saved too.
    """

    order: OrderSummary
    row: Instruction
    status: RefundStatus
    type: EventType
    facts: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.row} is {self.row.status} and cannot become {self.status}."

    @property
    def is_allowed(self) -> bool:
        was = RefundStatus(self.row.status)
        return self.status == was or was.may_become(self.status)

    def as_happening(self) -> Happening:
        gives_up = self.status == RefundStatus.WITHDRAWN and isinstance(self.row, Refund)
        return Happening(
            self.order,
            self.type,
            facts={
                kind_of(self.row): self.row.pk,
                "payment": self.row.payment.key,
                "amount": self.row.amount_minor,
                "was": str(self.row.status),
                "now": str(self.status),
                **self.facts,
            },
            held_more=self.row.amount_minor if gives_up else 0,
        )


def locked(row: Instruction) -> Instruction:
    """The refund or release as it is now, locked after its order."""
    return locked_rows([row])[row.pk]


def locked_rows(rows: Sequence[Instruction], *, wait: bool = True) -> Mapping[int, Instruction]:
    """Refunds, or releases, as they are now by primary key, locked after their orders.

    Args:
        wait: For those that somebody else has locked; else they are left out.
    """
    if not rows:
        return {}
    free = type(rows[0]).objects.select_for_update(skip_locked=not wait, of=("self",))
    found = free.for_carrying_out()
    return {row.pk: row for row in found.filter(pk__in=[row.pk for row in rows]).order_by("pk")}


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

    Raises:
        NotItsWay: It cannot become that (domain.md §6).
    """
    return write_turns([Turn(order, row, status, type, facts)], by=by)[0]


def write_turns(turns: Collection[Turn], *, by: User) -> list[OrderEvent]:
    """The same for many, each of them once, of any orders that are locked.

    Raises:
        NotItsWay: One cannot become what it should; nothing was written.
    """
    for turn in turns:
        if not turn.is_allowed:
            raise NotItsWay(turn)
    events = write_events_as_they_stand([turn.as_happening() for turn in turns], by=by)
    moves = [(turn.row, RefundStatus(turn.row.status), turn.status) for turn in turns]
    for turn in turns:
        turn.row.status = turn.status
    for _, rows in groupby(sorted((turn.row for turn in turns), key=kind_of), key=kind_of):
        update_rows(list(rows), WRITTEN)
    _move_money([move for move in moves if _moves_money(*move)])
    return events


def _moves_money(row: Instruction, was: RefundStatus, now: RefundStatus) -> bool:
    if was == now:
        return False
    if isinstance(row, Refund):
        return RefundStatus.SUCCEEDED in (was, now) or was.reserves_money != now.reserves_money
    return now == RefundStatus.WITHDRAWN


def _move_money(moves: Sequence[tuple[Instruction, RefundStatus, RefundStatus]]) -> None:
    """Move what is set aside, gone or released, on the payments as they are under the lock."""
    payments = PaymentSummary.objects.in_bulk({row.payment_id for row, _, _ in moves})
    for row, was, now in moves:
        payment = payments[row.payment_id]
        if isinstance(row, Refund):
            payment.reserved_minor += (now.reserves_money - was.reserves_money) * row.amount_minor
            succeeded = (now == RefundStatus.SUCCEEDED) - (was == RefundStatus.SUCCEEDED)
            payment.refunded_here_minor += succeeded * row.amount_minor
        else:
            payment.released_minor -= row.amount_minor
            if not payment.released_minor:
                payment.captured_at_release_minor = None
    update_rows(list(payments.values()), _MONEY)


def takes_out_of_the_queue(row: Instruction, due_at: datetime | None = None) -> None:
    """Let go of its lease, and have it worked on again at ``due_at``, or not."""
    row.lease, row.due_at, row.look_up_first = None, due_at, False
