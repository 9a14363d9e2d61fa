"""Four eyes: above an amount one person asks, and another one decides on the same review."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.utils import timezone

from cancellations.acts.agreed import DecidedBefore
from cancellations.acts.approve import (
    UnknownApproval,
    approve,
    expire_if_changed,
    refuse,
    withdraw_approval,
)
from cancellations.acts.cancel import preview_cancellation, submit_cancellation
from cancellations.acts.erase_customer import Customer, erase_customer
from cancellations.acts.exceptions import NoteRefused
from cancellations.acts.settle import preview_settlement, submit_settlement
from cancellations.acts.submit import AskedOtherwise, ask_second_person, submit_or_ask
from cancellations.acts.undo import undo_change_order
from cancellations.models import Approval, ChangeOrder
from cancellations.second_person import SecondPersonNeeded, asked_in
from cancellations.selection import NotAllowed, SettlementRequest
from cancellations.snapshots import NotReviewed, QuoteChanged, Snapshot
from cancellations.waiting import approvals_queue
from cancellations.work import drain
from console.models import AuditEntry
from orders.models import EventType
from tests.support.builders import (
    UserFactory,
    cancel,
    imported,
    item,
    payment,
    report,
    request,
    select,
    select_all,
    settle,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def over_fifteen(settings):
    settings.APPROVAL_OVER = {"USD": Decimal("15.00")}


@pytest.fixture
def order():
    return imported(order_number="A-1")


def reviewed(asked, by):
    judged = preview_cancellation(request=asked, by=by)
    return Snapshot.of(judged.quote, judged.lines)


def asks(order, agent, *lines, **changes):
    asked = request(order, *(lines or [select(quantity=2)]), **changes)
    return ask_second_person(request=asked, agreed=reviewed(asked, agent), by=agent)


def refuses_alone(asked, by):
    agreed = NotReviewed()
    with pytest.raises(SecondPersonNeeded):
        submit_cancellation(request=asked, agreed=agreed, by=by)


def test_more_than_the_amount_is_not_done_by_one_person(order, agent):
    asked = request(order, select(quantity=2))

    with pytest.raises(SecondPersonNeeded):
        submit_cancellation(request=asked, agreed=reviewed(asked, agent), by=agent)
    refuses_alone(asked, agent)

    assert not ChangeOrder.objects.exists()


def test_nobody_does_in_parts_what_they_may_not_do_at_once(order, agent):
    first = cancel(order, select(), by=agent)
    refuses_alone(request(order, select()), agent)

    undo_change_order(change_order_id=first.pk, by=agent)

    assert cancel(order, select(), by=agent).kind == "cancellation"


def test_what_a_second_person_approved_does_not_count_again(agent, approver, settings):
    order = imported(order_number="A-3", items=[item(quantity=4)], payments=[payment("40.00")])
    approve(approval_id=asks(order, agent, select(quantity=2)).pk, by=approver)

    assert cancel(order, select(), by=agent).kind == "cancellation"
    refuses_alone(request(order, select()), agent)


def test_settlements_and_cancellations_count_together(agent, manager):
    order = imported(order_number="A-3", payments=[payment("40.00")])
    settle(order, by=manager, chosen={"P1": 1000})

    asked = SettlementRequest("A-3", "s-2", chosen={"P1": 1000})
    with pytest.raises(SecondPersonNeeded):
        submit_settlement(request=asked, agreed=NotReviewed(), by=manager)


@pytest.mark.parametrize("limits", [{"USD": Decimal("10.00")}, {"EUR": Decimal(0)}, {}])
def test_up_to_the_amount_one_person_is_enough(order, agent, settings, limits):
    settings.APPROVAL_OVER = limits

    assert cancel(order, select(), by=agent).kind == "cancellation"


def test_what_is_refunded_counts_as_what_is_canceled_does(agent):
    owed = imported(order_number="A-2", payments=[payment("40.00")])

    refuses_alone(request(owed, select()), agent)


def test_a_settlement_waits_too(manager, approver):
    imported(order_number="A-2", payments=[payment("40.00")])
    asked = SettlementRequest("A-2", "s-1", note="He called.", chosen={"P1": 2000})
    agreed = Snapshot.of(preview_settlement(request=asked, by=manager), ())

    with pytest.raises(SecondPersonNeeded):
        submit_settlement(request=asked, agreed=agreed, by=manager)
    approval = ask_second_person(request=asked, agreed=agreed, by=manager)
    made = approve(approval_id=approval.pk, by=approver).change_order

    assert approval.amount_minor == 2000
    assert (made.kind, made.request_id, made.note) == ("settlement", "s-1", "He called.")
    assert made.refunds.get().amount_minor == 2000


@pytest.mark.parametrize("lines", [[select(quantity=2, note="Sorry\r\nagain")], [select_all()]])
def test_what_was_asked_is_done_as_it_was_reviewed(order, agent, approver, lines):
    asked = request(order, *lines, request_id="run-1", refund_fees=False)
    agreed = reviewed(asked, agent)
    approval = ask_second_person(request=asked, agreed=agreed, by=agent)

    done = approve(approval_id=approval.pk, by=approver)

    made = done.change_order
    assert done.status == "approved"
    assert (made.request_id, made.created_by) == ("run-1", approver)
    assert asked.asks_what_is_named(made.fingerprint)
    assert asked_in(Approval.objects.get()).content == asked.content
    again = submit_cancellation(request=asked, agreed=agreed, by=agent)
    assert (again.change_order, again.is_repeat) == (made, True)


def test_asking_writes_nothing_but_that_it_was_asked(order, agent):
    before = (order.grand_total_minor, order.status)

    approval = asks(order, agent)

    order.refresh_from_db()
    assert (approval.status, approval.amount_minor) == ("requested", 2000)
    assert (order.grand_total_minor, order.status) == before
    assert not ChangeOrder.objects.exists()
    event = order.events.last()
    assert (event.type, event.by) == (EventType.SECOND_PERSON, agent)


def test_asked_again_it_is_the_same_and_other_content_is_refused(order, agent):
    first = asks(order, agent, request_id="run-1")

    assert asks(order, agent, request_id="run-1") == first
    with pytest.raises(AskedOtherwise):
        asks(order, agent, select_all(), request_id="run-1")

    assert Approval.objects.count() == 1


def test_nobody_approves_or_refuses_what_they_asked_for_themselves(order, approver):
    approver.user_permissions.add(Permission.objects.get(codename="cancel_order_items"))
    approver = type(approver).objects.get(pk=approver.pk)
    approval = asks(order, approver)

    with pytest.raises(NotAllowed):
        approve(approval_id=approval.pk, by=approver)
    with pytest.raises(NotAllowed):
        refuse(approval_id=approval.pk, note="No.", by=approver)

    assert Approval.objects.get().is_requested


def test_who_keeps_accounts_is_no_second_person(order, agent, manager):
    approval = asks(order, agent)
    superuser = UserFactory(is_superuser=True)
    manager.user_permissions.add(Permission.objects.get(codename="approve_change_orders"))

    for by in (agent, type(manager).objects.get(pk=manager.pk), superuser):
        with pytest.raises(NotAllowed):
            approve(approval_id=approval.pk, by=by)
        with pytest.raises(NotAllowed):
            refuse(approval_id=approval.pk, note="No.", by=by)

    assert Approval.objects.get().is_requested


def test_only_who_may_cancel_asks(order, agent, viewer):
    asked = request(order, select(quantity=2))

    with pytest.raises(NotAllowed):
        ask_second_person(request=asked, agreed=reviewed(asked, agent), by=viewer)


def test_it_is_asked_on_what_would_happen_now(order, agent):
    asked = request(order, select(quantity=1))
    agreed = reviewed(asked, agent)
    cancel(order, select(), by=agent)

    with pytest.raises(QuoteChanged):
        ask_second_person(request=asked, agreed=agreed, by=agent)


def test_it_expires_when_the_review_no_longer_holds(order, agent, approver):
    approval = asks(order, agent)
    report(order, {"key": "1", "quantity_allocated": 1, "quantity_fulfilled": 1})

    ended = approve(approval_id=approval.pk, by=approver)

    assert (ended.status, ended.change_order) == ("expired", None)
    assert not ChangeOrder.objects.exists()


def test_one_that_holds_is_not_expired_and_one_that_does_not_is(order, agent):
    approval = asks(order, agent)

    assert not expire_if_changed(approval_id=approval.pk)
    report(order, {"key": "1", "quantity_allocated": 1, "quantity_fulfilled": 1})
    assert expire_if_changed(approval_id=approval.pk)
    assert expire_if_changed(approval_id=approval.pk)

    assert Approval.objects.get().status == "expired"
    assert order.events.filter(facts__decision="expired").count() == 1


def test_what_was_asked_by_who_may_not_any_more_is_not_done(order, agent, approver):
    approval = asks(order, agent)
    agent.groups.clear()

    assert approve(approval_id=approval.pk, by=approver).status == "expired"


def test_what_was_done_otherwise_meanwhile_is_not_done_again(order, agent, approver, settings):
    approval = asks(order, agent, request_id="run-1")
    settings.APPROVAL_OVER = {}
    made = cancel(order, select(quantity=2), by=agent, request_id="run-1")
    undo_change_order(change_order_id=made.pk, by=agent)

    assert approve(approval_id=approval.pk, by=approver).status == "expired"


def test_it_is_refused_with_a_note_and_asked_anew(order, agent, approver):
    approval = asks(order, agent, request_id="run-1")

    with pytest.raises(NoteRefused):
        refuse(approval_id=approval.pk, note=" ", by=approver)
    ended = refuse(approval_id=approval.pk, note="Ask them first.", by=approver)

    assert (ended.status, ended.note, ended.decided_by) == ("refused", "Ask them first.", approver)
    assert asks(order, agent, request_id="run-1") != approval


def test_who_asked_withdraws_it_and_nobody_else(order, agent, approver):
    approval = asks(order, agent)

    with pytest.raises(NotAllowed):
        withdraw_approval(approval_id=approval.pk, by=approver)
    assert withdraw_approval(approval_id=approval.pk, by=agent).status == "withdrawn"


def test_it_is_decided_once(order, agent, approver):
    approval = asks(order, agent)
    approve(approval_id=approval.pk, by=approver)

    for decide in (
        lambda: approve(approval_id=approval.pk, by=UserFactory(approver=True)),
        lambda: refuse(approval_id=approval.pk, note="No.", by=approver),
        lambda: withdraw_approval(approval_id=approval.pk, by=agent),
    ):
        with pytest.raises(DecidedBefore):
            decide()

    assert ChangeOrder.objects.count() == 1


def test_an_approval_that_is_not_there(approver):
    with pytest.raises(UnknownApproval):
        approve(approval_id=1, by=approver)


def test_what_was_signed_with_a_key_that_is_gone_expires(order, agent, approver, settings):
    approval = asks(order, agent)
    settings.SECRET_KEY = "another" * 10

    assert approve(approval_id=approval.pk, by=approver).status == "expired"


def test_a_customer_who_is_erased_leaves_no_note_in_it(order, agent, manager, approver):
    approval = asks(order, agent, select(quantity=2, note="Rosalind is unhappy"))

    erase_customer(customer=Customer.of(order), by=manager)

    approval.refresh_from_db()
    assert (approval.content, approval.agreed) == ({"erased": True}, "erased")
    assert approve(approval_id=approval.pk, by=approver).status == "expired"


def test_who_asked_and_who_decided_stand_in_the_audit(order, agent, approver):
    approval = asks(order, agent)
    approve(approval_id=approval.pk, by=approver)

    entries = AuditEntry.objects.filter(facts__event="second_person").order_by("pk")
    assert [(entry.actor_name, entry.facts["decision"]) for entry in entries] == [
        (agent.username, "requested"),
        (approver.username, "approved"),
    ]


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("decided once", {"amount_minor": 1}),
        ("decided once", {"agreed": "another"}),
        ("decided once", {"content": {"items": "all"}}),
        ("decided once", {"content": {"erased": True}}),
        ("without its event", {"status": "refused"}),
    ],
)
def test_postgresql_keeps_what_was_asked(order, agent, said, change):
    asks(order, agent)
    if "status" in change:
        change = {"decided_at": timezone.now(), "decided_by": agent.pk} | change

    with pytest.raises(IntegrityError, match=said), transaction.atomic():
        Approval.objects.update(**change)


def test_the_database_wants_a_second_person(without_triggers, order, agent):
    asks(order, agent)

    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Approval.objects.update(status="refused", decided_at=timezone.now(), decided_by=agent)


@pytest.mark.postgresql
def test_postgresql_keeps_approvals(order, agent):
    asks(order, agent)

    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        Approval.objects.all()._raw_delete("default")


def looked_after(now=None):
    drain([approvals_queue()], clock=lambda: now or timezone.now())


def test_those_who_may_decide_are_written_to_once(order, agent, approver, manager, mailoutbox):
    for user in (agent, approver, manager):
        user.email = f"{user.username}@example.com"
        user.save()
    approval = asks(order, agent, select(quantity=2, note="Rosalind is unhappy"))

    looked_after()
    looked_after(timezone.now() + timedelta(minutes=6))

    [mail] = mailoutbox
    assert mail.to == [approver.email]
    assert f"approval #{approval.pk}" in mail.subject
    assert "Rosalind" not in mail.body


def test_what_no_longer_holds_expires_by_itself(order, agent):
    approval = asks(order, agent)
    looked_after()
    cancel(order, select(), by=agent)

    looked_after()
    assert Approval.objects.get().is_requested
    looked_after(timezone.now() + timedelta(minutes=6))

    approval.refresh_from_db()
    assert (approval.status, approval.due_at) == ("expired", None)


def test_one_address_that_takes_no_mail_keeps_no_other(order, agent, settings, mailoutbox):
    settings.EMAIL_BACKEND = "tests.support.mail.RefusingSome"
    for name in ("refused", "ann"):
        user = UserFactory(approver=True, username=name)
        user.email = f"{name}@example.com"
        user.save()
    asks(order, agent)

    looked_after()
    looked_after(timezone.now() + timedelta(minutes=6))

    assert [mail.to for mail in mailoutbox] == [["ann@example.com"]]


def test_who_may_decide_from_later_on_is_told_then(order, agent, mailoutbox):
    asks(order, agent)
    looked_after()
    user = UserFactory(approver=True)
    user.email = "ann@example.com"
    user.save()

    looked_after(timezone.now() + timedelta(minutes=6))

    assert [mail.to for mail in mailoutbox] == [["ann@example.com"]]


def test_a_mail_that_cannot_be_sent_keeps_nothing(order, agent, approver, settings):
    settings.EMAIL_BACKEND = "tests.support.mail.Refusing"
    approver.email = "a@example.com"
    approver.save()
    asks(order, agent)

    looked_after()

    waiting = Approval.objects.get()
    assert (waiting.is_requested, waiting.told_at) == (True, None)
    assert waiting.due_at > timezone.now()


def test_submitting_what_one_person_may_not_do_asks_for_it(order, agent):
    asked = request(order, select(quantity=2))

    waiting = submit_or_ask(request=asked, agreed=reviewed(asked, agent), by=agent)
    small = request(order, select())
    done = submit_or_ask(request=small, agreed=reviewed(small, agent), by=agent)

    assert waiting == Approval.objects.get()
    assert done.change_order.kind == "cancellation"
