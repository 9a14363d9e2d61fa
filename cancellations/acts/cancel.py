"""The one act that cancels, and its read-only preview: both judge and price the same way."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User

from cancellations.acts.change_orders import NewChangeOrder, write_change_order
from cancellations.acts.requests import Submission, check_may_cancel, earlier
from cancellations.arithmetic.quotes import Quote
from cancellations.documents.facts import facts_of_steps
from cancellations.judgement import Judged, quote_cancellation
from cancellations.models import CancellationReason, ChangeOrder
from cancellations.second_person import check_one_person_may
from cancellations.selection import CancellationRequest
from cancellations.snapshots import NotReviewed, QuoteChanged, Snapshot
from orders.events import write_event
from orders.locking import UnknownOrder, begun_again_when_interrupted, locked_order
from orders.models import OrderEvent, OrderSummary
from orders.standing import write_standing


@begun_again_when_interrupted
def submit_cancellation(
    *,
    request: CancellationRequest,
    agreed: Snapshot | NotReviewed,
    by: User,
    reasons: Sequence[CancellationReason] | None = None,
) -> Submission:
    """Cancel a selection and create its refunds, all or nothing.

    The order's row is locked first and everything is read after that, so cancellations of
    one order happen one after another and each sees the last one's result. Repeating a
    request returns the change order made the first time and changes nothing.

    Args:
        agreed: What the agent reviewed, or ``NotReviewed()`` for documents.
        by: The acting user, who needs the right to cancel.
        reasons: Those that are active, as read by this request already.

    Raises:
        NotAllowed: ``by`` may not cancel.
        UnknownOrder, OrderBusy: The order is not there, or someone else is changing it.
        OrderRefused: The database found the order's records not to agree.
        RequestReused: The request's id stands for other content.
        SelectionRefused: The order as locked does not allow it.
        QuoteChanged: What the agent reviewed is no longer what would happen.
        SecondPersonNeeded: So much is at stake that somebody else has to approve it.
    """
    check_may_cancel(by)
    with locked_order(request.order_number) as order:  # guard: the read after the lock
        if repeated := earlier(order, request):  # guard: the look for an earlier result
            return Submission(repeated, is_repeat=True)
        judged = agreed_cancellation(order, request, agreed, reasons)
        check_one_person_may(order, judged.quote)
        return Submission(write_cancellation(order, judged, request, by=by), is_repeat=False)


def agreed_cancellation(
    order: OrderSummary,
    request: CancellationRequest,
    agreed: Snapshot | NotReviewed,
    reasons: Sequence[CancellationReason] | None = None,
) -> Judged:
    """What a request comes to on a locked order, if that is what was agreed.

    Raises:
        SelectionRefused: The order as locked does not allow it.
        QuoteChanged: What the agent reviewed is no longer what would happen.
    """
    judged = quote_cancellation(order, request.selection, reasons)  # guard: the read after the lock
    now = Snapshot.of(judged.quote, judged.lines)
    if isinstance(agreed, Snapshot) and agreed != now:  # guard: the snapshot comparison
        raise QuoteChanged(agreed, now)
    return judged


def write_cancellation(
    order: OrderSummary, judged: Judged, request: CancellationRequest, *, by: User
) -> ChangeOrder:
    """Cancel what was judged on a locked order, in the transaction that locked it."""
    quoted = judged.quote
    event = write_event(
        order, OrderEvent.Type.CANCELED, by=by, facts=_facts(quoted), after=quoted.after
    )
    new = _new_change_order(judged, request, event)
    change_order = write_change_order(order=order, new=new)
    write_standing(order, before=quoted.before, after=quoted.after)
    return change_order


def preview_cancellation(*, request: CancellationRequest, by: User) -> ChangeOrder | Judged:
    """What :func:`submit_cancellation` would do now, without a lock and without writing.

    Returns:
        The earlier change order of a repeated request, else the judged selection.
    """
    check_may_cancel(by)
    order = OrderSummary.objects.filter(order_number=request.order_number).first()
    if order is None:
        raise UnknownOrder
    return earlier(order, request) or quote_cancellation(order, request.selection)


def _facts(quoted: Quote) -> dict[str, Any]:
    return {
        "lines": {entry.key: entry.quantity for entry in quoted.asked},
        "refund_fees": quoted.refund_fees,
        **facts_of_steps(quoted),
    }


def _new_change_order(
    judged: Judged, request: CancellationRequest, event: OrderEvent
) -> NewChangeOrder:
    quoted = judged.quote
    return NewChangeOrder(
        kind=ChangeOrder.Kind.CANCELLATION,
        request_id=request.request_id,
        fingerprint=request.fingerprint,
        event=event,
        before=quoted.before,
        after=quoted.after,
        moves=quoted.moves,
        why={line.key: line for line in judged.lines},
        reasons=judged.reasons,
        refund_due=quoted.refund_due,
        owed_before=quoted.owed_before,
        shares=quoted.shares,
        releases=quoted.releases,
    )
