import pytest

from cancellations.acts.undo import NOT_THE_LAST
from cancellations.models import ChangeOrder
from tests.support.builders import cancel, imported, select

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def ask(jsonl, run_command):
    """Sends documents; gives their results."""

    def ask(*documents, **options):
        return run_command("cancel_orders", jsonl(*documents), **options).lines

    return ask


@pytest.fixture
def canceled(agent):
    order = imported(order_number="X-1")
    return cancel(order, select(), by=agent)


def undo(change_order, key="undo-1", **changes):
    number = change_order.number
    return {"idempotency_key": key, "order_number": "X-1", "undo": number, **changes}


def test_a_document_undoes_once_whoever_asks_again(ask, canceled):
    first, again, other_key = ask(undo(canceled), undo(canceled), undo(canceled, "undo-2"))

    reversal = ChangeOrder.objects.get(kind="reversal")
    assert [result["outcome"] for result in (first, again, other_key)] == [
        "undone",
        "repeated",
        "repeated",
    ]
    assert {result["change_order"] for result in (first, again, other_key)} == {reversal.number}
    assert first["refund_due"] == "0.00"


def test_the_request_of_what_was_undone_repeats_to_it(ask, canceled):
    ask(undo(canceled))

    [result] = ask(
        {
            "idempotency_key": canceled.request_id,
            "order_number": "X-1",
            "reason": "Changed Mind",
            "items": [{"key": "1", "quantity": 1}],
        }
    )

    assert (result["outcome"], result["change_order"]) == ("repeated", canceled.number)


def test_a_dry_run_judges_and_undoes_nothing(ask, canceled):
    [result] = ask(undo(canceled), dry_run=True)

    assert (result["outcome"], result["change_order"]) == ("would_undo", None)
    assert not ChangeOrder.objects.filter(kind="reversal").exists()


def test_what_cannot_be_undone_is_refused_at_its_field(ask, canceled, agent):
    cancel(canceled.order, select(), by=agent)

    [result] = ask(undo(canceled))

    assert result["outcome"] == "refused"
    assert result["errors"] == [{"path": "undo", "message": NOT_THE_LAST}]


def test_the_export_names_what_was_undone(ask, canceled, run_command):
    ask(undo(canceled))

    [order] = run_command("export_orders").lines
    verified = run_command("verify_orders")

    taken, given = order["change_orders"]
    assert (taken["undoes"], given["undoes"]) == (None, canceled.number)
    assert given["totals"]["grand_total"] == taken["totals"]["grand_total"].removeprefix("-")
    assert [item["quantity"] for item in given["items"]] == [1]
    assert taken["refunds"] == [{"payment": "P1", "amount": "10.00", "status": "withdrawn"}]
    assert verified.output == "1 orders verified, 0 differences\n"
