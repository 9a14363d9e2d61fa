"""Refunds and releases carried out: claimed, sent with no lock held, and recorded (domain.md §6).

A worker that dies in between leaves the row claimed; after its lease it is due again, under the
same idempotency key.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import TypeAlias

from django.conf import settings
from django.contrib.auth.models import User

from cancellations.arithmetic.sending import Next
from cancellations.models import Attempt
from cancellations.models.refund_states import ByHand, RefundStatus
from cancellations.models.refunds import Instruction
from cancellations.refunds.answers import (
    Taken,
    in_doubt,
    is_overtaken,
    paid_all_the_same,
    take_answers,
)
from cancellations.refunds.attention import call_for_a_person
from cancellations.refunds.claims import Held, Money, announce, decide, waiting
from cancellations.refunds.gateways import Answer, Kind, NoAnswer, gateway_of
from cancellations.refunds.gateways.asking import asked_of
from cancellations.refunds.recording import (
    Turn,
    locked_rows,
    takes_out_of_the_queue,
    write_turns,
)
from cancellations.seeds import system_user
from cancellations.work import Clock, Done, Queue
from orders.locking import orders_free_now
from orders.models import EventType, OrderSummary
from orders.rows import update_rows

logger = logging.getLogger(__name__)

CALLS_AT_MOST = 4
"""How many answers of a gateway one call of ours may wait for."""
BESIDE_THE_CALL = timedelta(seconds=40)
"""What recording may take, and clocks may differ by, beside the gateway's time-outs."""
DOUBTS_ARE_SEEN_TO_EVERY = timedelta(minutes=5)

Outcome = Attempt.Outcome


@dataclass(frozen=True, slots=True)
class Answered:
    """What a gateway answered, and in what time."""

    answer: Answer
    milliseconds: int


Carried: TypeAlias = Done[Instruction, Answered | None]
"""A refund or release that was claimed, with the answer if a gateway was asked."""


def queue_of(model: Money) -> Queue:
    """The refunds or the releases that wait to be carried out."""
    return Queue(
        rows=lambda: waiting(model),
        claim=decide,
        claimed=announce,
        work=ask,
        record=record,
        lease=timedelta(seconds=CALLS_AT_MOST * settings.GATEWAY_TIMEOUT_SECONDS) + BESIDE_THE_CALL,
    )


def ask(row: Instruction, clock: Clock) -> Answered | None:
    """Make the call that the claim of a refund or release announced, if it announced one."""
    if row.step not in (Next.SEND, Next.LOOK_UP):
        return None
    began = monotonic()
    answer = _call(row, str(row.step))
    return Answered(answer, round((monotonic() - began) * 1000))


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


def record(done: Sequence[Carried], clock: Clock) -> Sequence[Carried]:
    """Record what came of refunds, or of releases; gives those whose orders are busy.

    An answer that comes after the row was claimed again changes it only where money moved. One
    under a key that was given up since ends nothing that goes on under the new one; that it moved
    money all the same, people are told.
    """
    once: dict[int, Carried] = {}
    for each in done:
        once.setdefault(each.row.pk, each)
    with orders_free_now({_number(each) for each in once.values()}) as orders:
        of_free_orders = [each for each in once.values() if _number(each) in orders]
        rows = locked_rows([each.row for each in of_free_orders], wait=False)
        free = [each for each in of_free_orders if each.row.pk in rows]
        now, by = clock(), system_user()
        found = [_Found(each, orders[_number(each)], rows[each.row.pk]) for each in free]
        _leave_to_people([one for one in found if one.is_for_people], by=by, now=now)
        for one in found:
            if one.is_held_back:
                _hold_back(one.current, now=now)
        _record_answers([one for one in found if one.answered], by=by, now=now)
    recorded = {id(each) for each in free}
    return [each for each in done if id(each) not in recorded]


def _number(done: Carried) -> str:
    return done.row.change_order.order.order_number


@dataclass(frozen=True, slots=True)
class _Found:
    """One to record: as it was claimed, and as it is now under its order's lock."""

    done: Carried
    order: OrderSummary
    current: Instruction

    @property
    def answered(self) -> Answered | None:
        return self.done.result

    @property
    def took_part(self) -> bool:
        return self.current.lease == self.done.row.lease  # guard: only whose claim it is

    @property
    def is_held_back(self) -> bool:
        is_pending = self.current.status == RefundStatus.PENDING
        return self.took_part and is_pending and self.done.row.step is Held.IN_DOUBT

    @property
    def is_for_people(self) -> bool:
        is_held = self.done.row.step is Held.IN_DOUBT
        return self.took_part and not (self.answered or is_held)


def _record_answers(found: Sequence[_Found], *, by: User, now: datetime) -> None:
    taken, under_another_key = [], []
    for one in found:
        assert one.answered
        row, current = one.done.row, one.current
        answer = in_doubt(current, one.answered.answer.cleaned())
        _complete_the_attempt(row, answer, one.answered.milliseconds)
        is_paid = answer.outcome == Outcome.SUCCEEDED
        if current.idempotency_key != row.idempotency_key:
            if is_paid and not is_overtaken(current, answer):
                under_another_key.append((one, answer))
        elif one.took_part or (is_paid and not is_overtaken(current, answer)):
            taken.append(Taken(one.order, current, answer, str(row.step)))
    attempts = [one.done.row.attempt for one in found]
    update_rows(attempts, ["outcome", "milliseconds", "request", "answer"])
    take_answers(taken, by=by, now=now)
    for one, answer in under_another_key:
        paid_all_the_same(one.order, one.current, answer, by=by, now=now)


def _complete_the_attempt(row: Instruction, answer: Answer, milliseconds: int) -> None:
    row.attempt.outcome, row.attempt.milliseconds = answer.outcome, milliseconds
    row.attempt.request, row.attempt.answer = dict(answer.request), dict(answer.answer)


def _leave_to_people(found: Sequence[_Found], *, by: User, now: datetime) -> None:
    """Nothing that a gateway could be asked: a person has to pay out, or to say what happened."""
    turns = []
    for one in found:
        current, why = one.current, one.done.row.step
        takes_out_of_the_queue(current)
        status = RefundStatus(current.status)
        if isinstance(why, ByHand):
            current.by_hand = why
            status = RefundStatus.MANUAL
        elif status == RefundStatus.PROCESSING:
            status = RefundStatus.UNKNOWN
        facts = {"why": str(why)}
        turns.append(Turn(one.order, current, status, EventType.LEFT_TO_PEOPLE, facts))
    write_turns(turns, by=by)
    for turn in turns:
        call_for_a_person(turn.row, why=str(turn.status), now=now)


def _hold_back(row: Instruction, *, now: datetime) -> None:
    """Leave one as it is until a person has said what was reported; and call one."""
    takes_out_of_the_queue(row, now + DOUBTS_ARE_SEEN_TO_EVERY)
    row.tries = 0
    row.save(update_fields=["lease", "due_at", "look_up_first", "tries"])
    call_for_a_person(row, why=Held.IN_DOUBT.value, now=now)
