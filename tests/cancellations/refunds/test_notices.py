"""What notices change: of our refunds, of those of others, and by disputes."""

from functools import partial

import pytest
from django.db import connection
from django.test import Client

from cancellations.models import Refund
from cancellations.models.attempts import GatewayNotice
from cancellations.refunds import gateways, people
from cancellations.refunds.carrying_out import queue_of
from cancellations.refunds.gateways import Kind
from cancellations.work import claim, finish
from orders.models import OrderEvent, PaymentSummary
from tests.support.builders import cancel, imported, item, minor, payment, report, select
from tests.support.stripe_events import SECRET, deliver, dispute_event, refund_event
from tests.support.threads import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _stripe(monkeypatch, sandbox, settings):
    """The sandbox under Stripe's name, with notices as Stripe sends them."""
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    monkeypatch.setitem(gateways._FACTORIES, "stripe", lambda: sandbox)


@pytest.fixture
def ours(refund_over):
    """A refund of ours of 10.00 over pi_1, which behaves as it is told."""

    def ours(behavior="approves"):
        return refund_over(f"pi_1/{behavior}", gateway="stripe")

    return ours


@pytest.fixture
def told(client, verified):
    """Delivers an event, checks what stands, and gives what was made of it."""

    def told(event):
        answer = deliver(client, event)
        assert answer.status_code == 200, answer.text
        verified()
        return answer.text.strip()

    return told


def about(refund, **changes):
    """An event about a refund of ours."""
    usual = {
        "id": f"sbx_{refund.idempotency_key}",
        "metadata": {"idempotency_key": refund.idempotency_key},
        "payment_intent": refund.payment.gateway_reference,
    }
    return refund_event(**{**usual, **changes})


def figures():
    found = PaymentSummary.objects.get()
    return {
        "here": found.refunded_here_minor,
        "elsewhere": found.refunded_elsewhere_minor,
        "reserved": found.reserved_minor,
        "charged_back": found.charged_back_minor,
    }


def money(**changes):
    return {"here": 0, "elsewhere": 0, "reserved": 0, "charged_back": 0} | {
        name: minor(text) for name, text in changes.items()
    }


def test_a_refund_that_settles_ends_with_its_notice(ours, work, told, now_of):
    refund = ours("settles")
    work()
    assert now_of(refund).status == "settling"

    assert told(about(refund)) == "settled"

    assert (now_of(refund).status, now_of(refund).due_at) == ("succeeded", None)
    assert figures() == money(here="10.00")
    last = OrderEvent.objects.last()
    assert (last.type, last.facts["call"]) == ("gateway_answered", "notice")


def test_one_that_fails_waits_for_a_person(ours, work, told, now_of, exceptions):
    refund = ours("settles")
    work()

    told(about(refund, status="failed", failure_reason="lost_or_stolen_card"))

    assert now_of(refund).status == "failed"
    assert figures() == money(reserved="10.00")
    assert exceptions()[0][-1] == ("10.00 USD was refused. The gateway says: lost_or_stolen_card")


def test_a_success_that_fails_after_all_is_reserved_again(ours, work, told, now_of, exceptions):
    refund = ours()
    work()
    assert figures() == money(here="10.00")

    told(about(refund, status="failed", failure_reason="expired_or_canceled_card"))

    assert now_of(refund).status == "failed"
    assert figures() == money(reserved="10.00")
    assert exceptions()[0][-1] == (
        "10.00 USD had succeeded, and has failed after all."
        " The gateway says: expired_or_canceled_card"
    )


def test_the_same_notice_is_taken_once(ours, work, told, now_of):
    refund = ours("settles")
    work()
    event = about(refund)

    assert [told(event), told(event), told(about(refund))] == ["settled", "settled", "known"]

    assert GatewayNotice.objects.count() == 2
    assert OrderEvent.objects.filter(type="gateway_answered").count() == 2


def test_a_notice_a_week_late_changes_nothing_that_has_ended(ours, work, told, now_of):
    refund = ours()
    work()
    work(days=7)

    assert told(about(refund, status="pending")) == "known"
    assert told(about(refund)) == "known"
    assert figures() == money(here="10.00")


def test_that_it_failed_is_the_last_word(ours, work, told, now_of):
    refund = ours("settles")
    work()

    told(about(refund, status="failed"))

    assert told(about(refund)) == "known"
    assert told(about(refund, status="pending")) == "known"
    assert now_of(refund).status == "failed"


@pytest.mark.parametrize(
    ("status", "ends"), [("succeeded", "succeeded"), ("failed", "failed"), ("pending", "succeeded")]
)
def test_a_notice_may_come_before_the_answer(ours, clock, told, now_of, verified, status, ends):
    """The worker claims, the gateway acts and tells, and its answer is recorded after that."""
    refund = ours()
    clock.pass_by(minutes=10)
    [claimed] = claim(queue_of(Refund), now=clock(), most=1)

    assert told(about(refund, status=status)) == "settled"
    finish(queue_of(type(claimed)), claimed, clock)

    assert now_of(refund).status == ends
    assert [attempt.outcome for attempt in refund.attempts.all()] == ["succeeded"]
    verified()


