"""Refunding what is owed without a cancellation (domain.md §6)."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from cancellations.acts.requests import may_settle
from cancellations.acts.settle import judged_settlement, preview_settlement, submit_settlement
from cancellations.selection import NotAllowed, RequestReused
from cancellations.snapshots import NotReviewed, QuoteChanged, Snapshot
from orders.arithmetic.money import show
from orders.locking import UnknownOrder
from orders.models import OrderEvent, OrderSummary
from tests.support.builders import (
    USD,
    UserFactory,
    cancel,
    delivery_charge,
    fee,
    imported,
    item,
    minor,
    order_document,
    payment,
    select,
    select_all,
    tax,
)
from tests.support.reports import line, money, report
from tests.support.settlements import settle, settlement
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def owed(record, agent):
    """Two at 10.00, one of them canceled before all was captured: 10.00 is owed."""
    order = imported(order_number="X-1", payments=[payment("20.00", captured="0")])
    cancel(order, select(), by=agent)
    record(money(captured="20.00"))
    return order


@pytest.fixture
def left_behind(agent):
    """Everything canceled; 5.00 of delivery with 0.50 tax and fees of 3.00 and 2.00 stay."""
    charge = delivery_charge(unit_price="5.00", taxes=[tax("0.50")])
    fees = [fee(), fee("2002", unit_price="2.00")]
    order = imported(order_number="X-1", items=[item(), charge, *fees])
    cancel(order, select_all(), by=agent)
    return order


def refunds(change_order):
    return {
        refund.payment.key: show(refund.amount_minor, USD) for refund in change_order.refunds.all()
    }


def money_elsewhere(order):
    return OrderSummary.objects.get(pk=order.pk).elsewhere


def test_what_is_owed_is_refunded_by_a_change_order_of_its_own_kind(owed, manager, verified):
    change_order = settle(owed, by=manager, note=" Captured late.\r\nSorry. ")

    assert (change_order.kind, change_order.created_by) == ("settlement", manager)
    assert (change_order.refund_due_minor, change_order.owed_before_minor) == (1000, 1000)
    assert (change_order.grand_total_minor, change_order.items.count()) == (0, 0)
    assert change_order.note == "Captured late.\nSorry."
    assert refunds(change_order) == {"P1": "10.00"}
    assert owed.payments.get().reserved_minor == minor("10.00")
    verified()


def test_it_is_one_event_with_what_was_asked(owed, manager):
    before = owed.events.count()

    change_order = settle(owed, by=manager, note="Mrs Boyle rang")

    event = change_order.event
    assert owed.events.count() == before + 1
    assert (event.type, event.by, event.sequence) == (
        OrderEvent.Type.SETTLED,
        manager,
        before + 1,
    )
    assert event.facts == {"delivery_groups": [], "refund_fees": False, "chosen": None}


def test_money_that_others_move_stays_theirs(record, manager, verified):
    order = imported(
        order_number="X-1",
        items=[item(quantity_allocated=1, quantity_fulfilled=1)],
        payments=[payment("25.00")],
    )
    record(report(line(return_initiated=1, returned=1)), money(refunded="4.00"))
    before = money_elsewhere(order)

    change_order = settle(order, by=manager)

    assert refunds(change_order) == {"P1": "5.00"}
    assert money_elsewhere(order) == before
    assert before.expected == minor("6.00")
    verified()


def test_charges_of_groups_with_nothing_left_are_given_back_by_choice(
    left_behind, manager, verified
):
    change_order = settle(left_behind, "G1", by=manager)

    rows = change_order.items.values_list("line__key", "type", "quantity", "line_amount_minor")
    left_behind.refresh_from_db()
    assert list(rows) == [("1001", "delivery_charge_adjustment", 0, minor("-5.00"))]
    assert change_order.tax_minor == minor("-0.50")
    assert refunds(change_order) == {"P1": "5.50"}
    assert left_behind.grand_total_minor == minor("5.00")
    verified()


def test_fees_are_given_back_by_choice(left_behind, manager, verified):
    change_order = settle(left_behind, by=manager, refund_fees=True)

    rows = change_order.items.values_list("line__key", "type", "quantity", "line_amount_minor")
    left_behind.refresh_from_db()
    assert list(rows) == [
        ("2001", "fee_adjustment", 0, minor("-3.00")),
        ("2002", "fee_adjustment", 0, minor("-2.00")),
    ]
    assert refunds(change_order) == {"P1": "5.00"}
    assert (left_behind.fees_minor, left_behind.delivery_minor) == (0, minor("5.00"))
    verified()


def test_what_is_left_of_an_authorization_is_released_though_nothing_is_owed(record, manager):
    order = imported(order_number="X-1", payments=[payment("20.00", authorized="30.00", key="P1")])

    change_order = settle(order, by=manager)

    [release] = change_order.releases.all()
    assert (release.amount_minor, release.status) == (minor("10.00"), "pending")
    assert change_order.refund_due_minor == 0
    assert order.payments.get().released_minor == minor("10.00")


def test_a_person_chooses_payments_a_full_refund_only_one_too(manager, verified):
    order = imported(
        payments=[payment("30.00", "P1", full_refund_only=True), payment("10.00", "P2")]
    )

    change_order = settle(order, by=manager, chosen={"P1": minor("12.00"), "P2": minor("5.00")})

    assert refunds(change_order) == {"P1": "12.00", "P2": "5.00"}
    assert change_order.refund_due_minor == minor("20.00")
    assert change_order.unassigned_minor == minor("3.00")
    verified()


def test_repeating_it_gives_the_first_change_order_and_changes_nothing(owed, manager, stored_rows):
    asked = settlement(owed)
    first = submit_settlement(request=asked, agreed=NotReviewed(), by=manager)
    before = stored_rows()

    again = submit_settlement(request=asked, agreed=NotReviewed(), by=manager)

    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert again.change_order == first.change_order
    assert preview_settlement(request=asked, by=manager) == first.change_order
    assert stored_rows() == before


@pytest.mark.parametrize(
    "other", [{"refund_fees": True}, {"note": "Please"}, {"chosen": {"P1": 500}}]
)
def test_other_content_under_the_same_id_is_refused(owed, manager, stored_rows, other):
    settle(owed, by=manager, request_id="R")
    before = stored_rows()

    with pytest.raises(RequestReused):
        settle(owed, by=manager, request_id="R", **other)
    assert stored_rows() == before


def test_an_id_that_canceled_cannot_settle(owed, agent, manager):
    cancel(owed, select(), by=agent, request_id="R")

    with pytest.raises(RequestReused):
        settle(owed, by=manager, request_id="R")


def test_what_was_reviewed_is_submitted(owed, manager):
    asked = settlement(owed)
    reviewed = Snapshot.of(judged_settlement(owed, asked), ())

    done = submit_settlement(
        request=asked, agreed=Snapshot.read(reviewed.sign("X-1"), "X-1"), by=manager
    )

    assert refunds(done.change_order) == {"P1": "10.00"}


def test_what_changed_since_the_review_settles_nothing(owed, manager, record, stored_rows):
    asked = settlement(owed)
    reviewed = Snapshot.of(judged_settlement(owed, asked), ())
    record(money(captured="21.00"))
    before = stored_rows()

    with pytest.raises(QuoteChanged) as changed:
        submit_settlement(request=asked, agreed=reviewed, by=manager)

    assert changed.value.reviewed == reviewed
    assert changed.value.now.refunds == {"P1": minor("11.00")}
    assert stored_rows() == before


def test_a_preview_tells_what_would_happen_and_writes_nothing(owed, manager, stored_rows):
    before = stored_rows()

    quoted = preview_settlement(request=settlement(owed), by=manager)

    assert show(quoted.refund_due, USD) == "10.00"
    assert stored_rows() == before


def test_managers_and_batch_may_settle(agent, manager, viewer):
    users = (agent, manager, viewer, AnonymousUser(), User.objects.get(username="batch"))

    assert [may_settle(user) for user in users] == [False, True, False, False, True]


@pytest.mark.parametrize("traits", [{}, {"agent": True}, {"manager": True, "is_active": False}])
def test_who_has_no_right_to_settle_changes_nothing(owed, traits, stored_rows):
    user = UserFactory(**traits)
    before = stored_rows()

    with pytest.raises(NotAllowed):
        settle(owed, by=user)
    with pytest.raises(NotAllowed):
        preview_settlement(request=settlement(owed), by=user)
    assert stored_rows() == before


def test_an_unknown_order_is_refused(owed, manager):
    owed.order_number = "nowhere"

    with pytest.raises(UnknownOrder):
        settle(owed, by=manager)
    with pytest.raises(UnknownOrder):
        preview_settlement(request=settlement(owed), by=manager)


@pytest.mark.postgresql
@pytest.mark.parametrize("size", [1, 40])
@pytest.mark.budget
def test_settling_takes_the_same_statements_whatever_its_size(size, manager, agent):
    lines = [item(f"{n}", quantity=1) for n in range(size)]
    charges = [delivery_charge(f"10{n}", unit_price="1.00") for n in range(size)]
    order = imported(order_document(items=[*lines, *charges]))
    cancel(order, select_all(), by=agent)
    by = User.objects.get(pk=manager.pk)
    asked = settlement(order, "G1")

    with counted_statements(14):
        submit_settlement(request=asked, agreed=NotReviewed(), by=by)
