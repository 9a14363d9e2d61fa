"""The one writer of change orders of any kind, and of what they make of their order."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction

from cancellations.arithmetic.distribution import Share
from cancellations.arithmetic.quotes import Move
from cancellations.models import CancellationReason, ChangeOrder, ChangeOrderItem, Refund
from cancellations.models.change_orders import item_columns
from cancellations.selection import SelectedLine
from orders.arithmetic.amounts import Standing
from orders.arithmetic.money import Minor, show
from orders.models import OrderItemSummary, OrderSummary, PaymentSummary
from orders.models.totals import as_columns
from orders.standing import write_standing

MANUAL_GATEWAY = "manual"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewChangeOrder:
    """What an act decided and is about to be written; amounts in minor units.

    Attributes:
        request_id: Unique in its order; ``fingerprint`` names the content asked for under it.
        before: The order as locked.
        after: The order as it stands from now on.
        why: What was asked of each selected line, by its key.
        reasons: The reasons that ``why`` names, by name.
        refund_due: The order's excess funds after the change; ``owed_before`` those before it.
        shares: The refund per payment.
    """

    kind: ChangeOrder.Kind
    request_id: str
    fingerprint: str
    by: User
    before: Standing
    after: Standing
    moves: Sequence[Move]
    why: Mapping[str, SelectedLine] = field(default_factory=dict)
    reasons: Mapping[str, CancellationReason] = field(default_factory=dict)
    refund_due: Minor = 0
    owed_before: Minor = 0
    shares: Sequence[Share] = ()


def write_change_order(*, order: OrderSummary, new: NewChangeOrder) -> ChangeOrder:
    """Write a change order with its items and refunds, and what it makes of its order.

    Refunds are only recorded, with their amounts reserved; sending them comes after the commit.

    Args:
        order: Locked by the act that calls; ``new.before`` was read from it.
    """
    change_order = ChangeOrder.objects.create(
        order=order,
        kind=new.kind,
        request_id=new.request_id,
        fingerprint=new.fingerprint,
        created_by=new.by,
        **as_columns(new.after.totals - new.before.totals),
        refund_due_minor=new.refund_due,
        owed_before_minor=new.owed_before,
    )
    lines = {line.key: line for line in order.lines.all()}
    ChangeOrderItem.objects.bulk_create(
        _item(change_order, move, lines[move.line.key], new) for move in new.moves
    )
    _write_refunds(change_order, new.shares)
    write_standing(order, before=new.before, after=new.after)
    transaction.on_commit(lambda: _after_commit(change_order), robust=True)
    return change_order


def _after_commit(change_order: ChangeOrder) -> None:
    """What follows once a change order is there for good; a failure here cannot undo it."""
    order = change_order.order
    logger.info(
        "%s %s of %s by %s: %s %s",
        change_order.number,
        change_order.kind,
        order.order_number,
        change_order.created_by.get_username(),
        show(change_order.canceled_minor, order.currency),
        order.currency,
    )


def _item(
    change_order: ChangeOrder, move: Move, line: OrderItemSummary, new: NewChangeOrder
) -> ChangeOrderItem:
    why = new.why.get(move.line.key)
    return ChangeOrderItem(
        change_order=change_order,
        line=line,
        type=_item_type(new.kind, line),
        quantity=move.quantity,
        reason=new.reasons[why.reason] if why else None,
        reason_name=why.reason if why else "",
        note=why.note if why else "",
        refund_delivery=bool(why and why.refund_delivery),
        **item_columns(move),
    )


def _item_type(kind: ChangeOrder.Kind, line: OrderItemSummary) -> ChangeOrderItem.Type:
    if not line.is_product:
        return ChangeOrderItem.Type.DELIVERY_CHARGE_ADJUSTMENT
    is_return = kind == ChangeOrder.Kind.RETURN
    return ChangeOrderItem.Type.RETURN if is_return else ChangeOrderItem.Type.CANCEL


def _write_refunds(change_order: ChangeOrder, shares: Sequence[Share]) -> None:
    payments = {payment.key: payment for payment in change_order.order.payments.all()}
    refunds = []
    for share in shares:
        payment = payments[share.payment.key]
        payment.reserved_minor += share.amount  # guard: money set aside for refunds
        by_hand = payment.gateway == MANUAL_GATEWAY
        status = Refund.Status.MANUAL if by_hand else Refund.Status.PENDING
        refunds.append(
            Refund(
                change_order=change_order, payment=payment, amount_minor=share.amount, status=status
            )
        )
    PaymentSummary.objects.bulk_update([refund.payment for refund in refunds], ["reserved_minor"])
    Refund.objects.bulk_create(refunds)
