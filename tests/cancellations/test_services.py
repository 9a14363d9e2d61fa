from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import OperationalError, connection

from cancellations.models import CancellationReason, ChangeOrder, ChangeOrderItem, Refund
from cancellations.selection import (
    NotAllowed,
    Refusal,
    RequestReused,
    SelectionRefused,
)
from cancellations.services import (
    may_cancel,
    preview_cancellation,
    quote_cancellation,
    submit_cancellation,
)
from cancellations.snapshots import NotReviewed, QuoteChanged, Snapshot
from orders.locking import UnknownOrder
from orders.models import OrderItemSummary, OrderSummary, PaymentSummary
from orders.money import show
from tests.factories import (
    UserFactory,
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

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

CHOOSE_A_REASON = "Choose a reason from the list."


@pytest.fixture
def submit(agent):
    """Submits a request as an agent who reviewed nothing, unless told otherwise."""

    def submit(asked, agreed=NotReviewed(), by=agent):  # noqa: B008 -- has no state
        return submit_cancellation(request=asked, agreed=agreed, by=by)

    return submit


@pytest.fixture
def refusals(submit):
    """Why selected lines of an order are refused; checks that nothing was written."""

    def refusals(order, *lines):
        before = everything()
        with pytest.raises(SelectionRefused) as refused:
            submit(request(order, *lines))
        assert everything() == before
        return list(refused.value.refusals)

    return refusals


def everything():
    """Every row that the act may write."""
    models = (
        OrderSummary,
        OrderItemSummary,
        PaymentSummary,
        ChangeOrder,
        ChangeOrderItem,
        Refund,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


def reviewed_now(order, asked):
    """What a review of the request would show at this moment."""
    judged = quote_cancellation(order, asked.selection)
    return Snapshot.of(judged.quote, judged.lines)


def usd(amount):
    return show(amount, "USD")


def test_worked_example_with_delivery(agent):
    order = imported(shirts())

    first, second = (cancel(order, select(refund_delivery=True), by=agent) for _ in range(2))

    order.refresh_from_db()
    [line, charge] = order.lines.all()
    assert [usd(change.canceled_minor) for change in (first, second)] == ["108.15", "108.14"]
    assert [usd(change.refund_due_minor) for change in (first, second)] == ["108.15", "108.14"]
    assert usd(order.grand_total_minor) == "0.00"
    assert order.status == "Canceled"
    assert (line.quantity_canceled, line.quantity_ordered, line.status) == (2, 2, "Canceled")
    assert (charge.quantity_canceled, charge.status) == (0, "Ordered")
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
    assert order.status == "Allocated"


def test_a_child_whose_money_leaves_with_its_bundle_stands_there_with_nothing_canceled(agent):
    order = imported(items=[item("1"), item("2", unit_price="5.00", bundle="1")])

    change_order = cancel(order, select("1"), by=agent)

    moved = change_order.items.values_list("line__key", "type", "quantity", "reason_name")
    assert list(moved) == [("1", "cancel", 1, "Changed Mind"), ("2", "cancel", 0, "")]


def test_repeating_a_request_gives_the_first_change_order_and_changes_nothing(submit):
    asked = request(imported(), select())
    first = submit(asked)
    before = everything()

    again = submit(asked)

    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert again.change_order == first.change_order
    assert everything() == before


def test_the_same_content_is_the_same_in_any_order_of_lines(submit):
    order = imported(items=[item("1"), item("2")])
    submit(request(order, select("1"), select("2"), request_id="R"))

    assert submit(request(order, select("2"), select("1"), request_id="R")).is_repeat


def test_a_repeat_is_answered_even_when_the_selection_would_be_refused_now(submit, agent):
    order = imported()
    asked = request(order, select(quantity=2))
    first = submit(asked)
    CancellationReason.objects.update(retired=True)
    OrderSummary.objects.update(life_cycle="unmanaged")

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
def test_other_content_under_the_same_request_is_refused(submit, other):
    order = imported()
    submit(request(order, select(), request_id="R"))
    before = everything()

    with pytest.raises(RequestReused):
        submit(request(order, other, request_id="R"))
    assert everything() == before


def test_the_same_request_id_on_another_order_is_another_request(submit):
    results = [submit(request(imported(), select(), request_id="R")) for _ in range(2)]

    assert [result.is_repeat for result in results] == [False, False]


def test_what_was_reviewed_is_submitted(submit):
    order = imported(shirts())
    asked = request(order, select(refund_delivery=True))
    reviewed = reviewed_now(order, asked)

    result = submit(asked, agreed=Snapshot.read(reviewed.sign("run"), "run"))

    assert usd(result.change_order.canceled_minor) == "108.15"


@pytest.mark.parametrize(
    ("meanwhile", "model"),
    [
        ({"quantity_allocated": 1}, OrderItemSummary),
        ({"unit_price_minor": 1}, OrderItemSummary),
        ({"captured_minor": 100}, PaymentSummary),
        ({"full_refund_only": True}, PaymentSummary),
    ],
)
def test_a_quote_that_moved_since_the_review_cancels_nothing(submit, meanwhile, model):
    order = imported()
    asked = request(order, select())
    reviewed = reviewed_now(order, asked)
    model.objects.update(**meanwhile)
    before = everything()

    with pytest.raises(QuoteChanged) as changed:
        submit(asked, agreed=reviewed)

    order = OrderSummary.objects.get()
    assert changed.value.reviewed == reviewed
    assert changed.value.now == reviewed_now(order, asked)
    assert everything() == before


def test_lines_that_were_not_reviewed_may_move_meanwhile(submit, agent):
    order = imported(items=[item("1"), item("2")])
    asked = request(order, select("1"))
    reviewed = reviewed_now(order, asked)
    cancel(order, select("2"), by=agent)

    assert submit(asked, agreed=reviewed).change_order.items.get().line.key == "1"


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        (select(quantity=3), Refusal("1", "quantity", "Only 2 can be canceled.")),
        (select(quantity=0), Refusal("1", "quantity", "Enter a quantity of at least 1.")),
        (select(quantity=-1), Refusal("1", "quantity", "Enter a quantity of at least 1.")),
        (select("2"), Refusal("2", "quantity", "Nothing of it can be canceled.")),
        (select("9"), Refusal("9", "key", "This is not a product line of this order.")),
        (select("1001"), Refusal("1001", "key", "This is not a product line of this order.")),
        (select(reason=""), Refusal("1", "reason", CHOOSE_A_REASON)),
        (select(reason="Nonsense"), Refusal("1", "reason", CHOOSE_A_REASON)),
        (
            select(reason="Other"),
            Refusal("1", "note", "Write a note: the reason Other needs one."),
        ),
        (
            select(reason="Other", note=" \n"),
            Refusal("1", "note", "Write a note: the reason Other needs one."),
        ),
        (
            select(note="x" * 1001),
            Refusal("1", "note", "Shorten the note to 1000 characters."),
        ),
    ],
)
def test_a_line_is_refused_at_the_field_concerned(refusals, line, refusal):
    order = imported(items=[item("1"), item("2", quantity_allocated=2), delivery_charge()])

    assert refusals(order, line) == [refusal]


