"""Compare an order summary with what its history gives, event by event (domain.md §3, §6)."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from cancellations.arithmetic.quotes import Quote, moves
from cancellations.happened import Happened, Replayed
from cancellations.models import ChangeOrder, Refund, Release
from cancellations.models.change_order_items import item_columns
from cancellations.refunds.verifying import state_differences
from cancellations.replay import CannotBeReplayed, replay
from orders.arithmetic import amounts
from orders.arithmetic.funds import Elsewhere
from orders.arithmetic.money import Currency, Minor, show
from orders.arithmetic.statuses import LineStatus, OrderStatus, line_status
from orders.fetching import related_rows
from orders.models import OrderEvent, OrderSummary
from orders.standing import as_fetched

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def differences(order: OrderSummary) -> Iterator[str]:
    """Each way in which the stored order differs from what its history gives.

    Args:
        order: Fetched with its history.
    """
    stored = as_fetched(order)
    replayed: amounts.Standing | None = None
    yield from _sequence_differences(order)
    try:
        for happened in replay(order):
            yield from _event_differences(happened)
            for step in happened.changes:
                yield from _change_order_differences(step)
            replayed = happened.after
    except CannotBeReplayed as refusal:
        yield f"events cannot be replayed: {refusal.__cause__!r}"
        return
    if replayed is None:
        yield "nothing is known of how it came"
        return
    yield from _line_differences(order, stored, replayed)
    yield from _group_differences(stored, replayed)
    yield from _payment_differences(order, stored, replayed)
    yield from state_differences(order)
    yield from _differing_fields("{} elsewhere", stored.elsewhere, replayed.elsewhere)
    yield from _differing("totals", order.totals, replayed.totals)
    yield from _differing("status", OrderStatus(order.status).label, stored.status.label)
    yield from _flag_differences(order, stored)


def _flag_differences(order: OrderSummary, stored: amounts.Standing) -> Iterator[str]:
    """What lists narrow orders by, beside the counters and exceptions that it follows from."""
    cancelable = order.is_managed and stored.is_cancelable
    yield from _differing("cancelable", order.is_cancelable, cancelable)
    open_now = [each for each in related_rows(order, "process_exceptions") if each.is_open]
    urgent = any(each.is_urgent for each in open_now)
    yield from _differing("has exceptions", order.has_exceptions, bool(open_now))
    yield from _differing("needs attention", order.needs_attention, urgent)


def _sequence_differences(order: OrderSummary) -> Iterator[str]:
    """Events are counted from 1 without a gap, beginning with how the order came."""
    events = list(related_rows(order, "events"))
    counted = [event.sequence for event in events]
    expected = list(range(1, order.events_written + 1))
    yield from _differing("events", counted, expected)
    if events and events[0].type != OrderEvent.Type.IMPORTED:
        yield f"event 1 is {events[0].type}"
    known = {event.pk for event in events}
    for change_order in related_rows(order, "change_orders"):
        if change_order.event_id not in known:
            yield f"{change_order.number} hangs on an event of another order"


def _event_differences(happened: Happened) -> Iterator[str]:
    event, after = happened.event, happened.after
    where = f"event {event.sequence}"
    stored = Elsewhere(
        event.expected_elsewhere_minor, event.given_elsewhere_minor, event.unpaid_elsewhere_minor
    )
    yield from _differing_fields(f"{where} {{}} elsewhere", stored, after.elsewhere)
    yield from _differing(f"{where} held", event.held_minor, after.held)
    yield from _differing(f"{where} total", event.grand_total_minor, after.totals.grand_total)
    for change_order in happened.unexplained:
        yield f"{change_order.number} does not follow from event {event.sequence}"
    for kind in happened.missing:
        yield f"{where} has no {ChangeOrder.Kind(kind).label.lower()}"
    if event.type == OrderEvent.Type.CANCELED:
        for step in happened.changes:
            canceled = {
                item.line.key: item.quantity for item in related_rows(step.change_order, "items")
            }
            canceled = {key: quantity for key, quantity in canceled.items() if quantity}
            yield from _differing(f"{where} lines", event.facts["lines"], canceled)


def _change_order_differences(step: Replayed) -> Iterator[str]:
    change_order, before, after = step.change_order, step.before, step.after
    items = {item.line.key: item for item in related_rows(change_order, "items")}
    where = change_order.number
    yield from _strangers(change_order, after.currency)
    moved = moves(before, after, {key: item.quantity for key, item in items.items()})
    yield from _differing(f"{where} lines", sorted(items), sorted(m.line.key for m in moved))
    for move in moved:
        if (item := items.get(move.line.key)) is not None:
            yield from _differing(f"{where} line {move.line.key}", item.columns, item_columns(move))
    yield from _differing(f"{where} totals", change_order.totals, after.totals - before.totals)
    yield from _refund_differences(change_order, step.quoted, after.currency)


def _strangers(change_order: ChangeOrder, currency: Currency) -> Iterator[str]:
    """What is of another order by the keys it has here too, and units canceled for no reason."""
    where, order = change_order.number, change_order.order_id
    for item in related_rows(change_order, "items"):
        if item.line.order_id != order:
            yield f"{where} line {item.line.key} is of another order"
        is_canceled = change_order.kind == ChangeOrder.Kind.CANCELLATION and item.quantity
        if is_canceled and not item.reason_name:
            yield f"{where} line {item.line.key} was canceled for no reason"
    for money in (*related_rows(change_order, "refunds"), *related_rows(change_order, "releases")):
        if money.payment.order_id != order:
            yield f"{where} payment {money.payment.key} is of another order"
        if money.currency != currency:
            yield f"{where} payment {money.payment.key} is told another currency"


def _refund_differences(
    change_order: ChangeOrder, quoted: Quote | None, currency: Currency
) -> Iterator[str]:
    """What is due, refunded and released, beside what the order's history makes of it."""
    due, before = (quoted.refund_due, quoted.owed_before) if quoted else (0, 0)
    shares = {share.payment.key: share.amount for share in quoted.shares} if quoted else {}
    releases = {each.payment.key: each.amount for each in quoted.releases} if quoted else {}
    where = change_order.number
    yield from _differing(
        f"{where} refund due", show(change_order.refund_due_minor, currency), show(due, currency)
    )
    yield from _differing(
        f"{where} owed before",
        *(show(n, currency) for n in (change_order.owed_before_minor, before)),
    )
    stored = _by_payment(related_rows(change_order, "refunds"))
    yield from _differing(f"{where} refunds", *_shown(currency, stored, shares))
    stored = _by_payment(related_rows(change_order, "releases"))
    yield from _differing(f"{where} releases", *_shown(currency, stored, releases))


