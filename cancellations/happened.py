"""What one event made of an order, by its type, with the arithmetic that made it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cancellations.arithmetic.amendments import with_additions
from cancellations.arithmetic.beginnings import brought
from cancellations.arithmetic.quotes import Asked, Quote, quote
from cancellations.arithmetic.reports import Report, Taken, take
from cancellations.arithmetic.reversals import Undone, reversed_from
from cancellations.arithmetic.settlements import quote_settlement
from cancellations.documents.facts import REPORT, steps_in
from cancellations.models import ChangeOrder, Refund, Release
from cancellations.models.refund_states import RefundStatus
from orders.arithmetic import amounts, elsewhere
from orders.arithmetic.funds import Payment
from orders.arithmetic.money import Minor
from orders.fetching import related_rows
from orders.models import OrderEvent


@dataclass(frozen=True, slots=True)
class Replayed:
    """An order right before and right after one of its change orders.

    Attributes:
        quoted: What it was priced at, for one that we made ourselves.
    """

    change_order: ChangeOrder
    before: amounts.Standing
    after: amounts.Standing
    quoted: Quote | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event with the order after it, and what its change orders did.

    Attributes:
        unexplained: Change orders that hang on the event, but do not follow from it.
        missing: Kinds of change orders that follow from it, but are not there.
    """

    event: OrderEvent
    after: amounts.Standing
    changes: tuple[Replayed, ...] = ()
    unexplained: tuple[ChangeOrder, ...] = ()
    missing: tuple[str, ...] = ()


def _imported(
    before: amounts.Standing, event: OrderEvent, change_orders: Sequence[ChangeOrder]
) -> Happened:
    return Happened(
        event, elsewhere.as_it_came(brought(before, _report(event))), (), tuple(change_orders)
    )


def amended(
    before: amounts.Standing,
    event: OrderEvent,
    change_orders: Sequence[ChangeOrder],
    sold: amounts.Standing,
) -> Happened:
    added = REPORT.validate_python(event.facts["added"])
    told = brought(sold, added)
    before = with_additions(
        before,
        {key: line for key, line in told.lines.items() if key in added.lines},
        tuple(each for each in told.payments if each.key in added.payments),
    )
    return _of_facts(before, event, change_orders, REPORT.validate_python(event.facts["report"]))


def _reported(
    before: amounts.Standing, event: OrderEvent, change_orders: Sequence[ChangeOrder]
) -> Happened:
    return _of_facts(before, event, change_orders, _report(event))


def _of_facts(
    before: amounts.Standing,
    event: OrderEvent,
    change_orders: Sequence[ChangeOrder],
    report: Report,
) -> Happened:
    taken: Taken = take(before, report)
    found, others = _by_kind(change_orders)
    made = {change.kind: change for change in taken.changes}
    return Happened(
        event,
        taken.after,
        tuple(
            Replayed(found[kind], change.before, change.after)
            for kind, change in made.items()
            if kind in found
        ),
        (*others, *(change_order for kind, change_order in found.items() if kind not in made)),
        tuple(kind for kind in made if kind not in found),
    )


def _by_kind(
    change_orders: Iterable[ChangeOrder],
) -> tuple[dict[str, ChangeOrder], list[ChangeOrder]]:
    """The first change order of each kind, and the others: an event makes one of a kind."""
    found: dict[str, ChangeOrder] = {}
    others = []
    for change_order in change_orders:
        if found.setdefault(change_order.kind, change_order) is not change_order:
            others.append(change_order)
    return found, others


def _made_by_us(
    before: amounts.Standing,
    event: OrderEvent,
    change_orders: Sequence[ChangeOrder],
    kind: ChangeOrder.Kind,
    price: Callable[[ChangeOrder], Quote],
) -> Happened:
    """What the one change order of an act of ours did."""
    found, others = _by_kind(change_orders)
    change_order = found.pop(kind, None)
    unexplained = (*others, *found.values())
    if change_order is None:
        return Happened(event, before, (), unexplained, (kind,))
    quoted = price(change_order)
    replayed = Replayed(change_order, before, quoted.after, quoted)
    return Happened(event, quoted.after, (replayed,), unexplained)


