import pytest

from cancellations.models import ChangeOrder
from orders.models import OrderSummary
from tests.support.builders import (
    cancel,
    delivery_charge,
    imported,
    item,
    minor,
    payment,
    select,
    select_all,
    tax,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def order():
    """Four shirts at 10.00 with 1.00 tax in all, and delivery; captured in full."""
    return imported(
        order_number="X-1",
        items=[item(quantity=4, taxes=[tax("1.00")]), delivery_charge(unit_price="5.00")],
    )


@pytest.fixture
def record(jsonl, run_command):
    def record(*reports):
        return run_command("record_fulfillment", jsonl(*reports))

    return record


@pytest.fixture
def refused(record, stored_rows):
    """What is said of one report; checks that it is refused and changes nothing."""

    def refused(document):
        before = stored_rows()
        finished = record(document)
        assert (finished.status, finished.output) == (1, "0 recorded, 1 refused\n")
        assert stored_rows() == before
        return finished.errors.splitlines()

    return refused


def report(*items, **changes):
    return {"order_number": "X-1", "items": list(items), **changes}


def line(key="1", **counters):
    """A line's report by the names of its counters: allocated, fulfilled and so on."""
    return {"key": key, **{f"quantity_{name}": count for name, count in counters.items()}}


def shipped(count, **counters):
    return line(allocated=count, fulfilled=count, **counters)


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


def test_repeating_a_report_is_harmless(order, record, stored_rows):
    once = report(
        shipped(4, return_initiated=2, returned=1), payments=[{"key": "P1", "refunded": "9.00"}]
    )
    record(once)
    before = stored_rows()

    finished = record(once, once)

    assert finished.output == "2 recorded, 0 refused\n"
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
    record(report(shipped(4, return_initiated=4, returned=4)))

    order.refresh_from_db()
    assert order.status == "returned"
    assert order.grand_total_minor == minor("5.00")


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


def test_units_returned_before_the_import_write_nothing(record):
    returned = line(allocated=2, fulfilled=2, return_initiated=2, returned=1)
    order = imported(order_number="X-1", items=[item(quantity=4, **_counters(returned))])

    record(report(returned))

    assert not ChangeOrder.objects.exists()
    assert OrderSummary.objects.get().totals == order.totals


def test_cancellations_and_returns_share_the_rounding(record, agent):
    order = imported(order_number="X-1", items=[item(quantity=3, unit_price="3.33")])

    record(report(shipped(1, return_initiated=1, returned=1)))
    cancel(order, select(quantity=2), by=agent)

    order.refresh_from_db()
    assert order.grand_total_minor == 0
    assert order.status == "returned"


def test_captures_and_refunds_elsewhere_are_taken_over(record):
    order = imported(order_number="X-1", payments=[payment("20.00", captured="0")])

    record(report(payments=[{"key": "P1", "captured": "20.00", "refunded": "4.00"}]))

    taken = order.payments.get()
    assert (taken.captured_minor, taken.refunded_elsewhere_minor) == (2000, 400)
    assert (taken.refundable_minor, taken.authorized_minor) == (1600, 2000)


def test_captures_after_a_cancellation_leave_what_is_owed_to_the_next_change(record, agent):
    order = imported(order_number="X-1", payments=[payment("20.00", captured="0")])
    cancel(order, select(), by=agent)

    record(report(payments=[{"key": "P1", "captured": "20.00"}]))
    second = cancel(order, select(), by=agent)

    assert second.refund_due_minor == minor("20.00")
    assert second.owed_before_minor == minor("10.00")


def test_refunds_elsewhere_stand_beside_our_own(order, record, agent):
    cancel(order, select(), by=agent)

    record(report(payments=[{"key": "P1", "refunded": "3.00"}]))

    taken = order.payments.get()
    assert (taken.reserved_minor, taken.refunded_elsewhere_minor) == (minor("10.25"), 300)


def test_amounts_are_read_in_the_orders_currency(record):
    yen = item(unit_price="1500")
    order = imported(
        order_number="X-1", currency="JPY", items=[yen], payments=[payment("3000", captured="0")]
    )

    record(report(payments=[{"key": "P1", "captured": "3000"}]))

    assert order.payments.get().captured_minor == 3000


@pytest.mark.parametrize(
    ("document", "problems"),
    [
        (
            report(line(allocated=5)),
            ["items[0]: quantity_allocated (5) is above the quantity ordered and not canceled (4)"],
        ),
        (
            report(line(fulfilled=1)),
            ["items[0]: quantity_fulfilled (1) is above quantity_allocated (0)"],
        ),
        (
            report(shipped(1, return_initiated=2)),
            ["items[0]: quantity_return_initiated (2) is above quantity_fulfilled (1)"],
        ),
        (
            report(shipped(1, returned=1)),
            ["items[0]: quantity_returned (1) is above quantity_return_initiated (0)"],
        ),
        (report(line("9")), ["items[0].key: '9' is not a product line of this order"]),
        (
            report(line("1001", allocated=1)),
            ["items[0].key: '1001' is not a product line of this order"],
        ),
        (report(line(), line()), ["items[1].key: '1' is there twice"]),
        (report(line(allocated=-1)), ["items[0].quantity_allocated: must be at least 0"]),
        (report(line(allocated="1")), ["items[0].quantity_allocated: must be a whole number"]),
        (report(line(ordered=5)), ["items[0].quantity_ordered: is not a field of this document"]),
        (report(items="all"), ["items: must be a list"]),
        (report(status="shipped"), ["status: is not a field of this document"]),
        (
            report(payments=[{"key": "P9"}]),
            ["payments[0].key: 'P9' is not a payment of this order"],
        ),
        (
            report(payments=[{"key": "P1"}, {"key": "P1"}]),
            ["payments[1].key: 'P1' is there twice"],
        ),
        (
            report(payments=[{"key": "P1", "captured": "46.01"}]),
            ["payments[0].captured: is above what was authorized"],
        ),
        (
            report(payments=[{"key": "P1", "authorized": "45.99"}]),
            ["payments[0].authorized: is below what is captured"],
        ),
        (
            report(payments=[{"key": "P1", "refunded": "46.01"}]),
            ["payments[0].refunded: is above what is captured and not set aside for refunds"],
        ),
        (
            report(payments=[{"key": "P1", "refunded": "-1.00"}]),
            ["payments[0].refunded: must not be negative"],
        ),
        (
            report(payments=[{"key": "P1", "captured": 46}]),
            ['payments[0].captured: must be an amount as text, such as "12.50"'],
        ),
        (
            report(payments=[{"key": "P1", "captured": "1.001"}]),
            ["payments[0].captured: has more than USD's 2 decimals"],
        ),
        (
            report(line(allocated=4), line("9"), payments=[{"key": "P9"}]),
            [
                "items[1].key: '9' is not a product line of this order",
                "payments[0].key: 'P9' is not a payment of this order",
            ],
        ),
    ],
)
def test_a_refused_report_names_its_fields_and_changes_nothing(order, refused, document, problems):
    assert refused(document) == [f"line 1, order X-1, {problem}" for problem in problems]


def test_canceled_units_cannot_be_allocated(order, refused, agent):
    cancel(order, select(quantity=3), by=agent)

    assert refused(report(line(allocated=2))) == [
        "line 1, order X-1, items[0]: quantity_allocated (2) is above"
        " the quantity ordered and not canceled (1)"
    ]


def test_a_return_is_final(order, record, refused):
    record(report(shipped(4, return_initiated=2, returned=2)))

    assert refused(report(line(returned=1))) == [
        "line 1, order X-1, items[0].quantity_returned:"
        " is below the 2 already returned; a return is final"
    ]


def test_money_set_aside_cannot_be_uncaptured(order, refused, agent):
    cancel(order, select_all(), by=agent)

    assert refused(report(payments=[{"key": "P1", "captured": "40.00"}])) == [
        "line 1, order X-1, payments[0].captured:"
        " is below what is refunded or set aside for refunds"
    ]


def test_an_unmanaged_or_unknown_order_is_refused(refused):
    imported(order_number="X-1", life_cycle="unmanaged")

    assert refused(report(line(allocated=1))) == [
        "line 1, order X-1, order_number: this order summary is unmanaged"
    ]
    assert refused(report(order_number="X-2")) == [
        "line 1, order X-2, order_number: There is no order summary with this number."
    ]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (b"[]", "line 1: is not a JSON object"),
        ({}, "line 1, order_number: is required"),
        ({"order_number": 5}, "line 1, order_number: must be text"),
        (
            {"order_number": "\0"},
            "line 1, order_number: must not hold NUL or broken characters",
        ),
    ],
)
def test_what_is_no_report_is_told_and_the_file_goes_on(order, record, broken, said):
    finished = record(broken, report(line(allocated=1)))

    assert finished.status == 1
    assert finished.output == "1 recorded, 1 refused\n"
    assert finished.errors.splitlines() == [said]