def test_a_notice_ends_what_was_not_answered(ours, work, told, now_of, exceptions):
    refund = ours("times-out-before")
    work()
    work(minutes=16)
    assert now_of(refund).status == "unknown"
    assert len(exceptions()) == 1

    told(about(refund))

    assert now_of(refund).status == "succeeded"
    assert exceptions() == []


def test_a_notice_about_other_money_leaves_a_doubt(ours, work, told, now_of, exceptions):
    refund = ours("times-out-before")
    work()

    assert told(about(refund, amount=999)) == "settled"

    assert now_of(refund).status == "unknown"
    assert "another amount or currency" in exceptions()[0][-1]
    assert figures() == money(reserved="10.00")


def test_what_a_person_paid_and_the_gateway_too_is_said(
    ours, work, told, now_of, exceptions, manager
):
    refund = ours("declines")
    work()
    seen = people.state_of(now_of(refund))
    people.mark_as_paid(kind=Kind.REFUND, pk=refund.pk, seen=seen, reference="wire 1", by=manager)

    assert told(about(refund)) == "refunded_elsewhere"
    assert told(about(refund)) == "known"

    assert figures() == money(here="10.00", elsewhere="10.00")
    assert "may have gone twice" in exceptions()[-1][-1]
    assert told(about(refund, status="failed")) == "refunded_elsewhere"
    assert figures() == money(here="10.00")


def test_a_notice_about_an_earlier_try_does_not_end_the_next(ours, work, told, now_of, manager):
    refund = ours("declines")
    work()
    first = about(refund, status="failed")
    seen = people.state_of(now_of(refund))
    people.retry(kind=Kind.REFUND, pk=refund.pk, seen=seen, by=manager)

    told(first)

    assert now_of(refund).status == "pending"
    assert figures() == money(reserved="10.00")


@pytest.fixture
def sent_anew(ours, work, told, now_of, manager):
    """A refund of ours that settled, failed, and waits under a new key; with its first try."""

    def sent_anew(behavior="settles"):
        refund = ours(behavior)
        work()
        first = now_of(refund)
        told(about(first, status="failed"))
        seen = people.state_of(now_of(refund))
        people.retry(kind=Kind.REFUND, pk=refund.pk, seen=seen, by=manager)
        return refund, first

    return sent_anew


@pytest.mark.parametrize("status", ["pending", "succeeded", "failed"])
def test_late_news_of_a_try_that_failed_is_no_refund_of_others(sent_anew, told, now_of, status):
    refund, first = sent_anew()

    assert told(about(first, status=status)) == "known"

    assert now_of(refund).status == "pending"
    assert figures() == money(reserved="10.00")


def test_an_earlier_try_that_was_paid_all_the_same_holds_the_next_one_back(
    sent_anew, work, told, exceptions, paid
):
    _, first = sent_anew("declines")

    assert told(about(first, status="pending")) == "known"
    assert told(about(first)) == "refunded_elsewhere"
    assert told(about(first)) == "known"
    work()

    assert paid() == {}
    assert figures() == money(elsewhere="10.00", reserved="10.00")
    assert "it may be the same refund" in exceptions()[0][-1]
    assert told(about(first, status="failed")) == "refunded_elsewhere"
    assert figures() == money(reserved="10.00")


@pytest.mark.parametrize("notice_comes_first", [True, False])
def test_what_was_paid_all_the_same_is_counted_once_by_answer_and_notice(
    ours, clock, told, now_of, manager, notice_comes_first
):
    refund = ours()
    clock.pass_by(minutes=10)
    [claimed] = claim(queue_of(Refund), now=clock(), most=1)
    told(about(claimed, status="failed"))
    seen = people.state_of(now_of(refund))
    people.mark_as_paid(kind=Kind.REFUND, pk=refund.pk, seen=seen, reference="wire 1", by=manager)

    if notice_comes_first:
        told(about(claimed))
    finish(queue_of(type(claimed)), claimed, clock)
    told(about(claimed))

    assert figures() == money(here="10.00", elsewhere="10.00")


def test_an_earlier_try_is_counted_once_by_answer_and_notice(ours, clock, told, now_of, manager):
    refund = ours()
    clock.pass_by(minutes=10)
    [claimed] = claim(queue_of(Refund), now=clock(), most=1)
    told(about(claimed, status="failed"))
    seen = people.state_of(now_of(refund))
    people.retry(kind=Kind.REFUND, pk=refund.pk, seen=seen, by=manager)

    told(about(claimed))
    finish(queue_of(type(claimed)), claimed, clock)
    told(about(claimed))

    assert figures() == money(elsewhere="10.00", reserved="10.00")


