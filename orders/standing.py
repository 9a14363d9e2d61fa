"""An order as it stands: its rows read into arithmetic, and what a change makes of them written."""

from dataclasses import fields

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from orders.arithmetic import amounts
from orders.arithmetic.statuses import Quantities, line_status
from orders.models import DeliveryGroup, OrderItemSummary, OrderSummary, PaymentSummary
from orders.models.totals import TOTALS_COLUMNS

DERIVED_FIELDS = (*TOTALS_COLUMNS, "status")
"""What an order summary keeps only for fast lists."""


def with_everything(orders: QuerySet[OrderSummary] | None = None) -> QuerySet[OrderSummary]:
    """Orders (all, or those given) with all that arithmetic and documents read, in six queries."""
    chosen = OrderSummary.objects.all() if orders is None else orders
    return chosen.select_related("account").prefetch_related(
        *read_by_arithmetic(), "delivery_groups"
    )


def read_by_arithmetic() -> tuple[str | Prefetch, ...]:
    """What to prefetch on an order before it is read into arithmetic."""
    lines = Prefetch("lines", OrderItemSummary.objects.for_reading())
    return lines, "lines__adjustments", "lines__taxes", "payments"


def as_it_stands(order: OrderSummary) -> amounts.Standing:
    """The order as arithmetic; what is not prefetched yet is read now."""
    prefetch_related_objects([order], *read_by_arithmetic())
    lines = order.lines.all()
    keys = {line.pk: line.key for line in lines}
    return amounts.Standing(
        currency=order.currency,
        tax_locale="gross" if order.tax_locale == OrderSummary.TaxLocale.GROSS else "net",
        lines={line.key: _line(line, keys) for line in lines},
        groups={
            line.delivery_group.key: amounts.Group(
                line.delivery_group.key,
                line.delivery_group.flagged_minor,
                line.delivery_group.released,
            )
            for line in lines
            if line.delivery_group
        },
        payments=tuple(_payment(payment) for payment in order.payments.all()),
    )


def set_totals_and_status(order: OrderSummary, standing: amounts.Standing) -> None:
    """Put the derived totals and status on the row, without saving it.

    The columns are ``DERIVED_FIELDS``.
    """
    order.set_totals(standing.totals)
    order.status = standing.status


def write_standing(
    order: OrderSummary, *, before: amounts.Standing, after: amounts.Standing
) -> None:
    """Write what became of an order: its lines' counters and statuses, groups, totals, status.

    Only lines and delivery groups that differ are written; payments are the acts' own matter.

    Args:
        order: Locked, with its lines as ``before`` was read from them.
    """
    lines = order.lines.all()
    _write_counters(
        [line for line in lines if after.lines[line.key] != before.lines[line.key]], after
    )
    _write_groups({line.delivery_group for line in lines if line.delivery_group}, before, after)
    set_totals_and_status(order, after)
    order.save(update_fields=DERIVED_FIELDS)


def _write_counters(lines: list[OrderItemSummary], after: amounts.Standing) -> None:
    written = {"status"}
    for line in lines:
        counters = after.lines[line.key].quantities
        for column, count in _counter_columns(counters).items():
            if getattr(line, column) != count:
                setattr(line, column, count)
                written.add(column)
        line.status = line_status(counters)
    OrderItemSummary.objects.bulk_update(lines, sorted(written))


def _counter_columns(counters: Quantities) -> dict[str, int]:
    return {f"quantity_{field.name}": getattr(counters, field.name) for field in fields(counters)}


def _write_groups(
    groups: set[DeliveryGroup], before: amounts.Standing, after: amounts.Standing
) -> None:
    changed = [group for group in groups if after.groups[group.key] != before.groups[group.key]]
    for group in changed:
        group.flagged_minor = after.groups[group.key].flagged
        group.released = after.groups[group.key].released
    DeliveryGroup.objects.bulk_update(changed, ["flagged_minor", "released"])


def _line(line: OrderItemSummary, keys: dict[int, str]) -> amounts.Line:
    return amounts.Line(
        key=line.key,
        name=line.name,
        is_product=line.is_product,
        quantities=line.quantities,
        line_amount=line.unit_price_minor * line.quantity_ordered,
        adjustments=tuple(
            ("order" if entry.scope == "order" else "line", entry.amount_minor)
            for entry in line.adjustments.all()
        ),
        taxes=tuple(tax.amount_minor for tax in line.taxes.all()),
        bundle=keys[line.bundle_id] if line.bundle_id else None,
        group=line.delivery_group.key if line.delivery_group else None,
    )


def _payment(payment: PaymentSummary) -> amounts.Payment:
    return amounts.Payment(
        key=payment.key,
        method=payment.method,
        captured=payment.captured_minor,
        refunded=payment.refunded_minor,
        reserved=payment.reserved_minor,
        full_refund_only=payment.full_refund_only,
    )
