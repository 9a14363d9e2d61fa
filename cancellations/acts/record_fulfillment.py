"""The act that takes over what the fulfilment system did: counters, payments and returns."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from uuid import uuid4

from django.contrib.auth.models import User

from cancellations.acts.change_orders import NewChangeOrder, write_change_order
from cancellations.arithmetic.quotes import moves
from cancellations.documents.fulfillment import FulfillmentDocument, LineReport, PaymentReport
from cancellations.models import ChangeOrder
from cancellations.selection import CONTENT_VERSION
from orders.arithmetic import amounts
from orders.arithmetic.statuses import Quantities
from orders.documents.fields import DocumentRefused, Problem, fingerprint
from orders.locking import begun_again_when_interrupted, locked_order
from orders.models import PaymentSummary
from orders.standing import as_it_stands, write_standing

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
        payments = {payment.key: payment for payment in order.payments.all()}
        reported = _reported_counters(report, before)
        problems = [
            *_line_problems(report, before, reported),
            *_take_over_payments(report, payments),
        ]
        if problems:
            raise DocumentRefused(*problems)
        PaymentSummary.objects.bulk_update(
            [payments[entry.key] for entry in report.payments],
            ["authorized_minor", "captured_minor", "refunded_elsewhere_minor"],
        )
        after = _with_counters(before, reported)
        if newly := _newly_returned(before, after):
            new = _new_change_order(before, after, newly, by)
            return write_change_order(order=order, new=new)
        write_standing(order, before=before, after=after)
        return None


def _reported_counters(
    report: FulfillmentDocument, before: amounts.Standing
) -> dict[str, Quantities]:
    """The counters of the reported product lines, by key; what the report leaves out stays."""
    return {
        entry.key: replace(line.quantities, **_given(entry))
        for entry in report.items
        if (line := before.lines.get(entry.key)) and line.is_product
    }


def _given(entry: LineReport) -> dict[str, int]:
    counts = {name: getattr(entry, f"quantity_{name}") for name in _COUNTERS}
    return {name: count for name, count in counts.items() if count is not None}


def _line_problems(
    report: FulfillmentDocument, before: amounts.Standing, reported: Mapping[str, Quantities]
) -> Iterator[Problem]:
    for position, entry in enumerate(report.items):
        counters = reported.get(entry.key)
        if counters is None:
            message = f"{entry.key!r} is not a product line of this order"
            yield Problem.at("items", position, "key", message=message)
            continue
        returned = before.lines[entry.key].quantities.returned
        if broken := counters.broken_rule():
            yield Problem.at("items", position, message=broken)
        elif counters.returned < returned:
            message = f"is below the {returned} already returned; a return is final"
            yield Problem.at("items", position, "quantity_returned", message=message)


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
    before: amounts.Standing, reported: Mapping[str, Quantities]
) -> amounts.Standing:
    return replace(
        before,
        lines={
            key: replace(line, quantities=reported.get(key, line.quantities))
            for key, line in before.lines.items()
        },
    )


def _newly_returned(before: amounts.Standing, after: amounts.Standing) -> dict[str, int]:
    """Units returned since before, by the key of their line."""
    counts = {
        key: line.quantities.returned - before.lines[key].quantities.returned
        for key, line in after.lines.items()
    }
    return {key: count for key, count in counts.items() if count}


def _new_change_order(
    before: amounts.Standing, after: amounts.Standing, returned: dict[str, int], by: User
) -> NewChangeOrder:
    return NewChangeOrder(
        kind=ChangeOrder.Kind.RETURN,
        request_id=str(uuid4()),
        fingerprint=fingerprint(returned, version=CONTENT_VERSION),
        by=by,
        before=before,
        after=after,
        moves=moves(before, after, returned),
    )
