"""E-mails to customers: each once, after the hold, and nothing that is not so yet."""

from functools import partial

import pytest
from django.core import mail

from cancellations.acts.undo import CannotBeUndone, undo_change_order
from cancellations.letters import letter_for
from cancellations.mailing import notices_queue, send
from cancellations.models import CustomerNotice
from cancellations.queues import queues
from cancellations.refunds.answers import take_answer
from cancellations.refunds.gateways import Answer, Kind
from cancellations.refunds.people import mark_as_paid, state_of, withdraw
from cancellations.refunds.recording import locked
from cancellations.work import claim, drain
from orders.locking import locked_order
from tests.support.builders import cancel, imported, item, payment, select, settle
from tests.support.threads import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

LAUREN = {"number": "A-1001", "name": "Lauren Boyle", "email": "lauren@example.com"}


@pytest.fixture(autouse=True)
def _notices_are_on(settings):
    settings.CUSTOMER_NOTICES = True
    settings.DEFAULT_FROM_EMAIL = "Shop <orders@example.com>"


@pytest.fixture
def cancel_one(agent, sandbox):
    """Cancels one of two things, for 10.00, of an order paid so."""

    def cancel_one(*payments, reference="ch_1", **changes):
        paid = payments or [payment("20.00", gateway_reference=reference)]
        order = imported(
            **{"order_number": "W-1", "account": LAUREN, "payments": list(paid), **changes}
        )
        return cancel(order, select(), by=agent)

    return cancel_one


def told():
    return [(notice.kind, notice.status) for notice in CustomerNotice.objects.all()]


def subjects():
    return [message.subject for message in mail.outbox]


CANCELED = "Your order W-1: what was canceled"
REFUNDED = "Your order W-1: refunded"


def test_the_customer_is_told_after_the_hold_and_again_when_it_is_refunded(
    cancel_one, work, verified
):
    change_order = cancel_one()

    work(seconds=290)
    assert subjects() == []
    work(seconds=20)
    work(seconds=1)

    assert subjects() == [CANCELED, REFUNDED]
    first, second = mail.outbox
    assert (first.to, first.from_email) == (["lauren@example.com"], "Shop <orders@example.com>")
    assert second.body == (
        "Hello Lauren Boyle,\n\nFor your order W-1 we have refunded:\n\n"
        "- $10.00 to Visa ending 1111\n\nIt may take some days until you see it.\n"
    )
    assert told() == [("changed", "sent"), ("refunded", "sent")]
    events = change_order.order.events.filter(type="customer_notified")
    assert [(e.facts["kind"], e.facts["outcome"]) for e in events] == [
        ("changed", "sent"),
        ("refunded", "sent"),
    ]
    verified()


def test_what_will_go_back_is_told_and_not_as_done(cancel_one, work):
    cancel_one(reference="ch_1/settles")

    work()

    assert subjects() == [CANCELED]
    assert mail.outbox[0].body == (
        "Hello Lauren Boyle,\n\nWe have canceled this part of your order W-1:\n\n- 1 × Thing 1\n\n"
        "Your order costs $10.00 less.\n$10.00 will be refunded to Visa ending 1111.\n"
    )
    [(page, kind)] = mail.outbox[0].alternatives
    assert kind == "text/html"
    assert "<li>1 × <bdi>Thing 1</bdi></li>" in page
    assert "style=" not in page
    assert "http" not in page


def test_that_it_is_refunded_is_told_when_the_last_refund_has_succeeded(cancel_one, work, clock):
    two = (
        payment("6.00", gateway_reference="ch_1"),
        payment("4.00", "P2", method="Gift card", gateway_reference="ch_2/settles"),
    )
    cancel_one(*two, items=[item(quantity=1)])

    work()
    work(seconds=2)
    assert subjects() == [CANCELED]
    work(minutes=2)
    work(seconds=2)

    assert subjects() == [CANCELED, REFUNDED]
    assert "- $6.00 to Visa ending 1111\n- $4.00 to Gift card\n" in mail.outbox[1].body


