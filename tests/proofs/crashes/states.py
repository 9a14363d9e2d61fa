"""What the database holds of a tag's orders, in ways that can be compared."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model

from cancellations.documents.export import dump_change_order, dump_exceptions
from cancellations.history import orders_with_history
from cancellations.models import (
    Attempt,
    ChangeOrder,
    ChangeOrderItem,
    CustomerNotice,
    GatewayNotice,
    InternalNote,
    ProcessException,
    Refund,
    Release,
    SandboxEntry,
    Unassigned,
)
from cancellations.verification import differences
from integrations.models import PublishedEvent
from orders.documents.export import dump_order
from orders.models import (
    Account,
    Adjustment,
    DeliveryGroup,
    OrderEvent,
    OrderItemSummary,
    OrderSummary,
    PaymentSummary,
    Product,
    TaxLine,
)
from orders.standing import as_it_stands

TAGGED: dict[type[Model], str] = {
    Account: "number",
    Product: "sku",
    OrderSummary: "order_number",
    DeliveryGroup: "order__order_number",
    OrderItemSummary: "order__order_number",
    Adjustment: "line__order__order_number",
    TaxLine: "line__order__order_number",
    PaymentSummary: "order__order_number",
    ChangeOrder: "order__order_number",
    ChangeOrderItem: "change_order__order__order_number",
    Refund: "change_order__order__order_number",
    Release: "change_order__order__order_number",
    ProcessException: "order__order_number",
    OrderEvent: "order__order_number",
    Attempt: "refund__change_order__order__order_number",
    CustomerNotice: "change_order__order__order_number",
    Unassigned: "change_order__order__order_number",
    InternalNote: "order__order_number",
    GatewayNotice: "notice_id",
    SandboxEntry: "reference",
    PublishedEvent: "order__order_number",
}
"""Every kind of row that an act writes, and the field that begins with its tag."""

NEVER_THE_SAME = {Attempt.__name__}
"""How often a gateway was asked: once more after a crash."""

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class State:
    """A tag's orders as they stand.

    Attributes:
        rows: Every row as stored, by model.
        exported: What ``export_orders`` writes.
        differences: What ``verify_orders`` prints.
    """

    tag: str
    rows: Rows
    exported: list[dict[str, Any]]
    differences: list[str]

    def __str__(self) -> str:
        counts = {name: len(rows) for name, rows in self.rows.items() if rows}
        return f"rows {counts}; verify_orders {self.differences}; export {self.exported}"

    @property
    def content(self) -> tuple[dict[str, int], str]:
        """What is the same for every tag that the same was done to."""
        counts = {name: len(rows) for name, rows in self.rows.items() if name not in NEVER_THE_SAME}
        return counts, json.dumps([_bare(order) for order in self.exported]).replace(self.tag, "")

    @property
    def kinds(self) -> list[str]:
        """The kinds of all change orders."""
        return [change["kind"] for order in self.exported for change in order["change_orders"]]


def state_of(tag: str) -> State:
    """Read everything of a tag."""
    numbers = OrderSummary.objects.filter(order_number__startswith=tag)
    numbers = list(numbers.values_list("order_number", flat=True))
    orders = list(orders_with_history(numbers)) if numbers else []
    return State(
        tag, rows_of(tag), [_export(order) for order in orders], list(_differences(orders))
    )


def rows_of(tag: str) -> Rows:
    """Every row of a tag, in the order they were made."""
    rows = {}
    with connection.cursor() as cursor:
        for name, statement in _statements().items():
            cursor.execute(statement, [f"{tag}%"])
            rows[name] = cursor.fetchall()
    return rows


def changes(before: Rows, after: Rows) -> Rows:
    """The rows that are not in both, by model."""
    changed = {name: [*set(before[name]) ^ set(after[name])] for name in before}
    return {name: rows for name, rows in changed.items() if rows}


@cache
def _statements() -> dict[str, str]:
    """Django's statement for each model's rows, made once, for speed; a tag goes in as ``LIKE``."""
    statements = {}
    for model, field in TAGGED.items():
        rows = model._default_manager.filter(**{f"{field}__startswith": "tag"})
        statements[model.__name__], _ = rows.order_by("pk").query.sql_with_params()
    return statements


def _differences(orders: Iterable[OrderSummary]) -> Iterable[str]:
    for order in orders:
        for difference in differences(order):
            yield f"order {order.order_number}, {difference}"


def _export(order: OrderSummary) -> dict[str, Any]:
    document = dump_order(order, as_it_stands(order))
    changes = [dump_change_order(change, order.currency) for change in order.change_orders.all()]
    return document | {"process_exceptions": dump_exceptions(order), "change_orders": changes}


def _bare(order: dict[str, Any]) -> dict[str, Any]:
    """Without what is never the same twice."""
    never_the_same = {"number": "", "created_at": "", "undoes": ""}
    return order | {
        "change_orders": [change | never_the_same for change in order["change_orders"]],
        "process_exceptions": [
            exception | {"opened_at": ""} for exception in order["process_exceptions"]
        ],
    }
