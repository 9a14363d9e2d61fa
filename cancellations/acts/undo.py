"""The act that takes a change order back before anything of it was sent (domain.md §6, *Undo*)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.utils import timezone

from cancellations.acts.change_orders import NewChangeOrder, write_change_order
from cancellations.acts.requests import Submission, check_may_cancel, earlier
from cancellations.arithmetic.quotes import moves
from cancellations.arithmetic.reversals import Undone, reversed_from
from cancellations.customer_notices import is_being_told
from cancellations.history import orders_with_history_until
from cancellations.models import ChangeOrder, CustomerNotice, Refund, Release, Unassigned
from cancellations.models.numbers import number_of
from cancellations.models.refund_states import RefundStatus
from cancellations.replay import CannotBeReplayed, last_of
from cancellations.selection import UndoRequest
from orders.arithmetic.amounts import Standing
from orders.arithmetic.words import gettext_noop
from orders.events import write_event
from orders.locking import begun_again_when_interrupted, locked_order
from orders.models import OrderEvent, OrderSummary
from orders.standing import as_it_stands, write_standing

NOT_OURS = gettext_noop("Only a cancellation or a settlement can be undone.")
NOT_THE_LAST = gettext_noop("The order has changed since: only its last change can be undone.")
TOO_LATE = gettext_noop("The time for undoing is over.")
SENT = gettext_noop("Something of it was sent, or decided, already.")
DOUBTFUL_LINE = gettext_noop("An item that would come back has an open exception.")
UNREADABLE = gettext_noop("What it changed cannot be read back from the order's history.")


_UNTOUCHED = (RefundStatus.PENDING, RefundStatus.MANUAL)


class UnknownChangeOrder(Exception):
    """There is no such change order."""


class CannotBeUndone(Exception):
    """The change order stands; the message says why, and nothing was written."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Reversal:
    """What undoing a change order would make of its order."""

    change_order: ChangeOrder
    before: Standing
    after: Standing
    quantities: dict[str, int]


@begun_again_when_interrupted
def undo_change_order(
    *, change_order_id: int, by: User, request_id: str = "", now: datetime | None = None
) -> Submission:
    """Give back what an order's last change order took, and withdraw its refunds and releases.

    The worker and this act claim the same rows: one of them wins all of them.

    Args:
        request_id: Of a document that asks for it; unless given, the reversal has one of its own.
        by: The acting user, who needs the right to cancel.

    Returns:
        The reversal; the same one however often it is asked for.

    Raises:
        NotAllowed: ``by`` may not cancel.
        UnknownChangeOrder: There is no such change order.
        OrderBusy: Someone else is changing its order.
        OrderRefused: The database found the order's records not to agree.
        RequestReused: The request's id stands for other content.
        CannotBeUndone: It is too late, or something stands on it.
    """
    check_may_cancel(by)
    number = order_number_of(change_order_id)
    request = UndoRequest(number, request_id or str(uuid4()), number_of(change_order_id))
    with locked_order(number) as order:
        change_order = order.change_orders.get(pk=change_order_id)
        if made := earlier(order, request) or undone_by(change_order):
            return Submission(made, is_repeat=True)
        instructions = [*_locked(Refund, change_order), *_locked(Release, change_order)]
        if is_being_told(change_order):  # guard: the customer was told
            raise CannotBeUndone(SENT)
        found = judged(order, change_order, now=now or timezone.now(), instructions=instructions)
        event = write_event(
            order,
            OrderEvent.Type.UNDONE,
            by=by,
            facts={"change_order": change_order.pk},
            after=found.after,
        )
        reversal = write_change_order(order=order, new=_new(found, event, request))
        write_standing(order, before=as_it_stands(order), after=found.after)
        _withdraw(change_order)
        return Submission(reversal, is_repeat=False)


def preview_undo(change_order_id: int, *, now: datetime | None = None) -> ChangeOrder | Reversal:
    """What :func:`undo_change_order` would do now; the reversal, if it was undone.

    Raises:
        UnknownChangeOrder: There is no such change order.
        CannotBeUndone: It is too late, or something stands on it.
    """
    order_number_of(change_order_id)
    change_order = ChangeOrder.objects.select_related("order").get(pk=change_order_id)
    return undone_by(change_order) or judged(
        change_order.order,
        change_order,
        now=now or timezone.now(),
        instructions=[
            *change_order.refunds.select_related("payment"),
            *change_order.releases.select_related("payment"),
        ],
    )


