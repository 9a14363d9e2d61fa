"""Workers that die, databases that fail and people who are quicker: each refund goes out once."""

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from psycopg.errors import AdminShutdown, DiskFull

from cancellations.acts.undo import SENT, CannotBeUndone, undo_change_order
from cancellations.models import Attempt, Refund
from cancellations.queues import queues
from cancellations.refunds.answers import take_answer
from cancellations.refunds.carrying_out import Answered, queue_of, record
from cancellations.refunds.gateways import Answer, Kind
from cancellations.refunds.gateways.asking import asked_of
from cancellations.refunds.people import (
    MovedMeanwhile,
    NotPossible,
    look_up,
    mark_as_paid,
    retry,
    state_of,
    withdraw,
)
from cancellations.refunds.recording import locked
from cancellations.work import Done, claim, drain, finish
from orders.locking import locked_order
from tests.support.builders import cancel, minor, select, settle, system_user

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def claimed(clock):
    """Claims the one refund that is due, as a worker does before it calls."""

    def claimed():
        clock.pass_by(minutes=10)
        [row] = claim(queue_of(Refund), now=clock(), most=10)
        return row

    return claimed


def acted(act, refund, **changes):
    row = Refund.objects.get(pk=refund.pk)
    return act(kind=Kind.REFUND, pk=row.pk, seen=state_of(row), **changes)


def test_a_worker_that_dies_before_its_call_leaves_it_to_the_next(
    refund_over, claimed, work, paid, now_of, verified
):
    refund = refund_over()
    claimed()
    assert work(seconds=30) == 0

    assert work(minutes=2) == 1

    assert now_of(refund).status == "succeeded"
    assert list(paid().values()) == [minor("10.00")]
    assert [attempt.outcome for attempt in Attempt.objects.all()] == ["", "succeeded"]
    verified()


def test_a_worker_that_dies_after_its_call_pays_nothing_twice(
    refund_over, sandbox, claimed, work, paid, now_of, verified
):
    refund = refund_over()
    row = claimed()
    sandbox.refund(asked_of(row))

    work(minutes=3)

    assert now_of(refund).status == "succeeded"
    assert list(paid().values()) == [minor("10.00")]
    assert Attempt.objects.values("idempotency_key").distinct().count() == 1
    verified()


def test_an_answer_that_comes_after_the_lease_changes_nothing_twice(
    refund_over, claimed, work, paid, clock, now_of, verified
):
    refund = refund_over()
    slow = claimed()
    work(minutes=3)

    finish(queue_of(type(slow)), slow, clock)

    refund = now_of(refund)
    assert refund.status == "succeeded"
    assert refund.payment.refunded_here_minor == minor("10.00")
    assert list(paid().values()) == [minor("10.00")]
    verified()


@pytest.mark.parametrize("outcome", ["refused", "unknown"])
def test_another_answer_after_the_lease_does_not_make_a_success_undone(
    refund_over, claimed, work, clock, now_of, verified, outcome
):
    refund = refund_over()
    slow = claimed()
    work(minutes=3)

    record([Done(slow, Answered(Answer(Attempt.Outcome(outcome)), 180_000))], clock)

    refund = now_of(refund)
    assert (refund.status, refund.attention_since) == ("succeeded", None)
    assert [attempt.outcome for attempt in Attempt.objects.all()] == [outcome, "succeeded"]
    verified()


@pytest.mark.parametrize("fault", [DiskFull, AdminShutdown])
def test_what_a_database_could_not_record_is_asked_again(
    refund_over, work, paid, now_of, verified, fault, monkeypatch
):
    monkeypatch.setattr("cancellations.work.RECORDED_WITHIN_SECONDS", 0.3)
    refund = refund_over()

    def failing(execute, sql, params, many, context):
        if "orders_orderevent" in sql and sql.startswith("INSERT"):
            raise OperationalError("no") from fault("no")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(failing):
        assert work() == 1
    assert (now_of(refund).status, list(paid().values())) == ("processing", [minor("10.00")])
    work(minutes=3)

    assert now_of(refund).status == "succeeded"
    assert list(paid().values()) == [minor("10.00")]
    verified()


def test_a_clock_that_is_set_back_sends_nothing_twice(
    refund_over, work, clock, paid, now_of, verified
):
    refund = refund_over("ch_1/times-out-after")
    work()

    clock.pass_by(hours=-2)
    assert drain(queues(), clock=clock) == 0
    work(hours=3)

    assert now_of(refund).status == "succeeded"
    assert list(paid().values()) == [minor("10.00")]
    verified()


def test_a_gateway_that_keeps_no_keys_is_looked_up_and_never_sent_to_again(
    refund_over, sandbox, work, paid, now_of, verified, monkeypatch
):
    keyless = type(sandbox)(sandbox.ledger, clock=sandbox.clock, keeps_keys=False)
    monkeypatch.setattr(sandbox, "capabilities", keyless.capabilities)
    refund = refund_over("ch_1/times-out-after")

    work()
    work(hours=1)

    assert now_of(refund).status == "succeeded"
    assert [attempt.call for attempt in Attempt.objects.all()] == ["send", "look_up"]
    assert list(paid().values()) == [minor("10.00")]
    verified()


