"""How an order is written as a document, with the fields that the export adds (contract.md §3)."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from orders.arithmetic import amounts
from orders.arithmetic.money import Currency, show, show_micros
from orders.arithmetic.statuses import LineStatus, OrderStatus
from orders.arithmetic.totals import Totals
from orders.fetching import related_rows
from orders.models import DeliveryGroup, OrderItemSummary, OrderSummary, PaymentSummary


def dump_order(order: OrderSummary, standing: amounts.Standing) -> dict[str, Any]:
    """The order's document with the fields the export adds, its change orders left out.

    Args:
        order: Fetched ``with_everything()``.
        standing: The same order as arithmetic.
    """
    lines = related_rows(order, "lines")
    keys = {line.pk: line.key for line in lines}
    return {
        "order_number": order.order_number,
        "ordered_at": written(order.ordered_at),
        "currency": order.currency.code,
        "channel": order.channel,
        "life_cycle": order.life_cycle,
        "tax_locale": order.tax_locale,
        "status": OrderStatus(order.status).label,
        "totals": dump_totals(order.totals, order.currency),
        "expected_elsewhere": show(order.expected_elsewhere_minor, order.currency),
        "given_elsewhere": show(order.given_elsewhere_minor, order.currency),
        "account": _dump_customer(order),
        "delivery_groups": [_dump_group(group) for group in related_rows(order, "delivery_groups")],
        "items": [
            _dump_item(
                line,
                keys[line.bundle_id] if line.bundle_id else None,
                standing.components[line.key],
                order.currency,
            )
            for line in lines
        ],
        "payments": [
            _dump_payment(payment, order.currency) for payment in related_rows(order, "payments")
        ],
    }


def dump_totals(totals: Totals, currency: Currency) -> dict[str, str]:
    """Totals of an order or a change order, as documents write them."""
    return {total.name: show(getattr(totals, total.name), currency) for total in fields(totals)}


def written(moment: datetime) -> str:
    """A time as documents write it.

    >>> written(datetime(2026, 1, 5, 12, tzinfo=UTC))
    '2026-01-05T12:00:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _dump_customer(order: OrderSummary) -> dict[str, Any] | None:
    """Who ordered, under the names they had then; None for a guest who left none."""
    if order.account is None and not order.customer_name:
        return None
    return {
        "number": order.account.number if order.account else None,
        "name": order.customer_name,
        "email": order.customer_email,
    }


def _dump_group(group: DeliveryGroup) -> dict[str, Any]:
    return {
        "key": group.key,
        "method": group.method,
        "deliver_to": group.deliver_to,
        "address": group.address,
    }


def _dump_payment(payment: PaymentSummary, currency: Currency) -> dict[str, Any]:
    return {
        "key": payment.key,
        "method": payment.method,
        "gateway": payment.gateway,
        "gateway_reference": payment.gateway_reference,
        "authorized": show(payment.authorized_minor, currency),
        "captured": show(payment.captured_minor, currency),
        "refunded": show(payment.refunded_minor, currency),
        "refunded_elsewhere": show(payment.refunded_elsewhere_minor, currency),
        "charged_back": show(payment.charged_back_minor, currency),
        "pending_refund": show(payment.reserved_minor, currency),
        "refundable": show(payment.refundable_minor, currency),
        "authorization_open": show(payment.figures.authorization_open, currency),
        "full_refund_only": payment.full_refund_only,
    }


def _dump_item(
    line: OrderItemSummary, bundle: str | None, left: amounts.Components, currency: Currency
) -> dict[str, Any]:
    return {
        "key": line.key,
        "type": line.type,
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity_ordered,
        "unit_price": show_micros(line.unit_price_micros, currency),
        "line_amount": show(line.line_amount_minor, currency),
        "delivery_group": line.delivery_group.key if line.delivery_group else None,
        "bundle": bundle,
        "adjustments": [
            {"name": entry.name, "scope": entry.scope, "amount": show(entry.amount_minor, currency)}
            for entry in related_rows(line, "adjustments")
        ],
        "taxes": [
            {"name": tax.name, "rate": tax.rate or None, "amount": show(tax.amount_minor, currency)}
            for tax in related_rows(line, "taxes")
        ],
        "status": LineStatus(line.status).label,
        "quantity_ordered": line.quantity_ordered,
        "quantity_canceled": line.quantity_canceled,
        "quantity_current": line.quantity_current,
        "quantity_available_to_cancel": line.quantity_available if line.is_product else 0,
        "quantity_allocated": line.quantity_allocated,
        "quantity_fulfilled": line.quantity_fulfilled,
        "quantity_return_initiated": line.quantity_return_initiated,
        "quantity_returned": line.quantity_returned,
        "amount": show(left.net, currency),
        "tax": show(left.tax, currency),
    }