def undone_by(change_order: ChangeOrder) -> ChangeOrder | None:
    """The reversal of a change order, where it was undone."""
    return ChangeOrder.objects.filter(undoes=change_order).first()


def why_not_undone(
    change_order: ChangeOrder,
    *,
    now: datetime,
    instructions: list[Refund | Release],
) -> str:
    """Why a change order that was not undone cannot be, or "": what can be said at a glance."""
    if not ChangeOrder.Kind(change_order.kind).can_be_undone or change_order.held_until is None:
        return NOT_OURS
    if any(each.status not in _UNTOUCHED for each in instructions):
        return SENT
    if now >= change_order.held_until:
        return TOO_LATE
    if ChangeOrder.objects.filter(order=change_order.order_id, pk__gt=change_order.pk).exists():
        return NOT_THE_LAST
    return ""


def judged(
    order: OrderSummary,
    change_order: ChangeOrder,
    *,
    now: datetime,
    instructions: list[Refund | Release],
) -> Reversal:
    """Hold an undo against domain.md §6 and price it; writes nothing.

    Raises:
        CannotBeUndone: It is too late, or something stands on it.
    """
    if reason := why_not_undone(change_order, now=now, instructions=instructions):
        raise CannotBeUndone(reason)
    quantities = {
        item.line.key: item.quantity
        for item in change_order.items.select_related("line")
        if item.quantity
    }
    doubtful = order.process_exceptions.open().filter(line__key__in=quantities)
    if doubtful.exists():
        raise CannotBeUndone(DOUBTFUL_LINE)
    before = as_it_stands(order)
    after = reversed_from(before, _undone(change_order, quantities, instructions))
    return Reversal(change_order, before, after, quantities)


def _undone(
    change_order: ChangeOrder, quantities: dict[str, int], instructions: list[Refund | Release]
) -> Undone:
    try:
        step = last_of(orders_with_history_until(change_order.pk).get())
    except CannotBeReplayed as error:
        raise CannotBeUndone(UNREADABLE) from error
    return Undone(
        before=step.before,
        after=step.after,
        quantities=quantities,
        refunds=_amounts(Refund, instructions),
        releases=_amounts(Release, instructions),
    )


def _amounts(model: type[Any], instructions: list[Refund | Release]) -> dict[str, int]:
    return {each.payment.key: each.amount_minor for each in instructions if isinstance(each, model)}


def _locked(model: type[Any], change_order: ChangeOrder) -> Iterator[Any]:
    """Its refunds or releases, locked: a worker that has one is waited for, and then seen."""
    rows = model.objects.select_related("payment")
    rows = rows.select_for_update(of=("self",))  # guard: undo excludes workers
    yield from rows.filter(change_order=change_order).order_by("pk")


def order_number_of(change_order_id: int) -> str:
    """The number of a change order's order.

    Raises:
        UnknownChangeOrder: There is no such change order.
    """
    found = OrderSummary.objects.filter(change_orders=change_order_id)
    number = found.values_list("order_number", flat=True).first()
    if number is None:
        raise UnknownChangeOrder
    return number


def _withdraw(change_order: ChangeOrder) -> None:
    """Nothing of it is sent, shown to people, or told to the customer any more."""
    for model in (Refund, Release):
        model.objects.filter(change_order=change_order).update(
            status=RefundStatus.WITHDRAWN, due_at=None, lease=None
        )
    for queued in (Unassigned, CustomerNotice):
        queued.objects.filter(change_order=change_order).update(due_at=None, lease=None)
    CustomerNotice.objects.filter(
        change_order=change_order, status=CustomerNotice.Status.WAITING
    ).update(status=CustomerNotice.Status.DROPPED)


def _new(found: Reversal, event: OrderEvent, request: UndoRequest) -> NewChangeOrder:
    return NewChangeOrder(
        kind=ChangeOrder.Kind.REVERSAL,
        request_id=request.request_id,
        fingerprint=request.fingerprint,
        event=event,
        before=found.before,
        after=found.after,
        moves=moves(found.before, found.after, found.quantities),
        undoes=found.change_order,
    )
