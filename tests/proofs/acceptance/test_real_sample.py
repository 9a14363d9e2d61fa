"""A year of a real shop: its cancellations, in file order, must leave what was computed apart."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent / "data"
STATUSES = {"Created": "open", "Canceled": "cancelled"}

pytestmark = pytest.mark.django_db


def test_real_cancellations_leave_what_was_computed_apart_once(run_command):
    imported = run_command("import_orders", SAMPLE / "online_retail.orders.jsonl.gz")
    first, again = (
        run_command("cancel_orders", SAMPLE / "online_retail.cancellations.jsonl.gz")
        for _ in range(2)
    )
    exported = run_command("export_orders").lines
    verified = run_command("verify_orders")

    assert imported.output == "312 imported, 0 skipped, 0 refused\n"
    assert _outcomes(first) == {"canceled": 229}
    assert _outcomes(again) == {"repeated": 229}
    assert [_order_row(order) for order in exported] == _expected("orders", _by_order)
    assert sorted(_line_rows(exported), key=_by_line) == _expected("lines", _by_line)
    assert verified.output == "312 orders verified, 0 differences\n"


def _outcomes(finished):
    return Counter(result["outcome"] for result in finished.lines)


def _expected(name, key):
    with (SAMPLE / f"online_retail.expected_{name}.csv").open(newline="") as file:
        return sorted(csv.DictReader(file), key=key)


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


def _by_order(row):
    return row["order_no"]


def _by_line(row):
    return row["order_no"], int(row["line_no"])
