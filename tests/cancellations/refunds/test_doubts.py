"""What a person has to say first, and answers that come when something else goes on."""

import pytest
from django.db import IntegrityError

from cancellations.acts.exceptions import resolve_exception
from cancellations.models import Attempt, ProcessException, Refund
from cancellations.queues import queues
from cancellations.refunds import gateways
from cancellations.refunds.carrying_out import Answered, queue_of, record
from cancellations.refunds.gateways import Answer, Kind, NotConfigured
from cancellations.refunds.people import (
    NotPossible,
    mark_as_paid,
    possible,
    retry,
    state_of,
    was_this_refund,
    withdraw,
)
from cancellations.work import Done, claim
from cancellations.worker import Draining
from tests.support.builders import minor, report

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


def acted(act, refund, **changes):
    row = Refund.objects.get(pk=refund.pk)
    return act(kind=Kind.REFUND, pk=row.pk, seen=state_of(row), **changes)


@pytest.mark.parametrize("behavior", ["approves", "fault", "times-out-after"])
def test_what_is_by_hand_is_never_sent_though_its_gateway_could_by_now(
    refund_over, sandbox, monkeypatch, work, paid, now_of, exceptions, behavior
):
    def without_a_key():
        raise NotConfigured

    monkeypatch.setitem(gateways._FACTORIES, "sandbox", without_a_key)
    refund = refund_over(f"ch_1/{behavior}")
    monkeypatch.setitem(gateways._FACTORIES, "sandbox", lambda: sandbox)

    for _ in range(3):
        work()

    assert (now_of(refund).status, now_of(refund).due_at, paid()) == ("manual", None, {})
    assert "This gateway is not configured." in exceptions()[0][-1]


def test_what_may_have_gone_back_elsewhere_waits_under_the_eyes_of_people(
    refund_over, work, paid, manager, now_of, exceptions, verified
):
    refund = refund_over()
    report(refund.change_order.order, payments=[{"key": "P1", "refunded": "10.00"}])

    work()
    work(hours=1)
    assert (now_of(refund).status, paid()) == ("pending", {})
    assert any("it may be what was reported" in exception[-1] for exception in exceptions())
    doubt = ProcessException.objects.open().get(category="refund", refund=None)
    resolve_exception(exception_id=doubt.pk, note="Another one.", by=manager)
    work(hours=1)

    assert now_of(refund).status == "succeeded"
    assert list(paid().values()) == [minor("10.00")]
    assert [found[0] for found in exceptions()] == []
    verified()


def test_it_was_this_refund(refund_over, work, paid, manager, now_of, exceptions, verified):
    refund = refund_over()
    report(refund.change_order.order, payments=[{"key": "P1", "refunded": "10.00"}])
    work()

    was_this_refund(pk=refund.pk, seen=state_of(now_of(refund)), note="By the shop.", by=manager)
    work(hours=1)

    refund = now_of(refund)
    assert (refund.status, refund.paid_by, paid()) == ("succeeded", "elsewhere", {})
    assert refund.payment.refunded_elsewhere_minor == 0
    assert refund.payment.refunded_here_minor == minor("10.00")
    assert exceptions() == []
    verified()


def test_less_than_a_refund_was_not_this_refund(refund_over, manager, now_of):
    refund = refund_over()
    report(refund.change_order.order, payments=[{"key": "P1", "refunded": "1.00"}])

    with pytest.raises(NotPossible):
        was_this_refund(pk=refund.pk, seen=state_of(now_of(refund)), note="No.", by=manager)


def test_over_a_payment_that_was_charged_back_nothing_is_sent(
    refund_over, work, paid, manager, now_of, exceptions, verified
):
    refund = refund_over()
    report(refund.change_order.order, payments=[{"key": "P1", "charged_back": "20.00"}])

    work()

    refund = now_of(refund)
    assert (refund.status, refund.by_hand, paid()) == ("manual", "overdrawn", {})
    assert any("than was captured" in exception[-1] for exception in exceptions())
    acted(withdraw, refund, note="Charged back.", by=manager)
    verified()


