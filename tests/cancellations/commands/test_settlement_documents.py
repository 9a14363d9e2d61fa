"""Documents that refund what is owed (contract.md §2)."""

import pytest

from cancellations.acts.requests import SETTLING_NEEDS
from cancellations.acts.settle import NOTHING_OWED
from cancellations.models import ChangeOrder
from tests.support.builders import (
    cancel,
    delivery_charge,
    fee,
    imported,
    item,
    payment,
    select_all,
)
from tests.support.wrong_cancellations import cancellation

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def owed(agent):
    """An order of 20.00 for which 25.00 were captured."""
    return imported(order_number="X-1", payments=[payment("25.00")])


@pytest.fixture
def left_behind(agent):
    """Everything was canceled; delivery of 7.99 and fees of 3.00 stay."""
    order = imported(order_number="X-1", items=[item(), delivery_charge(), fee()])
    cancel(order, select_all(), by=agent)
    return order


@pytest.fixture
def apply(jsonl, run_command):
    """Applies documents; gives exit status and results."""

    def apply(*documents, options=()):
        finished = run_command("cancel_orders", jsonl(*documents), *options)
        return finished.status, finished.lines

    return apply


def settlement(key="S-1", settle=None, **changes):
    return {
        "idempotency_key": key,
        "order_number": "X-1",
        "settle": settle or {},
        **changes,
    }


def errors(results):
    return [(error["path"], error["message"]) for each in results for error in each["errors"]]


def test_what_is_owed_is_settled_once(owed, apply):
    status, [done, repeated] = apply(settlement(), settlement(settle={"refund_fees": False}))

    number = ChangeOrder.objects.get().number
    assert status == 0
    assert done == {
        "idempotency_key": "S-1",
        "order_number": "X-1",
        "outcome": "settled",
        "change_order": number,
        "refund_due": "5.00",
        "errors": [],
    }
    assert repeated == {**done, "outcome": "repeated"}


def test_other_content_under_the_same_key_is_refused(left_behind, apply):
    documents = [
        settlement(settle={"delivery_groups": ["G1"]}),
        settlement(settle={"delivery_groups": ["G1"]}, note="Please"),
        settlement(settle={"delivery_groups": ["G1"], "refund_fees": True}),
        cancellation(key="S-1"),
    ]

    _, results = apply(*documents)

    assert [each["outcome"] for each in results] == ["settled", "refused", "refused", "refused"]
    assert {path for path, _ in errors(results)} == {"idempotency_key"}
    assert ChangeOrder.objects.filter(kind="settlement").count() == 1


def test_charges_and_fees_are_given_back_where_the_document_says_so(left_behind, apply):
    _, [done] = apply(settlement(settle={"delivery_groups": ["G1"], "refund_fees": True}))

    left_behind.refresh_from_db()
    assert (done["outcome"], done["refund_due"]) == ("settled", "10.99")
    assert left_behind.grand_total_minor == 0


def test_the_note_stands_on_the_change_order(owed, apply):
    apply(settlement(note="Captured twice"))

    assert ChangeOrder.objects.get().note == "Captured twice"


def test_a_dry_run_says_what_would_be_settled(owed, apply, stored_rows):
    before = stored_rows()

    status, [would] = apply(settlement(), options=["--dry-run"])

    assert (status, would["outcome"], would["refund_due"]) == (0, "would_settle", "5.00")
    assert would["change_order"] is None
    assert stored_rows() == before


def test_a_dry_run_of_what_was_settled_is_a_repeat(owed, apply):
    apply(settlement())

    _, [again] = apply(settlement(), options=["--dry-run"])

    assert again["outcome"] == "repeated"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (settlement(), [("", NOTHING_OWED)]),
        (
            settlement(settle={"delivery_groups": ["G1", "G9"]}),
            [("settle.delivery_groups[1]", "'G9' has no charge left behind, or still has items.")],
        ),
        (
            settlement(settle={"delivery_groups": ["G1", "G1"]}),
            [("settle.delivery_groups", "A delivery group is named twice.")],
        ),
        (
            settlement(settle={"delivery_groups": "G1"}),
            [("settle.delivery_groups", "must be a list")],
        ),
        (
            settlement(settle={"delivery_groups": [1]}),
            [("settle.delivery_groups[0]", "must be text")],
        ),
        (
            settlement(settle={"refund_fees": "no"}),
            [("settle.refund_fees", "must be true or false")],
        ),
        (
            settlement(settle={"payments": {}}),
            [("settle.payments", "is not a field of this document")],
        ),
        (settlement() | {"settle": []}, [("settle", "must be an object")]),
        (settlement() | {"settle": None}, [("settle", "must be an object")]),
        (settlement(reason="Other"), [("reason", "is not a field of this document")]),
        (settlement(items="all"), [("items", "is not a field of this document")]),
        (settlement(refund_fees=True), [("refund_fees", "is not a field of this document")]),
        (settlement(note="x" * 1001), [("note", "must have at most 1000 characters")]),
        (settlement(key=""), [("idempotency_key", "must not be empty")]),
        (
            settlement(order_number="X-9"),
            [("order_number", "There is no order summary with this number.")],
        ),
    ],
)
def test_a_refusal_names_the_field_and_settles_nothing(
    left_behind, apply, stored_rows, document, said
):
    before = stored_rows()

    status, [refused] = apply(document)

    assert (status, refused["outcome"], refused["refund_due"]) == (1, "refused", None)
    assert errors([refused]) == said
    assert stored_rows() == before


def test_an_agent_may_not_settle_but_a_manager(owed, apply, agent, manager):
    _, [refused] = apply(settlement(), options=["--as", agent.username])
    _, [done] = apply(settlement(), options=["--as", manager.username])

    assert errors([refused]) == [("", SETTLING_NEEDS)]
    assert done["outcome"] == "settled"
    assert ChangeOrder.objects.get().created_by == manager


def test_cancellations_and_settlements_are_applied_in_the_sequence_of_the_file(owed, apply):
    _, results = apply(
        settlement("S-1"), cancellation(key="K-1"), settlement("S-2"), cancellation(key="K-2")
    )

    assert [each["outcome"] for each in results] == ["settled", "canceled", "refused", "canceled"]