def test_a_file_that_cannot_be_read_ends_with_2(order, jsonl, run_command):
    path = jsonl(report(line(allocated=1)))
    missing = path.with_name("missing.jsonl")

    finished = run_command("record_fulfillment", missing, path)

    assert (finished.status, finished.output) == (2, "1 recorded, 0 refused\n")
    assert finished.errors == f"{missing}: No such file or directory\n"


def test_what_was_recorded_is_exported_and_verified(order, record, run_command, agent):
    cancel(order, select(refund_delivery=True), by=agent)
    record(
        report(
            shipped(3, return_initiated=1, returned=1), payments=[{"key": "P1", "refunded": "1.00"}]
        )
    )

    [exported] = run_command("export_orders").lines

    shirts = exported["items"][0]
    assert (shirts["quantity_canceled"], shirts["quantity_returned"]) == (1, 1)
    assert (shirts["quantity_current"], shirts["quantity_available_to_cancel"]) == (2, 0)
    assert (shirts["amount"], shirts["tax"]) == ("20.00", "0.50")
    assert [change["kind"] for change in exported["change_orders"]] == ["cancellation", "return"]
    assert exported["totals"]["grand_total"] == "24.25"
    assert exported["payments"][0]["refunded"] == "1.00"
    assert run_command("verify_orders").output == "1 orders verified, 0 differences\n"


def _counters(reported):
    return {name: count for name, count in reported.items() if name != "key"}
