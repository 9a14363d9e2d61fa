"""Change orders as the export writes them (contract.md §3)."""

from typing import Any

from django.dispatch import Signal

from cancellations.misfits import message_of
from cancellations.models import ChangeOrder, ChangeOrderItem
from cancellations.models.as_written import WrittenItem, rows_of
from cancellations.models.numbers import number_of
from orders.arithmetic.money import Currency, show
from orders.documents.export import dump_order, dump_totals, written
from orders.fetching import related_rows
from orders.models import OrderEvent, OrderSummary
from orders.standing import as_fetched

orders_exported = Signal()
"""Sent before orders are written out, with their ``numbers``; None: all of them."""


def dump_whole_order(order: OrderSummary) -> dict[str, Any]:
    """An order that was fetched by ``orders_to_export``, with all that happened to it."""
    return {
        **dump_order(order, as_fetched(order)),
        "process_exceptions": dump_exceptions(order),
        "amendments": dump_amendments(order),
        "change_orders": [
            dump_change_order(each, order.currency) for each in related_rows(order, "change_orders")
        ],
    }


def dump_change_order(change_order: ChangeOrder, currency: Currency) -> dict[str, Any]:
    """A change order, just made or fetched with its rows, as the export writes it."""
    rows = rows_of(change_order)
    return {
        "number": change_order.number,
        "kind": change_order.kind,
        "undoes": number_of(change_order.undoes_id) if change_order.undoes_id else None,
        "created_at": written(change_order.created_at),
        "created_by": change_order.created_by.get_username(),
        "totals": dump_totals(change_order.totals, currency),
        "refund_due": show(change_order.refund_due_minor, currency),
        "unassigned": show(change_order.unassigned_minor, currency),
        "items": [_dump_item(item, currency) for item in rows.items],
        "refunds": [
            {
                "payment": refund.payment.key,
                "amount": show(refund.amount_minor, currency),
                "status": refund.status,
            }
            for refund in rows.refunds
        ],
        "releases": [
            {
                "payment": release.payment.key,
                "amount": show(release.amount_minor, currency),
                "status": release.status,
            }
            for release in rows.releases
        ],
    }


def dump_exceptions(order: OrderSummary) -> list[dict[str, Any]]:
    """The open process exceptions of an order that was fetched with its history."""
    return [
        {
            "category": exception.category,
            "about": exception.about,
            "message": message_of(exception),
            "opened_at": written(exception.opened_at),
        }
        for exception in sorted(
            (each for each in related_rows(order, "process_exceptions") if each.is_open),
            key=lambda exception: (exception.category, exception.about),
        )
    ]


def dump_amendments(order: OrderSummary) -> list[dict[str, Any]]:
    """When an order that was fetched with its history was amended, by whom, and what differed."""
    return [
        {
            "at": written(event.at),
            "by": event.by.get_username(),
            "fields": event.facts["fields"],
        }
        for event in related_rows(order, "events")
        if event.type == OrderEvent.Type.AMENDED
    ]


def _dump_item(item: ChangeOrderItem | WrittenItem, currency: Currency) -> dict[str, Any]:
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
