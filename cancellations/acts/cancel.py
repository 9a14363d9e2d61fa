"""The one act that cancels, and its read-only preview: both judge and price the same way."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin, User

from cancellations.acts.change_orders import NewChangeOrder, write_change_order
from cancellations.arithmetic.quotes import Quote, everything_eligible, quote
from cancellations.models import LONGEST_NOTE, RIGHT_TO_CANCEL, CancellationReason, ChangeOrder
from cancellations.selection import (
    MOST_LINES,
    UNMANAGED,
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
from orders.locking import UnknownOrder, begun_again_when_interrupted, locked_order
from orders.models import OrderSummary
from orders.standing import as_it_stands


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
    request returns the change order made the first time and changes nothing.

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
    with locked_order(request.order_number) as order:  # guard: the read after the lock
        if repeated := _earlier(order, request):  # guard: the look for an earlier result
            return Submission(repeated, is_repeat=True)
        judged = quote_cancellation(order, request.selection)  # guard: the read after the lock
        now = Snapshot.of(judged.quote, judged.lines)
        if isinstance(agreed, Snapshot) and agreed != now:  # guard: the snapshot comparison
            raise QuoteChanged(agreed, now)
        new = _new_change_order(judged, request, by)
        return Submission(write_change_order(order=order, new=new), is_repeat=False)


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
        raise SelectionRefused(UNMANAGED)
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
    if earlier and not request.asks_what_is_named(earlier.fingerprint):  # guard: the fingerprint
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
    elif reason.lacks_note(note):
        yield Refusal(key, "note", f"Write a note: the reason {reason.name} needs one.")
    if len(note) > LONGEST_NOTE:
        yield Refusal(key, "note", f"Shorten the note to {LONGEST_NOTE} characters.")


def _new_change_order(judged: Judged, request: CancellationRequest, by: User) -> NewChangeOrder:
    quoted = judged.quote
    return NewChangeOrder(
        kind=ChangeOrder.Kind.CANCELLATION,
        request_id=request.request_id,
        fingerprint=request.fingerprint,
        by=by,
        before=quoted.before,
        after=quoted.after,
        moves=quoted.moves,
        why={line.key: line for line in judged.lines},
        reasons=judged.reasons,
        refund_due=quoted.refund_due,
        owed_before=quoted.owed_before,
        shares=quoted.shares,
    )
