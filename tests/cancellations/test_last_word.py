"""PostgreSQL has the last word: what raw SQL may not do, whoever sends it."""

import pytest
from django.db import IntegrityError, connection, transaction

from cancellations.models import ChangeOrder, ChangeOrderItem, Refund
from orders.models import Adjustment, OrderItemSummary, PaymentSummary, TaxLine
from tests.support.builders import (
    adjustment,
    cancel,
    imported,
    item,
    order_document,
    payment,
    select,
    tax,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.fixture
def canceled(agent):
    """An order of 2 × 10.00, captured in full, of which one unit was canceled."""
    order = imported(
        order_document(
            items=[
                item("1", quantity=2, unit_price="10.00"),
                item("2", unit_price="1.00", adjustments=[adjustment("-2.00")], taxes=[tax("0")]),
                item("3", unit_price="0.00"),
            ],
            payments=[payment("20")],
        )
    )
    cancel(order, select("1", 1), by=agent)
    return order


@pytest.fixture
def unassigned(agent):
    """A change order that found 10.00 due, which the order's one payment could not take."""
    order = imported(payments=[payment("20.00", full_refund_only=True)])
    return cancel(order, select(), by=agent)


@pytest.fixture
def other():
    """Another order, of which nothing was canceled."""
    return imported()


def copied(model, source=None, *, keep_id=False, **changes):
    """SQL that inserts the rows of a model (or of a source like it) again, with changes."""
    fields = [f for f in model._meta.concrete_fields if keep_id or not f.primary_key]
    columns = [field.column for field in fields]
    values = ", ".join(changes.get(column, column) for column in columns)
    table = model._meta.db_table
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {source or table}"


def written_anew(model, **changes):
    """SQL that deletes the rows of a model and inserts them again, with changes."""
    deleted = f"WITH gone AS (DELETE FROM {model._meta.db_table} RETURNING *)"
    return f"{deleted} {copied(model, 'gone', keep_id=True, **changes)}"


ATTEMPTS = {
    "cancel more than was ordered": "UPDATE orders_orderitemsummary SET quantity_canceled = 3",
    "cancel what is allocated": "UPDATE orders_orderitemsummary"
    " SET quantity_allocated = 1, quantity_canceled = 2",
    "set a counter back, to cancel the unit again": "UPDATE orders_orderitemsummary"
    " SET quantity_canceled = 0",
    "cancel without a change order": "UPDATE orders_orderitemsummary SET quantity_canceled = 2",
    "return without a change order": "UPDATE orders_orderitemsummary SET quantity_allocated = 1,"
    " quantity_fulfilled = 1, quantity_return_initiated = 1, quantity_returned = 1",
    "write lines anew, to cancel their units again": written_anew(
        OrderItemSummary, quantity_canceled="0"
    ),
    "write payments anew": written_anew(PaymentSummary),
    "keep another currency": "UPDATE orders_ordersummary SET currency_code = 'JPY'",
    "keep other places": "UPDATE orders_ordersummary SET currency_places = 0",
    "take taxes for included": "UPDATE orders_ordersummary SET tax_locale = 'gross',"
    " grand_total_minor = grand_total_minor - tax_minor",
    "give an order another number": "UPDATE orders_ordersummary SET order_number = 'X-9'",
    "come by another search path": "SET LOCAL search_path TO '';"
    " UPDATE public.orders_orderitemsummary SET quantity_canceled = 0",
    "order more units": "UPDATE orders_orderitemsummary SET quantity_ordered = 99",
    "raise a price": "UPDATE orders_orderitemsummary SET unit_price_minor = 99999",
    "move a line into a bundle": "UPDATE orders_orderitemsummary SET bundle_id ="
    " (SELECT id FROM orders_orderitemsummary WHERE key = '1') WHERE key = '2'",
    "move a line out of its delivery group": "UPDATE orders_orderitemsummary"
    " SET delivery_group_id = NULL",
    "give lines other keys": "UPDATE orders_orderitemsummary SET key = 'x' || key",
    "give a line another id": "UPDATE orders_orderitemsummary SET id = id + 1000 WHERE key = '3'",
    "delete a line": "DELETE FROM orders_orderitemsummary WHERE key = '3'",
    "lower a discount": "UPDATE orders_adjustment SET amount_minor = -1",
    "move a discount to another line": "UPDATE orders_adjustment SET line_id ="
    " (SELECT id FROM orders_orderitemsummary WHERE key = '1')",
    "delete a discount": "DELETE FROM orders_adjustment",
    "raise a tax": "UPDATE orders_taxline SET amount_minor = 1",
    "delete a tax": "DELETE FROM orders_taxline",
    "un-order units": "UPDATE orders_orderitemsummary SET quantity_ordered = 0",
    "a negative counter": "UPDATE orders_orderitemsummary SET quantity_returned = -1",
    "a negative price": "UPDATE orders_orderitemsummary SET unit_price_minor = -1",
    "reserve more than was captured": "UPDATE orders_paymentsummary SET reserved_minor = 2001",
    "refund more than was captured": "UPDATE orders_paymentsummary SET refunded_here_minor = 1001",
    "free a reservation behind its refund": "UPDATE orders_paymentsummary SET reserved_minor = 0",
    "a negative reservation": "UPDATE orders_paymentsummary SET reserved_minor = -1",
    "capture more than was authorized": "UPDATE orders_paymentsummary SET captured_minor = 2001",
    "a second change order for one request": copied(ChangeOrder),
    "a change order without items": copied(ChangeOrder, request_id="'forged'"),
    "change a change order": "UPDATE cancellations_changeorder SET grand_total_minor = 0",
    "delete a change order": "DELETE FROM cancellations_changeorder",
    "change an item of one": "UPDATE cancellations_changeorderitem SET quantity = 0",
    "delete an item of one": "DELETE FROM cancellations_changeorderitem",
    "raise a refund": "UPDATE cancellations_refund SET amount_minor = 1001",
    "delete a refund": "DELETE FROM cancellations_refund",
    "a refund of nothing": "UPDATE cancellations_refund SET amount_minor = 0",
    "succeed without counting": "UPDATE cancellations_refund SET status = 'succeeded'",
    "withdraw without freeing": "UPDATE cancellations_refund SET status = 'withdrawn'",
    "add an item to a change order": "INSERT INTO cancellations_changeorderitem"
    " (change_order_id, line_id, type, quantity, reason_name, note, refund_delivery,"
    " line_amount_minor, line_adjustments_minor, order_adjustments_minor, tax_minor)"
    " SELECT o.id, l.id, 'return', 1, '', '', false, -5, 0, 0, 0"
    " FROM cancellations_changeorder o, orders_orderitemsummary l WHERE l.key = '2'",
    "refund more than is due, over a new payment": copied(
        PaymentSummary,
        key="'P2'",
        authorized_minor="5000",
        captured_minor="5000",
        reserved_minor="5000",
    )
    + "; "
    + copied(
        Refund,
        payment_id="(SELECT id FROM orders_paymentsummary WHERE key = 'P2')",
        amount_minor="5000",
    ),
    "date a refund back": "UPDATE cancellations_refund SET created_at = '2000-01-01'",
    "a tax below zero": "INSERT INTO orders_taxline (line_id, name, rate, amount_minor)"
    " SELECT id, 'x', '', -1 FROM orders_orderitemsummary",
}


def everything():
    models = (
        OrderItemSummary,
        Adjustment,
        TaxLine,
        PaymentSummary,
        ChangeOrder,
        ChangeOrderItem,
        Refund,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("sql", ATTEMPTS.values(), ids=ATTEMPTS)
def test_raw_sql_cannot(canceled, sql):
    before = everything()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert everything() == before


def refunded(change_order, payment, amount):
    """Write a refund and set its amount aside, as an act does."""
    with transaction.atomic():
        PaymentSummary.objects.filter(pk=payment.pk).update(reserved_minor=amount)
        Refund.objects.create(change_order=change_order, payment=payment, amount_minor=amount)


def test_a_refund_within_what_is_due_goes_through(unassigned):
    refunded(unassigned, unassigned.order.payments.get(), 1000)

    assert unassigned.unassigned_minor == 0


def test_a_refund_above_what_is_due_is_refused(unassigned):
    with pytest.raises(IntegrityError, match="refunds 1001 of 1000 due"):
        refunded(unassigned, unassigned.order.payments.get(), 1001)

    assert not Refund.objects.exists()


def test_a_refund_needs_its_reservation(unassigned):
    with pytest.raises(IntegrityError, match="keeps 0 reserved"), transaction.atomic():
        Refund.objects.create(
            change_order=unassigned, payment=unassigned.order.payments.get(), amount_minor=1
        )

    assert not Refund.objects.exists()


def test_a_refund_over_a_payment_of_another_order_is_refused(unassigned, other):
    with pytest.raises(IntegrityError, match="is not of the order of change order"):
        refunded(unassigned, other.payments.get(), 1000)

    assert not Refund.objects.exists()


def test_a_payment_stays_with_its_order(unassigned, other):
    with pytest.raises(IntegrityError, match="never changed"):
        PaymentSummary.objects.update(order=other)


def test_an_item_of_a_line_of_another_order_is_refused(unassigned, other):
    amounts = ("line_amount", "line_adjustments", "order_adjustments", "tax")
    nothing = {f"{name}_minor": 0 for name in amounts}

    with pytest.raises(IntegrityError, match="is not of the order of change order"):
        ChangeOrderItem.objects.create(
            change_order=unassigned, line=other.lines.get(), type="cancel", **nothing
        )

    assert unassigned.items.count() == 1


def test_originals_may_be_written_as_they_are(canceled):
    before = everything()

    for model in (OrderItemSummary, Adjustment, TaxLine, PaymentSummary):
        for row in model.objects.all():
            row.save()

    assert everything() == before


def test_a_refund_that_succeeds_with_its_counters_goes_through(canceled):
    with transaction.atomic():
        Refund.objects.update(status=Refund.Status.SUCCEEDED)
        PaymentSummary.objects.update(reserved_minor=0, refunded_here_minor=1000)

    assert PaymentSummary.objects.get().refunded_minor == 1000
