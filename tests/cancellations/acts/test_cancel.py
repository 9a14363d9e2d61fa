from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser, User

from cancellations.acts.cancel import preview_cancellation, submit_cancellation
from cancellations.acts.requests import may_cancel
from cancellations.judgement import quote_cancellation
from cancellations.models import CancellationReason
from cancellations.selection import (
    RequestReused,
    SelectedItems,
    SelectionRefused,
)
from cancellations.snapshots import NotReviewed, QuoteChanged, Snapshot
from orders.arithmetic.money import show
from orders.locking import UnknownOrder
from orders.models import OrderItemSummary, OrderSummary, PaymentSummary
from tests.support.builders import (
    USD,
    cancel,
    delivery_charge,
    imported,
    item,
    order_document,
    payment,
    request,
    select,
    select_all,
    shirts,
    tax,
)
from tests.support.statements import counted_statements
from tests.support.unguarded import set_life_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def reviewed_now(order, asked):
    """What a review of the request would show at this moment."""
    judged = quote_cancellation(order, asked.selection)
    return Snapshot.of(judged.quote, judged.lines)


def usd(amount):
    return show(amount, USD)


def test_worked_example_with_delivery(agent):
    order = imported(shirts())

    first, second = (cancel(order, select(refund_delivery=True), by=agent) for _ in range(2))

    order.refresh_from_db()
    [line, charge] = order.lines.all()
    assert [usd(change.canceled_minor) for change in (first, second)] == ["108.15", "108.14"]
    assert [usd(change.refund_due_minor) for change in (first, second)] == ["108.15", "108.14"]
    assert usd(order.grand_total_minor) == "0.00"
    assert order.status == "canceled"
    assert (line.quantity_canceled, line.quantity_ordered, line.status) == (2, 2, "canceled")
    assert (charge.quantity_canceled, charge.status) == (0, "ordered")
    assert usd(order.payments.get().reserved_minor) == "216.29"


def test_a_change_order_keeps_what_every_line_lost(agent):
    order = imported(shirts())
    chosen = select(reason="Other", note="Too late", refund_delivery=True)

    change_order = cancel(order, chosen, by=agent)

    shirt, ground = change_order.items.all()
    assert change_order.number == f"CO-{change_order.pk:08d}"
    assert change_order.created_by == agent
    assert (shirt.type, shirt.quantity) == ("cancel", 1)
    assert (shirt.reason_name, shirt.note, shirt.refund_delivery) == ("Other", "Too late", True)
    assert (usd(shirt.line_amount_minor), usd(shirt.tax_minor)) == ("-99.00", "-4.95")
    assert (ground.type, ground.quantity) == ("delivery_charge_adjustment", 0)
    assert (ground.reason, ground.reason_name, ground.refund_delivery) == (None, "", False)
    assert (usd(ground.net_minor), usd(ground.tax_minor)) == ("-4.00", "-0.20")
    assert (usd(change_order.product_minor), usd(change_order.delivery_minor)) == (
        "-99.00",
        "-4.00",
    )


def test_delivery_stays_unless_asked_for(agent):
    order = imported(shirts())

    change_order = cancel(order, select(), by=agent)

    order.refresh_from_db()
    assert usd(change_order.refund_due_minor) == "103.95"
    assert usd(order.grand_total_minor) == "112.34"
    assert [entry.line.key for entry in change_order.items.all()] == ["1"]
    assert order.delivery_groups.get().flagged_minor == 0


def test_refunds_are_pending_and_by_hand_on_a_manual_gateway(agent):
    payments = [payment("6.00", "P1"), payment("14.00", "P2", gateway="manual")]
    order = imported(payments=payments)

    change_order = cancel(order, select_all(), by=agent)

    refunds = [
        (refund.payment.key, usd(refund.amount_minor), refund.status)
        for refund in change_order.refunds.all()
    ]
    reserved = order.payments.values_list("key", "reserved_minor")
    assert refunds == [("P2", "14.00", "manual"), ("P1", "6.00", "pending")]
    assert dict(reserved) == {"P1": 600, "P2": 1400}


def test_what_no_payment_takes_stays_unassigned(agent):
    order = imported(payments=[payment("20.00", full_refund_only=True)])

    change_order = cancel(order, select(), by=agent)

    assert not change_order.refunds.exists()
    assert usd(change_order.unassigned_minor) == "10.00"


def test_what_was_owed_before_is_told_apart(agent):
    order = imported(payments=[payment("25.00")])

    change_order = cancel(order, select(), by=agent)

    assert usd(change_order.refund_due_minor) == "15.00"
    assert usd(change_order.owed_before_minor) == "5.00"


def test_cancel_all_takes_what_is_available_of_every_line(agent):
    lines = [item("1"), item("2", quantity_allocated=1), item("3", quantity_allocated=2)]
    order = imported(items=[*lines, delivery_charge()])

    change_order = cancel(order, select_all(note="Closing"), by=agent)

    order.refresh_from_db()
    moved = change_order.items.values_list("line__key", "quantity", "note")
    assert list(moved) == [("1", 2, "Closing"), ("2", 1, "Closing")]
    assert order.status == "allocated"


