"""The one act that cancels, and its read-only preview: both judge and price the same way."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin, User

from cancellations.arithmetic.quotes import Move, Quote, everything_eligible, quote
from cancellations.models import (
    LONGEST_NOTE,
    RIGHT_TO_CANCEL,
    CancellationReason,
    ChangeOrder,
    ChangeOrderItem,
    Refund,
)
from cancellations.selection import (
    MOST_LINES,
    CancellationRequest,
    EverythingEligible,
    NotAllowed,
    Refusal,
    RequestReused,
    SelectedLine,
    Selection,
    SelectionRefused,
)
from cancellations.snapshots import NotReviewed, QuoteChanged, Snapshot
from orders.arithmetic import amounts
from orders.arithmetic.statuses import line_status
from orders.locking import UnknownOrder, begun_again_when_interrupted, locked_order
from orders.models import DeliveryGroup, OrderItemSummary, OrderSummary, PaymentSummary
from orders.models.totals import totals_columns
from orders.standing import DERIVED_FIELDS, as_it_stands, set_totals_and_status

MANUAL_GATEWAY = "manual"


@dataclass(frozen=True, slots=True)
class Judged:
    """A selection that may be canceled, priced, with the reasons it names."""

    quote: Quote
    lines: tuple[SelectedLine, ...]
    reasons: dict[str, CancellationReason]


@dataclass(frozen=True, slots=True)
class Submission:
    """The change order of a request, and whether an earlier submission had made it."""

    change_order: ChangeOrder
    is_repeat: bool


@begun_again_when_interrupted
def submit_cancellation(
    *, request: CancellationRequest, agreed: Snapshot | NotReviewed, by: User
) -> Submission:
    """Cancel a selection and create its refunds, all or nothing.

    The order's row is locked first and everything is read after that, so cancellations of
    one order happen one after another and each sees the last one's result. Repeating a
    request returns the change order made the first time and changes nothing. Refunds are
    only recorded here; sending them comes after the commit.

    Args:
        agreed: What the agent reviewed, or ``NotReviewed()`` for documents.
        by: The acting user, who needs the right to cancel.

    Raises:
        NotAllowed: ``by`` may not cancel.
        UnknownOrder, OrderBusy: The order is not there, or someone else is changing it.
        OrderRefused: The database found the order's records not to agree.
        RequestReused: The request's id stands for other content.
        SelectionRefused: The order as locked does not allow it.
        QuoteChanged: What the agent reviewed is no longer what would happen.
    """
    _check_right(by)
    with locked_order(request.order_number) as order:
        if repeated := _earlier(order, request):
            return Submission(repeated, is_repeat=True)
        judged = quote_cancellation(order, request.selection)
        now = Snapshot.of(judged.quote, judged.lines)
        if isinstance(agreed, Snapshot) and agreed != now:
            raise QuoteChanged(agreed, now)
        return Submission(_write(order, judged, request, by), is_repeat=False)


def preview_cancellation(*, request: CancellationRequest, by: User) -> ChangeOrder | Judged:
    """What :func:`submit_cancellation` would do now, without a lock and without writing.

    Returns:
        The earlier change order of a repeated request, else the judged selection.
    """
    _check_right(by)
    order = OrderSummary.objects.filter(order_number=request.order_number).first()
    if order is None:
        raise UnknownOrder
    return _earlier(order, request) or quote_cancellation(order, request.selection)


def quote_cancellation(order: OrderSummary, selection: Selection) -> Judged:
    """Hold a selection against the rules of domain.md §7 and price it; writes nothing.

    Raises:
        SelectionRefused: With every refusal, each at the field concerned.
    """
    if not order.is_managed:
        raise SelectionRefused(Refusal(None, "", "This order summary is unmanaged."))
    standing = as_it_stands(order)
    lines = _selected_lines(standing, selection)
    reasons = {reason.name: reason for reason in CancellationReason.objects.active()}
    if refusals := tuple(_refusals(standing, selection, lines, reasons)):
        raise SelectionRefused(*refusals)
    return Judged(quote(standing, [line.asked for line in lines]), lines, reasons)


def may_cancel(user: AbstractBaseUser | AnonymousUser) -> bool:
    return isinstance(user, PermissionsMixin) and user.has_perm(RIGHT_TO_CANCEL)


def _check_right(by: User) -> None:
    if not may_cancel(by):
        raise NotAllowed


def _earlier(order: OrderSummary, request: CancellationRequest) -> ChangeOrder | None:
    """The change order that this request made before.

    Raises:
        RequestReused: Its content was another.
    """
    earlier = order.change_orders.filter(request_id=request.request_id).first()
    if earlier and earlier.fingerprint != request.fingerprint:
        raise RequestReused
    return earlier


def _selected_lines(standing: amounts.Standing, selection: Selection) -> tuple[SelectedLine, ...]:
    if not isinstance(selection, EverythingEligible):
        return selection
    everything = everything_eligible(standing, refund_delivery=selection.refund_delivery)
    return tuple(SelectedLine(asked, selection.reason, selection.note) for asked in everything)


def _refusals(
    standing: amounts.Standing,
    selection: Selection,
    lines: tuple[SelectedLine, ...],
    reasons: dict[str, CancellationReason],
) -> Iterable[Refusal]:
    if not lines:
        yield Refusal(None, "items", "Nothing of this order is selected that can be canceled.")
    if isinstance(selection, EverythingEligible):
        yield from _reason_refusals(None, selection.reason, selection.note, reasons)
        return
    if len(lines) > MOST_LINES:
        yield Refusal(
            None, "items", f"At most {MOST_LINES} items can be canceled at a time; use Cancel All."
        )
        return
    if len({line.key for line in lines}) < len(lines):
        yield Refusal(None, "items", "An item is selected twice.")
    for line in lines:
        yield from _quantity_refusals(standing, line)
        yield from _reason_refusals(line.key, line.reason, line.note, reasons)


def _quantity_refusals(standing: amounts.Standing, selected: SelectedLine) -> Iterable[Refusal]:
    line = standing.lines.get(selected.key)
    if line is None or not line.is_product:
        yield Refusal(selected.key, "key", "This is not a product line of this order.")
        return
    available = line.quantities.available_to_cancel
    if selected.quantity < 1:
        yield Refusal(selected.key, "quantity", "Enter a quantity of at least 1.")
    elif selected.quantity > available:
        yield Refusal(
            selected.key,
            "quantity",
            f"Only {available} can be canceled." if available else "Nothing of it can be canceled.",
        )


def _reason_refusals(
    key: str | None, name: str, note: str, reasons: dict[str, CancellationReason]
) -> Iterable[Refusal]:
    reason = reasons.get(name)
    if reason is None:
        yield Refusal(key, "reason", "Choose a reason from the list.")
    elif reason.needs_note and not note.strip():
        yield Refusal(key, "note", f"Write a note: the reason {reason.name} needs one.")
    if len(note) > LONGEST_NOTE:
        yield Refusal(key, "note", f"Shorten the note to {LONGEST_NOTE} characters.")


def _write(
    order: OrderSummary, judged: Judged, request: CancellationRequest, by: User
) -> ChangeOrder:
    quoted = judged.quote
    change_order = ChangeOrder.objects.create(
        order=order,
        request_id=request.request_id,
        fingerprint=request.fingerprint,
        created_by=by,
        **totals_columns(quoted.change),
        refund_due_minor=quoted.refund_due,
        owed_before_minor=quoted.owed_before,
    )
    lines = {line.key: line for line in order.lines.all()}
    selected = {line.key: line for line in judged.lines}
    ChangeOrderItem.objects.bulk_create(
        _item(change_order, move, lines[move.line.key], selected.get(move.line.key), judged.reasons)
        for move in quoted.moves
    )
    _write_lines(quoted, [lines[key] for key in selected])
    _write_groups(quoted, {line.delivery_group for line in lines.values() if line.delivery_group})
    _write_refunds(change_order, quoted, list(order.payments.all()))
    set_totals_and_status(order, quoted.after)
    order.save(update_fields=DERIVED_FIELDS)
    return change_order


def _item(
    change_order: ChangeOrder,
    move: Move,
    line: OrderItemSummary,
    selected: SelectedLine | None,
    reasons: dict[str, CancellationReason],
) -> ChangeOrderItem:
    types = ChangeOrderItem.Type
    return ChangeOrderItem(
        change_order=change_order,
        line=line,
        type=types.CANCEL if line.is_product else types.DELIVERY_CHARGE_ADJUSTMENT,
        quantity=move.quantity,
        reason=reasons[selected.reason] if selected else None,
        reason_name=selected.reason if selected else "",
        note=selected.note if selected else "",
        refund_delivery=bool(selected and selected.refund_delivery),
        **item_amounts(move),
    )


def _write_lines(quoted: Quote, lines: list[OrderItemSummary]) -> None:
    for line in lines:
        counters = quoted.after.lines[line.key].quantities
        line.quantity_canceled = counters.canceled
        line.status = line_status(counters)
    OrderItemSummary.objects.bulk_update(lines, ["quantity_canceled", "status"])


def _write_groups(quoted: Quote, groups: Iterable[DeliveryGroup]) -> None:
    changed = []
    for group in groups:
        after = quoted.after.groups[group.key]
        if after != quoted.before.groups[group.key]:
            group.flagged_minor, group.released = after.flagged, after.released
            changed.append(group)
    DeliveryGroup.objects.bulk_update(changed, ["flagged_minor", "released"])


def _write_refunds(
    change_order: ChangeOrder, quoted: Quote, payments: list[PaymentSummary]
) -> None:
    by_key = {payment.key: payment for payment in payments}
    refunds = []
    for share in quoted.shares:
        payment = by_key[share.payment.key]
        payment.reserved_minor += share.amount
        by_hand = payment.gateway == MANUAL_GATEWAY
        status = Refund.Status.MANUAL if by_hand else Refund.Status.PENDING
        refunds.append(
            Refund(
                change_order=change_order, payment=payment, amount_minor=share.amount, status=status
            )
        )
    PaymentSummary.objects.bulk_update([refund.payment for refund in refunds], ["reserved_minor"])
    Refund.objects.bulk_create(refunds)


def item_amounts(move: Move) -> dict[str, int]:
    """A change order item's columns for what its line lost (negative)."""
    before, after = move.before, move.after
    return {
        "line_amount_minor": after.line_amount - before.line_amount,
        "line_adjustments_minor": after.line_adjustments - before.line_adjustments,
        "order_adjustments_minor": after.order_adjustments - before.order_adjustments,
        "tax_minor": after.tax - before.tax,
    }
