"""Refunds of orders over it, from the cancellation to the ledger that judges."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from cancellations.models import Attempt, ProcessException, Refund, Release
from cancellations.queues import queues
from cancellations.work import drain
from orders.models import PaymentSummary
from tests.proofs.sizes import STRIPE_DAYS
from tests.proofs.stripe.proxy import CHANCE, Fault
from tests.support.builders import cancel, imported, item, minor, payment, select
from tests.support.stripe_events import SECRET, deliver, refund_event

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def refund_of(agent, new_intent):
    """A refund of 10.00 of 20.00 that Stripe captured."""

    def refund_of(**changes):
        paid = payment(gateway="stripe", gateway_reference=new_intent(), **changes)
        return cancel(imported(items=[item()], payments=[paid]), select(), by=agent).refunds.get()

    return refund_of


@pytest.fixture
def work():
    """Works on all that is due, so much later each time."""
    now = [datetime.now(UTC)]

    def work(**time):
        now[0] += timedelta(**(time or {"seconds": 301}))
        return drain(queues(), clock=lambda: now[0])

    return work


@pytest.fixture
def verified(run_command):
    def verified():
        finished = run_command("verify_orders")
        assert finished.output.endswith(", 0 differences\n"), finished.output

    return verified


def now_of(row):
    return type(row).objects.get(pk=row.pk)


@pytest.mark.parametrize(
    "faults",
    [
        [],
        [Fault.NOT_REACHED],
        [Fault.NOT_ANSWERED],
        [Fault.LATE],
        [Fault.TWICE],
        [Fault.ERROR] * 5,
        [Fault.LOCKED, Fault.WRONG_KEY, Fault.FORBIDDEN],
        [Fault.BAD_GATEWAY, Fault.CUT_OFF, Fault.NO_REFUND],
        [Fault.NOT_ANSWERED, Fault.NOT_REACHED, Fault.ERROR],
    ],
    ids=lambda faults: ", ".join(faults) or "nothing",
)
def test_whatever_goes_wrong_it_is_paid_once(refund_of, proxy, work, verified, faults):
    refund = refund_of()
    proxy.plan.extend(faults)

    work()
    for _ in faults:
        work(hours=1)

    assert now_of(refund).status == "succeeded"
    assert proxy.refunded() == {refund.idempotency_key: [1000]}
    assert now_of(refund).gateway_id in proxy.refunds
    assert PaymentSummary.objects.get().refunded_here_minor == minor("10.00")
    assert not ProcessException.objects.open().exists()
    verified()


def test_a_fault_that_the_key_keeps_is_looked_up_in_the_end(
    refund_of, proxy, work, verified, settings
):
    settings.REFUND_MOST_TRIES = 4
    refund = refund_of()
    proxy.plan.append(Fault.STORED_ERROR)

    for _ in range(5):
        work(hours=1)

    assert now_of(refund).status == "succeeded"
    assert proxy.refunded() == {refund.idempotency_key: [1000]}
    calls = [attempt.call for attempt in Attempt.objects.order_by("pk")]
    assert calls == ["send", "send", "send", "look_up"]
    verified()


def test_a_key_that_may_be_forgotten_is_looked_up(refund_of, proxy, work, verified):
    refund = refund_of()
    proxy.plan.append(Fault.NOT_ANSWERED)
    work()
    proxy.keys.clear()

    work(hours=24)

    assert now_of(refund).status == "succeeded"
    assert proxy.refunded() == {refund.idempotency_key: [1000]}
    verified()


def test_what_never_arrived_is_left_to_a_person(refund_of, proxy, work, verified):
    refund = refund_of()
    proxy.plan.append(Fault.NOT_REACHED)
    work()

    work(hours=24)

    assert (now_of(refund).status, now_of(refund).due_at) == ("unknown", None)
    assert proxy.refunded() == {}
    assert ProcessException.objects.open().get().facts["why"] == "not_found"
    verified()


@pytest.mark.parametrize("fault", [Fault.OTHER_AMOUNT, Fault.OTHER_CURRENCY])
def test_an_answer_about_other_money_is_left_to_a_person(refund_of, proxy, work, verified, fault):
    refund = refund_of()
    proxy.plan.append(fault)

    work()
    work(hours=1)

    assert (now_of(refund).status, now_of(refund).due_at) == ("unknown", None)
    assert ProcessException.objects.open().get().facts["why"] == "other_amount"
    verified()


def test_a_key_that_stands_for_another_request_is_left_to_a_person(
    refund_of, proxy, work, verified
):
    refund = refund_of()
    proxy.keys[refund.idempotency_key] = (("/v1/refunds", []), None)

    work()

    refund = now_of(refund)
    assert (refund.status, refund.due_at) == ("unknown", None)
    assert refund.remark == "Stripe knows this idempotency key from another request."
    assert ProcessException.objects.open().get().facts["why"] == "unknown"
    verified()


def test_what_the_shop_refunded_itself_makes_ours_fail(refund_of, proxy, shop, work, verified):
    refund = refund_of()
    shop.refunds.create(
        {"payment_intent": refund.payment.gateway_reference, "amount": 1500},
        {"idempotency_key": "of the shop"},
    )

    work()

    assert now_of(refund).status == "failed"
    assert sum(map(sum, proxy.refunded().values())) == 1500
    verified()


def test_what_settles_is_heard_by_notice(refund_of, proxy, work, verified, client, settings):
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    settled, failed = refund_of(), refund_of()
    proxy.plan.extend([Fault.SETTLES, Fault.SETTLES])
    work()
    assert {now_of(row).status for row in (settled, failed)} == {"settling"}

    for row, status in ((settled, "succeeded"), (failed, "failed")):
        said = proxy.refunds[now_of(row).gateway_id] | {"status": status}
        assert deliver(client, refund_event(**said)).text == "settled\n"

    assert [now_of(row).status for row in (settled, failed)] == ["succeeded", "failed"]
    verified()


def test_what_settles_is_looked_up_where_no_notice_comes(refund_of, proxy, work, verified):
    refund = refund_of()
    proxy.plan.append(Fault.SETTLES)
    work()
    proxy.statuses[now_of(refund).gateway_id] = {"status": "succeeded"}

    work(hours=7)

    assert now_of(refund).status == "succeeded"
    verified()


def test_an_authorization_is_released(agent, proxy, new_intent, work, verified):
    intent = new_intent(capture=0)
    open_still = payment(
        gateway="stripe", gateway_reference=intent, captured="0.00", authorized="20.00"
    )
    change_order = cancel(
        imported(items=[item()], payments=[open_still]), select(quantity=2), by=agent
    )
    proxy.plan.append(Fault.NOT_ANSWERED)

    work()
    work(hours=1)

    assert Release.objects.get(change_order=change_order).status == "succeeded"
    assert proxy.released == {intent}
    verified()


@pytest.mark.parametrize("seed", range(STRIPE_DAYS))
def test_many_refunds_through_a_bad_day(refund_of, proxy, work, verified, seed):
    chance = random.Random(seed)
    refunds = [refund_of() for _ in range(12)]
    proxy.plan.extend(
        fault if (fault := chance.choice(CHANCE)) and chance.random() < 0.5 else None
        for _ in range(40)
    )

    for _ in range(12):
        work(hours=1)

    assert set(Refund.objects.values_list("status", flat=True)) == {"succeeded"}
    assert proxy.refunded() == {refund.idempotency_key: [1000] for refund in refunds}
    verified()
