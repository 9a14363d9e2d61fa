"""What a person submits after a review: done at once, or asked of a second person."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.utils import timezone

from cancellations.acts.agreed import DecidedBefore, agreed_now, tell_of_approval
from cancellations.acts.cancel import submit_cancellation
from cancellations.acts.requests import (
    Submission,
    check_may_cancel,
    check_may_settle,
    earlier,
)
from cancellations.acts.settle import submit_settlement
from cancellations.models import Approval, CancellationReason, ChangeOrder
from cancellations.second_person import SecondPersonNeeded, at_stake
from cancellations.selection import CancellationRequest, SettlementRequest
from cancellations.snapshots import Snapshot
from orders.locking import begun_again_when_interrupted, locked_order


class AskedOtherwise(Exception):
    """Under the same id other content waits for a second person; nothing was changed."""

    def __init__(self, waiting: Approval) -> None:
        super().__init__("asked before with other content")
        self.waiting = waiting


def submit_or_ask(
    *,
    request: CancellationRequest | SettlementRequest,
    agreed: Snapshot,
    by: User,
    reasons: Sequence[CancellationReason] | None = None,
) -> Submission | Approval:
    """Do what was reviewed, or ask that a second person approves it.

    Args:
        reasons: To cancel for: those that are active, as read by this request already.

    Raises:
        Whatever the acts raise, but for SecondPersonNeeded.
    """
    try:
        if isinstance(request, SettlementRequest):
            return submit_settlement(request=request, agreed=agreed, by=by)
        return submit_cancellation(request=request, agreed=agreed, by=by, reasons=reasons)
    except SecondPersonNeeded:
        return ask_second_person(request=request, agreed=agreed, by=by)


@begun_again_when_interrupted
def ask_second_person(
    *, request: CancellationRequest | SettlementRequest, agreed: Snapshot, by: User
) -> Approval:
    """Ask that somebody else approves what was reviewed; asked again, it is the same approval.

    Raises:
        NotAllowed: ``by`` may not do it even with a second person.
        UnknownOrder, OrderBusy: The order is not there, or someone else is changing it.
        OrderRefused: The database found the order's records not to agree.
        AskedOtherwise: The request's id stands for other content that waits.
        DecidedBefore: It was approved meanwhile.
        RequestReused: The request's id stands for a change order of other content.
        SelectionRefused: The order as locked does not allow it.
        QuoteChanged: What was reviewed is no longer what would happen.
    """
    is_settlement = isinstance(request, SettlementRequest)
    (check_may_settle if is_settlement else check_may_cancel)(by)
    with locked_order(request.order_number) as order:
        requested = order.approvals.filter(request_id=request.request_id, status="requested")
        if waiting := requested.first():
            if not request.asks_what_is_named(waiting.fingerprint):
                raise AskedOtherwise(waiting)
            return waiting
        if earlier(order, request):
            raise DecidedBefore
        quoted = agreed_now(order, request, agreed).quote
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
        tell_of_approval(approval, by)
        approval.save(force_insert=True)
        return approval