def _by_payment(moneys: Iterable[Refund | Release]) -> dict[str, Minor]:
    return {money.payment.key: money.amount_minor for money in moneys}


def _shown(currency: Currency, *moneys: dict[str, Minor]) -> Iterator[dict[str, str]]:
    for money in moneys:
        yield {key: show(money[key], currency) for key in sorted(money)}


def _line_differences(
    order: OrderSummary, stored: amounts.Standing, replayed: amounts.Standing
) -> Iterator[str]:
    for line in related_rows(order, "lines"):
        now, then = stored.lines[line.key], replayed.lines[line.key]
        where = f"line {line.key}"
        yield from _differing_fields(f"{where} {{}}", now.quantities, then.quantities)
        yield from _differing_fields(f"{where} reported {{}}", now.reported, then.reported)
        yield from _differing(f"{where} released", now.released, then.released)
        yield from _differing(
            f"{where} status", LineStatus(line.status).label, line_status(line.quantities).label
        )
        if broken := line.quantities.broken_rule():
            yield f"{where}: {broken}"


def _group_differences(stored: amounts.Standing, replayed: amounts.Standing) -> Iterator[str]:
    for key, group in stored.groups.items():
        yield from _differing_fields(f"delivery group {key} {{}}", group, replayed.groups[key])


def _payment_differences(
    order: OrderSummary, stored: amounts.Standing, replayed: amounts.Standing
) -> Iterator[str]:
    refunds = [
        refund
        for change_order in related_rows(order, "change_orders")
        for refund in related_rows(change_order, "refunds")
    ]
    for payment, now, then in zip(
        related_rows(order, "payments"), stored.payments, replayed.payments, strict=True
    ):
        own = [refund for refund in refunds if refund.payment_id == payment.pk]
        reserved = sum(refund.reserved_minor for refund in own)
        succeeded = sum(refund.succeeded_minor for refund in own)
        where = f"payment {payment.key}"
        yield from _differing(f"{where} reserved", payment.reserved_minor, reserved)
        yield from _differing(f"{where} refunded", payment.refunded_here_minor, succeeded)
        then = replace(then, reserved=now.reserved, refunded_here=now.refunded_here)
        yield from _differing_fields(f"{where} {{}}", now, then)


def _differing_fields(
    what: str, stored: "DataclassInstance", recomputed: "DataclassInstance"
) -> Iterator[str]:
    """Each field in which two values of a kind differ, under its name put into ``what``."""
    if stored == recomputed:
        return
    for field in fields(stored):
        name = what.format(field.name.replace("_", " "))
        yield from _differing(name, getattr(stored, field.name), getattr(recomputed, field.name))


def _differing(what: str, stored: object, recomputed: object) -> Iterator[str]:
    if stored != recomputed:
        yield f"{what}: stored {stored}, recomputed {recomputed}"
