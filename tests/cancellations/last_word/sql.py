"""Raw SQL that tries what no act does, and what it would have changed."""

import pytest
from django.db import IntegrityError, connection, transaction

from cancellations.models import ChangeOrder, ChangeOrderItem, InternalNote, Refund, Release
from orders.models import (
    Adjustment,
    DeliveryGroup,
    OrderEvent,
    OrderItemSummary,
    OrderSummary,
    PaymentSummary,
    TaxLine,
)


def copied(model, source=None, *, keep_id=False, **changes):
    """SQL that inserts the rows of a model (or of a source like it) again, with changes."""
    fields = [f for f in model._meta.concrete_fields if keep_id or not f.primary_key]
    if "idempotency_key" in {field.column for field in fields}:
        changes = {"idempotency_key": "md5(random()::text)", **changes}
    columns = [field.column for field in fields]
    values = ", ".join(changes.get(column, column) for column in columns)
    table = model._meta.db_table
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {source or table}"


def written_anew(model, **changes):
    """SQL that deletes the rows of a model and inserts them again, with changes."""
    deleted = f"WITH gone AS (DELETE FROM {model._meta.db_table} RETURNING *)"
    return f"{deleted} {copied(model, 'gone', keep_id=True, **changes)}"


LAST_CHANGE = "(SELECT * FROM cancellations_changeorder ORDER BY id DESC LIMIT 1) AS last"
LAST_EVENT = "(SELECT * FROM orders_orderevent ORDER BY id DESC LIMIT 1) AS last"
OF_P2 = "(SELECT id FROM orders_paymentsummary WHERE key = 'P2')"
OF_LINE_1 = "(SELECT id FROM orders_orderitemsummary WHERE key = '1')"
OF_LAST = "(SELECT max(id) FROM cancellations_changeorder)"
A_RETURN = (
    "INSERT INTO cancellations_changeorderitem"
    " (change_order_id, line_id, type, quantity, reason_name, note, refund_delivery,"
    " line_amount_minor, line_adjustments_minor, order_adjustments_minor, tax_minor)"
    " SELECT last.id, line.id, 'return', 1, '', '', false, -5, 0, 0, 0"
    f" FROM {LAST_CHANGE}, orders_orderitemsummary line WHERE line.key = '3'"
)
A_NEW_PAYMENT = copied(
    PaymentSummary,
    "(SELECT * FROM orders_paymentsummary WHERE key = 'P2') AS second",
    key="'P9'",
)
A_LINE = copied(
    OrderItemSummary,
    "(SELECT * FROM orders_orderitemsummary WHERE key = '3') AS third",
    key="'9'",
)
A_DISCOUNT = (
    "INSERT INTO orders_adjustment (line_id, name, scope, amount_minor)"
    " SELECT id, 'x', 'line', -1 FROM orders_orderitemsummary"
)
A_TAX = (
    "INSERT INTO orders_taxline (line_id, name, rate, amount_minor)"
    " SELECT id, 'x', '', 1 FROM orders_orderitemsummary"
)
A_REFUND_OVER_P2 = (
    copied(
        Refund,
        "(SELECT * FROM cancellations_refund LIMIT 1) AS one",
        payment_id=OF_P2,
        change_order_id=OF_LAST,
        amount_minor="900",
    )
    + "; UPDATE orders_paymentsummary SET reserved_minor = 900 WHERE key = 'P2'"
)
SUCCEEDED = (
    "UPDATE cancellations_refund SET status = 'processing';"
    " UPDATE cancellations_refund SET status = 'succeeded';"
    " UPDATE orders_paymentsummary SET refunded_here_minor = reserved_minor, reserved_minor = 0;"
)
AT_COMMIT = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;"
"""Holds what was written against the guards, as a commit would."""

FAILED_AFTER_ALL = (
    "UPDATE cancellations_refund SET status = 'failed';"
    " UPDATE orders_paymentsummary"
    " SET reserved_minor = refunded_here_minor, refunded_here_minor = 0;"
)


def event(type, *, on_order="", **changes):
    """SQL that writes and counts a third event, like the last one but for its type and changes.

    Args:
        on_order: What else is set on the order.
    """
    changed = {"sequence": "3", "type": f"'{type}'", "facts": "'{}'", **changes}
    counted = ", ".join(filter(None, ["events_written = 3", on_order]))
    written = copied(OrderEvent, LAST_EVENT, **changed)
    return f"{written}; UPDATE orders_ordersummary SET {counted};"


def change_order(type, kind, **changes):
    """SQL that writes a third event with a change order of its own."""
    event_id = "(SELECT max(id) FROM orders_orderevent)"
    made = copied(
        ChangeOrder, LAST_CHANGE, request_id="'forged'", kind=f"'{kind}'", event_id=event_id
    )
    return f"{event(type, **changes)} {made};"


def refund(payment, amount, **changes):
    """SQL that writes a refund of the last change order over a payment."""
    return copied(
        Refund,
        "(SELECT * FROM cancellations_refund ORDER BY id LIMIT 1) AS one",
        payment_id=f"(SELECT id FROM orders_paymentsummary WHERE key = '{payment}')",
        change_order_id=OF_LAST,
        amount_minor=f"{amount}",
        **changes,
    )


def everything():
    models = (
        OrderSummary,
        OrderEvent,
        DeliveryGroup,
        OrderItemSummary,
        Adjustment,
        TaxLine,
        PaymentSummary,
        ChangeOrder,
        ChangeOrderItem,
        Refund,
        Release,
        InternalNote,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


def execute(sql):
    """Run SQL up to what a commit would hold it against."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        connection.check_constraints()


def each(attempts):
    """Runs a test for each of these attempts, which stand below what is told to who makes them."""
    rows = {about: (told, sql) for told, tried in attempts.items() for about, sql in tried.items()}
    return pytest.mark.parametrize(("told", "sql"), rows.values(), ids=rows)


def refuses(sql, told):
    """The database says this to SQL, and nothing is changed by it."""
    before = everything()

    with pytest.raises(IntegrityError, match=told):
        execute(sql)

    assert everything() == before
