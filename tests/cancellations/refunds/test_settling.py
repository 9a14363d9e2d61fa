"""A gateway that never answers at once, and cannot be asked: its notices end what it accepted."""

import pytest
from django.utils import timezone

from cancellations.models import Attempt
from cancellations.refunds.answers import take_answer
from cancellations.refunds.gateways import Answer
from cancellations.refunds.recording import locked
from orders.locking import locked_order
from tests.support.builders import minor, system_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def asynchronous(sandbox, monkeypatch):
    silent = type(sandbox)(sandbox.ledger, clock=sandbox.clock, looks_up=False)
    monkeypatch.setattr(sandbox, "capabilities", silent.capabilities)


def noticed(refund, outcome):
    with locked_order(refund.change_order.order.order_number) as order:
        row = locked(refund)
        answer = Answer(Attempt.Outcome(outcome), gateway_id="re_1")
        take_answer(order, row, answer, by=system_user(), now=timezone.now(), call="notice")


@pytest.mark.usefixtures("asynchronous")
@pytest.mark.parametrize(
    ("outcome", "status", "refunded"),
    [("succeeded", "succeeded", "10.00"), ("refused", "failed", "0.00")],
)
def test_its_notice_ends_what_it_accepted(
    refund_over, work, now_of, verified, outcome, status, refunded
):
    refund = refund_over("ch_1/settles")
    work()
    work(days=1)
    assert now_of(refund).status == "settling"

    noticed(refund, outcome)

    refund = now_of(refund)
    assert (refund.status, refund.due_at) == (status, None)
    assert refund.payment.refunded_here_minor == minor(refunded)
    verified()


@pytest.mark.usefixtures("asynchronous")
def test_what_it_does_not_end_in_days_is_left_to_a_person(
    refund_over, work, now_of, exceptions, verified
):
    refund = refund_over("ch_1/settles")
    work()
    assert (work(days=9), exceptions()) == (0, [])

    work(days=1)

    assert now_of(refund).status == "settling"
    assert "has not ended yet" in exceptions()[0][-1]
    verified()


@pytest.mark.parametrize("outcome", ["settling", "unknown"])
def test_what_is_said_too_late_changes_nothing(refund_over, work, now_of, verified, outcome):
    refund = refund_over()
    work()

    noticed(refund, outcome)

    assert now_of(refund).status == "succeeded"
    verified()
