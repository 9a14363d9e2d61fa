"""The acts of four eyes: one person asks, another one approves or refuses."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import User
from django.utils import timezone

from cancellations.acts.agreed import (
    DecidedBefore,
    NoLongerHolds,
    still_agreed,
    tell_of_approval,
)
from cancellations.acts.exceptions import checked_note
from cancellations.acts.requests import (
    check_may_approve,
)
from cancellations.models import Approval
from cancellations.models.approvals import ApprovalStatus
from cancellations.seeds import system_user
from cancellations.selection import (
    NotAllowed,
)
from orders.arithmetic.words import gettext_noop
from orders.locking import begun_again_when_interrupted, locked_order
from orders.models import OrderSummary

ANOTHER_PERSON = gettext_noop("You asked for this yourself: somebody else has to decide on it.")
NO_REASON = gettext_noop("Write a note: why is it refused?")
ONLY_WHO_ASKED = gettext_noop("Only whoever asked for it withdraws it; refuse it instead.")


class UnknownApproval(Exception):
    """There is no such approval."""


@begun_again_when_interrupted
def approve(*, approval_id: int, by: User) -> Approval:
    """Do what was asked, if it still comes to what was reviewed; else it is expired.

    Returns:
        The approval: approved, with its change order, or expired.

    Raises:
        NotAllowed: ``by`` may not approve, or asked for it.
        UnknownApproval, DecidedBefore: There is none, or none to be decided any more.
        OrderBusy, OrderRefused: As they say.
    """
    check_may_approve(by)
    with _locked(approval_id) as (order, approval):
        if approval.requested_by_id == by.pk:  # guard: somebody else approves
            raise NotAllowed(ANOTHER_PERSON)
        try:
            agreed = still_agreed(order, approval)
        except NoLongerHolds:
            return _end(approval, ApprovalStatus.EXPIRED, by=by)
        tell_of_approval(approval, by, ApprovalStatus.APPROVED)
        approval.change_order = agreed.carry_out(by)
        return _save_end(approval, ApprovalStatus.APPROVED, by=by)


@begun_again_when_interrupted
def refuse(*, approval_id: int, note: str, by: User) -> Approval:
    """Refuse what was asked, with a note that says why.

    Raises:
        NoteRefused: The note is missing or too long.
        NotAllowed, UnknownApproval, DecidedBefore, OrderBusy, OrderRefused: As for approve.
    """
    check_may_approve(by)
    note = checked_note(note, missing=NO_REASON)
    with _locked(approval_id) as (_, approval):
        if approval.requested_by_id == by.pk:
            raise NotAllowed(ANOTHER_PERSON)
        return _end(approval, ApprovalStatus.REFUSED, by=by, note=note)


@begun_again_when_interrupted
def withdraw_approval(*, approval_id: int, by: User) -> Approval:
    """Take back what one asked for oneself.

    Raises:
        NotAllowed: Somebody else asked for it.
        UnknownApproval, DecidedBefore, OrderBusy, OrderRefused: As for approve.
    """
    with _locked(approval_id) as (_, approval):
        if approval.requested_by_id != by.pk:
            raise NotAllowed(ONLY_WHO_ASKED)
        return _end(approval, ApprovalStatus.WITHDRAWN, by=by)


@begun_again_when_interrupted
def expire_if_changed(*, approval_id: int) -> bool:
    """Expire an approval whose review no longer holds; gives whether it has ended by now."""
    try:
        with _locked(approval_id) as (order, approval):
            try:
                still_agreed(order, approval)
            except NoLongerHolds:
                _end(approval, ApprovalStatus.EXPIRED, by=system_user())
                return True
            return False
    except DecidedBefore:
        return True


@contextmanager
def _locked(approval_id: int) -> Iterator[tuple[OrderSummary, Approval]]:
    """A requested approval, its order locked before it is read.

    Raises:
        UnknownApproval, DecidedBefore: There is none, or it is not requested any more.
    """
    found = Approval.objects.filter(pk=approval_id)
    order_number = found.values_list("order__order_number", flat=True).first()
    if order_number is None:
        raise UnknownApproval
    with locked_order(order_number) as order:
        approval = found.select_related("requested_by", "decided_by", "change_order").get()
        approval.order = order
        if not approval.is_requested:  # guard: decided once
            raise DecidedBefore
        yield order, approval


def _end(approval: Approval, status: ApprovalStatus, *, by: User, note: str = "") -> Approval:
    approval.note = note
    tell_of_approval(approval, by, status)
    return _save_end(approval, status, by=by)


def _save_end(approval: Approval, status: ApprovalStatus, *, by: User) -> Approval:
    approval.status = status
    approval.decided_at, approval.decided_by = timezone.now(), by
    approval.due_at = approval.lease = None
    approval.save()
    return approval
