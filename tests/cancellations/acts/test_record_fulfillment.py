"""What a report makes of counters, payments and totals; what does not fit stands elsewhere."""

import pytest

from cancellations.models import ChangeOrder
from orders.models import OrderSummary
from tests.support.builders import (
    cancel,
    delivery_charge,
    delivery_group,
    imported,
    item,
    minor,
    select,
)
from tests.support.reports import line, paid, report, returned, shipped

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_counters_and_statuses_are_taken_over(order, record):
    finished = record(report(line(allocated=3, fulfilled=1)))

    shirts = order.lines.get(key="1")
    order.refresh_from_db()
    assert (finished.status, finished.errors) == (0, "")
    assert finished.output == "1 recorded, 0 refused\n"
    assert (shirts.quantity_allocated, shirts.quantity_fulfilled) == (3, 1)
    assert (shirts.status, order.status) == ("partially_fulfilled", "partially_fulfilled")
    assert not ChangeOrder.objects.exists()


def test_counters_are_absolute_and_absent_ones_stay(order, record):
    record(report(shipped(3)))
    record(report(line(allocated=4)))

    shirts = order.lines.get(key="1")
    assert (shirts.quantity_allocated, shirts.quantity_fulfilled) == (4, 3)


def test_an_allocation_can_be_taken_back(order, record):
    record(report(line(allocated=4)))
    record(report(line(allocated=1)))

    assert order.lines.get(key="1").quantity_available == 3


@pytest.mark.usefixtures("without_triggers")
def test_repeating_a_report_moves_nothing_and_is_an_event_of_its_own(order, record, stored_rows):
    once = report(shipped(4, return_initiated=2, returned=1), payments=[paid(refunded="9.00")])
    record(once)
    before = stored_rows()

    finished = record(once, once)

    order.refresh_from_db()
    assert finished.output == "2 recorded, 0 refused\n"
    assert order.events_written == 4
    order.events.filter(sequence__gt=2).delete()
    OrderSummary.objects.update(events_written=2)
    assert stored_rows() == before


def test_returns_write_a_change_order_and_the_totals_fall(order, record):
    record(report(shipped(4, return_initiated=3, returned=1)))
    record(report(line(returned=3)))

    first, second = ChangeOrder.objects.order_by("pk")
    order.refresh_from_db()
    assert (first.kind, first.created_by.username) == ("return", "batch")
    assert (first.product_minor, first.tax_minor) == (minor("-10.00"), minor("-0.25"))
    assert second.grand_total_minor == minor("-20.50")
    assert (first.refund_due_minor, second.refund_due_minor) == (0, 0)
    moved = second.items.values_list("line__key", "type", "quantity", "reason_name")
    assert list(moved) == [("1", "return", 2, "")]
    assert order.grand_total_minor == minor("15.25")
    assert order.lines.get(key="1").status == "fulfilled"


def test_a_returned_order_is_returned(order, record):
    record(report(returned(4)))

    order.refresh_from_db()
    assert order.status == "returned"
    assert order.grand_total_minor == minor("5.00")


def test_units_canceled_elsewhere_write_a_change_order_of_their_own_kind(order, record):
    record(report(line(canceled=1)))

    [change_order] = ChangeOrder.objects.all()
    shirts = order.lines.get(key="1")
    order.refresh_from_db()
    moved = change_order.items.values_list("line__key", "type", "quantity", "reason_name")
    assert (change_order.kind, change_order.refund_due_minor) == ("reported_cancellation", 0)
    assert list(moved) == [("1", "cancel", 1, "")]
    assert (shirts.quantity_canceled, shirts.quantity_canceled_elsewhere) == (1, 1)
    assert order.grand_total_minor == minor("35.75")
    assert order.expected_elsewhere_minor == minor("10.25")


def test_what_is_canceled_here_and_elsewhere_adds_up(order, record, agent, verified):
    cancel(order, select(), by=agent)

    record(report(line(canceled=2)))
    last = cancel(order, select(), by=agent)

    shirts = order.lines.get(key="1")
    assert (shirts.quantity_canceled, shirts.quantity_canceled_elsewhere) == (4, 2)
    assert last.refund_due_minor == minor("10.25")
    verified()


