import pytest

from cancellations.models import Attempt
from tests.support.builders import minor

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


def test_a_refund_is_sent_once_when_its_hold_is_over(refund_over, work, paid, now_of, verified):
    refund = refund_over()

    assert work(seconds=290) == 0
    assert work(seconds=20) == 1
    assert work(seconds=3600) == 0

    refund = now_of(refund)
    assert (refund.status, refund.due_at, refund.lease) == ("succeeded", None, None)
    assert list(paid().values()) == [minor("10.00")]
    assert refund.payment.refunded_here_minor == minor("10.00")
    assert refund.payment.reserved_minor == 0
    assert [attempt.outcome for attempt in refund.attempts.all()] == ["succeeded"]
    verified()


def test_what_is_declined_waits_for_a_person(refund_over, work, paid, now_of, exceptions, verified):
    refund = refund_over("ch_1/declines")

    work()
    work(hours=1)

    refund = now_of(refund)
    assert refund.status == "failed"
    assert refund.payment.reserved_minor == minor("10.00")
    assert paid() == {}
    assert exceptions() == [
        (
            "refund",
            "P1",
            "high",
            "10.00 USD was refused. The gateway says: The sandbox declined.",
        )
    ]
    assert Attempt.objects.count() == 1
    verified()


@pytest.mark.parametrize("behavior", ["times-out-after", "answers-twice", "stored-fault"])
def test_what_was_not_answered_is_asked_again_under_the_same_key(
    refund_over, work, paid, now_of, behavior, verified
):
    refund = refund_over(f"ch_1/{behavior}")

    for _ in range(3):
        work()
    for _ in range(30):
        work(hours=1)

    assert now_of(refund).status == "succeeded"
    assert list(paid().values()) == [minor("10.00")]
    assert {attempt.idempotency_key for attempt in Attempt.objects.all()} == {
        refund.idempotency_key
    }
    verified()


def test_what_never_was_reached_is_left_to_a_person(
    refund_over, work, paid, now_of, exceptions, verified
):
    refund = refund_over("ch_1/times-out-before")

    work()
    work(minutes=16)
    assert [exception[-1] for exception in exceptions()] == [
        "Whether 10.00 USD has gone is not known: the gateway does not say."
        " The gateway says: The sandbox was not reached."
    ]
    for _ in range(30):
        work(hours=1)

    refund = now_of(refund)
    assert (refund.status, refund.due_at) == ("unknown", None)
    assert paid() == {}
    assert "does not find it" in exceptions()[0][-1]
    verified()


def test_what_settles_ends_later(refund_over, work, now_of, verified):
    accepted, refused = refund_over("ch_1/settles"), refund_over("ch_2/settles-and-fails")

    work()
    assert [now_of(row).status for row in (accepted, refused)] == ["settling", "settling"]
    assert now_of(accepted).payment.reserved_minor == minor("10.00")
    work(minutes=2)

    assert [now_of(row).status for row in (accepted, refused)] == ["succeeded", "failed"]
    verified()


@pytest.mark.parametrize("behavior", ["other-amount", "other-currency"])
def test_an_answer_about_other_money_is_left_to_a_person(
    refund_over, work, now_of, exceptions, behavior
):
    refund = refund_over(f"ch_1/{behavior}")

    work()

    assert now_of(refund).status == "unknown"
    assert "another amount or currency" in exceptions()[0][-1]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"gateway": "manual"}, "This payment goes back by hand."),
        ({"gateway": "abacus"}, "This gateway is not known here."),
        ({"reference": ""}, "The payment has no reference at its gateway."),
    ],
)
def test_what_no_gateway_can_do_waits_for_a_person_after_the_hold(
    refund_over, work, now_of, exceptions, changes, says
):
    refund = refund_over(**changes)
    assert (refund.status, exceptions()) == ("manual", [])

    work()

    assert now_of(refund).status == "manual"
    assert exceptions()[0][-1] == f"10.00 USD has to be seen to by hand. {says}"