def test_what_failed_before_it_was_told_is_told_when_it_has_succeeded_again(
    cancel_one, clock, agent
):
    change_order = cancel_one()
    clock.pass_by(minutes=6)
    drain(queues()[:2], clock=clock)
    assert told() == [("changed", "waiting"), ("refunded", "waiting")]

    hear(change_order.refunds.get(), "refused", by=agent, now=clock())
    drain(queues(), clock=clock)
    assert subjects() == [CANCELED]
    hear(change_order.refunds.get(), "succeeded", by=agent, now=clock())
    drain(queues(), clock=clock)

    assert subjects() == [CANCELED, REFUNDED]


def hear(refund, outcome, *, by, now):
    """Take what the gateway tells of a refund by itself."""
    with locked_order("W-1") as order:
        take_answer(order, locked(refund), Answer(outcome), by=by, now=now, call="notice")


def test_what_a_person_has_paid_is_told_as_refunded(cancel_one, work, clock, manager):
    change_order = cancel_one(payment("20.00", gateway="manual"))
    work()
    assert subjects() == [CANCELED]

    refund = change_order.refunds.get()
    seen = state_of(refund)
    mark_as_paid(kind=Kind.REFUND, pk=refund.pk, seen=seen, reference="BANK 7", by=manager)
    work(hours=1)

    assert subjects() == [CANCELED, REFUNDED]


def test_what_a_person_has_withdrawn_is_told_as_nothing(cancel_one, work, manager):
    change_order = cancel_one(payment("20.00", gateway="manual"))
    work()

    refund = change_order.refunds.get()
    seen = state_of(refund)
    withdraw(kind=Kind.REFUND, pk=refund.pk, seen=seen, note="Voucher.", by=manager)
    work(hours=1)

    assert subjects() == [CANCELED]


def test_nothing_is_told_of_what_was_undone_within_the_hold(cancel_one, agent, work, clock):
    change_order = cancel_one()

    undo_change_order(change_order_id=change_order.pk, by=agent)
    work(hours=1)

    assert (subjects(), told()) == ([], [("changed", "dropped")])


def test_what_is_being_told_cannot_be_undone(cancel_one, agent, clock):
    change_order = cancel_one()
    clock.pass_by(minutes=6)
    claim(notices_queue(), now=clock(), most=1)

    with pytest.raises(CannotBeUndone, match="was sent, or decided, already"):
        undo_change_order(change_order_id=change_order.pk, by=agent)


@pytest.mark.parametrize("off", ["setting", "e-mail"])
def test_without_the_setting_or_an_address_nothing_is_told(settings, cancel_one, work, off):
    if off == "setting":
        settings.CUSTOMER_NOTICES = False
        cancel_one()
    else:
        cancel_one(account=None)

    work()
    work(seconds=1)

    assert (subjects(), told()) == ([], [])


def test_turned_off_meanwhile_nothing_is_told(settings, cancel_one, work):
    cancel_one()
    settings.CUSTOMER_NOTICES = False

    work()

    assert (subjects(), told()) == ([], [("changed", "dropped")])


def test_a_settlement_is_told(agent, manager, sandbox, work):
    paid = [payment("30.00", gateway_reference="ch_1")]
    order = imported(order_number="W-1", account=LAUREN, payments=paid)
    settle(order, by=manager)

    work()

    assert subjects()[0] == "Your order W-1: your refund"
    assert "$10.00 has been refunded to Visa ending 1111." in mail.outbox[0].body


def test_no_way_is_named_of_what_a_person_paid(cancel_one, work, manager):
    change_order = cancel_one(payment("20.00", gateway="manual"))
    work()
    assert "\n$10.00 will be refunded.\n" in mail.outbox[0].body
    refund = change_order.refunds.get()

    mark_as_paid(kind=Kind.REFUND, pk=refund.pk, seen=state_of(refund), reference="1", by=manager)
    work(seconds=1)

    assert "\n- $10.00\n" in mail.outbox[1].body


