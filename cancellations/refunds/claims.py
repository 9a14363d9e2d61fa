"""What a worker does next with a refund or release, decided as it claims it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import Enum
from typing import TypeAlias

from django.conf import settings
from django.db.models import Exists, OuterRef

from cancellations.arithmetic.sending import Next, Sent, next_call
from cancellations.models import Attempt, ProcessException, Refund, Release
from cancellations.models.refund_states import ByHand, RefundStatus
from cancellations.models.refunds import Instruction, InstructionQuerySet
from cancellations.refunds.attention import about
from cancellations.refunds.gateways import by_hand, gateway_of
from cancellations.refunds.gateways.asking import asked_of

Money: TypeAlias = type[Refund] | type[Release]


def waiting(model: Money) -> InstructionQuerySet:
    """Those in the queue; ``is_in_doubt`` says of which a person has to say something first.

    It may be this very refund that was reported to have gone back elsewhere (domain.md §6).
    """
    doubts = ProcessException.objects.open().filter(
        category=ProcessException.Category.REFUND,
        payment=OuterRef("payment"),
        refund__isnull=True,
        release__isnull=True,
    )
    return model.objects.for_carrying_out().annotate(is_in_doubt=Exists(doubts))


class Held(Enum):
    """What is left as it is, for a person to say something about it first."""

    IN_DOUBT = "in_doubt"


def decide(row: Instruction, now: datetime) -> Collection[str]:
    """Decide what comes next, and say so on the row before anything is sent."""
    row.step = _step(row, now)
    if row.status == RefundStatus.MANUAL or row.step is Held.IN_DOUBT:
        return ()
    if row.status != RefundStatus.SETTLING:
        row.status = RefundStatus.PROCESSING  # guard: a claim is seen
    if row.step == Next.SEND and row.first_sent_at is None:
        row.first_sent_at = now
    return ("status", "first_sent_at")


def _step(row: Instruction, now: datetime) -> Next | ByHand | Held:
    """What comes next for one that is claimed; why by hand, where no gateway was told yet."""
    if row.status == RefundStatus.MANUAL:
        return ByHand(row.by_hand or ByHand.GATEWAY)
    gateway = gateway_of(row.payment.gateway)
    if row.first_sent_at is None:
        is_in_doubt = getattr(row, "is_in_doubt", False)
        if row.status == RefundStatus.PENDING and is_in_doubt:  # guard: doubts hold back
            return Held.IN_DOUBT
        if reason := _why_by_hand(row):
            return reason
    if isinstance(gateway, ByHand):
        return Next.PERSON
    return next_call(
        Sent(
            row.first_sent_at,
            row.tries,
            is_settling=row.status == RefundStatus.SETTLING,
            look_up_first=row.look_up_first,
        ),
        now=now,
        key_lifetime=gateway.capabilities.key_lifetime,
        can_look_up=gateway.capabilities.can_look_up,
        most_tries=settings.REFUND_MOST_TRIES,
    )


def _why_by_hand(row: Instruction) -> ByHand | None:
    """Why no gateway can do it, or should: a payment may have been charged back meanwhile."""
    if isinstance(row, Refund) and row.payment.figures.held < 0:
        return ByHand.OVERDRAWN
    captured = row.payment.captured_minor
    return by_hand(row.payment.gateway, asked_of(row), captured=captured)


def announce(rows: Sequence[Instruction], now: datetime) -> None:
    """Write down every call before it is made."""
    for row in rows:
        if row.step in (Next.SEND, Next.LOOK_UP):
            row.attempt = Attempt(
                **about(row),
                call=Attempt.Call.LOOK_UP if row.step == Next.LOOK_UP else Attempt.Call.SEND,
                lease=row.claimed_by,
                idempotency_key=row.idempotency_key,
                began_at=now,
            )
    Attempt.objects.bulk_create(row.attempt for row in rows if row.attempt)