def test_what_is_held_back_can_be_withdrawn(refund_over, work, manager, now_of, verified):
    refund = refund_over()
    assert not possible(refund).withdraw
    report(refund.change_order.order, payments=[{"key": "P1", "refunded": "10.00"}])
    work()

    acted(withdraw, refund, note="Not any more.", by=manager)

    assert now_of(refund).status == "withdrawn"
    verified()


def test_a_late_answer_under_a_key_that_was_given_up_ends_nothing(
    refund_over, work, clock, manager, now_of, paid, exceptions
):
    refund = refund_over("ch_1/declines")
    clock.pass_by(minutes=10)
    [slow] = claim(queue_of(Refund), now=clock(), most=1)
    work(minutes=5)
    assert now_of(refund).status == "failed"
    acted(retry, refund, by=manager)

    answer = Answer(Attempt.Outcome.SUCCEEDED, gateway_id="re_old")
    record([Done(slow, Answered(answer, 1))], clock)

    refund = now_of(refund)
    assert refund.status == "pending"
    assert refund.payment.refunded_elsewhere_minor == minor("10.00")
    assert any("may have gone twice" in exception[-1] for exception in exceptions())
    work(hours=1)
    assert now_of(refund).status == "pending"


def test_two_payments_under_two_names_are_told(refund_over, work, clock, exceptions, now_of):
    refund = refund_over()
    clock.pass_by(minutes=10)
    [slow] = claim(queue_of(Refund), now=clock(), most=1)
    work(minutes=5)
    assert now_of(refund).status == "succeeded"

    answer = Answer(Attempt.Outcome.SUCCEEDED, gateway_id="re_other")
    record([Done(slow, Answered(answer, 1))], clock)

    assert now_of(refund).payment.refunded_elsewhere_minor == minor("10.00")
    assert any("may have gone twice" in exception[-1] for exception in exceptions())


def test_what_settles_and_is_not_found_is_asked_about_again(refund_over, sandbox, work, now_of):
    refund = refund_over("ch_1/settles")
    work()
    entries = dict(sandbox.ledger.entries)
    sandbox.ledger.entries.clear()
    work(minutes=5)
    assert now_of(refund).due_at

    sandbox.ledger.entries |= entries
    work(minutes=10)

    assert now_of(refund).status == "succeeded"


def test_what_is_settling_and_asked_no_more_is_ended_by_a_person(
    refund_over, work, manager, now_of, verified
):
    refund = refund_over("ch_1/settles")
    work()
    assert not possible(now_of(refund)).mark_as_paid
    Refund.objects.update(due_at=None)

    acted(mark_as_paid, refund, reference="By the gateway's letter", by=manager)

    assert now_of(refund).status == "succeeded"
    verified()


def test_an_answer_that_no_text_can_hold_is_recorded(
    refund_over, sandbox, work, monkeypatch, now_of, verified
):
    refund = refund_over()
    answer = Answer(
        Attempt.Outcome.SUCCEEDED, gateway_id="a\x00b" + "c" * 300, answer={"x": ["\x00", 1]}
    )
    monkeypatch.setattr(sandbox, "refund", lambda asked: answer)

    work()

    assert now_of(refund).status == "succeeded"
    assert now_of(refund).gateway_id.startswith("abc")
    assert Attempt.objects.get().answer == {"x": ["", 1]}
    verified()


def test_a_row_that_the_database_refuses_keeps_no_other(refund_over, clock):
    bad, good = refund_over(), refund_over("ch_2")
    clock.pass_by(minutes=10)
    queue = queues()[0]

    def refusing(rows, now):
        if bad.pk in {row.pk for row in rows}:
            raise IntegrityError("its counters do not agree")

    refusing_queue = type(queue)(queue.rows, queue.work, queue.lease, queue.claim, refusing)
    worker = Draining([refusing_queue], hands=2, clock=clock)

    claimed = worker._claimed(refusing_queue, worker._refused[0], 8)

    assert [row.pk for row in claimed] == [good.pk]
    assert worker._claimed(refusing_queue, worker._refused[0], 8) == []
