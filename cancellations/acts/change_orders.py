"""The one writer of change orders of any kind, and of what they make of their order."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from cancellations.arithmetic.distribution import Share
from cancellations.arithmetic.quotes import Move
from cancellations.arithmetic.releases import Release as ToRelease
from cancellations.customer_notices import call_for_a_notice
from cancellations.models import (
    CancellationReason,
    ChangeOrder,
    ChangeOrderItem,
    Refund,
    Release,
    Unassigned,
)
from cancellations.models.as_written import AsWritten, WrittenItem
from cancellations.models.change_order_items import item_columns
from cancellations.models.refund_states import RefundStatus
from cancellations.refunds.attention import assigned
from cancellations.refunds.gateways import by_hand
from cancellations.refunds.gateways.asking import asked_of
from cancellations.selection import SelectedLine
from orders.arithmetic.amounts import Standing
from orders.arithmetic.money import Minor, show
from orders.models import OrderEvent, OrderItemSummary, OrderSummary, PaymentSummary
from orders.models.totals import as_columns
from orders.rows import insert_rows

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewChangeOrder:
    """What an act decided and is about to be written; amounts in minor units.

    Attributes:
        request_id: Unique in its order; ``fingerprint`` names the content asked for under it.
        event: The act or report that makes it.
        before: The order right before it.
        after: The order right after it.
        why: What was asked of each selected line, by its key.
        flagged: Lines whose delivery was given back elsewhere, by their keys.
        reasons: The reasons that ``why`` names, by name.
        note: Of a settlement.
        refund_due: The order's excess funds after the change; ``owed_before`` those before it.
        shares: The refund per payment.
        releases: The authorizations that are given up.
        undoes: The change order that this one gives back.
    """

    kind: ChangeOrder.Kind
    request_id: str
    fingerprint: str
    event: OrderEvent
    before: Standing
    after: Standing
    moves: Sequence[Move]
    why: Mapping[str, SelectedLine] = field(default_factory=dict)
    flagged: Collection[str] = ()
    reasons: Mapping[str, CancellationReason] = field(default_factory=dict)
    note: str = ""
    refund_due: Minor = 0
    owed_before: Minor = 0
    shares: Sequence[Share] = ()
    releases: Sequence[ToRelease] = ()
    undoes: ChangeOrder | None = None


def write_change_order(*, order: OrderSummary, new: NewChangeOrder) -> ChangeOrder:
    """Write a change order with its items, refunds and releases; the order is the act's to write.

    Refunds and releases are only recorded; they are due when the hold is over, and sent then.

    Args:
        order: Locked by the act that calls.
    """
    held_until = None
    if new.kind.can_be_undone:
        held_until = timezone.now() + timedelta(seconds=settings.REFUND_HOLD_SECONDS)
    change_order = ChangeOrder.objects.create(
        order=order,
        undoes=new.undoes,
        held_until=held_until,
        kind=new.kind,
        request_id=new.request_id,
        fingerprint=new.fingerprint,
        event=new.event,
        created_by=new.event.by,
        actor_name=actor_name(new.event.by),
        **as_columns(new.after.totals - new.before.totals),
        note=new.note,
        refund_due_minor=new.refund_due,
        owed_before_minor=new.owed_before,
    )
    lines = {line.key: line for line in order.lines.all()}
    items = [_item(move, lines[move.line.key], new) for move in new.moves]
    insert_rows(
        ChangeOrderItem,
        ("change_order_id", "line_id", *WrittenItem._fields[1:]),
        [(change_order.pk, item.line.pk, *item[1:]) for item in items],
    )
    payments = {payment.key: payment for payment in order.payments.all()}
    change_order.as_written = AsWritten(
        items,
        _write_moneys(Refund, change_order, payments, new.shares),
        _write_moneys(Release, change_order, payments, new.releases),
    )
    if new.kind.is_ours:
        _watch_what_is_owed(change_order, new)
    call_for_a_notice(change_order)
    transaction.on_commit(lambda: _after_commit(change_order), robust=True)
    return change_order


def _watch_what_is_owed(change_order: ChangeOrder, new: NewChangeOrder) -> None:
    """What no payment took is told to people after the hold; once nothing is owed, no longer."""
    if new.after.excess_funds:
        due_at = change_order.held_until or timezone.now()
        Unassigned.objects.create(change_order=change_order, due_at=due_at)
    elif new.before.excess_funds:
        assigned(change_order.order, by=new.event.by, now=timezone.now())


def actor_name(user: User) -> str:
    """What a user is called now; history keeps it."""
    return user.get_full_name() or user.get_username()


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


def _item(move: Move, line: OrderItemSummary, new: NewChangeOrder) -> WrittenItem:
    why = new.why.get(move.line.key)
    return WrittenItem(
        line,
        _item_type(new.kind, line),
        move.quantity,
        new.reasons[why.reason].pk if why else None,
        why.reason if why else "",
        why.note if why else "",
        why.refund_delivery if why else move.line.key in new.flagged,
        **item_columns(move),
    )


def _item_type(kind: ChangeOrder.Kind, line: OrderItemSummary) -> ChangeOrderItem.Type:
    if kind == ChangeOrder.Kind.RETURN:
        return ChangeOrderItem.Type.RETURN
    return _TYPES[OrderItemSummary.Type(line.type)]


_TYPES = {
    OrderItemSummary.Type.PRODUCT: ChangeOrderItem.Type.CANCEL,
    OrderItemSummary.Type.DELIVERY_CHARGE: ChangeOrderItem.Type.DELIVERY_CHARGE_ADJUSTMENT,
    OrderItemSummary.Type.FEE: ChangeOrderItem.Type.FEE_ADJUSTMENT,
}


Money = TypeVar("Money", Refund, Release)


def _write_moneys(
    model: type[Money],
    change_order: ChangeOrder,
    payments: Mapping[str, PaymentSummary],
    moneys: Sequence[Share | ToRelease],
) -> list[Money]:
    """Refunds or releases, each due after the hold, by its gateway or by hand."""
    rows = []
    for money in moneys:
        payment = payments[money.payment.key]
        row = model(
            change_order=change_order,
            payment=payment,
            amount_minor=money.amount,
            currency_code=change_order.order.currency_code,
            currency_places=change_order.order.currency_places,
            due_at=change_order.held_until,
        )
        reason = by_hand(payment.gateway, asked_of(row), captured=payment.captured_minor)
        if reason:
            row.status, row.by_hand = RefundStatus.MANUAL, reason
        rows.append(row)
    return model._default_manager.bulk_create(rows)
