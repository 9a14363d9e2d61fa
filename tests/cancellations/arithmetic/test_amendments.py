"""Lines and payments that come later, taken as an import of these (contract.md §1)."""

from dataclasses import replace

from cancellations.arithmetic.amendments import with_additions
from orders.arithmetic.amounts import Group
from orders.arithmetic.funds import Elsewhere, Payment
from orders.arithmetic.statuses import Quantities
from tests.support.builders import delivery_group, fee, item
from tests.support.standings import sold, usd

TWO_GROUPS = [delivery_group("G1"), delivery_group("G2")]


def added(*items):
    """Lines as their document brings them."""
    return sold(*items, delivery_groups=TWO_GROUPS).lines


def captured(amount, **more):
    return Payment("P9", "Visa", usd(amount), **more)


def test_what_is_added_and_paid_owes_nobody_anything():
    order = sold(item("1"), paid=["20.00"])

    after = with_additions(order, added(item("2"), fee()), (captured("23.00"),))

    assert list(after.lines) == ["1", "2", "2001"]
    assert after.payments == (*order.payments, captured("23.00"))
    assert (after.totals.grand_total, after.balance) == (usd("43.00"), 0)
    assert after.elsewhere == Elsewhere()


def test_a_group_that_is_new_has_used_up_nothing_and_others_stay():
    order = replace(sold(item("1"), paid=["20.00"]), groups={"G1": Group("G1", 500)})
    lines = added(item("2"), item("3", delivery_group="G2"), fee())

    after = with_additions(order, lines, ())

    assert after.groups == {"G1": Group("G1", 500), "G2": Group("G2")}


def test_what_was_canceled_and_returned_of_it_is_others_to_pay_back():
    order = sold(item("1"), paid=["20.00"])
    gone = item("2", quantity=5, quantity_canceled=1)
    returned = {"quantity_allocated": 3, "quantity_fulfilled": 3}
    returned |= {"quantity_return_initiated": 2, "quantity_returned": 2}
    lines = added(gone | returned)

    after = with_additions(order, lines, (captured("50.00", refunded_elsewhere=usd("4.00")),))

    assert after.lines["2"] == lines["2"]
    assert after.lines["2"].quantities == Quantities(5, 1, 3, 3, 2, 2, 1)
    assert after.payments[-1] == captured("50.00")  # the report that follows brings what went back
    assert after.elsewhere == Elsewhere(expected=usd("30.00"))
    assert after.balance == 0


def test_unpaid_it_was_taken_off_before_anyone_paid_for_it():
    order = sold(item("1"), paid=["20.00"])

    after = with_additions(order, added(item("2", quantity_canceled=2)), ())

    assert after.elsewhere == Elsewhere(unpaid=usd("20.00"))
    assert after.balance == 0


def test_a_payment_that_comes_pays_first_for_what_others_had_taken_off_unpaid():
    """Of 20.00 others took 10.00 off, unpaid; all 20.00 come, and 10.00 are theirs to pay back."""
    order = sold(item("1"))
    line = order.lines["1"]
    line = replace(line, quantities=replace(line.quantities, canceled=1, canceled_elsewhere=1))
    order = replace(order, lines={"1": line}, elsewhere=Elsewhere(unpaid=usd("10.00")))

    after = with_additions(order, {}, (captured("20.00"),))

    assert after.elsewhere == Elsewhere(expected=usd("10.00"))
    assert after.balance == 0
