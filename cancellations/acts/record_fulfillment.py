"""The act that takes over what others report to have happened: what does not fit as well."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.contrib.auth.models import User

from cancellations.acts.change_orders import NewChangeOrder, write_change_order
from cancellations.acts.note_misfits import note_misfits
from cancellations.arithmetic.quotes import moves
from cancellations.arithmetic.reports import Report, ReportedChange, Taken, take
from cancellations.documents.facts import REPORT
from cancellations.documents.fulfillment import (
    FulfillmentDocument,
    read_fulfillment,
    resolved,
)
from cancellations.models import ChangeOrder
from cancellations.selection import CONTENT_VERSION, RequestReused
from orders.arithmetic.amounts import Standing
from orders.arithmetic.money import Minor, show
from orders.documents.fields import fingerprint
from orders.events import write_event
from orders.locking import begun_again_when_interrupted, locked_order
from orders.models import OrderEvent, OrderItemSummary, OrderSummary, PaymentSummary
from orders.standing import as_it_stands, write_standing


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a report.

    Attributes:
        change_orders: Of what newly left elsewhere.
        stale: How many of its items and payments were left alone, for newer ones were known.
    """

    change_orders: tuple[ChangeOrder, ...] = ()
    stale: int = 0
    is_repeat: bool = False


@begun_again_when_interrupted
def record_fulfillment(*, report: FulfillmentDocument, by: User) -> Recorded:
    """Set an order's counters and payments to what was reported, all or nothing.

    Figures are absolute, so repeating a report is harmless; one with an ``event`` is taken once.
    What does not fit is taken with a process exception. Units that newly left elsewhere write a
    change order of kind *reported cancellation* or *return*, with the arithmetic of a
    cancellation and no refund: that money goes back elsewhere (domain.md §3, §6).

    Raises:
        UnknownOrder, OrderBusy: The order is not there, or someone else is changing it.
        OrderRefused: The database found the order's records not to agree.
        RequestReused: The report's event was taken before with other content.
        DocumentRefused: The report contradicts itself; nothing was written.
    """
    with locked_order(report.order_number) as order:
        if _taken_before(order, report):
            return Recorded(is_repeat=True)
        before = as_it_stands(order)
        fresh = _without_stale(report, order)
        facts = resolved(fresh, before)
        taken = take(before, facts)
        event = write_event(
            order,
            OrderEvent.Type.REPORTED,
            by=by,
            facts=REPORT.dump_python(_what_changed(facts, before, taken.after), mode="json"),
            after=taken.after,
            request_id=report.event or "",
            fingerprint=report.named(order.currency) if report.event else "",
        )
        change_orders = write_reported_changes(order, taken, event)
        write_standing(order, before=before, after=taken.after)
        note_misfits(order, before, taken, facts, by=by)
        if fresh.at:
            _remember(fresh, order, fresh.at)
        return Recorded(change_orders, stale=_size(report) - _size(fresh))


def raise_refunded_elsewhere(
    order: OrderSummary, payment: str, more: Minor, *, event: str, by: User
) -> Recorded:
    """Take over that more (or, below 0, less) went back elsewhere over a payment than was known.

    Args:
        order: Locked.
        event: The name under which it is taken once.
    """
    if order.events.filter(request_id=event).exists():
        return Recorded(is_repeat=True)
    known = order.payments.get(key=payment).refunded_elsewhere_minor
    document = {
        "order_number": order.order_number,
        "payments": [{"key": payment, "refunded": show(max(0, known + more), order.currency)}],
        "event": event,
    }
    return record_fulfillment(report=read_fulfillment(document, currency=order.currency), by=by)


def write_reported_changes(
    order: OrderSummary, taken: Taken, event: OrderEvent
) -> tuple[ChangeOrder, ...]:
    """Write a change order of what newly left elsewhere, for each of its kinds."""
    return tuple(
        write_change_order(order=order, new=_new_change_order(change, event))
        for change in taken.changes
    )


def _what_changed(report: Report, before: Standing, after: Standing) -> Report:
    """A report without the lines and payments that it left as they were: those say nothing new."""
    payments = zip(before.payments, after.payments, strict=True)
    changed = {now.key for was, now in payments if was != now}
    return Report(
        lines={
            key: facts
            for key, facts in report.lines.items()
            if before.lines[key] != after.lines[key]
        },
        payments={key: facts for key, facts in report.payments.items() if key in changed},
    )


def _taken_before(order: OrderSummary, report: FulfillmentDocument) -> bool:
    """Whether a report with this event was taken.

    Raises:
        RequestReused: It had other content.
    """
    if report.event is None:
        return False
    earlier = order.events.filter(request_id=report.event).first()
    if earlier and not report.is_what_is_named(earlier.fingerprint, order.currency):
        raise RequestReused
    return earlier is not None


def _without_stale(report: FulfillmentDocument, order: OrderSummary) -> FulfillmentDocument:
    """The report without the lines and payments of which something newer is known."""
    if report.at is None:
        return report
    newer = {
        kind: {row.key for row in rows if row.reported_at and row.reported_at > report.at}
        for kind, rows in (("items", order.lines.all()), ("payments", order.payments.all()))
    }
    return report.model_copy(
        update={
            "items": [entry for entry in report.items if entry.key not in newer["items"]],
            "payments": [entry for entry in report.payments if entry.key not in newer["payments"]],
        }
    )


def _size(report: FulfillmentDocument) -> int:
    return len(report.items) + len(report.payments)


def _remember(report: FulfillmentDocument, order: OrderSummary, at: datetime) -> None:
    """Keep of what time the lines and payments of a report were reported last."""
    for model, rows, entries in (
        (OrderItemSummary, order.lines.all(), report.items),
        (PaymentSummary, order.payments.all(), report.payments),
    ):
        keys = {entry.key for entry in entries}
        reported = [row.pk for row in rows if row.key in keys]
        model._default_manager.filter(pk__in=reported).update(reported_at=at)


def _new_change_order(change: ReportedChange, event: OrderEvent) -> NewChangeOrder:
    return NewChangeOrder(
        kind=ChangeOrder.Kind(change.kind),
        request_id=str(uuid4()),
        fingerprint=fingerprint(dict(change.quantities), version=CONTENT_VERSION),
        event=event,
        before=change.before,
        after=change.after,
        moves=moves(change.before, change.after, change.quantities),
        flagged=change.flagged,
    )
