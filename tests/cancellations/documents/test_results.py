import pytest
from django.contrib.auth.models import User

from cancellations.acts.record_fulfillment import Recorded
from cancellations.documents import results
from cancellations.documents.results import (
    CancellationResult,
    Outcome,
    apply_cancellation,
    apply_fulfillment,
)
from cancellations.models import ChangeOrder
from orders.documents.fields import Problem
from tests.support.builders import UserFactory, imported

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def order():
    return imported(order_number="X-1")


def document(**changes):
    return {
        "idempotency_key": "K-1",
        "order_number": "X-1",
        "reason": "Changed Mind",
        "items": [{"key": "1", "quantity": 1}],
        **changes,
    }


def test_a_cancellation_is_judged_made_and_repeated(order, agent):
    judged = apply_cancellation(document(), by=agent, dry_run=True)
    made = apply_cancellation(document(), by=agent)
    repeated = apply_cancellation(document(), by=agent)
    judged_again = apply_cancellation(document(), by=agent, dry_run=True)

    number = ChangeOrder.objects.get().number
    would_cancel = CancellationResult("K-1", "X-1", Outcome.WOULD_CANCEL, refund_due="10.00")
    assert judged == would_cancel
    assert made == CancellationResult("K-1", "X-1", Outcome.CANCELED, number, "10.00")
    assert repeated == judged_again
    assert repeated == CancellationResult("K-1", "X-1", Outcome.REPEATED, number, "10.00")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"order_number": "X-2"}, Problem("order_number", "There is no order summary")),
        ({"items": [{"key": "1"}]}, Problem("items[0].quantity", "is required")),
        ({"reason": "Whim"}, Problem("reason", "Choose a reason from the list.")),
    ],
)
def test_a_refusal_is_a_result_with_its_problems(order, agent, changes, problem):
    wanted = document(**changes)

    result = apply_cancellation(wanted, by=agent)

    assert result.outcome is Outcome.REFUSED
    assert (result.idempotency_key, result.order_number) == ("K-1", wanted["order_number"])
    assert [error.path for error in result.errors] == [problem.path]
    assert result.errors[0].message.startswith(problem.message)
    assert not ChangeOrder.objects.exists()


def test_who_may_not_cancel_is_refused_without_a_field(order):
    result = apply_cancellation(document(), by=UserFactory())

    assert [error.path for error in result.errors] == [""]


def test_a_result_is_written_in_the_fields_of_the_contract():
    result = CancellationResult.refused({"idempotency_key": 7}, Problem("items", "is required"))

    assert list(result.as_document().items()) == [
        ("idempotency_key", None),
        ("order_number", None),
        ("outcome", "refused"),
        ("change_order", None),
        ("refund_due", None),
        ("errors", [{"path": "items", "message": "is required"}]),
    ]


def test_a_report_is_taken_over_or_says_what_is_wrong(order):
    batch = User.objects.get(username="batch")
    report = {"order_number": "X-1", "items": [{"key": "1", "quantity_allocated": 1}]}

    taken = apply_fulfillment(report, by=batch)
    unknown = apply_fulfillment(report | {"order_number": "X-2"}, by=batch)

    assert taken == Recorded()
    assert [problem.path for problem in unknown] == ["order_number"]


def test_amounts_are_never_read_in_the_currency_of_no_order(monkeypatch, agent):
    """An order that comes between the reading of a report and its lock has one of its own."""
    monkeypatch.setattr(results, "record_fulfillment", lambda **kwargs: pytest.fail("recorded"))
    report = {"order_number": "X-9", "payments": [{"key": "P1", "captured": "100.00"}]}

    [problem] = apply_fulfillment(report, by=agent)

    assert problem.path == "order_number"
