"""The last one takes the rest of a group's charges (domain.md §5)."""

from dataclasses import replace

import pytest

from cancellations.arithmetic.delivery import charges_left, charges_of_rows
from cancellations.arithmetic.quotes import Asked, everything_eligible, quote
from orders.arithmetic.money import show
from tests.support.builders import USD, delivery_charge, delivery_group, item, tax
from tests.support.standings import sold, usd


def then(order, *asked):
    return quote(order, asked).after


def delivery_left(order, *waves):
    """What is left of the charges after cancellations, one after another."""
    for asked in waves:
        order = then(order, *asked)
    return show(order.totals.delivery, USD)


def row(key="1", quantity=1, *, flag=True):
    return Asked(key, quantity, flag, takes_children=False)


PLAIN = {"flag": False}


@pytest.mark.parametrize(
    ("waves", "left"),
    [
        ([[row("1", 2)], [row("2", 2)]], "0.00"),
        ([[row("1", 2, **PLAIN)], [row("2", 2)]], "0.00"),
        ([[row("1", 2, **PLAIN), row("2", 1, **PLAIN)], [row("2")]], "0.00"),
        ([[row("1", 2), row("2", 2)]], "0.00"),
        ([[row("1", 2, **PLAIN), row("2", 2)]], "4.00"),
        ([[row("1", 2)], [row("2", 2, **PLAIN)]], "4.00"),
        ([[row("1", 2, **PLAIN)], [row("2", 1)]], "6.00"),
        ([[row("1", 2, **PLAIN), row("2", 2, **PLAIN)]], "8.00"),
    ],
)
def test_the_last_flagged_change_takes_the_rest_whatever_came_before(waves, left):
    order = sold(item("1"), item("2"), delivery_charge(unit_price="8.00"))

    assert delivery_left(order, *waves) == left


def test_tax_and_every_charge_of_the_group_go_with_it():
    charges = [delivery_charge("1001"), delivery_charge("1002", unit_price="0.01")]
    order = sold(item(quantity=3), *charges)

    after = then(then(order, row(quantity=2, **PLAIN)), row())

    assert after.groups["G1"].released
    assert after.totals.delivery == 0


def test_it_is_the_groups_own_rows_that_count():
    """A row of another group that is not flagged is nobody's matter here."""
    order = sold(
        item("1"),
        item("2", delivery_group="G2"),
        delivery_charge("1001", unit_price="5.00"),
        delivery_charge("1002", unit_price="3.00", delivery_group="G2"),
        delivery_groups=[delivery_group("G1"), delivery_group("G2")],
    )

    after = then(order, row("1", 2), row("2", 2, **PLAIN))

    assert (after.groups["G1"].released, after.groups["G2"].released) == (True, False)
    assert show(after.totals.delivery, USD) == "3.00"


def test_a_group_of_free_items_is_released_with_its_last_unit():
    free = [item(key, unit_price="0.00") for key in ("1", "2")]
    order = sold(*free, delivery_charge())

    assert delivery_left(order, [row("1", 2)], [row("2", 1)]) == "7.99"
    assert delivery_left(order, [row("1", 2, **PLAIN)], [row("2", 2)]) == "0.00"


def test_units_that_were_returned_before_are_gone_as_well():
    gone = dict.fromkeys(
        (f"quantity_{name}" for name in ("allocated", "fulfilled", "return_initiated", "returned")),
        1,
    )
    order = sold(item(**gone), delivery_charge(unit_price="8.00"))

    assert delivery_left(order, [row()]) == "0.00"


def family():
    """A bundle in one group, its child in another, each with a charge."""
    return sold(
        item("1", unit_price="30.00", quantity=1),
        item("2", unit_price="10.00", quantity=1, bundle="1", delivery_group="G2"),
        delivery_charge("1001", unit_price="5.00"),
        delivery_charge("1002", unit_price="3.00", delivery_group="G2"),
        delivery_groups=[delivery_group("G1"), delivery_group("G2")],
    )


