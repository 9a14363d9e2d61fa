"""What gateways are told of our refunds and releases, and what they can send of an order."""

from cancellations.arithmetic.distribution import ANY_AMOUNT, Amounts
from cancellations.models import Release
from cancellations.models.refunds import Instruction
from cancellations.refunds.gateways import Asked, Kind, amounts_of
from orders.models import OrderSummary


def asked_of(row: Instruction) -> Asked:
    """What a gateway is told of a refund or release."""
    order = row.change_order.order
    return Asked(
        kind=Kind.RELEASE if isinstance(row, Release) else Kind.REFUND,
        key=row.idempotency_key,
        reference=row.payment.gateway_reference,
        amount=row.amount_minor,
        currency=order.currency,
        gateway_id=row.gateway_id,
        metadata={
            "order_number": order.order_number,
            "change_order": row.change_order.number,
            "idempotency_key": row.idempotency_key,
        },
    )


def what_can_be_sent(order: OrderSummary) -> dict[str, Amounts]:
    """What an order's gateways can send, by the keys of its payments, where not any amount."""
    found = {
        payment.key: amounts_of(payment.gateway, order.currency) for payment in order.payments.all()
    }
    return {key: amounts for key, amounts in found.items() if amounts != ANY_AMOUNT}