def test_every_refusal_is_told_at_once(refusals):
    order = imported(items=[item("1"), item("2")])

    found = refusals(order, select("1", 3, reason="Nonsense"), select("2", 0))

    assert [(refusal.key, refusal.field) for refusal in found] == [
        ("1", "quantity"),
        ("1", "reason"),
        ("2", "quantity"),
    ]


def test_a_line_of_another_order_is_foreign(refusals):
    imported(items=[item("77")])

    assert refusals(imported(), select("77")) == [
        Refusal("77", "key", "This is not a product line of this order.")
    ]


@pytest.mark.parametrize("lines", [[select()], [select_all()]])
def test_a_retired_reason_is_refused(refusals, lines):
    CancellationReason.objects.filter(name="Changed Mind").update(retired=True)

    [refusal] = refusals(imported(), *lines)

    assert (refusal.field, refusal.message) == ("reason", CHOOSE_A_REASON)


@pytest.mark.parametrize("chosen", [select(), select_all()])
def test_an_unmanaged_order_is_refused(refusals, chosen):
    order = imported(life_cycle="unmanaged")

    assert refusals(order, chosen) == [Refusal(None, "", "This order summary is unmanaged.")]


@pytest.mark.parametrize("chosen", [(), (select_all(),)])
def test_nothing_selected_is_refused(submit, chosen):
    order = imported(items=[item(quantity_allocated=2)])
    empty = replace(request(order, select()), selection=chosen[0] if chosen else ())

    with pytest.raises(SelectionRefused, match="Nothing of this order is selected"):
        submit(empty)


