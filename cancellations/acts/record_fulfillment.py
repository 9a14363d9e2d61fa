"""The act that takes over what the fulfilment system did: counters, payments and returns."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

from django.contrib.auth.models import User

from cancellations.acts.cancel import item_amounts
from cancellations.arithmetic.quotes import moves
from cancellations.documents.fulfillment import FulfillmentDocument, PaymentReport
from cancellations.models import ChangeOrder, ChangeOrderItem
from cancellations.selection import fingerprint
from orders.arithmetic import amounts
from orders.arithmetic.statuses import line_status
from orders.documents.fields import DocumentRefused, Problem
from orders.locking import begun_again_when_interrupted, locked_order
from orders.models import OrderItemSummary, OrderSummary, PaymentSummary
from orders.models.totals import totals_columns
from orders.standing import DERIVED_FIELDS, as_it_stands, set_totals_and_status

_COUNTERS = ("allocated", "fulfilled", "return_initiated", "returned")


@begun_again_when_interrupted
def record_fulfillment(*, report: FulfillmentDocument, by: User) -> ChangeOrder | None:
    """Set an order's counters and payments to what was reported, all or nothing.

    Counters are absolute, so repeating a report is harmless. Units that are newly returned
    write a change order of kind *return*, with the arithmetic of a cancellation and no
    refund: that money goes back elsewhere and is reported as the payment's ``refunded``.

    Returns:
        The change order of what was newly returned, or None.

    Raises:
        UnknownOrder, OrderBusy: The order is not there, or someone else is changing it.
        OrderRefused: The database found the order's records not to agree.
        DocumentRefused: An invariant would break; nothing was written.
    """
    with locked_order(report.order_number) as order:
        if not order.is_managed:
            raise DocumentRefused(Problem("order_number", "this order summary is unmanaged"))
        before = as_it_stands(order)
        lines = {line.key: line for line in order.lines.all()}
        payments = {payment.key: payment for payment in order.payments.all()}
        returned = {key: line.quantity_returned for key, line in lines.items()}
        problems = [*_take_over_lines(report, lines), *_take_over_payments(report, payments)]
        if problems:
            raise DocumentRefused(*problems)
        OrderItemSummary.objects.bulk_update(
            [lines[entry.key] for entry in report.items],
            [*(f"quantity_{name}" for name in _COUNTERS), "status"],
        )
        PaymentSummary.objects.bulk_update(
            [payments[entry.key] for entry in report.payments],
            ["authorized_minor", "captured_minor", "refunded_elsewhere_minor"],
        )
        after = _with_counters(before, lines)
        set_totals_and_status(order, after)
        order.save(update_fields=DERIVED_FIELDS)
        newly = {
            key: count
            for key, line in lines.items()
            if (count := line.quantity_returned - returned[key])
        }
        if not newly:
            return None
        return _write_return(order, before, after, newly, by)


def _take_over_lines(
    report: FulfillmentDocument, lines: dict[str, OrderItemSummary]
) -> Iterator[Problem]:
    for position, entry in enumerate(report.items):
        line = lines.get(entry.key)
        if line is None or not line.is_product:
            message = f"{entry.key!r} is not a product line of this order"
            yield Problem.at("items", position, "key", message=message)
            continue
        returned = line.quantity_returned
        for name in _COUNTERS:
            if (count := getattr(entry, f"quantity_{name}")) is not None:
                setattr(line, f"quantity_{name}", count)
        if broken := line.quantities.broken_rule():
            yield Problem.at("items", position, message=broken)
        elif line.quantity_returned < returned:
            message = f"is below the {returned} already returned; a return is final"
            yield Problem.at("items", position, "quantity_returned", message=message)
        else:
            line.status = line_status(line.quantities)


def _take_over_payments(
    report: FulfillmentDocument, payments: dict[str, PaymentSummary]
) -> Iterator[Problem]:
    for position, entry in enumerate(report.payments):
        payment = payments.get(entry.key)
        if payment is None:
            message = f"{entry.key!r} is not a payment of this order"
            yield Problem.at("payments", position, "key", message=message)
            continue
        if entry.authorized is not None:
            payment.authorized_minor = entry.authorized
        if entry.captured is not None:
            payment.captured_minor = entry.captured
        if entry.refunded is not None:
            payment.refunded_elsewhere_minor = entry.refunded
        for field, message in _payment_problems(payment, entry):
            yield Problem.at("payments", position, field, message=message)


def _payment_problems(payment: PaymentSummary, entry: PaymentReport) -> Iterator[tuple[str, str]]:
    """What would break, at a field that the report gives."""
    if payment.captured_minor < 0:
        yield "captured", "must not be negative"
    if payment.refunded_elsewhere_minor < 0:
        yield "refunded", "must not be negative"
    if payment.captured_minor > payment.authorized_minor:
        if entry.captured is not None:
            yield "captured", "is above what was authorized"
        else:
            yield "authorized", "is below what is captured"
    if payment.refunded_minor + payment.reserved_minor > payment.captured_minor:
        if entry.refunded is not None:
            yield "refunded", "is above what is captured and not set aside for refunds"
        else:
            yield "captured", "is below what is refunded or set aside for refunds"


def _with_counters(
    before: amounts.Standing, lines: dict[str, OrderItemSummary]
) -> amounts.Standing:
    return replace(
        before,
        lines={
            key: replace(line, quantities=lines[key].quantities)
            for key, line in before.lines.items()
        },
    )


def _write_return(
    order: OrderSummary,
    before: amounts.Standing,
    after: amounts.Standing,
    quantities: dict[str, int],
    by: User,
) -> ChangeOrder:
    change = after.totals - before.totals
    change_order = ChangeOrder.objects.create(
        order=order,
        kind=ChangeOrder.Kind.RETURN,
        request_id=str(uuid4()),
        fingerprint=fingerprint(quantities),
        created_by=by,
        **totals_columns(change),
    )
    lines = {line.key: line for line in order.lines.all()}
    ChangeOrderItem.objects.bulk_create(
        ChangeOrderItem(
            change_order=change_order,
            line=lines[move.line.key],
            type=ChangeOrderItem.Type.RETURN,
            quantity=move.quantity,
            **item_amounts(move),
        )
        for move in moves(before, after, quantities)
    )
    return change_order