def test_a_key_that_its_gateway_may_have_forgotten_is_never_sent_again(
    refund_over, sandbox, work, now_of, verified
):
    refund = refund_over("ch_1/times-out-after")
    work()

    work(hours=24)

    assert now_of(refund).status == "succeeded"
    assert [attempt.call for attempt in Attempt.objects.all()] == ["send", "look_up"]
    assert [entry.asked for entry in sandbox.ledger.entries.values()] == [1]
    verified()


def test_a_second_click_on_retry_changes_nothing(refund_over, work, manager, now_of, verified):
    refund = refund_over("ch_1/declines")
    work()
    seen = state_of(now_of(refund))

    retried = retry(kind=Kind.REFUND, pk=refund.pk, seen=seen, by=manager)

    assert retried.idempotency_key != refund.idempotency_key
    with pytest.raises(MovedMeanwhile):
        retry(kind=Kind.REFUND, pk=refund.pk, seen=seen, by=manager)
    assert now_of(refund).idempotency_key == retried.idempotency_key
    verified()


def test_what_may_have_been_paid_is_sent_again_under_the_same_key(
    refund_over, sandbox, work, manager, now_of, verified
):
    refund = refund_over("ch_1/times-out-after")
    work()

    acted(retry, refund, by=manager)
    work()

    assert now_of(refund).status == "succeeded"
    assert [entry.asked for entry in sandbox.ledger.entries.values()] == [2]
    verified()


@pytest.mark.parametrize(
    ("act", "answers"),
    [
        (retry, {}),
        (withdraw, {"note": "No."}),
        (mark_as_paid, {"reference": "BACS 1"}),
        (look_up, {}),
    ],
)
def test_nobody_decides_on_what_a_worker_has_in_hand(
    refund_over, claimed, manager, now_of, act, answers
):
    refund = refund_over()
    claimed()

    with pytest.raises(NotPossible):
        acted(act, refund, by=manager, **answers)

    assert now_of(refund).status == "processing"


def test_what_a_worker_has_claimed_is_not_undone(refund_over, claimed, agent):
    refund = refund_over()
    claimed()

    with pytest.raises(CannotBeUndone) as refusal:
        undo_change_order(change_order_id=refund.change_order_id, by=agent)

    assert refusal.value.message == SENT


def test_what_was_undone_is_never_claimed(refund_over, agent, work, paid, verified):
    refund = refund_over()
    undo_change_order(change_order_id=refund.change_order_id, by=agent)

    assert work() == 0

    assert paid() == {}
    verified()


def test_a_payout_by_hand_that_the_gateway_had_made_too_is_told(
    refund_over, work, manager, now_of, exceptions, verified
):
    refund = refund_over("ch_1/declines")
    work()
    acted(mark_as_paid, refund, reference="BACS 1", by=manager)

    carried_out_all_the_same(now_of(refund))

    refund = now_of(refund)
    assert (refund.status, refund.reference) == ("succeeded", "BACS 1")
    assert refund.payment.refunded_here_minor == minor("10.00")
    assert refund.payment.refunded_elsewhere_minor == minor("10.00")
    assert "may have gone twice" in exceptions()[-1][-1]
    verified()


def test_while_one_failed_the_next_cancellation_never_asks_for_its_money(
    refund_over, work, agent, manager, now_of, paid, verified
):
    failed = refund_over("ch_1/declines")
    work()

    other = cancel(failed.change_order.order, select(), by=agent).refunds.get()

    assert other.amount_minor == minor("10.00")
    acted(withdraw, failed, note="The customer took a voucher.", by=manager)
    settlement = settle(failed.change_order.order, by=manager)
    assert [refund.amount_minor for refund in settlement.refunds.all()] == [minor("10.00")]
    assert paid() == {}
    verified()


def test_what_is_withdrawn_is_owed_again_until_it_is_settled(
    refund_over, work, manager, exceptions, verified
):
    refund = refund_over("ch_1/declines")
    work()
    acted(withdraw, refund, note="The card is closed.", by=manager)
    assert exceptions() == []

    work(seconds=1)
    assert exceptions() == [
        ("refund", "", "high", "10.00 USD is owed, and no payment could take it.")
    ]
    settle(refund.change_order.order, by=manager)

    assert exceptions() == []
    verified()


def carried_out_all_the_same(refund):
    """A notice of the gateway that it has paid."""
    with locked_order(refund.change_order.order.order_number) as order:
        take_answer(
            order,
            locked(refund),
            Answer(Attempt.Outcome.SUCCEEDED),
            by=system_user(),
            now=timezone.now(),
            call="notice",
        )