def test_a_child_whose_money_leaves_with_its_bundle_stands_there_with_nothing_canceled(agent):
    order = imported(items=[item("1"), item("2", unit_price="5.00", bundle="1")])

    change_order = cancel(order, select("1", takes_children=False), by=agent)

    moved = change_order.items.values_list("line__key", "type", "quantity", "reason_name")
    assert list(moved) == [("1", "cancel", 1, "Changed Mind"), ("2", "cancel", 0, "")]


def test_repeating_a_request_gives_the_first_change_order_and_changes_nothing(submit, stored_rows):
    asked = request(imported(), select())
    first = submit(asked)
    before = stored_rows()

    again = submit(asked)

    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert again.change_order == first.change_order
    assert stored_rows() == before


def test_the_same_content_is_the_same_in_any_order_of_lines(submit):
    order = imported(items=[item("1"), item("2")])
    submit(request(order, select("1"), select("2"), request_id="R"))

    assert submit(request(order, select("2"), select("1"), request_id="R")).is_repeat


def test_a_repeat_is_answered_even_when_the_selection_would_be_refused_now(submit, agent):
    order = imported()
    asked = request(order, select(quantity=2))
    first = submit(asked)
    CancellationReason.objects.update(retired=True)
    set_life_cycle(OrderSummary.objects.all(), "unmanaged")

    assert submit(asked).change_order == first.change_order


@pytest.mark.parametrize(
    "other",
    [
        select(quantity=2),
        select(reason="Unknown"),
        select(note="Please"),
        select(refund_delivery=True),
        select_all(),
    ],
)
def test_other_content_under_the_same_request_is_refused(submit, other, stored_rows):
    order = imported()
    submit(request(order, select(), request_id="R"))
    before = stored_rows()

    with pytest.raises(RequestReused):
        submit(request(order, other, request_id="R"))
    assert stored_rows() == before


def test_the_same_request_id_on_another_order_is_another_request(submit):
    results = [submit(request(imported(), select(), request_id="R")) for _ in range(2)]

    assert [result.is_repeat for result in results] == [False, False]


def test_what_was_reviewed_is_submitted(submit):
    order = imported(shirts())
    asked = request(order, select(refund_delivery=True))
    reviewed = reviewed_now(order, asked)

    result = submit(asked, agreed=Snapshot.read(reviewed.sign("run"), "run"))

    assert usd(result.change_order.canceled_minor) == "108.15"


@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize(
    ("meanwhile", "model"),
    [
        ({"quantity_allocated": 1}, OrderItemSummary),
        ({"line_amount_minor": 1}, OrderItemSummary),
        ({"captured_minor": 100}, PaymentSummary),
        ({"full_refund_only": True}, PaymentSummary),
    ],
)
def test_a_quote_that_moved_since_the_review_cancels_nothing(submit, meanwhile, model, stored_rows):
    order = imported()
    asked = request(order, select())
    reviewed = reviewed_now(order, asked)
    model.objects.update(**meanwhile)
    before = stored_rows()

    with pytest.raises(QuoteChanged) as changed:
        submit(asked, agreed=reviewed)

    order = OrderSummary.objects.get()
    assert changed.value.reviewed == reviewed
    assert changed.value.now == reviewed_now(order, asked)
    assert stored_rows() == before


def test_lines_that_were_not_reviewed_may_move_meanwhile(submit, agent):
    order = imported(items=[item("1"), item("2")])
    asked = request(order, select("1"))
    reviewed = reviewed_now(order, asked)
    cancel(order, select("2"), by=agent)

    assert submit(asked, agreed=reviewed).change_order.items.get().line.key == "1"


def test_agents_and_managers_may_cancel(agent, manager, viewer):
    users = (agent, manager, viewer, AnonymousUser(), User.objects.get(username="batch"))

    assert [may_cancel(user) for user in users] == [True, True, False, False, True]


def test_a_preview_tells_what_would_happen_and_writes_nothing(agent, submit, stored_rows):
    order = imported()
    asked = request(order, select())
    before = stored_rows()

    judged = preview_cancellation(request=asked, by=agent)

    assert usd(judged.quote.refund_due) == "10.00"
    assert stored_rows() == before
    first = submit(asked)
    assert preview_cancellation(request=asked, by=agent) == first.change_order


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"order_number": "nowhere"}, UnknownOrder),
        ({"selection": SelectedItems((select(quantity=3),))}, SelectionRefused),
        ({"request_id": "R", "selection": SelectedItems((select(note="Please"),))}, RequestReused),
    ],
)
def test_a_preview_refuses_what_the_act_would(agent, change, error):
    order = imported()
    cancel(order, select(), by=agent, request_id="R")
    asked = replace(request(order, select()), **change)

    with pytest.raises(error):
        preview_cancellation(request=asked, by=agent)


@pytest.mark.postgresql
@pytest.mark.parametrize("size", [1, 10, 100])
@pytest.mark.budget
def test_submitting_takes_the_same_statements_whatever_its_size(size, agent):
    lines = [item(f"{n}", taxes=[tax("1.00")]) for n in range(size)]
    order = imported(order_document(items=[*lines, delivery_charge()]))
    chosen = [select(f"{n}", refund_delivery=True) for n in range(size)]
    asked = request(order, *chosen)
    by = User.objects.get(pk=agent.pk)

    with counted_statements(15):
        submit_cancellation(request=asked, agreed=NotReviewed(), by=by)
