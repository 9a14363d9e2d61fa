"""PostgreSQL has the last word: what raw SQL may not do, whoever sends it."""

import pytest
from django.db import DatabaseError, connection, transaction

from cancellations.models import ChangeOrder, Refund
from orders.models import OrderItemSummary, PaymentSummary
from tests.factories import cancel, imported, item, order_document, payment, select

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.fixture
def canceled(agent):
    """An order of 2 × 10.00, captured in full, of which one unit was canceled."""
    order = imported(
        order_document(
            items=[item("1", quantity=2, unit_price="10.00"), item("2", unit_price="0.00")],
            payments=[payment("20")],
        )
    )
    cancel(order, select("1", 1), by=agent)
    return order


ATTEMPTS = {
    "cancel more than was ordered": "UPDATE orders_orderitemsummary SET quantity_canceled = 3",
    "cancel what is allocated": "UPDATE orders_orderitemsummary"
    " SET quantity_allocated = 1, quantity_canceled = 2",
    "set a counter back, to cancel the unit again": "UPDATE orders_orderitemsummary"
    " SET quantity_canceled = 0",
    "cancel without a change order": "UPDATE orders_orderitemsummary SET quantity_canceled = 2",
    "return without a change order": "UPDATE orders_orderitemsummary SET quantity_allocated = 1,"
    " quantity_fulfilled = 1, quantity_return_initiated = 1, quantity_returned = 1",
    "un-order units": "UPDATE orders_orderitemsummary SET quantity_ordered = 0",
    "a negative counter": "UPDATE orders_orderitemsummary SET quantity_returned = -1",
    "a negative price": "UPDATE orders_orderitemsummary SET unit_price_minor = -1",
    "reserve more than was captured": "UPDATE orders_paymentsummary SET reserved_minor = 2001",
    "refund more than was captured": "UPDATE orders_paymentsummary SET refunded_here_minor = 1001",
    "free a reservation behind its refund": "UPDATE orders_paymentsummary SET reserved_minor = 0",
    "a negative reservation": "UPDATE orders_paymentsummary SET reserved_minor = -1",
    "capture more than was authorized": "UPDATE orders_paymentsummary SET captured_minor = 2001",
    "a second change order for one request": "INSERT INTO cancellations_changeorder"
    " (order_id, kind, request_id, fingerprint, created_at, created_by_id, product_minor,"
    " order_adjustments_minor, delivery_minor, tax_minor, grand_total_minor, refund_due_minor,"
    " owed_before_minor) SELECT order_id, kind, request_id, fingerprint, created_at,"
    " created_by_id, product_minor, order_adjustments_minor, delivery_minor, tax_minor,"
    " grand_total_minor, refund_due_minor, owed_before_minor FROM cancellations_changeorder",
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
    "date a refund back": "UPDATE cancellations_refund SET created_at = '2000-01-01'",
    "a tax below zero": "INSERT INTO orders_taxline (line_id, name, rate, amount_minor)"
    " SELECT id, 'x', '', -1 FROM orders_orderitemsummary",
}


def everything():
    models = (OrderItemSummary, PaymentSummary, ChangeOrder, Refund)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("sql", ATTEMPTS.values(), ids=ATTEMPTS)
def test_raw_sql_cannot(canceled, sql):
    before = everything()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert everything() == before


def test_a_second_refund_needs_its_reservation(canceled):
    refund = Refund.objects.get()
    other = imported(
        order_document(order_number="X-2", items=[item("1")], payments=[payment("20")])
    )

    with pytest.raises(DatabaseError), transaction.atomic():
        Refund.objects.create(
            change_order=refund.change_order, payment=other.payments.get(), amount_minor=1
        )

    assert Refund.objects.count() == 1


def test_a_refund_that_succeeds_with_its_counters_goes_through(canceled):
    with transaction.atomic():
        Refund.objects.update(status=Refund.Status.SUCCEEDED)
        PaymentSummary.objects.update(reserved_minor=0, refunded_here_minor=1000)

    assert PaymentSummary.objects.get().refunded_minor == 1000
