"""Refunding what is owed without a cancellation, and charges left behind (domain.md §6)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancellations.arithmetic.distribution import Amounts
from cancellations.arithmetic.quotes import Asked, everything_eligible, quote
from cancellations.arithmetic.settlements import (
    charges_left_behind,
    fees_left_behind,
    quote_settlement,
)
from orders.arithmetic.funds import Elsewhere, Payment
from orders.arithmetic.money import show
from tests.support.builders import (
    USD,
    adjustment,
    delivery_charge,
    delivery_group,
    fee,
    item,
    tax,
)
from tests.support.standings import sold, usd
from tests.support.strategies import orders


def settle(order, *groups, refund_fees=False, chosen=None):
    return quote_settlement(order, groups, refund_fees=refund_fees, chosen=chosen)


def shares(quoted):
    return {share.payment.key: show(share.amount, USD) for share in quoted.shares}


def emptied(*items, paid=("100.00",), **changes):
    """An order all of whose units were canceled, its delivery and fees left behind."""
    order = sold(*items, paid=paid, **changes)
    return quote(order, everything_eligible(order, refund_delivery=False)).after


def test_what_is_owed_is_refunded_by_the_rules_and_nothing_else_moves():
    order = sold(item(quantity=4), paid=["25.00", "30.00"])

    quoted = settle(order)

    assert shares(quoted) == {"P1": "15.00"}
    assert (quoted.refund_due, quoted.owed_before) == (usd("15.00"), usd("15.00"))
    assert (quoted.moves, quoted.canceled, quoted.unassigned) == ((), 0, 0)
    assert quoted.after.payments[0].reserved == usd("15.00")
    assert quoted.after.lines == order.lines


def test_no_gateway_is_asked_for_what_it_cannot_send():
    order = sold(item(quantity=4), fee(), paid=["25.00", "30.50"])
    whole_dollars = {key: Amounts(step=100) for key in ("P1", "P2")}

    quoted = quote_settlement(order, (), refund_fees=False, sends=whole_dollars)

    assert shares(quoted) == {"P1": "12.00"}
    assert quoted.sends == whole_dollars
    assert (show(quoted.beyond_steps, USD), quoted.refund_fees) == ("0.50", False)
    assert settle(emptied(item(), fee()), refund_fees=True).refund_fees


def test_what_others_are_expected_to_pay_stays_theirs():
    order = sold(item(quantity=4), paid=["60.00"])
    order = order.with_money(elsewhere=Elsewhere(expected=usd("12.00"), given=usd("-3.00")))

    quoted = settle(order)

    assert shares(quoted) == {"P1": "5.00"}
    assert quoted.after.elsewhere == order.elsewhere


def test_charges_are_given_back_with_their_tax_by_group():
    order = emptied(
        item("1"),
        item("2", delivery_group="G2"),
        delivery_charge("1001", unit_price="5.00", taxes=[tax("0.50")]),
        delivery_charge("1002", unit_price="3.00", delivery_group="G2"),
        delivery_groups=[delivery_group("G1"), delivery_group("G2")],
        paid=["48.50"],
    )

    quoted = settle(order, "G1")

    [move] = quoted.moves
    assert (move.line.key, move.quantity, show(move.net, USD)) == ("1001", 0, "5.00")
    assert (quoted.owed_before, shares(quoted)) == (0, {"P1": "5.50"})
    assert quoted.after.groups["G1"].released
    assert not quoted.after.groups["G2"].released


def test_fees_are_given_back_together():
    order = emptied(item(), fee(), fee("2002", unit_price="0.00"), paid=["23.00"])

    quoted = settle(order, refund_fees=True)

    assert [move.line.key for move in quoted.moves] == ["2001"]
    assert all(quoted.after.lines[key].released for key in ("2001", "2002"))
    assert shares(quoted) == {"P1": "3.00"}


def test_a_person_chooses_payments_within_what_is_owed():
    order = sold(item(quantity=4), paid=["45.00", "30.00", "10.00"])
    only_whole = (replace(order.payments[0], full_refund_only=True), *order.payments[1:])
    order = order.with_money(payments=only_whole)

    quoted = settle(order, chosen={"P1": usd("12.00"), "P3": usd("1.00"), "P2": 0})

    assert shares(quoted) == {"P1": "12.00", "P3": "1.00"}
    assert quoted.beyond_steps == 0
    assert show(quoted.unassigned, USD) == "32.00"


def test_what_is_open_of_an_authorization_is_released():
    order = sold(item(quantity=4))
    order = order.with_money(payments=(Payment("P1", "Visa", usd("40.00"), usd("50.00")),))

    quoted = settle(order)

    assert [(each.payment.key, each.amount) for each in quoted.releases] == [("P1", usd("10.00"))]
    assert quoted.shares == ()


@pytest.mark.parametrize(("tax_locale", "worth"), [("net", "4.40"), ("gross", "4.00")])
def test_what_is_left_behind_is_what_it_is_of_the_grand_total(tax_locale, worth):
    charge = delivery_charge(
        unit_price="5.00", adjustments=[adjustment("-1.00")], taxes=[tax("0.40")]
    )
    gift_wrap = fee(unit_price="5.00", adjustments=[adjustment("-1.00")], taxes=[tax("0.40")])
    order = emptied(item(), charge, gift_wrap, tax_locale=tax_locale)

    assert charges_left_behind(order) == {"G1": usd(worth)}
    assert fees_left_behind(order) == {"2001": usd(worth)}


def test_a_group_with_a_unit_left_has_nothing_left_behind_nor_have_the_fees():
    order = sold(
        item("1"),
        item("2", delivery_group="G2"),
        delivery_charge("1001"),
        delivery_charge("1002", delivery_group="G2"),
        fee(),
        delivery_groups=[delivery_group("G1"), delivery_group("G2")],
    )
    after = quote(order, [Asked("1", 2)]).after

    assert charges_left_behind(after) == {"G1": usd("7.99")}
    assert fees_left_behind(after) == {}


def test_of_a_group_that_only_a_child_has_left_its_charge_is_left_behind():
    """The child's own money goes with its bundle, which is still there."""
    order = sold(
        item("1"),
        item("2", bundle="1", delivery_group="G2"),
        delivery_charge(delivery_group="G2"),
        delivery_groups=[delivery_group("G1"), delivery_group("G2")],
    )

    after = quote(order, [Asked("2", 2)]).after

    assert charges_left_behind(after) == {"G2": usd("7.99")}