def test_a_line_selected_twice_is_refused(refusals):
    assert refusals(imported(), select(), select()) == [
        Refusal(None, "items", "An item is selected twice.")
    ]


def test_a_hundred_lines_are_the_most_of_cancel_item_but_not_of_cancel_all(refusals, agent):
    keys = [f"{n}" for n in range(101)]
    order = imported(items=[item(key) for key in keys])

    assert refusals(order, *(select(key) for key in keys)) == [
        Refusal(None, "items", "At most 100 items can be canceled at a time; use Cancel All.")
    ]
    assert cancel(order, *(select(key) for key in keys[:100]), by=agent).items.count() == 100
    assert cancel(order, select_all(), by=agent).items.count() == 101


def test_an_unknown_order_is_refused(submit):
    asked = replace(request(imported(), select()), order_number="nowhere")

    with pytest.raises(UnknownOrder):
        submit(asked)


def test_a_lost_database_is_not_called_a_busy_order(submit):
    asked = request(imported(), select())

    def lose_it(execute, sql, *args):
        if OrderSummary._meta.db_table in sql:
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, *args)

    with connection.execute_wrapper(lose_it), pytest.raises(OperationalError):
        submit(asked)


@pytest.mark.parametrize("traits", [{}, {"viewer": True}, {"agent": True, "is_active": False}])
def test_who_has_no_right_to_cancel_changes_nothing(submit, traits):
    user = UserFactory(**traits)
    asked = request(imported(), select())
    before = everything()

    with pytest.raises(NotAllowed):
        submit(asked, by=user)
    with pytest.raises(NotAllowed):
        preview_cancellation(request=asked, by=user)
    assert everything() == before


def test_agents_and_managers_may_cancel(agent, manager, viewer):
    users = (agent, manager, viewer, AnonymousUser(), User.objects.get(username="batch"))

    assert [may_cancel(user) for user in users] == [True, True, False, False, True]


def test_a_preview_tells_what_would_happen_and_writes_nothing(agent, submit):
    order = imported()
    asked = request(order, select())
    before = everything()

    judged = preview_cancellation(request=asked, by=agent)

    assert usd(judged.quote.refund_due) == "10.00"
    assert everything() == before
    first = submit(asked)
    assert preview_cancellation(request=asked, by=agent) == first.change_order


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"order_number": "nowhere"}, UnknownOrder),
        ({"selection": (select(quantity=3),)}, SelectionRefused),
        ({"request_id": "R", "fingerprint": "other"}, RequestReused),
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
def test_submitting_takes_the_same_statements_whatever_its_size(size, counted_statements, agent):
    lines = [item(f"{n}", taxes=[tax("1.00")]) for n in range(size)]
    order = imported(order_document(items=[*lines, delivery_charge()]))
    chosen = [select(f"{n}", refund_delivery=True) for n in range(size)]
    asked = request(order, *chosen)
    by = User.objects.get(pk=agent.pk)

    with counted_statements(16):
        submit_cancellation(request=asked, agreed=NotReviewed(), by=by)
