"""Refunds and releases carried out: claimed, sent with no lock held, and recorded (domain.md §6).

What a gateway answers is recorded under the order's lock, with an event. A worker that dies in
between leaves the row claimed; after its lease it is due again, under the same idempotency key.
"""

import logging
import random
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic
from typing import TypeAlias

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, Q
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from cancellations.acts.record_fulfillment import raise_refunded_elsewhere
from cancellations.arithmetic.sending import (
    UNKNOWN_AT_MOST,
    Next,
    Sent,
    next_call,
    wait_after,
    wait_for_settling,
)
from cancellations.customer_notices import tell_of_refunds
from cancellations.models import Attempt, ProcessException, Refund, Release
from cancellations.models.refunds import ByHand, Instruction, InstructionQuerySet, RefundStatus
from cancellations.refunds.attention import about, call_for_a_person, nobody_is_needed
from cancellations.refunds.gateways import (
    FOR_PEOPLE,
    OTHER_AMOUNT,
    Answer,
    Kind,
    NoAnswer,
    by_hand,
    gateway_of,
)
from cancellations.refunds.gateways.asking import asked_of
from cancellations.refunds.recording import locked, takes_out_of_the_queue, write_status
from cancellations.seeds import SYSTEM_USER
from cancellations.work import Clock, Queue
from orders.locking import OrderBusy, locked_order
from orders.models import EventType, OrderSummary

logger = logging.getLogger(__name__)

BESIDE_THE_CALL = timedelta(seconds=40)
"""What recording may take, and clocks may differ by, beside the gateway's time-out."""
RECORDED_BEFORE_GIVING_UP = 5
SETTLING_AT_MOST = timedelta(days=10)
"""So long one may be settling before people are told."""
LONGEST_REMARK = 500

Money: TypeAlias = type[Refund] | type[Release]
Outcome = Attempt.Outcome


def queue_of(model: Money) -> Queue:
    """The refunds or the releases that wait to be carried out."""
    return Queue(
        rows=lambda: waiting(model),
        claim=_claim,
        claimed=_announce,
        work=carry_out,
        lease=timedelta(seconds=settings.GATEWAY_TIMEOUT_SECONDS) + BESIDE_THE_CALL,
    )


def waiting(model: Money) -> InstructionQuerySet:
    """Those in the queue, without those that a doubt about their payment holds back.

    More may have gone back over it than there was, or this very refund elsewhere: a person says.
    """
    doubts = ProcessException.objects.open().filter(
        category=ProcessException.Category.REFUND,
        payment=OuterRef("payment"),
        refund__isnull=True,
        release__isnull=True,
    )
    rows = model.objects.for_carrying_out()
    if model is Release:
        return rows
    overdrawn = Q(
        payment__captured_minor__lt=F("payment__refunded_elsewhere_minor")
        + F("payment__refunded_here_minor")
        + F("payment__charged_back_minor")
        + F("payment__reserved_minor")
    )
    may_be_twice = Exists(doubts) | overdrawn
    return rows.exclude(Q(status=RefundStatus.PENDING) & may_be_twice)  # guard: doubts hold back


def _claim(row: Instruction, now: datetime) -> Collection[str]:
    """Decide what comes next, and say so on the row before anything is sent."""
    row.step = _step(row, now)
    if row.status == RefundStatus.MANUAL:
        return ()
    if row.status != RefundStatus.SETTLING:
        row.status = RefundStatus.PROCESSING  # guard: a claim is seen
    if row.step == Next.SEND and row.first_sent_at is None:
        row.first_sent_at = now
    return ("status", "first_sent_at")


def _step(row: Instruction, now: datetime) -> Next | ByHand:
    """What comes next for one that is claimed; why by hand, where no gateway was told yet."""
    gateway = gateway_of(row.payment.gateway)
    if row.first_sent_at is None:
        reason = by_hand(row.payment.gateway, asked_of(row), captured=row.payment.captured_minor)
        if reason:
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
    stop=stop_after_attempt(RECORDED_BEFORE_GIVING_UP),
    wait=wait_random_exponential(max=5),
    reraise=True,
)


@_while_busy
def record(row: Instruction, answer: Answer, *, now: datetime, milliseconds: int) -> None:
    """Record what a gateway answered to the call that ``row``'s claim announced.

    An answer that comes after the row was claimed again changes it only where money moved: what
    has happened has happened, whoever hears of it.

    Args:
        row: As claimed.
        milliseconds: How long the call took.
    """
    with locked_order(row.change_order.order.order_number) as order:
        current = locked(row)
        took_part = current.lease == row.lease  # guard: only whose claim it is
        by = User.objects.get(username=SYSTEM_USER)
        answer = _in_doubt(current, answer)
        _complete_the_attempt(row, answer, milliseconds)
        if took_part or (answer.outcome == Outcome.SUCCEEDED and not is_overtaken(current, answer)):
            take_answer(order, current, answer, by=by, now=now, call=str(row.step))


def is_overtaken(row: Instruction, answer: Answer) -> bool:
    """Whether an answer says what was so before the gateway said that this very one had failed."""
    is_same = bool(row.gateway_id) and row.gateway_id == answer.gateway_id
    return is_same and row.status == RefundStatus.FAILED


