"""Change orders as the export writes them (contract.md §3)."""

from typing import Any

from cancellations.models import ChangeOrder, ChangeOrderItem
from orders.arithmetic.money import Currency, show
from orders.documents.export import dump_totals


def dump_change_order(change_order: ChangeOrder, currency: Currency) -> dict[str, Any]:
    """A change order, fetched ``with_items_and_refunds()``, as the export writes it."""
    return {
        "number": change_order.number,
        "kind": change_order.kind,
        "created_at": change_order.created_at.isoformat().replace("+00:00", "Z"),
        "created_by": change_order.created_by.get_username(),
        "totals": dump_totals(change_order.totals, currency),
        "refund_due": show(change_order.refund_due_minor, currency),
        "unassigned": show(change_order.unassigned_minor, currency),
        "items": [_dump_item(item, currency) for item in change_order.items.all()],
        "refunds": [
            {
                "payment": refund.payment.key,
                "amount": show(refund.amount_minor, currency),
                "status": refund.status,
            }
            for refund in change_order.refunds.all()
        ],
    }


def _dump_item(item: ChangeOrderItem, currency: Currency) -> dict[str, Any]:
    return {
        "key": item.line.key,
        "type": item.type,
        "quantity": item.quantity,
        "reason": item.reason_name,
        "note": item.note,
        "refund_delivery": item.refund_delivery,
        "amount": show(item.net_minor, currency),
        "tax": show(item.tax_minor, currency),
    }
