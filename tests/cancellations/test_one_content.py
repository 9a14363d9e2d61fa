"""The same cancellation asked in the wizard and in a file, under one key, happens once."""

import pytest

from cancellations.models import ChangeOrder
from tests.support.builders import delivery_charge, product

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

NOTE = "Too late.\r\nThe customer called."
"""As browsers send it; they end lines with CRLF."""

SAME_ITEMS = [
    {"items": [{"key": "1", "quantity": 2}, {"key": "2", "quantity": 1}]},
    {"items": [{"key": "2", "quantity": 1}, {"key": "1", "quantity": 2, "refund_delivery": False}]},
]
TOLD = [
    {"reason": "Other", "note": NOTE},
    {"reason": "Other", "note": "  Too late.\nThe customer called.\n"},
]
OTHER_ITEMS = [
    {"items": [{"key": "1", "quantity": 1}, {"key": "2", "quantity": 1}]},
    {"items": [{"key": "1", "quantity": 2}]},
    {"items": [{"key": "1", "quantity": 2, "refund_delivery": True}, {"key": "2", "quantity": 1}]},
    {"items": "all"},
]


@pytest.fixture
def ask(run_command, jsonl):
    """Asks in a file for what a run of the wizard may have asked; gives outcome and errors."""

    def ask(run, **fields):
        document = {"idempotency_key": str(run.run), "order_number": run.order_number, **fields}
        [result] = run_command("cancel_orders", jsonl(document)).lines
        return result["outcome"], [error["path"] for error in result["errors"]]

    return ask


@pytest.fixture
def items_canceled(new_order, new_run):
    """A run that canceled two units of one line and one of another, of three each."""
    new_order([product("1", 3), product("2", 3)])
    run = new_run()
    run.select("1", "2")
    run.explain({"1": 2, "2": 1}, reason="Other", note=NOTE)
    run.submit()
    assert ChangeOrder.objects.count() == 1
    return run


@pytest.fixture
def all_canceled(new_order, new_run):
    """A run that canceled everything, delivery included."""
    new_order([product("1", 3), product("2", 3), delivery_charge()])
    run = new_run(kind="cancel_all")
    run.explain_all(reason="Other", note=NOTE, refund_delivery=True)
    run.submit()
    assert ChangeOrder.objects.count() == 1
    return run


@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize("same", SAME_ITEMS)
def test_the_same_items_are_repeated(items_canceled, ask, same, told):
    below = [item | told for item in same["items"]]

    assert ask(items_canceled, **same, **told) == ("repeated", [])
    assert ask(items_canceled, items=below) == ("repeated", [])
    assert ask(items_canceled, items=below, reason="Unknown", note="no") == ("repeated", [])
    assert ChangeOrder.objects.count() == 1


@pytest.mark.parametrize("other", OTHER_ITEMS)
def test_other_items_are_refused(items_canceled, ask, other):
    assert ask(items_canceled, **other, **TOLD[0]) == ("refused", ["idempotency_key"])
    assert ChangeOrder.objects.count() == 1


@pytest.mark.parametrize("told", [{"reason": "Unknown", "note": NOTE}, {"reason": "Other"}])
def test_the_same_items_for_another_reason_are_refused(items_canceled, ask, told):
    assert ask(items_canceled, **SAME_ITEMS[0], **told) == ("refused", ["idempotency_key"])


@pytest.mark.parametrize("told", TOLD)
def test_all_of_the_order_is_repeated(all_canceled, ask, told):
    assert ask(all_canceled, items="all", refund_delivery=True, **told) == ("repeated", [])
    assert ChangeOrder.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"items": "all", **TOLD[0]},
        {"items": "all", "refund_delivery": True, "reason": "Outdated", "note": NOTE},
        {"items": [{"key": "1", "quantity": 3, "refund_delivery": True}], **TOLD[0]},
    ],
)
def test_all_of_the_order_asked_otherwise_is_refused(all_canceled, ask, other):
    assert ask(all_canceled, **other) == ("refused", ["idempotency_key"])
    assert ChangeOrder.objects.count() == 1


def test_a_file_first_and_the_wizard_after_is_one_cancellation(new_order, new_run, ask):
    new_order([product("1", 3)])
    run = new_run()
    run.select("1")
    run.explain({"1": 2}, reason="Other", note=NOTE)
    submit = {run.current_step: "review", "review-agreed": run.reviewed()}
    assert ask(run, items=[{"key": "1", "quantity": 2}], **TOLD[1]) == ("canceled", [])

    response = run.client.post(run.url("review"), submit, follow=True)

    assert response.request["PATH_INFO"] == run.url("finish")
    assert "submitted before" not in response.text
    assert ChangeOrder.objects.count() == 1
