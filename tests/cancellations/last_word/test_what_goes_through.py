"""What the guards let through, and what looking costs."""

import pytest
from django.db import IntegrityError, connection

from cancellations.acts.take_order import import_orders
from cancellations.models import Refund, Release
from orders.documents.order import read_order
from orders.models import (
    Adjustment,
    DeliveryGroup,
    OrderItemSummary,
    OrderSummary,
    PaymentSummary,
)
from tests.cancellations.last_word.sql import everything
from tests.support.builders import (
    adjustment,
    cancel,
    carried_out,
    imported,
    item,
    order_document,
    payment,
    report,
    select,
    select_all,
    settle,
    system_user,
    tax,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.postgresql]


def test_a_transaction_may_hold_several_acts(canceled, agent, manager):
    cancel(canceled, select("2", 1), by=agent)
    report(canceled, payments=[{"key": "P3", "captured": "1.00"}])
    settle(canceled, by=manager)
    connection.check_constraints()

    assert canceled.events.filter(is_open=False).count() == 5


def test_a_payment_stays_with_its_order(canceled):
    other = imported()

    with pytest.raises(IntegrityError, match="never changed"):
        PaymentSummary.objects.update(order=other)


def test_originals_may_be_written_as_they_are(canceled):
    before = everything()

    for model in (OrderSummary, DeliveryGroup, OrderItemSummary, Adjustment, PaymentSummary):
        for row in model.objects.all():
            row.save()

    assert everything() == before


def test_a_refund_that_succeeds_with_its_counters_goes_through(canceled):
    carried_out(Refund.objects.get())
    connection.check_constraints()

    assert PaymentSummary.objects.get(key="P1").refunded_minor == 1000


def order_of(lines):
    """So many lines of two, each with an adjustment and a tax, over two payments."""
    items = [
        item(f"{number}", unit_price="1.00", adjustments=[adjustment("-0.50")], taxes=[tax("0.10")])
        for number in range(lines)
    ]
    return order_document(items=items)


def rows_read(act):
    """How many rows the database reads for an act, with all that is checked at its commit."""
    counted = "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables"
    with connection.cursor() as cursor:
        cursor.execute(counted)
        [[before]] = cursor.fetchall()
        act()
        connection.check_constraints()
        cursor.execute(counted)
        [[after]] = cursor.fetchall()
    return after - before


def test_guards_look_once_an_order_not_once_a_row(agent):
    few, many = order_of(200), order_of(2000)
    imported_rows, canceled_rows = [], []
    imported(order_of(2))

    for document in (few, many):
        imported_rows.append(rows_read(lambda document=document: imported(document)))
        order = OrderSummary.objects.get(order_number=document["order_number"])
        canceled_rows.append(rows_read(lambda order=order: cancel(order, select_all(), by=agent)))

    for of_few, of_many in (imported_rows, canceled_rows):
        assert of_many < 15 * of_few


def test_guards_read_no_more_the_more_orders_there_are():
    """Whatever plans they made when there were few: a session keeps them."""
    batches = [
        [read_order(order_of(3) | {"order_number": f"{batch}-{number}"}) for number in range(200)]
        for batch in range(5)
    ]

    read = [rows_read(lambda of=of: import_orders(of, by=system_user())) for of in batches]

    assert 10 * read[-1] < 11 * read[0], read


def paid_with(payments):
    """Twice what it costs, over so many payments, of each of which a third was never captured."""
    return order_document(
        items=[item(quantity=payments, unit_price="1.00")],
        payments=[payment("3.00", f"P{number}", captured="2.00") for number in range(payments)],
    )


def test_guards_look_once_a_payment_whatever_goes_back(manager):
    rows = []
    settle(imported(paid_with(2)), by=manager)

    for payments in (10, 100):
        order = imported(paid_with(payments))
        rows.append(rows_read(lambda order=order: settle(order, by=manager)))
        assert Release.objects.filter(payment__order=order).count() == payments

    of_few, of_many = rows
    assert of_many < 15 * of_few
