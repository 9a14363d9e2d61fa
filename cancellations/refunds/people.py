"""What people do about refunds and releases that no gateway ends by itself (domain.md §6).

Every act is held against what its person saw, under the locks of the order and of the row: a
second click, or a worker that was quicker, changes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from cancellations.acts.exceptions import checked_note
from cancellations.acts.record_fulfillment import raise_refunded_elsewhere
from cancellations.acts.requests import check_may_act_on_refunds
from cancellations.customer_notices import tell_of_refunds
from cancellations.marks import mark_orders
from cancellations.models import ProcessException, Refund, Release, Unassigned
from cancellations.models.refund_states import RefundStatus
from cancellations.models.refunds import Instruction, new_key
from cancellations.refunds.attention import nobody_is_needed
from cancellations.refunds.gateways import Kind
from cancellations.refunds.recording import locked, takes_out_of_the_queue, write_status
from cancellations.selection import as_it_counts
from orders.arithmetic.words import gettext_noop
from orders.locking import begun_again_when_interrupted, locked_order
from orders.models import EventType, OrderSummary

MODELS: dict[Kind, type[Refund] | type[Release]] = {Kind.REFUND: Refund, Kind.RELEASE: Release}
LONGEST_REFERENCE = 200
LONGEST_REMARK = 500

NO_REFERENCE = gettext_noop("Write the reference under which it was paid.")
LONG_REFERENCE = gettext_noop("Shorten the reference to 200 characters.")


class UnknownInstruction(Exception):
    """There is no such refund or release."""


class MovedMeanwhile(Exception):
    """It is no longer as its person saw it; nothing was written."""


class NotPossible(Exception):
    """Its state does not allow it; nothing was written."""


class ReferenceRefused(Exception):
    """A reference is missing or too long; the message says what to do, and nothing was written."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Possible:
    """What a person can do about a refund or release now."""

    retry: bool = False
    withdraw: bool = False
    look_up: bool = False
    mark_as_paid: bool = False


def possible(row: Instruction) -> Possible:
    """What the state of one allows, whoever asks."""
    status = RefundStatus(row.status)
    is_asked = row.due_at is not None
    is_by_hand = status in (RefundStatus.FAILED, RefundStatus.MANUAL)
    is_held_back = status == RefundStatus.PENDING and row.attention_since is not None
    return Possible(
        retry=status in (RefundStatus.FAILED, RefundStatus.UNKNOWN),
        withdraw=is_by_hand or is_held_back or (status == RefundStatus.UNKNOWN and not is_asked),
        look_up=status in (RefundStatus.UNKNOWN, RefundStatus.SETTLING),
        mark_as_paid=is_by_hand
        or status == RefundStatus.UNKNOWN
        or (status == RefundStatus.SETTLING and not is_asked),
    )


def state_of(row: Instruction) -> str:
    """Names what a person sees of one, so that whatever moved since is noticed."""
    return f"{row.status} {row.tries} {row.idempotency_key} {row.due_at is not None}"


@begun_again_when_interrupted
def retry(*, kind: Kind, pk: int, seen: str, by: User) -> Instruction:
    """Have it sent again: what was refused under a new key, what is unknown under the same.

    Raises:
        NotAllowed: ``by`` may not act on refunds.
        UnknownInstruction, OrderBusy, OrderRefused: As they say.
        MovedMeanwhile, NotPossible: It is in another state.
    """
    with _decided(kind, pk, seen, by) as (order, row):
        _check(possible(row).retry)
        takes_out_of_the_queue(row, timezone.now())
        row.tries = 0
        status = RefundStatus(row.status)
        if status == RefundStatus.FAILED:  # guard: the same key while unknown
            row.idempotency_key = new_key()  # guard: a new key once refused
            row.first_sent_at, row.gateway_id = None, ""
            row.remark = row.by_hand = row.paid_by = ""
            status = RefundStatus.PENDING
        _write(order, row, status, by, decision="retry")
        nobody_is_needed(row, by=by, now=timezone.now())
        return row


@begun_again_when_interrupted
def look_up(*, kind: Kind, pk: int, seen: str, by: User) -> Instruction:
    """Have its gateway asked what became of it, before anything is sent again.

    Raises: as :func:`retry`.
    """
    with _decided(kind, pk, seen, by) as (order, row):
        _check(possible(row).look_up)
        takes_out_of_the_queue(row, timezone.now())
        row.look_up_first, row.tries = True, 0
        _write(order, row, RefundStatus(row.status), by, decision="look_up")
        return row