def test_what_no_payment_can_take_is_told_as_owed(cancel_one, work):
    cancel_one(payment("20.00", full_refund_only=True))

    work()

    assert "$10.00 is still owed to you." in mail.outbox[0].body


@pytest.mark.parametrize("backend", ["Refusing", "Away"])
def test_a_mail_that_was_not_taken_is_tried_again_and_then_left(
    settings, cancel_one, work, clock, verified, backend
):
    settings.EMAIL_BACKEND = f"tests.support.mail.{backend}"
    settings.NOTICE_MOST_TRIES = 3
    change_order = cancel_one()

    work()
    [notice] = CustomerNotice.objects.filter(kind="changed")
    assert (notice.status, notice.tries) == ("waiting", 1)
    assert notice.due_at > clock()
    for _ in range(6):
        work(hours=1)

    notice.refresh_from_db()
    assert (notice.status, notice.tries, notice.due_at) == ("failed", 3, None)
    says = {"Refusing": "Try again later", "Away": "timed out"}[backend]
    assert says in notice.remark_in_words
    assert change_order.refunds.get().status == "succeeded"
    events = change_order.order.events.filter(type="customer_notified", facts__kind="changed")
    assert [event.facts["outcome"] for event in events] == ["failed"]
    verified()


def test_a_mail_that_fails_once_is_sent_later(settings, cancel_one, work):
    right = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.support.mail.Refusing"
    cancel_one()
    work()

    settings.EMAIL_BACKEND = right
    work(hours=1)
    work(seconds=1)

    assert subjects() == [CANCELED, REFUNDED]


def test_a_mail_of_which_nobody_knows_is_not_sent_again(settings, cancel_one, work):
    settings.EMAIL_BACKEND = "tests.support.mail.HangsUp"
    cancel_one(reference="ch_1/declines")

    for _ in range(4):
        work(hours=1)

    assert subjects() == [CANCELED]
    [notice] = CustomerNotice.objects.all()
    assert (notice.status, notice.remark_in_words) == (
        "failed",
        "It may have been sent; it is not sent again.",
    )


def test_a_mail_whose_worker_died_is_not_sent_again(cancel_one, work, clock, verified):
    change_order = cancel_one(reference="ch_1/declines")
    clock.pass_by(minutes=6)
    claim(notices_queue(), now=clock(), most=1)
    assert told() == [("changed", "sending")]

    for _ in range(3):
        work(hours=1)

    assert (subjects(), told()) == ([], [("changed", "failed")])
    event = change_order.order.events.get(type="customer_notified")
    assert event.facts["outcome"] == "doubtful"
    verified()


def test_one_that_was_sent_late_is_known_to_be_sent(cancel_one, work, clock):
    cancel_one(reference="ch_1/declines")
    clock.pass_by(minutes=6)
    [slow] = claim(notices_queue(), now=clock(), most=1)
    work(hours=1)

    send(slow, clock)

    assert (subjects(), told()) == ([CANCELED], [("changed", "sent")])


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_each_customer_once(agent, sandbox, clock):
    for number in range(10):
        order = imported(order_number=f"N-{number}", account=LAUREN)
        cancel(order, select(), by=agent)
    clock.pass_by(minutes=6)

    at_once(*[partial(drain, queues(), clock=clock)] * 2)
    drain(queues(), clock=clock)

    assert len(subjects()) == len(set(subjects())) == 20
    assert set(told()) == {("changed", "sent"), ("refunded", "sent")}


def test_what_strangers_wrote_is_escaped_in_html_alone(cancel_one, work):
    cancel_one(items=[item(name="A <b>coat</b>")], payments=[payment("20.00", method="Card & co")])

    letter = letter_for(CustomerNotice.objects.get())

    assert "1 × A <b>coat</b>" in letter.text
    assert "to Card & co." in letter.text
    assert "<bdi>A &lt;b&gt;coat&lt;/b&gt;</bdi>" in letter.html
    assert "<bdi>Card &amp; co</bdi>" in letter.html
