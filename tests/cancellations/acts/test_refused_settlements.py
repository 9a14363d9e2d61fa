"""What a settlement is refused for, and where it says so; nothing is ever written then."""

from dataclasses import replace

import pytest

from cancellations.acts.settle import NOTHING_CHOSEN, NOTHING_OWED
from cancellations.selection import Refusal, SelectionRefused
from tests.support.builders import (
    cancel,
    delivery_charge,
    delivery_group,
    fee,
    imported,
    item,
    minor,
    payment,
    select,
    select_all,
)
from tests.support.reports import money
from tests.support.settlements import settle

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def refusals(manager, stored_rows):
    """Why a settlement is refused; checks that nothing was written."""

    def refusals(order, *delivery_groups, **changes):
        before = stored_rows()
        with pytest.raises(SelectionRefused) as refused:
            settle(order, *delivery_groups, by=manager, **changes)
        assert stored_rows() == before
        return [
            replace(refusal, message=refusal.in_english, said=())
            for refusal in refused.value.refusals
        ]

    return refusals


@pytest.fixture
def half_empty(agent):
    """Two groups with a charge each, and a fee; nothing is left of the first group."""
    order = imported(
        order_number="X-1",
        delivery_groups=[delivery_group("G1"), delivery_group("G2"), delivery_group("G3")],
        items=[
            item("1", delivery_group="G1"),
            item("2", delivery_group="G2"),
            item("3", delivery_group="G3"),
            delivery_charge("1001", delivery_group="G1"),
            delivery_charge("1002", delivery_group="G2"),
            fee(),
        ],
    )
    cancel(order, select("1", 2), select("3", 2), by=agent)
    return order


def test_nothing_owed_given_back_or_released_is_refused(refusals):
    assert refusals(imported()) == [Refusal(None, "", NOTHING_OWED)]


def test_what_is_not_paid_yet_is_not_owed(refusals):
    order = imported(payments=[payment("20.00", captured="10.00")])

    assert refusals(order) == [Refusal(None, "", NOTHING_OWED)]


def test_what_others_are_expected_to_pay_is_not_owed_by_us(order, record, refusals):
    record({"order_number": "X-1", "items": [{"key": "1", "quantity_canceled": 2}]})

    assert refusals(order) == [Refusal(None, "", NOTHING_OWED)]


@pytest.mark.parametrize(
    ("groups", "field", "key"),
    [
        (["G2"], "settle.delivery_groups[0]", "G2"),
        (["G1", "G2"], "settle.delivery_groups[1]", "G2"),
        (["G3"], "settle.delivery_groups[0]", "G3"),
        (["G9"], "settle.delivery_groups[0]", "G9"),
    ],
)
def test_a_group_with_items_or_without_a_charge_is_refused(
    half_empty, refusals, groups, field, key
):
    message = f"'{key}' has no charge left behind, or still has items."

    assert refusals(half_empty, *groups) == [Refusal(None, field, message)]


def test_a_group_named_twice_is_refused(half_empty, refusals):
    assert refusals(half_empty, "G1", "G1") == [
        Refusal(None, "settle.delivery_groups", "A delivery group is named twice.")
    ]


def test_a_charge_is_given_back_once(half_empty, refusals, manager):
    settle(half_empty, "G1", by=manager)

    [refusal] = refusals(half_empty, "G1")

    assert refusal.field == "settle.delivery_groups[0]"


def test_fees_stay_while_there_are_items_and_leave_once(half_empty, refusals, manager, agent):
    stays = Refusal(None, "settle.refund_fees", "There is no fee left, or there are still items.")
    assert refusals(half_empty, refund_fees=True) == [stays]

    cancel(half_empty, select_all(), by=agent)
    settle(half_empty, by=manager, refund_fees=True)

    assert refusals(half_empty, refund_fees=True) == [stays]


def test_every_refusal_is_told_at_once(half_empty, refusals):
    found = refusals(half_empty, "G2", "G9", refund_fees=True, note="x" * 1001)

    assert [refusal.field for refusal in found] == [
        "settle.delivery_groups[0]",
        "settle.delivery_groups[1]",
        "settle.refund_fees",
        "note",
    ]


def test_a_long_note_is_refused(refusals):
    order = imported(payments=[payment("25.00")])

    assert refusals(order, note="x" * 1001) == [
        Refusal(None, "note", "Shorten the note to 1000 characters.")
    ]


@pytest.mark.parametrize(
    ("chosen", "refusals_of"),
    [
        (
            {"P1": minor("10.01")},
            [
                Refusal("P1", "payments", "At most 10.00 can go back over this payment."),
                Refusal(None, "payments", "More than the 5.00 that is owed."),
            ],
        ),
        (
            {"P1": -1},
            [Refusal("P1", "payments", "At most 10.00 can go back over this payment.")],
        ),
        (
            {"P9": 1},
            [Refusal("P9", "payments", "At most 0.00 can go back over this payment.")],
        ),
        (
            {},
            [Refusal(None, "payments", NOTHING_CHOSEN)],
        ),
        (
            {"P1": 0},
            [Refusal(None, "payments", NOTHING_CHOSEN)],
        ),
        (
            {"P1": minor("2.00"), "P2": minor("3.01")},
            [Refusal(None, "payments", "More than the 5.00 that is owed.")],
        ),
    ],
)
def test_no_more_is_chosen_than_is_owed_or_can_go_back(refusals, chosen, refusals_of):
    order = imported(payments=[payment("10.00", "P1"), payment("15.00", "P2")])

    assert refusals(order, chosen=chosen) == refusals_of


def test_an_unmanaged_order_is_refused(refusals):
    order = imported(life_cycle="unmanaged", payments=[payment("25.00")])

    assert refusals(order) == [Refusal(None, "", "This order summary is unmanaged.")]


def test_an_order_is_settled_once(order, record, refusals, manager):
    record(money(captured="50.00"))
    settle(order, by=manager)

    assert refusals(order) == [Refusal(None, "", NOTHING_OWED)]
