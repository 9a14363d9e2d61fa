"""What was reviewed and asked of a second person, and whether it still would happen."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import User

from cancellations.acts.cancel import agreed_cancellation, write_cancellation
from cancellations.acts.requests import may_cancel, may_settle
from cancellations.acts.settle import agreed_settlement, write_settlement
from cancellations.arithmetic.quotes import Quote
from cancellations.models import Approval, ChangeOrder
from cancellations.models.approvals import ApprovalStatus
from cancellations.second_person import asked_in
from cancellations.selection import (
    CancellationRequest,
    SelectedLine,
    SelectionRefused,
    SettlementRequest,
)
from cancellations.snapshots import NotReadBack, QuoteChanged, Snapshot
from orders.events import write_event_as_it_stands
from orders.models import EventType, OrderSummary


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was reviewed and would still happen, and the way to do it under the order's lock.

    Attributes:
        lines: Those that a cancellation was asked of, with the answers.
    """

    quote: Quote
    carry_out: Callable[[User], ChangeOrder]
    lines: tuple[SelectedLine, ...] = ()


class DecidedBefore(Exception):
    """It is not requested any more; nothing was changed."""


class NoLongerHolds(Exception):
    """What was reviewed is not what would happen now."""


def still_agreed(order: OrderSummary, approval: Approval) -> Agreed:
    """What an approval comes to now.

    Raises:
        NoLongerHolds: It is not what was reviewed, was done otherwise meanwhile, or was asked by
            somebody who may not do it any more.
    """
    approval.order = order
    if order.change_orders.filter(request_id=approval.request_id).exists():
        raise NoLongerHolds
    by, is_settlement = approval.requested_by, approval.kind == ChangeOrder.Kind.SETTLEMENT
    if not (may_settle(by) if is_settlement else may_cancel(by)):  # guard: who asked still may
        raise NoLongerHolds
    try:
        agreed = Snapshot.read(approval.agreed, order.order_number)
        return agreed_now(order, asked_in(approval), agreed)
    except (NotReadBack, QuoteChanged, SelectionRefused) as change:
        raise NoLongerHolds from change


def agreed_now(
    order: OrderSummary, request: CancellationRequest | SettlementRequest, agreed: Snapshot
) -> Agreed:
    """What a request comes to on an order, if that is what was agreed.

    Raises:
        SelectionRefused: The order does not allow it.
        QuoteChanged: What was reviewed is no longer what would happen.
    """
    if isinstance(request, SettlementRequest):
        settlement, settling = agreed_settlement(order, request, agreed), request
        return Agreed(settlement, lambda by: write_settlement(order, settlement, settling, by=by))
    judged, canceling = agreed_cancellation(order, request, agreed), request
    return Agreed(
        judged.quote,
        lambda by: write_cancellation(order, judged, canceling, by=by),
        tuple(judged.lines),
    )


def tell_of_approval(
    approval: Approval, by: User, decision: ApprovalStatus = ApprovalStatus.REQUESTED
) -> None:
    """Write the event of a decision on an approval, before the approval itself."""
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