def test_what_was_given_back_is_not_left_behind():
    order = emptied(item(), delivery_charge(), fee(), fee("2002"))

    after = settle(order, "G1", refund_fees=True).after

    assert (charges_left_behind(after), fees_left_behind(after)) == ({}, {})


def test_a_free_charge_is_nothing_but_its_tax_is():
    free = delivery_charge(unit_price="0.00")
    taxed = delivery_charge("1002", unit_price="0.00", taxes=[tax("0.10")])

    assert charges_left_behind(emptied(item(), free)) == {}
    assert charges_left_behind(emptied(item(), free, taxed)) == {"G1": usd("0.10")}


def test_two_charges_of_a_group_are_left_behind_together():
    order = emptied(item(), delivery_charge(), delivery_charge("1002", unit_price="0.01"))

    assert charges_left_behind(order) == {"G1": usd("8.00")}


@pytest.mark.parametrize("refund_fees", [True, False])
def test_a_cancellation_takes_the_fees_with_the_last_unit_where_it_says_so(refund_fees):
    order = sold(item(), fee(), paid=["23.00"])

    one = quote(order, [Asked("1", 1)], refund_fees=refund_fees)
    both = quote(order, [Asked("1", 2)], refund_fees=refund_fees)

    assert show(one.after.totals.fees, USD) == "3.00"
    assert show(both.after.totals.fees, USD) == ("0.00" if refund_fees else "3.00")
    assert show(both.refund_due, USD) == ("23.00" if refund_fees else "20.00")


def test_a_fee_of_nothing_leaves_without_a_move():
    order = sold(item(), fee(unit_price="0.00"))

    quoted = quote(order, [Asked("1", 2)], refund_fees=True)

    assert [move.line.key for move in quoted.moves] == ["1"]
    assert quoted.after.lines["2001"].released


@given(orders(), st.booleans())
def test_a_settlement_refunds_what_is_owed_and_leaves_nothing_but_what_none_can_take(order, fees):
    quoted = settle(order, refund_fees=fees)

    assert quoted.owed_before == order.excess_funds
    assert quoted.after.excess_funds == quoted.unassigned
    assert settle(quoted.after).refund_due == quoted.unassigned
    assert quoted.after.elsewhere == order.elsewhere
