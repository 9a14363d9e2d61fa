"""An order's rows as the document that would tell of it: what it came with and was last told."""

from orders.documents.order import (
    AccountDocument,
    AdjustmentDocument,
    DeliveryGroupDocument,
    ItemDocument,
    OrderDocument,
    PaymentDocument,
    TaxDocument,
)
from orders.models import OrderItemSummary, OrderSummary, PaymentSummary


def as_document(order: OrderSummary) -> OrderDocument:
    """The document of an order fetched ``with_everything()``; its counters are those reported."""
    keys = {line.pk: line.key for line in order.lines.all()}
    return OrderDocument.model_construct(
        order_number=order.order_number,
        ordered_at=order.ordered_at,
        currency=order.currency_code,
        channel=order.channel,
        life_cycle=order.life_cycle,
        tax_locale=order.tax_locale,
        account=_customer(order),
        delivery_groups=[
            DeliveryGroupDocument.model_construct(
                key=group.key,
                method=group.method,
                deliver_to=group.deliver_to,
                address=group.address,
            )
            for group in order.delivery_groups.all()
        ],
        items=[_item(line, keys) for line in order.lines.all()],
        payments=[_payment(payment) for payment in order.payments.all()],
    )


def _customer(order: OrderSummary) -> AccountDocument | None:
    if order.account is None and not order.customer_name:
        return None
    return AccountDocument.model_construct(
        number=order.account.number if order.account else None,
        name=order.customer_name,
        email=order.customer_email,
    )


def _item(line: OrderItemSummary, keys: dict[int, str]) -> ItemDocument:
    return ItemDocument.model_construct(
        key=line.key,
        type=line.type,
        sku=line.sku,
        name=line.name,
        quantity=line.quantity_ordered,
        unit_price=line.unit_price_micros,
        line_amount=line.line_amount_minor,
        delivery_group=line.delivery_group.key if line.delivery_group else None,
        bundle=keys[line.bundle_id] if line.bundle_id else None,
        adjustments=[
            AdjustmentDocument.model_construct(
                name=entry.name, scope=entry.scope, amount=entry.amount_minor
            )
            for entry in line.adjustments.all()
        ],
        taxes=[
            TaxDocument.model_construct(
                name=tax.name, rate=tax.rate or None, amount=tax.amount_minor
            )
            for tax in line.taxes.all()
        ],
        quantity_allocated=line.reported_allocated,
        quantity_fulfilled=line.reported_fulfilled,
        quantity_return_initiated=line.reported_return_initiated,
        quantity_returned=line.reported_returned,
        quantity_canceled=line.reported_canceled,
    )


def _payment(payment: PaymentSummary) -> PaymentDocument:
    return PaymentDocument.model_construct(
        key=payment.key,
        method=payment.method,
        gateway=payment.gateway,
        gateway_reference=payment.gateway_reference,
        authorized=payment.authorized_minor,
        captured=payment.captured_minor,
        refunded=payment.refunded_elsewhere_minor,
        charged_back=payment.charged_back_minor,
        full_refund_only=payment.full_refund_only,
    )
