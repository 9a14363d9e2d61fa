"""The case book: numbers that other systems and their documents give, one case a line."""

import json
from pathlib import Path

import pytest

from tests.proofs.acceptance.oracle import subset

BOOK = Path(__file__).parent / "cases" / "cases.jsonl"
CASES = [json.loads(line) for line in BOOK.read_text().splitlines()]

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case_of_the_book(case, jsonl, run_command):
    number = case["order"]["order_number"]
    run_command("import_orders", jsonl(case["order"]))

    found = []
    for step in case["steps"]:
        done = _take(step, jsonl, run_command)
        [exported] = run_command("export_orders", "--order-number", number).lines
        found.append(_observed(done, exported, step["expect"]))
    verified = run_command("verify_orders")

    assert found == [[] for _ in case["steps"]]
    assert verified.output == "1 orders verified, 0 differences\n"


def _take(step, jsonl, run_command):
    """Apply one document, and say what became of it in the words of the book."""
    if "cancel" in step:
        [result] = run_command("cancel_orders", jsonl(step["cancel"])).lines
        return {"outcome": result["outcome"], "refund": result["refund_due"]}
    finished = run_command("record_fulfillment", jsonl(step["report"]))
    return {"outcome": "refused" if finished.status else "recorded"}


def _observed(done, exported, expected):
    """The differences between what a step must leave and what it left."""
    now = {**exported, **done}
    now["items"] = {item["key"]: item for item in exported["items"]}
    if exported["change_orders"]:
        now["change_orders"] = exported["change_orders"][-1:]
    return list(subset(expected, now))
