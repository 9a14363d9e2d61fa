"""An order as it stands: its rows read into arithmetic, and what follows from that written back."""

from django.db.models import prefetch_related_objects

from orders import amounts
from orders.models import OrderItemSummary, OrderSummary, PaymentSummary

DERIVED_FIELDS = (
    "product_minor",
    "order_adjustments_minor",
    "delivery_minor",
    "tax_minor",
    "grand_total_minor",
    "status",
)
"""What an order summary keeps only for fast lists."""


def as_it_stands(order: OrderSummary) -> amounts.Order:
    """The order as arithmetic; what is not prefetched yet is read now."""
    prefetch_related_objects([order], *OrderSummary.read_by_arithmetic())
    lines = order.lines.all()
    keys = {line.pk: line.key for line in lines}
    return amounts.Order(
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


def set_totals_and_status(order: OrderSummary, standing: amounts.Order) -> None:
    """Put the derived totals and status on the row, without saving it.

    The columns are ``DERIVED_FIELDS``.
    """
    totals = standing.totals
    order.product_minor = totals.product
    order.order_adjustments_minor = totals.order_adjustments
    order.delivery_minor = totals.delivery
    order.tax_minor = totals.tax
    order.grand_total_minor = totals.grand_total
    order.status = standing.status


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