def test_one_report_may_bring_a_cancellation_and_a_return_in_that_sequence(order, record):
    record(report(returned(1, canceled=2)))

    kinds = ChangeOrder.objects.order_by("pk").values_list("kind", "grand_total_minor", "event")
    [event] = order.events.filter(type="fulfillment_reported")
    assert list(kinds) == [
        ("reported_cancellation", minor("-20.50"), event.pk),
        ("return", minor("-10.25"), event.pk),
    ]


def test_a_returned_bundle_takes_the_money_of_its_family(record):
    order = imported(
        order_number="X-1",
        items=[item("1", unit_price="50.00"), item("2", unit_price="5.00", bundle="1")],
    )

    record(report(shipped(2, return_initiated=1, returned=1)))

    order.refresh_from_db()
    moved = ChangeOrder.objects.get().items.values_list("line__key", "type", "quantity")
    assert order.grand_total_minor == minor("55.00")
    assert list(moved) == [("1", "return", 1), ("2", "return", 0)]


def test_delivery_that_was_given_back_elsewhere_leaves_with_a_row_of_the_same_type(record):
    order = imported(
        order_number="X-1",
        delivery_groups=[delivery_group("G1"), delivery_group("G2")],
        items=[
            item("1"),
            item("2", delivery_group="G2"),
            delivery_charge("1001", unit_price="5.00"),
            delivery_charge("1002", delivery_group="G2", unit_price="3.00"),
        ],
    )

    record(report(returned(1, flag=True), returned(1, "2")))
    record(report(line("2", canceled=1, flag=True)))

    first, second = ChangeOrder.objects.order_by("pk")
    rows = ("line__key", "type", "quantity", "refund_delivery", "line_amount_minor")
    assert list(first.items.values_list(*rows)) == [
        ("1", "return", 1, True, -1000),
        ("2", "return", 1, False, -1000),
        ("1001", "return", 0, False, -250),
    ]
    assert list(second.items.values_list(*rows)) == [
        ("2", "cancel", 1, True, -1000),
        ("1002", "delivery_charge_adjustment", 0, False, -300),
    ]
    order.refresh_from_db()
    assert order.delivery_minor == minor("2.50")


def test_units_that_were_gone_before_the_import_write_nothing(record):
    gone = returned(1, canceled=1)
    order = imported(order_number="X-1", items=[item(quantity=4, **_counters(gone))])

    record(report(gone))

    assert not ChangeOrder.objects.exists()
    assert OrderSummary.objects.get().totals == order.totals


def test_cancellations_and_returns_share_the_rounding(record, agent):
    order = imported(order_number="X-1", items=[item(quantity=3, unit_price="3.33")])

    record(report(returned(1)))
    cancel(order, select(quantity=2), by=agent)

    order.refresh_from_db()
    assert order.grand_total_minor == 0
    assert order.status == "returned"


def test_an_unmanaged_order_takes_facts_as_well(record, verified):
    order = imported(order_number="X-1", life_cycle="unmanaged")

    record(report(returned(1, canceled=1), payments=[paid(refunded="4.00")]))

    shirts = order.lines.get()
    order.refresh_from_db()
    assert (shirts.quantity_returned, shirts.quantity_canceled) == (1, 1)
    assert order.expected_elsewhere_minor == minor("16.00")
    verified()


def test_what_was_recorded_is_exported_and_verified(order, record, run_command, agent, verified):
    cancel(order, select(refund_delivery=True), by=agent)
    record(report(shipped(3, return_initiated=1, returned=1), payments=[paid(refunded="1.00")]))

    [exported] = run_command("export_orders").lines

    shirts = exported["items"][0]
    assert (shirts["quantity_canceled"], shirts["quantity_returned"]) == (1, 1)
    assert (shirts["quantity_current"], shirts["quantity_available_to_cancel"]) == (2, 0)
    assert (shirts["amount"], shirts["tax"]) == ("20.00", "0.50")
    assert [change["kind"] for change in exported["change_orders"]] == ["cancellation", "return"]
    assert exported["totals"]["grand_total"] == "24.25"
    assert exported["payments"][0]["refunded"] == "1.00"
    assert exported["expected_elsewhere"] == "9.25"
    verified()


def _counters(reported):
    return {name: count for name, count in reported.items() if name != "key"}
