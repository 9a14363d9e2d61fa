"""What is no report, or contradicts itself, is refused at its fields; nothing is written then."""

import pytest

from tests.support.builders import imported
from tests.support.reports import line, money, paid, report, shipped

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

TWICE = "is given in two ways: leave out this or the figure without _total"


@pytest.mark.parametrize(
    ("document", "problems"),
    [
        (
            report(line(fulfilled=1)),
            ["items[0].quantity_fulfilled: 1 is above quantity_allocated (0)"],
        ),
        (
            report(shipped(1, return_initiated=2)),
            ["items[0].quantity_return_initiated: 2 is above quantity_fulfilled (1)"],
        ),
        (
            report(shipped(1, returned=1)),
            ["items[0].quantity_returned: 1 is above quantity_return_initiated (0)"],
        ),
        (report(line("9")), ["items[0].key: '9' is not a product line of this order"]),
        (
            report(line("1001", allocated=1)),
            ["items[0].key: '1001' is not a product line of this order"],
        ),
        (report(line(), line()), ["items[1].key: '1' is there twice"]),
        (report(line(allocated=-1)), ["items[0].quantity_allocated: must be at least 0"]),
        (report(line(canceled=-1)), ["items[0].quantity_canceled: must be at least 0"]),
        (report(line(canceled_total=-1)), ["items[0].quantity_canceled_total: must be at least 0"]),
        (
            report(line(canceled=1, canceled_total=1)),
            [f"items[0].quantity_canceled_total: {TWICE}"],
        ),
        (
            report(line(), line("2", canceled=0, canceled_total=0)),
            [f"items[1].quantity_canceled_total: {TWICE}"],
        ),
        (report(line(allocated="1")), ["items[0].quantity_allocated: must be a whole number"]),
        (report(line(ordered=5)), ["items[0].quantity_ordered: is not a field of this document"]),
        (
            report({"key": "1", "refund_delivery": 1}),
            ["items[0].refund_delivery: must be true or false"],
        ),
        (report(items="all"), ["items: must be a list"]),
        (report(status="shipped"), ["status: is not a field of this document"]),
        (report(event=""), ["event: must not be empty"]),
        (report(event="e" * 201), ["event: must have at most 200 characters"]),
        (report(event=1), ["event: must be text"]),
        (report(at="yesterday"), ["at: must be a time such as 2026-10-03T09:15:00Z"]),
        (report(payments=[paid("P9")]), ["payments[0].key: 'P9' is not a payment of this order"]),
        (report(payments=[paid(), paid()]), ["payments[1].key: 'P1' is there twice"]),
        (money(refunded="-1.00"), ["payments[0].refunded: must not be negative"]),
        (money(refunded_total="-1.00"), ["payments[0].refunded_total: must not be negative"]),
        (money(charged_back="-1.00"), ["payments[0].charged_back: must not be negative"]),
        (money(authorized="-1.00"), ["payments[0].authorized: must not be negative"]),
        (money(captured="-1.00"), ["payments[0].captured: must not be negative"]),
        (
            money(refunded="1.00", refunded_total="1.00"),
            [f"payments[0].refunded_total: {TWICE}"],
        ),
        (
            money(captured=46),
            ['payments[0].captured: must be an amount as text, such as "12.50"'],
        ),
        (money(captured="1.001"), ["payments[0].captured: has more than USD's 2 decimals"]),
        (
            report(line(fulfilled=4), line("9"), payments=[paid("P9")]),
            [
                "items[0].quantity_fulfilled: 4 is above quantity_allocated (0)",
                "items[1].key: '9' is not a product line of this order",
                "payments[0].key: 'P9' is not a payment of this order",
            ],
        ),
    ],
)
def test_a_refused_report_names_its_fields_and_changes_nothing(order, refused, document, problems):
    assert refused(document) == [f"line 1, order X-1, {problem}" for problem in problems]


def test_a_contradiction_may_come_with_what_was_last_reported(order, record, refused):
    record(report(shipped(3)))

    assert refused(report(line(allocated=2))) == [
        "line 1, order X-1, items[0].quantity_fulfilled: 3 is above quantity_allocated (2)"
    ]


def test_an_unknown_order_is_refused(order, refused):
    assert refused(report(number="X-2")) == [
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


def test_a_report_without_a_fact_is_taken(record):
    imported(order_number="X-1")

    assert record(report(), {"order_number": "X-1"}).output == "2 recorded, 0 refused\n"