def take_answer(
    order: OrderSummary, row: Instruction, answer: Answer, *, by: User, now: datetime, call: str
) -> None:
    """Make of a refund or release what its gateway says, in an answer or a notice.

    Args:
        order: Locked, and ``row`` after it.
        call: What the gateway answers to; "notice" for what it told of itself.
    """
    answer, was = _in_doubt(row, answer), RefundStatus(row.status)
    row.gateway_id = answer.gateway_id or row.gateway_id
    row.remark = (answer.message or answer.code)[:LONGEST_REMARK]
    status = _status_after(was, answer.outcome)
    if status is None:
        _paid_all_the_same(order, row, answer, by=by, now=now)
        return
    takes_out_of_the_queue(row, _due_again(row, status, answer, now))
    write_status(
        order,
        row,
        status,
        type=EventType.GATEWAY_ANSWERED,
        by=by,
        facts={"call": call, "outcome": str(answer.outcome), "code": answer.code},
    )
    why = _why_a_person(row, answer, now)
    if why == "failed" and was == RefundStatus.SUCCEEDED:
        why = "failed_after_all"
    if why:
        call_for_a_person(row, why=why, now=now)
    elif row.has_ended:
        nobody_is_needed(row, by=by, now=now)
    tell_of_refunds(row, now=now)


def _in_doubt(row: Instruction, answer: Answer) -> Answer:
    """An answer about other money than was asked for leaves a doubt, whatever else it says."""
    currency = row.change_order.order.currency.code
    is_other = answer.amount not in (None, row.amount_minor) or answer.currency not in (
        None,
        currency,
    )
    if not is_other or answer.outcome not in (Outcome.SUCCEEDED, Outcome.SETTLING):
        return answer
    return replace(answer, outcome=Outcome.UNKNOWN, code=OTHER_AMOUNT, message="")


def _status_after(was: RefundStatus, outcome: str) -> RefundStatus | None:
    """What a refund becomes by an answer; None where it had ended, and money moved after that."""
    if outcome == Outcome.SUCCEEDED:
        if was in (RefundStatus.WITHDRAWN, RefundStatus.SUCCEEDED):  # guard: what has ended
            return None
        return RefundStatus.SUCCEEDED
    if was == RefundStatus.SETTLING and outcome != Outcome.REFUSED:
        return RefundStatus.SETTLING
    return _AFTER[Outcome(outcome)]


_AFTER = {
    Outcome.SETTLING: RefundStatus.SETTLING,
    Outcome.REFUSED: RefundStatus.FAILED,
    Outcome.UNKNOWN: RefundStatus.UNKNOWN,
    Outcome.NOT_FOUND: RefundStatus.UNKNOWN,
}


def _due_again(
    row: Instruction, status: RefundStatus, answer: Answer, now: datetime
) -> datetime | None:
    """When it is asked again, or None: it has ended, or a person has to say."""
    if answer.outcome == Outcome.NOT_FOUND or answer.code in FOR_PEOPLE:
        return None
    if status == RefundStatus.SETTLING:
        return now + wait_for_settling(row.tries, chance=random.random())
    if status == RefundStatus.UNKNOWN and row.tries < settings.REFUND_MOST_TRIES:
        first = timedelta(seconds=settings.REFUND_FIRST_WAIT_SECONDS)
        return now + wait_after(row.tries, first=first, chance=random.random())
    return None


def _why_a_person(row: Instruction, answer: Answer, now: datetime) -> str:
    """Why a person has to see to it, or ""."""
    if row.status == RefundStatus.FAILED:
        return "failed"
    if answer.code == OTHER_AMOUNT:
        return OTHER_AMOUNT
    if row.status == RefundStatus.SETTLING:
        is_late = row.first_sent_at and now - row.first_sent_at >= SETTLING_AT_MOST
        return "settling" if is_late else ""
    if row.status != RefundStatus.UNKNOWN:
        return ""
    if answer.outcome == Outcome.NOT_FOUND:
        return "not_found"
    is_late = row.first_sent_at and now - row.first_sent_at >= UNKNOWN_AT_MOST
    return "unknown" if is_late or row.due_at is None else ""


def _paid_all_the_same(
    order: OrderSummary, row: Instruction, answer: Answer, *, by: User, now: datetime
) -> None:
    """What had ended without the gateway was paid by it as well: that money left elsewhere."""
    if row.status == RefundStatus.SUCCEEDED and not row.paid_by:
        return
    if isinstance(row, Refund):
        raise_refunded_elsewhere(
            order, row.payment.key, row.amount_minor, event=f"paid all the same {row.pk}", by=by
        )
    row.save()
    call_for_a_person(row, why="paid_all_the_same", now=now)


def _complete_the_attempt(row: Instruction, answer: Answer, milliseconds: int) -> None:
    Attempt.objects.filter(lease=row.claimed_by).update(
        outcome=answer.outcome,
        milliseconds=milliseconds,
        request=dict(answer.request),
        answer=dict(answer.answer),
    )


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
            by=User.objects.get(username=SYSTEM_USER),
            facts={"why": str(row.step)},
        )
        call_for_a_person(current, why=str(status), now=now)
