"""What the act refuses, and where it says so; nothing is ever written then."""

from dataclasses import replace

import pytest
from django.db import OperationalError, connection

from cancellations.acts.cancel import preview_cancellation
from cancellations.models import CancellationReason
from cancellations.selection import NotAllowed, Refusal, SelectedItems, SelectionRefused
from orders.locking import UnknownOrder
from orders.models import OrderSummary
from tests.support.builders import (
    UserFactory,
    cancel,
    delivery_charge,
    imported,
    item,
    request,
    select,
    select_all,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

CHOOSE_A_REASON = "Choose a reason from the list."


@pytest.fixture
def refusals(submit, stored_rows):
    """Why selected lines of an order are refused; checks that nothing was written."""

    def refusals(order, *lines):
        before = stored_rows()
        with pytest.raises(SelectionRefused) as refused:
            submit(request(order, *lines))
        assert stored_rows() == before
        return list(refused.value.refusals)

    return refusals


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
    empty = replace(request(order, select()), selection=chosen[0] if chosen else SelectedItems(()))

    with pytest.raises(SelectionRefused, match="Nothing of this order is selected"):
        submit(empty)


def test_a_line_selected_twice_is_refused(refusals):
    assert refusals(imported(), select(), select()) == [
        Refusal(None, "items", "An item is selected twice.")
    ]


@pytest.mark.slow
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
def test_who_has_no_right_to_cancel_changes_nothing(submit, traits, stored_rows):
    user = UserFactory(**traits)
    asked = request(imported(), select())
    before = stored_rows()

    with pytest.raises(NotAllowed):
        submit(asked, by=user)
    with pytest.raises(NotAllowed):
        preview_cancellation(request=asked, by=user)
    assert stored_rows() == before