def test_an_earlier_try_that_was_paid_beside_the_next_one_is_said(
    sent_anew, work, told, now_of, exceptions, manager
):
    refund, first = sent_anew("declines")
    work()
    seen = people.state_of(now_of(refund))
    people.mark_as_paid(kind=Kind.REFUND, pk=refund.pk, seen=seen, reference="wire 1", by=manager)

    told(about(first))

    assert figures() == money(here="10.00", elsewhere="10.00")
    assert "may have gone twice" in exceptions()[-1][-1]


@pytest.fixture
def order():
    return imported(payments=[payment(gateway="stripe", gateway_reference="pi_1")])


@pytest.mark.parametrize("status", ["succeeded", "pending", "requires_action"])
def test_a_refund_of_others_is_refunded_elsewhere_once(order, told, status):
    assert told(refund_event(status=status)) == "refunded_elsewhere"
    assert told(refund_event()) == "known"

    assert figures() == money(elsewhere="10.00")


def test_two_refunds_of_others_add_up(order, told):
    told(refund_event(id="re_1"))
    told(refund_event(id="re_2", amount=250))

    assert figures() == money(elsewhere="12.50")


def test_one_that_fails_there_is_expected_again(order, told):
    told(refund_event())

    assert told(refund_event(status="failed")) == "refunded_elsewhere"
    assert told(refund_event(status="failed")) == "known"

    assert figures() == money()
    assert told(refund_event()) == "known"
    assert figures() == money()


def test_that_one_failed_may_be_heard_first(order, told):
    assert told(refund_event(status="failed")) == "known"
    assert told(refund_event()) == "known"

    assert figures() == money()


def test_what_was_reported_is_not_lowered_by_what_was_never_heard_of(told):
    reported = payment(gateway="stripe", gateway_reference="pi_1", refunded="15.00")
    imported(payments=[reported])

    told(refund_event(status="failed"))
    told(dispute_event(status="won"))

    assert figures() == money(elsewhere="15.00")


def test_it_is_found_by_its_charge_too(told):
    imported(payments=[payment(gateway="stripe", gateway_reference="ch_of_pi_1")])

    assert told(refund_event()) == "refunded_elsewhere"


def test_another_gateways_payment_is_none_of_it(told):
    imported(payments=[payment(gateway="abacus", gateway_reference="pi_1")])

    assert told(refund_event()) == "not_for_us"


def test_money_of_another_currency_is_left_alone(order, told):
    assert told(refund_event(currency="eur")) == "other_money"
    assert figures() == money()


def test_a_copy_of_our_key_is_another_refund(ours, work, told, now_of):
    refund = ours()
    work()

    event = about(refund, id="re_copied")

    assert told(event) == "refunded_elsewhere"
    assert figures() == money(here="10.00", elsewhere="10.00")
    assert now_of(refund).status == "succeeded"


def test_a_foreign_refund_while_ours_waits_holds_it_back(ours, work, told, exceptions, paid):
    ours()

    told(refund_event(payment_intent="pi_1/approves"))
    work()

    assert paid() == {}
    assert "it may be the same refund" in exceptions()[0][-1]


def test_what_was_this_refund_fails_after_all_as_ours(ours, work, told, now_of, manager):
    refund = ours()
    theirs = {"payment_intent": "pi_1/approves"}
    told(refund_event(**theirs))
    people.was_this_refund(
        pk=refund.pk, seen=people.state_of(now_of(refund)), note="The shop did it.", by=manager
    )
    assert figures() == money(here="10.00")

    assert told(refund_event(status="failed", **theirs)) == "settled"

    assert now_of(refund).status == "failed"
    assert figures() == money(reserved="10.00")


@pytest.fixture
def said_to_be_this(ours, work, now_of, manager):
    """A refund of ours that settles, and of which a person says that another report meant it."""

    def said_to_be_this(tell):
        refund = ours("settles")
        work()
        tell(refund)
        seen = people.state_of(now_of(refund))
        return people.was_this_refund(pk=refund.pk, seen=seen, note="The same.", by=manager)

    return said_to_be_this


@pytest.fixture
def said_to_be_re_1(said_to_be_this, told):
    return said_to_be_this(lambda refund: told(refund_event(payment_intent="pi_1/settles")))


def test_ours_that_is_paid_beside_what_was_this_refund_is_said(said_to_be_re_1, told, exceptions):
    assert figures() == money(here="10.00")

    assert told(about(said_to_be_re_1)) == "refunded_elsewhere"

    assert figures() == money(here="10.00", elsewhere="10.00")
    assert "may have gone twice" in exceptions()[-1][-1]