@begun_again_when_interrupted
def withdraw(*, kind: Kind, pk: int, seen: str, note: str, by: User) -> Instruction:
    """Give it up: its money is set aside no longer, and owed again until somebody settles it.

    Raises: as :func:`retry`, and NoteRefused.
    """
    note = checked_note(note)
    with _decided(kind, pk, seen, by) as (order, row):
        _check(possible(row).withdraw)
        takes_out_of_the_queue(row)
        row.remark = note[:LONGEST_REMARK]
        _write(order, row, RefundStatus.WITHDRAWN, by, decision="withdraw")
        nobody_is_needed(row, by=by, now=timezone.now(), note=note)
        if isinstance(row, Refund):
            Unassigned.objects.update_or_create(
                change_order=row.change_order, defaults={"due_at": timezone.now(), "lease": None}
            )
        return row


@begun_again_when_interrupted
def mark_as_paid(
    *, kind: Kind, pk: int, seen: str, reference: str, note: str = "", by: User
) -> Instruction:
    """Record that a person paid it out (or released it), once, under their reference.

    The reference stands in the row alone, from which it can be erased: events stay as they are.

    Raises: as :func:`retry`, ReferenceRefused, and NoteRefused for one that is too long.
    """
    reference = _checked_reference(reference)
    note = checked_note(note) if as_it_counts(note) else ""
    with _decided(kind, pk, seen, by) as (order, row):
        _check(possible(row).mark_as_paid)
        takes_out_of_the_queue(row)
        row.reference, row.paid_by = reference, Instruction.PaidBy.HAND
        row.remark = note[:LONGEST_REMARK]
        _write(order, row, RefundStatus.SUCCEEDED, by, decision="mark_as_paid")
        nobody_is_needed(row, by=by, now=timezone.now(), note=note)
        return row


@begun_again_when_interrupted
def was_this_refund(*, pk: int, seen: str, note: str, by: User) -> Refund:
    """Say that what was reported as refunded elsewhere was this refund of ours (domain.md §6).

    It has succeeded then, and is no refund elsewhere; the exception about its payment is resolved.

    Raises: as :func:`retry`, and NoteRefused.
    """
    note = checked_note(note)
    with _decided(Kind.REFUND, pk, seen, by) as (order, row):
        _check(not row.has_ended and row.status != RefundStatus.PROCESSING)
        doubts = ProcessException.objects.open().filter(
            payment=row.payment, category="refund", refund__isnull=True, release__isnull=True
        )
        is_enough = row.payment.refunded_elsewhere_minor >= row.amount_minor
        _check(is_enough and doubts.exists())
        raise_refunded_elsewhere(
            order, row.payment.key, -row.amount_minor, event=f"was refund {row.pk}", by=by
        )
        order.refresh_from_db()
        takes_out_of_the_queue(row)
        row.paid_by, row.remark = Instruction.PaidBy.ELSEWHERE, note[:LONGEST_REMARK]
        _write(order, row, RefundStatus.SUCCEEDED, by, decision="was_this_refund")
        doubts.update(resolved_at=timezone.now(), resolved_by=by, note=note)
        mark_orders([order.pk])
        nobody_is_needed(row, by=by, now=timezone.now(), note=note)
        assert isinstance(row, Refund)
        return row


@contextmanager
def _decided(
    kind: Kind, pk: int, seen: str, by: User
) -> Iterator[tuple[OrderSummary, Instruction]]:
    """The order and one of its refunds or releases, locked and as it was seen."""
    check_may_act_on_refunds(by)
    model = MODELS[kind]
    row = model.objects.for_carrying_out().filter(pk=pk).first()
    if row is None:
        raise UnknownInstruction
    with locked_order(row.change_order.order.order_number) as order:
        current = locked(row)
        if state_of(current) != seen:  # guard: as it was seen
            raise MovedMeanwhile
        yield order, current


def _check(is_possible: bool) -> None:
    if not is_possible:
        raise NotPossible


def _write(
    order: OrderSummary, row: Instruction, status: RefundStatus, by: User, **facts: Any
) -> None:
    write_status(order, row, status, type=EventType.PERSON_DECIDED, by=by, facts=facts)
    tell_of_refunds(row, now=timezone.now())


def _checked_reference(reference: str) -> str:
    reference = reference.strip()
    if not reference:
        raise ReferenceRefused(NO_REFERENCE)
    if len(reference) > LONGEST_REFERENCE:
        raise ReferenceRefused(LONG_REFERENCE)
    return reference
