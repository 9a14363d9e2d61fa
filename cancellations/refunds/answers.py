"""What the answers and notices of gateways make of refunds and releases (domain.md §6)."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User

from cancellations.acts.record_fulfillment import raise_refunded_elsewhere
from cancellations.arithmetic.sending import UNKNOWN_AT_MOST, wait_after, wait_for_settling
from cancellations.customer_notices import tell_of_refunds
from cancellations.models import Attempt, Refund
from cancellations.models.refund_states import ByHand, RefundStatus
from cancellations.models.refunds import Instruction
from cancellations.refunds.attention import call_for_a_person, nobody_is_needed
from cancellations.refunds.gateways import FOR_PEOPLE, OTHER_AMOUNT, Answer, gateway_of
from cancellations.refunds.recording import Turn, takes_out_of_the_queue, write_turns
from orders.models import EventType, OrderSummary

SETTLING_AT_MOST = timedelta(days=10)
"""So long one may be settling before people are told."""
LONGEST_REMARK = 500
LONGEST_EVENT = 200

Outcome = Attempt.Outcome


@dataclass(frozen=True, slots=True)
class Taken:
    """What a gateway says of a refund or release, in an answer or a notice.

    Attributes:
        order: Locked, and ``row`` after it.
        call: What the gateway answers to; "notice" for what it told of itself.
    """

    order: OrderSummary
    row: Instruction
    answer: Answer
    call: str


def take_answer(
    order: OrderSummary, row: Instruction, answer: Answer, *, by: User, now: datetime, call: str
) -> None:
    """Make of a refund or release what its gateway says of it."""
    take_answers([Taken(order, row, answer, call)], by=by, now=now)


def take_answers(taken: Sequence[Taken], *, by: User, now: datetime) -> None:
    """Make of refunds and releases, each of them once, what their gateways say.

    What does not follow on its state, such as *accepted* after *succeeded*, was said too late.
    """
    turns: list[tuple[Turn, RefundStatus, Answer]] = []
    after_the_end: list[Taken] = []
    for each in taken:
        row, was = each.row, RefundStatus(each.row.status)
        answer = in_doubt(row, each.answer.cleaned())
        status = _status_after(was, answer.outcome)
        if status is None:
            after_the_end.append(replace(each, answer=answer))
        elif (turn := _turn(each, status, answer)).is_allowed:
            _take_over(row, status, answer, now)
            turns.append((turn, was, answer))
    write_turns([turn for turn, _, _ in turns], by=by)
    for turn, was, answer in turns:
        _see_to_people(turn.row, was, answer, by=by, now=now)
    for each in after_the_end:
        paid_all_the_same(each.order, each.row, each.answer, by=by, now=now)


def _turn(taken: Taken, status: RefundStatus, answer: Answer) -> Turn:
    facts = {
        "call": taken.call,
        "outcome": str(answer.outcome),
        "code": answer.code,
        "gateway_id": answer.gateway_id,
    }
    return Turn(taken.order, taken.row, status, EventType.GATEWAY_ANSWERED, facts)


def _take_over(row: Instruction, status: RefundStatus, answer: Answer, now: datetime) -> None:
    """What an answer makes of one beside its state."""
    row.gateway_id = answer.gateway_id or row.gateway_id
    row.remark = (answer.message or answer.code)[:LONGEST_REMARK]
    takes_out_of_the_queue(row, _due_again(row, status, answer, now))


def _see_to_people(
    row: Instruction, was: RefundStatus, answer: Answer, *, by: User, now: datetime
) -> None:
    """Call for a person, or for none any more; and have the customer told."""
    why = _why_a_person(row, answer, now)
    if why == "failed" and was == RefundStatus.SUCCEEDED:
        why = "failed_after_all"
    if why:
        call_for_a_person(row, why=why, now=now)
    elif row.has_ended:
        nobody_is_needed(row, by=by, now=now)
    tell_of_refunds(row, now=now)


def is_overtaken(row: Instruction, answer: Answer) -> bool:
    """Whether an answer says what was so before the gateway said that this very one had failed."""
    failed = row.change_order.order.events.filter(
        type=EventType.GATEWAY_ANSWERED, facts__now="failed", facts__gateway_id=answer.gateway_id
    )
    return bool(answer.gateway_id) and failed.exists()


def in_doubt(row: Instruction, answer: Answer) -> Answer:
    """An answer about other money than was asked for leaves a doubt, whatever else it says."""
    currency = row.currency_code
    is_other = answer.amount not in (None, row.amount_minor) or answer.currency not in (
        None,
        currency,
    )
    if not is_other or answer.outcome not in (Outcome.SUCCEEDED, Outcome.SETTLING):
        return answer
    return replace(answer, outcome=Outcome.UNKNOWN, code=OTHER_AMOUNT, message="")


def _status_after(was: RefundStatus, outcome: str) -> RefundStatus | None:
    """What a refund becomes by an answer; None where money moved though it had ended, or before
    it was sent.
    """
    if outcome == Outcome.SUCCEEDED:
        has_ended = was in (RefundStatus.WITHDRAWN, RefundStatus.SUCCEEDED)
        if has_ended or was == RefundStatus.PENDING:  # guard: what has ended
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
    if answer.code in FOR_PEOPLE:
        return None
    if status == RefundStatus.SETTLING:
        if not _can_look_up(row):
            return (row.first_sent_at or now) + SETTLING_AT_MOST
        return now + wait_for_settling(row.tries, chance=random.random())
    if answer.outcome == Outcome.NOT_FOUND:
        return None
    if status == RefundStatus.UNKNOWN and row.tries < settings.REFUND_MOST_TRIES:
        first = timedelta(seconds=settings.REFUND_FIRST_WAIT_SECONDS)
        return now + wait_after(row.tries, first=first, chance=random.random())
    return None


def _can_look_up(row: Instruction) -> bool:
    gateway = gateway_of(row.payment.gateway)
    return not isinstance(gateway, ByHand) and gateway.capabilities.can_look_up


def _why_a_person(row: Instruction, answer: Answer, now: datetime) -> str:
    """Why a person has to see to it, or ""."""
    if row.status == RefundStatus.FAILED:
        return "failed"
    if answer.code == OTHER_AMOUNT:
        return OTHER_AMOUNT
    if row.status == RefundStatus.SETTLING:
        is_late = row.first_sent_at and now - row.first_sent_at >= SETTLING_AT_MOST
        return "settling" if is_late or row.due_at is None else ""
    if row.status != RefundStatus.UNKNOWN:
        return ""
    if answer.outcome == Outcome.NOT_FOUND:
        return "not_found"
    is_late = row.first_sent_at and now - row.first_sent_at >= UNKNOWN_AT_MOST
    return "unknown" if is_late or row.due_at is None else ""


def paid_all_the_same(
    order: OrderSummary, row: Instruction, answer: Answer, *, by: User, now: datetime
) -> None:
    """What had ended without the gateway, or goes on under another key, was paid by it as well.

    That money left elsewhere; what is still to be sent waits for a person then. Nothing happens
    where the answer says again what the row says already.
    """
    is_said_already = not row.paid_by and answer.gateway_id in ("", row.gateway_id)
    if row.status == RefundStatus.SUCCEEDED and is_said_already:
        return
    if isinstance(row, Refund):
        event = name_of_paid_all_the_same(row, answer.gateway_id)
        raise_refunded_elsewhere(order, row.payment.key, row.amount_minor, event=event, by=by)
    call_for_a_person(row, why="paid_all_the_same", now=now)


def name_of_paid_all_the_same(row: Instruction, gateway_id: str) -> str:
    """The name under which it is taken once, whether an answer or a notice says so."""
    return f"{PAID_ALL_THE_SAME}{row.pk} {gateway_id}"[:LONGEST_EVENT]


PAID_ALL_THE_SAME = "paid all the same "