def test_ours_that_fails_beside_what_was_this_refund_opens_nothing(said_to_be_re_1, told, now_of):
    assert told(about(said_to_be_re_1, status="failed")) == "known"

    assert now_of(said_to_be_re_1).status == "succeeded"
    assert figures() == money(here="10.00")


@pytest.mark.parametrize(
    ("status", "taken_as", "ends", "stands"),
    [
        ("succeeded", "known", "succeeded", {"here": "10.00"}),
        ("failed", "settled", "failed", {"reserved": "10.00"}),
    ],
)
def test_ours_that_a_shop_reported_as_its_own_is_still_one(
    said_to_be_this, told, now_of, status, taken_as, ends, stands
):
    def tell(refund):
        report(refund.change_order.order, payments=[{"key": "P1", "refunded": "10.00"}])

    refund = said_to_be_this(tell)

    assert told(about(refund, status=status)) == taken_as

    assert now_of(refund).status == ends
    assert figures() == money(**stands)


def test_two_disputes_add_up_and_each_is_won_alone(order, told):
    told(dispute_event(id="du_1", amount=500))
    told(dispute_event(id="du_2", amount=500))
    told(dispute_event("charge.dispute.updated", id="du_1", amount=500, status="under_review"))
    assert figures() == money(charged_back="10.00")

    told(dispute_event("charge.dispute.closed", id="du_1", amount=500, status="won"))
    assert figures() == money(charged_back="5.00")

    told(dispute_event(id="du_3", amount=100))
    assert figures() == money(charged_back="6.00")


def test_disputes_that_were_reported_together_are_not_counted_again(told):
    reported = payment(gateway="stripe", gateway_reference="pi_1", charged_back="15.00")
    imported(payments=[reported])

    told(dispute_event(id="du_1", amount=1000))
    told(dispute_event(id="du_2", amount=500))
    assert figures() == money(charged_back="15.00")

    told(dispute_event(id="du_3", amount=500))
    assert figures() == money(charged_back="20.00")


def test_that_a_dispute_was_won_may_be_heard_first(order, told):
    assert told(dispute_event(status="won")) == "known"
    assert told(dispute_event(amount=900)) == "known"

    assert figures() == money()


def test_a_dispute_is_charged_back_once_until_it_is_won(order, told):
    assert told(dispute_event()) == "charged_back"
    assert told(dispute_event("charge.dispute.funds_withdrawn")) == "known"
    assert told(dispute_event("charge.dispute.updated", status="under_review")) == "known"
    assert figures() == money(charged_back="10.00")

    assert told(dispute_event("charge.dispute.closed", status="won")) == "charged_back"
    assert told(dispute_event()) == "known"
    assert figures() == money()


def test_a_lost_dispute_stays_charged_back(order, told):
    told(dispute_event())

    assert told(dispute_event("charge.dispute.closed", status="lost")) == "known"
    assert figures() == money(charged_back="10.00")


def test_a_chargeback_that_was_reported_is_not_counted_again(told):
    reported = payment(gateway="stripe", gateway_reference="pi_1", charged_back="15.00")
    imported(payments=[reported])

    told(dispute_event())

    assert figures() == money(charged_back="15.00")


@pytest.mark.parametrize("status", ["warning_needs_response", "warning_closed", "prevented"])
def test_an_inquiry_takes_no_money(order, told, status):
    assert told(dispute_event(status=status)) == "not_for_us"
    assert figures() == money()


@pytest.mark.parametrize(
    ("code", "amount", "elsewhere"),
    [("JPY", 700, 700), ("ISK", 70000, 700), ("KWD", 1230, 1230), ("UGX", 500, 5)],
)
def test_amounts_are_read_in_stripes_units(told, code, amount, elsewhere):
    imported(
        currency=code,
        items=[item(unit_price="1000")],
        payments=[payment("2000", gateway="stripe", gateway_reference="pi_1")],
    )

    told(refund_event(currency=code.lower(), amount=amount))

    assert figures()["elsewhere"] == elsewhere


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_deliveries_at_the_same_time_are_taken_once(agent, sandbox):
    order = imported(items=[item()], payments=[payment(gateway="stripe", gateway_reference="pi_1")])
    cancel(order, select(), by=agent)
    events = [refund_event(), *([refund_event(notice="evt_same")] * 3)]

    _, answers = at_once(*(partial(deliver, Client(), event) for event in events))

    assert [answer.status_code for answer in answers] == [200] * len(events)
    assert figures()["elsewhere"] == minor("10.00")
    assert GatewayNotice.objects.count() == 2


@pytest.mark.postgresql
def test_the_payment_of_a_notice_is_found_by_an_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    payments = PaymentSummary.objects.filter(gateway="stripe", gateway_reference__in=["a", "b"])

    assert "payment_by_reference" in payments.explain()
