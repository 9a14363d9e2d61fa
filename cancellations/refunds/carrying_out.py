"""Refunds and releases carried out: claimed, sent with no lock held, and recorded (domain.md §6).

A worker that dies in between leaves the row claimed; after its lease it is due again, under the
same idempotency key.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import Enum
from time import monotonic
from typing import TypeAlias

from django.conf import settings
from django.db.models import Exists, OuterRef
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from cancellations.arithmetic.sending import (
    Next,
    Sent,
    next_call,
)
from cancellations.models import Attempt, ProcessException, Refund, Release
from cancellations.models.refunds import ByHand, Instruction, InstructionQuerySet, RefundStatus
from cancellations.refunds.answers import in_doubt, is_overtaken, paid_all_the_same, take_answer
from cancellations.refunds.attention import about, call_for_a_person
from cancellations.refunds.gateways import (
    Answer,
    Kind,
    NoAnswer,
    by_hand,
    gateway_of,
)
from cancellations.refunds.gateways.asking import asked_of
from cancellations.refunds.recording import locked, takes_out_of_the_queue, write_status
from cancellations.seeds import system_user
from cancellations.work import Clock, Queue
from orders.locking import OrderBusy, locked_order
from orders.models import EventType

logger = logging.getLogger(__name__)

CALLS_AT_MOST = 4
"""How many answers of a gateway one call of ours may wait for."""
BESIDE_THE_CALL = timedelta(seconds=40)
"""What recording may take, and clocks may differ by, beside the gateway's time-outs."""
DOUBTS_ARE_SEEN_TO_EVERY = timedelta(minutes=5)

Money: TypeAlias = type[Refund] | type[Release]
Outcome = Attempt.Outcome


def queue_of(model: Money) -> Queue:
    """The refunds or the releases that wait to be carried out."""
    return Queue(
        rows=lambda: waiting(model),
        claim=_claim,
        claimed=_announce,
        work=carry_out,
        lease=timedelta(seconds=CALLS_AT_MOST * settings.GATEWAY_TIMEOUT_SECONDS) + BESIDE_THE_CALL,
    )


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


def _claim(row: Instruction, now: datetime) -> Collection[str]:
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


def _announce(rows: Sequence[Instruction], now: datetime) -> None:
    """Write down every call before it is made."""
    Attempt.objects.bulk_create(
        Attempt(
            **about(row),
            call=Attempt.Call.LOOK_UP if row.step == Next.LOOK_UP else Attempt.Call.SEND,
            lease=row.claimed_by,
            idempotency_key=row.idempotency_key,
            began_at=now,
        )
        for row in rows
        if row.step in (Next.SEND, Next.LOOK_UP)
    )


def carry_out(row: Instruction, clock: Clock) -> None:
    """Do what the claim of a refund or release decided, and record what came of it."""
    if row.step in (Next.SEND, Next.LOOK_UP):
        began = monotonic()
        answer = _call(row, str(row.step))
        record(row, answer, now=clock(), milliseconds=round((monotonic() - began) * 1000))
    elif row.step is Held.IN_DOUBT:
        _hold_back(row, now=clock())
    else:
        _leave_to_people(row, now=clock())


def _call(row: Instruction, step: str) -> Answer:
    """Ask the gateway; whatever it raises leaves a doubt."""
    gateway = gateway_of(row.payment.gateway)
    if isinstance(gateway, ByHand):
        return Answer(Outcome.UNKNOWN, code=gateway.value, message=str(gateway.label))
    asked = asked_of(row)
    try:
        if step == Next.LOOK_UP:
            return gateway.look_up(asked)
        return gateway.release(asked) if asked.kind is Kind.RELEASE else gateway.refund(asked)
    except NoAnswer as silence:
        return Answer(Outcome.UNKNOWN, code="no_answer", message=str(silence))
    except Exception as error:
        logger.exception("%s over %s was not answered", row, row.payment.gateway)
        return Answer(Outcome.UNKNOWN, code=type(error).__name__)


_while_busy = retry(
    retry=retry_if_exception_type(OrderBusy),
    stop=stop_after_attempt(5),
    wait=wait_random_exponential(max=5),
    reraise=True,
)


@_while_busy
def record(row: Instruction, answer: Answer, *, now: datetime, milliseconds: int) -> None:
    """Record what a gateway answered to the call that ``row``'s claim announced.

    An answer that comes after the row was claimed again changes it only where money moved. One
    under a key that was given up since ends nothing that goes on under the new one; that it moved
    money all the same, people are told.
    """
    with locked_order(row.change_order.order.order_number) as order:
        current = locked(row)
        took_part = current.lease == row.lease  # guard: only whose claim it is
        by = system_user()
        answer = in_doubt(current, answer.cleaned())
        _complete_the_attempt(row, answer, milliseconds)
        is_paid = answer.outcome == Outcome.SUCCEEDED and not is_overtaken(current, answer)
        if current.idempotency_key != row.idempotency_key:
            if is_paid:
                paid_all_the_same(order, current, answer, by=by, now=now)
        elif took_part or is_paid:
            take_answer(order, current, answer, by=by, now=now, call=str(row.step))


def _complete_the_attempt(row: Instruction, answer: Answer, milliseconds: int) -> None:
    Attempt.objects.filter(lease=row.claimed_by).update(
        outcome=answer.outcome,
        milliseconds=milliseconds,
        request=dict(answer.request),
        answer=dict(answer.answer),
    )


@_while_busy
def _hold_back(row: Instruction, *, now: datetime) -> None:
    """Leave one as it is until a person has said what was reported; and call one."""
    with locked_order(row.change_order.order.order_number):
        current = locked(row)
        if current.lease != row.lease or current.status != RefundStatus.PENDING:
            return
        takes_out_of_the_queue(current, now + DOUBTS_ARE_SEEN_TO_EVERY)
        current.tries = 0
        current.save(update_fields=["lease", "due_at", "look_up_first", "tries"])
        call_for_a_person(current, why=Held.IN_DOUBT.value, now=now)


@_while_busy
def _leave_to_people(row: Instruction, *, now: datetime) -> None:
    """Nothing that a gateway could be asked: a person has to pay out, or to say what happened."""
    with locked_order(row.change_order.order.order_number) as order:
        current = locked(row)
        if current.lease != row.lease:
            return
        takes_out_of_the_queue(current)
        status = RefundStatus(current.status)
        if isinstance(row.step, ByHand):
            current.by_hand = row.step
            status = RefundStatus.MANUAL
        elif status == RefundStatus.PROCESSING:
            status = RefundStatus.UNKNOWN
        write_status(
            order,
            current,
            status,
            type=EventType.LEFT_TO_PEOPLE,
            by=system_user(),
            facts={"why": str(row.step)},
        )
        call_for_a_person(current, why=str(status), now=now)