def _canceled(
    before: amounts.Standing, event: OrderEvent, change_orders: Sequence[ChangeOrder]
) -> Happened:
    def price(change_order: ChangeOrder) -> Quote:
        asked = [
            Asked(item.line.key, item.quantity, item.refund_delivery)
            for item in related_rows(change_order, "items")
            if item.quantity
        ]
        return quote(
            before, asked, refund_fees=event.facts["refund_fees"], sends=steps_in(event.facts)
        )

    return _made_by_us(before, event, change_orders, ChangeOrder.Kind.CANCELLATION, price)


def _settled(
    before: amounts.Standing, event: OrderEvent, change_orders: Sequence[ChangeOrder]
) -> Happened:
    def price(change_order: ChangeOrder) -> Quote:
        return quote_settlement(
            before,
            event.facts["delivery_groups"],
            refund_fees=event.facts["refund_fees"],
            chosen=event.facts["chosen"],
            sends=steps_in(event.facts),
        )

    return _made_by_us(before, event, change_orders, ChangeOrder.Kind.SETTLEMENT, price)


def undone(
    before: amounts.Standing,
    event: OrderEvent,
    change_orders: Sequence[ChangeOrder],
    made: Mapping[int, Replayed],
) -> Happened:
    step = made[event.facts["change_order"]]
    what = Undone(
        before=step.before,
        after=step.after,
        quantities={
            item.line.key: item.quantity for item in related_rows(step.change_order, "items")
        },
        refunds=_amounts(related_rows(step.change_order, "refunds")),
        releases=_amounts(related_rows(step.change_order, "releases")),
    )
    found, others = _by_kind(change_orders)
    reversal = found.pop(ChangeOrder.Kind.REVERSAL, None)
    unexplained = (*others, *found.values())
    if reversal is None or reversal.undoes_id != step.change_order.pk:
        return Happened(event, before, (), unexplained, (ChangeOrder.Kind.REVERSAL,))
    after = reversed_from(before, what)
    return Happened(event, after, (Replayed(reversal, before, after),), unexplained)


def _amounts(instructions: Iterable[Refund | Release]) -> dict[str, Minor]:
    return {each.payment.key: each.amount_minor for each in instructions}


def _decided(
    before: amounts.Standing, event: OrderEvent, change_orders: Sequence[ChangeOrder]
) -> Happened:
    """A person withdrew a refund or release: its money is set aside, or released, no longer."""
    if event.facts["now"] != RefundStatus.WITHDRAWN:
        return _nothing(before, event, change_orders)
    payments = tuple(
        _without(payment, event.facts) if payment.key == event.facts["payment"] else payment
        for payment in before.payments
    )
    return Happened(event, before.with_money(payments=payments), (), tuple(change_orders))


def _without(payment: Payment, facts: Mapping[str, Any]) -> Payment:
    if "refund" in facts:
        return replace(payment, reserved=payment.reserved - facts["amount"])
    kept = payment.released - facts["amount"]
    return replace(
        payment, released=kept, captured_at_release=payment.captured_at_release if kept else None
    )


def _nothing_more_expected(
    before: amounts.Standing, event: OrderEvent, change_orders: Sequence[ChangeOrder]
) -> Happened:
    after = elsewhere.nothing_more_expected(before, shop_keeps_it=event.facts["shop_keeps_it"])
    return Happened(event, after, (), tuple(change_orders))


def _nothing(
    before: amounts.Standing, event: OrderEvent, change_orders: Sequence[ChangeOrder]
) -> Happened:
    return Happened(event, before, (), tuple(change_orders))


HAPPENED = {
    OrderEvent.Type.IMPORTED: _imported,
    OrderEvent.Type.REPORTED: _reported,
    OrderEvent.Type.CANCELED: _canceled,
    OrderEvent.Type.SETTLED: _settled,
    OrderEvent.Type.NOTHING_MORE_EXPECTED: _nothing_more_expected,
    OrderEvent.Type.EXCEPTION_RESOLVED: _nothing,
    OrderEvent.Type.PERSON_DECIDED: _decided,
    OrderEvent.Type.GATEWAY_ANSWERED: _nothing,
    OrderEvent.Type.LEFT_TO_PEOPLE: _nothing,
    OrderEvent.Type.NOTE_WRITTEN: _nothing,
    OrderEvent.Type.CUSTOMER_NOTIFIED: _nothing,
    OrderEvent.Type.CUSTOMER_ERASED: _nothing,
    OrderEvent.Type.SECOND_PERSON: _nothing,
}
"""The event types that are replayed from the order before them alone."""


def _report(event: OrderEvent) -> Report:
    return REPORT.validate_python(event.facts)
