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
        [result] = run_command("cancel_orders", jsonl(step["cancel"])).lines
        [exported] = run_command("export_orders", "--order-number", number).lines
        found.append(_observed(result, exported, step["expect"]))

    assert found == [[] for _ in case["steps"]]


def _observed(result, exported, expected):
    """The differences between what a step must leave and what it left."""
    now = {**exported, "outcome": result["outcome"], "refund": result["refund_due"]}
    if exported["change_orders"]:
        now["change_orders"] = exported["change_orders"][-1]
    return list(subset(expected, now))
