"""What gateways are told of our refunds and releases."""

from cancellations.models import Release
from cancellations.models.refunds import Instruction
from cancellations.refunds.gateways import Asked, Kind


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