@pytest.mark.parametrize(
    ("waves", "left"),
    [
        ([[row("1"), row("2")]], "0.00"),
        ([[row("1"), row("2", **PLAIN)]], "0.00"),
        ([[row("1", **PLAIN), row("2")]], "5.00"),
        ([[row("1", **PLAIN), row("2", **PLAIN)]], "8.00"),
        ([[row("2")]], "5.00"),
        ([[row("2", **PLAIN)]], "8.00"),
        ([[row("2", **PLAIN)], [row("1")]], "0.00"),
        ([[row("2", **PLAIN)], [row("1", **PLAIN)]], "8.00"),
    ],
)
def test_a_child_goes_by_its_own_flag_or_its_bundles(waves, left):
    assert delivery_left(family(), *waves) == left


def test_a_flagged_bundle_empties_the_group_of_a_child_that_went_earlier():
    """No row of this change moves a unit of that group: its charges go all the same."""
    order = sold(
        item("1", unit_price="30.00", quantity=2),
        item("2", unit_price="10.00", quantity=1, bundle="1", delivery_group="G2"),
        delivery_charge("1002", unit_price="3.00", delivery_group="G2"),
        delivery_groups=[delivery_group("G1"), delivery_group("G2")],
    )

    first = then(order, row("2", **PLAIN))
    second = then(first, row("1"))

    assert not first.groups["G2"].released
    assert second.groups["G2"].released
    assert show(second.totals.delivery, USD) == "0.00"


def test_a_child_that_goes_with_an_unflagged_bundle_keeps_what_is_left_of_its_group():
    order = sold(
        item("1", unit_price="30.00"),
        item("2", bundle="1", delivery_group="G2"),
        item("3", delivery_group="G2"),
        delivery_charge("1002", unit_price="8.00", delivery_group="G2"),
        delivery_groups=[delivery_group("G1"), delivery_group("G2")],
    )

    after = then(order, row("1", 2, **PLAIN), row("2", 2, **PLAIN), row("3", 2))

    assert not after.groups["G2"].released
    assert show(after.totals.delivery, USD) == "4.00"


def test_a_group_that_keeps_a_unit_keeps_its_share():
    order = sold(item(quantity=4), delivery_charge(unit_price="8.00"))

    after = then(order, row(quantity=3))

    assert not after.groups["G1"].released
    assert show(after.totals.delivery, USD) == "2.00"


def test_what_is_left_of_all_charges_counts_the_whole_family_of_a_bundle():
    """The child went before: the bundle alone can still give back the charge of its group."""
    order = then(family(), row("2", **PLAIN))

    left = charges_left(order)

    asked = everything_eligible(order, refund_delivery=True)
    assert [each.key for each in asked] == ["1"]
    assert charges_of_rows(order)["1"] == left
    assert show(left, USD) == "8.00"
    assert left == order.totals.delivery - then(order, *asked).totals.delivery


def two_groups():
    """Two lines in the one, one in the other; the first has two charges, one of them taxed."""
    return sold(
        item("1"),
        item("2"),
        item("3", delivery_group="G2"),
        delivery_charge("1001", unit_price="8.00", taxes=[tax("0.80")]),
        delivery_charge("1002", unit_price="1.00"),
        delivery_charge("1003", unit_price="5.00", delivery_group="G2"),
        delivery_groups=[delivery_group("G1"), delivery_group("G2")],
    )


@pytest.mark.parametrize(("tax_locale", "first"), [("net", "9.80"), ("gross", "9.00")])
def test_each_line_has_what_is_left_of_the_charges_of_its_group(tax_locale, first):
    order = replace(two_groups(), tax_locale=tax_locale)

    charges = {key: show(left, USD) for key, left in charges_of_rows(order).items()}

    assert charges == {"1": first, "2": first, "3": "5.00"}
    assert charges_left(order) == usd(first) + usd("5.00")


def test_of_a_group_of_which_nothing_can_be_canceled_no_charge_is_left_to_give_back():
    order = then(two_groups(), row("1", 2), row("2", 2))
    gone = then(two_groups(), row("3", 2, **PLAIN))

    assert charges_of_rows(order) == {"3": usd("5.00")}
    assert charges_left(order) == usd("5.00")
    assert charges_left(gone) == usd("9.80")


def test_a_line_without_a_charge_has_none():
    order = sold(
        item("1"),
        item("2", delivery_group="G2"),
        delivery_charge(),
        delivery_groups=[delivery_group("G1"), delivery_group("G2")],
    )

    assert charges_of_rows(order) == {"1": usd("7.99")}
