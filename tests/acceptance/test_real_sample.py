"""A year of a real shop: its cancellations, in file order, must leave what was computed apart."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent / "data"
STATUSES = {"Created": "open", "Canceled": "cancelled"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def exported(run_command):
    """The orders after all cancellations, by number."""
    imported = run_command("import_orders", SAMPLE / "online_retail.orders.jsonl.gz")
    canceled = run_command("cancel_orders", SAMPLE / "online_retail.cancellations.jsonl.gz")
    assert (imported.status, canceled.status) == (0, 0)

    return {order["order_number"]: order for order in run_command("export_orders").lines}


def test_real_cancellations_leave_what_was_computed_apart(exported, run_command):
    assert [_order_row(order) for order in exported.values()] == _expected("orders", "order_no")
    assert sorted(_line_rows(exported.values()), key=_by_line) == sorted(
        _expected("lines"), key=_by_line
    )
    assert run_command("verify_orders").output == "312 orders verified, 0 differences\n"


def test_real_cancellations_repeated_change_nothing(exported, run_command):
    repeated = run_command("cancel_orders", SAMPLE / "online_retail.cancellations.jsonl.gz")

    assert Counter(result["outcome"] for result in repeated.lines) == {"repeated": 229}
    assert run_command("export_orders").lines == list(exported.values())


def _expected(name, sort_by=None):
    with (SAMPLE / f"online_retail.expected_{name}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return sorted(rows, key=lambda row: row[sort_by]) if sort_by else rows


def _order_row(order):
    refunded = sum(Decimal(change["refund_due"]) for change in order["change_orders"])
    current = Decimal(order["totals"]["grand_total"])
    status = STATUSES[order["status"]]
    return {
        "order_no": order["order_number"],
        "original_total": f"{current + refunded:.2f}",
        "refunded_total": f"{refunded:.2f}",
        "current_total": f"{current:.2f}",
        "units_remaining": str(sum(item["quantity_current"] for item in order["items"])),
        "status": "partly_cancelled" if status == "open" and order["change_orders"] else status,
    }


def _line_rows(orders):
    for order in orders:
        moved = [item for change in order["change_orders"] for item in change["items"]]
        for line in order["items"]:
            if amounts := [Decimal(item["amount"]) for item in moved if item["key"] == line["key"]]:
                yield {
                    "order_no": order["order_number"],
                    "line_no": line["key"],
                    "quantity_ordered": str(line["quantity_ordered"]),
                    "quantity_cancelled": str(line["quantity_canceled"]),
                    "quantity_remaining": str(line["quantity_current"]),
                    "refunded_amount": f"{-sum(amounts):.2f}",
                }


def _by_line(row):
    return row["order_no"], int(row["line_no"])
