"""The acts of four eyes: one person asks, another one approves or refuses."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib.auth.models import User
from django.utils import timezone

from cancellations.acts.cancel import agreed_cancellation, write_cancellation
from cancellations.acts.exceptions import checked_note
from cancellations.acts.requests import (
    check_may_approve,
    check_may_cancel,
    check_may_settle,
    earlier,
)
from cancellations.acts.settle import agreed_settlement, write_settlement
from cancellations.arithmetic.quotes import Quote
from cancellations.models import Approval, ChangeOrder
from cancellations.models.approvals import ApprovalStatus
from cancellations.second_person import asked_in, at_stake
from cancellations.seeds import system_user
from cancellations.selection import (
    CancellationRequest,
    NotAllowed,
    RequestReused,
    SelectionRefused,
    SettlementRequest,
)
from cancellations.snapshots import NotReadBack, QuoteChanged, Snapshot
from orders.arithmetic.words import gettext_noop
from orders.events import write_event_as_it_stands
from orders.locking import begun_again_when_interrupted, locked_order
from orders.models import EventType, OrderSummary

ANOTHER_PERSON = gettext_noop("You asked for this yourself: somebody else has to decide on it.")
ONLY_WHO_ASKED = gettext_noop("Only whoever asked for it withdraws it; refuse it instead.")


class UnknownApproval(Exception):
    """There is no such approval."""


class DecidedBefore(Exception):
    """It is not requested any more; nothing was changed."""


class NoLongerHolds(Exception):
    """What was reviewed is not what would happen now."""


@begun_again_when_interrupted
def ask_second_person(
    *, request: CancellationRequest | SettlementRequest, agreed: Snapshot, by: User
) -> Approval:
    """Ask that somebody else approves what was reviewed; asked again, it is the same approval.

    Raises:
        NotAllowed: ``by`` may not do it even with a second person.
        UnknownOrder, OrderBusy: The order is not there, or someone else is changing it.
        OrderRefused: The database found the order's records not to agree.
        RequestReused: The request's id stands for other content, or for a change order.
        SelectionRefused: The order as locked does not allow it.
        QuoteChanged: What was reviewed is no longer what would happen.
    """
    is_settlement = isinstance(request, SettlementRequest)
    (check_may_settle if is_settlement else check_may_cancel)(by)
    with locked_order(request.order_number) as order:
        requested = order.approvals.filter(request_id=request.request_id, status="requested")
        if waiting := requested.first():
            if not request.asks_what_is_named(waiting.fingerprint):
                raise RequestReused
            return waiting
        if earlier(order, request):
            raise RequestReused
        quoted, _ = _agreed(order, request, agreed)
        kind = ChangeOrder.Kind.SETTLEMENT if is_settlement else ChangeOrder.Kind.CANCELLATION
        approval = Approval(
            order=order,
            kind=kind,
            request_id=request.request_id,
            fingerprint=request.fingerprint,
            content=request.content,
            agreed=agreed.sign(order.order_number),
            amount_minor=at_stake(quoted),
            requested_by=by,
            due_at=timezone.now(),
        )
        _tell(approval, by)
        approval.save(force_insert=True)
        return approval


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
            _, carry_out = still_agreed(order, approval)
        except NoLongerHolds:
            return _end(approval, ApprovalStatus.EXPIRED, by=by)
        _tell(approval, by, ApprovalStatus.APPROVED)
        approval.change_order = carry_out(by)
        return _save_end(approval, ApprovalStatus.APPROVED, by=by)


@begun_again_when_interrupted
def refuse(*, approval_id: int, note: str, by: User) -> Approval:
    """Refuse what was asked, with a note that says why.

    Raises:
        NoteRefused: The note is missing or too long.
        NotAllowed, UnknownApproval, DecidedBefore, OrderBusy, OrderRefused: As for approve.
    """
    check_may_approve(by)
    note = checked_note(note)
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


def still_agreed(
    order: OrderSummary, approval: Approval
) -> tuple[Quote, Callable[[User], ChangeOrder]]:
    """What an approval comes to now, and the way to do it under the order's lock.

    Raises:
        NoLongerHolds: It is not what was reviewed.
    """
    approval.order = order
    try:
        agreed = Snapshot.read(approval.agreed, order.order_number)
        return _agreed(order, asked_in(approval), agreed)
    except (NotReadBack, QuoteChanged, SelectionRefused) as change:
        raise NoLongerHolds from change


def _agreed(
    order: OrderSummary, request: CancellationRequest | SettlementRequest, agreed: Snapshot
) -> tuple[Quote, Callable[[User], ChangeOrder]]:
    if isinstance(request, SettlementRequest):
        settlement, settling = agreed_settlement(order, request, agreed), request
        return settlement, lambda by: write_settlement(order, settlement, settling, by=by)
    judged, canceling = agreed_cancellation(order, request, agreed), request
    return judged.quote, lambda by: write_cancellation(order, judged, canceling, by=by)


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
    _tell(approval, by, status)
    return _save_end(approval, status, by=by)


def _save_end(approval: Approval, status: ApprovalStatus, *, by: User) -> Approval:
    approval.status = status
    approval.decided_at, approval.decided_by = timezone.now(), by
    approval.due_at = approval.lease = None
    approval.save()
    return approval


def _tell(
    approval: Approval, by: User, decision: ApprovalStatus = ApprovalStatus.REQUESTED
) -> None:
    write_event_as_it_stands(
        approval.order,
        EventType.SECOND_PERSON,
        by=by,
        facts={
            "decision": str(decision),
            "kind": str(approval.kind),
            "amount": approval.amount_minor,
            "request": approval.request_id,
        },
    )
