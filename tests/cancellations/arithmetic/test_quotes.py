from dataclasses import replace
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancellations.arithmetic.distribution import Amounts
from cancellations.arithmetic.quotes import Asked, everything_eligible, moves, quote, standing_after
from cancellations.arithmetic.releases import kept_open
from orders.arithmetic.money import show
from orders.arithmetic.statuses import Quantities
from tests.support.builders import USD, adjustment, delivery_charge, delivery_group, fee, item, tax
from tests.support.standings import bundle_of_two, sold, worked_example
from tests.support.strategies import orders, orders_and_units, with_canceled


def then(order, quoted):
    """The order after a quote was submitted: its refunds set aside."""
    shares = {share.payment.key: share.amount for share in quoted.shares}
    payments = tuple(
        replace(payment, reserved=payment.reserved + shares.get(payment.key, 0))
        for payment in order.payments
    )
    return replace(quoted.after, payments=payments)


def moved(quoted):
    return {
        move.line.key: (move.quantity, show(move.net, USD), show(move.tax, USD))
        for move in quoted.moves
    }


def test_worked_example_without_delivery():
    quoted = quote(worked_example(), [Asked("1", 1)])

    assert moved(quoted) == {"1": (1, "99.00", "4.95")}
    assert show(quoted.after.totals.grand_total, USD) == "112.34"
    assert show(quoted.canceled, USD) == "103.95"
    assert show(quoted.refund_due, USD) == "103.95"
    assert quoted.unassigned == 0


def test_worked_example_with_delivery():
    order = worked_example()

    first = quote(order, [Asked("1", 1, refund_delivery=True)])
    second = quote(then(order, first), [Asked("1", 1, refund_delivery=True)])

    assert moved(first) == {"1": (1, "99.00", "4.95"), "1001": (0, "4.00", "0.20")}
    assert moved(second) == {"1": (1, "99.00", "4.95"), "1001": (0, "3.99", "0.20")}
    assert [show(q.after.totals.grand_total, USD) for q in (first, second)] == ["108.14", "0.00"]
    assert [show(q.refund_due, USD) for q in (first, second)] == ["108.15", "108.14"]


def test_a_change_is_negative_and_by_component():
    line = item(
        adjustments=[adjustment("-2.00", "order"), adjustment("-1.00")], taxes=[tax("1.70")]
    )

    change = quote(sold(line), [Asked("1", 1)]).change

    assert show(change.product, USD) == "-9.50"
    assert show(change.order_adjustments, USD) == "1.00"
    assert show(change.tax, USD) == "-0.85"
    assert show(change.grand_total, USD) == "-9.35"


def test_survivors_discounts_do_not_grow():
    lines = [item(key, adjustments=[adjustment("-3.00", "order")]) for key in ("1", "2")]

    quoted = quote(sold(*lines), [Asked("1", 2)])

    assert show(quoted.after.totals.order_adjustments, USD) == "-3.00"


@pytest.mark.parametrize(
    ("paid", "quantity", "due", "owed_before"),
    [
        (["60.00"], 4, "0.00", "0.00"),
        (["60.00"], 5, "10.00", "0.00"),
        ([], 10, "0.00", "0.00"),
        (["115.00"], 1, "25.00", "15.00"),
    ],
)
def test_the_refund_is_what_is_held_above_the_new_total(paid, quantity, due, owed_before):
    order = sold(item(quantity=10), paid=paid)

    quoted = quote(order, [Asked("1", quantity)])

    assert show(quoted.refund_due, USD) == due
    assert show(quoted.owed_before, USD) == owed_before


def test_money_set_aside_is_not_asked_for_again():
    order = sold(item(), paid=["20.00"])

    first = quote(order, [Asked("1", 1)])
    second = quote(then(order, first), [Asked("1", 1)])

    assert [show(q.refund_due, USD) for q in (first, second)] == ["10.00", "10.00"]


def test_what_no_payment_takes_is_unassigned():
    order = sold(item(), paid=["20.00"])
    voucher = replace(order.payments[0], full_refund_only=True)

    quoted = quote(replace(order, payments=(voucher,)), [Asked("1", 1)])

    assert quoted.shares == ()
    assert show(quoted.unassigned, USD) == "10.00"


def test_children_alone_take_no_money():
    quoted = quote(bundle_of_two(), [Asked("2", 2), Asked("3", 1)])

    assert moved(quoted) == {"2": (2, "0.00", "0.00"), "3": (1, "0.00", "0.00")}
    assert quoted.refund_due == 0
    assert quoted.after.lines["3"].quantities.canceled == 1


def test_a_bundle_takes_the_money_of_its_whole_family():
    quoted = quote(bundle_of_two(), [Asked("1", 1), Asked("3", 1)])

    assert moved(quoted) == {"1": (1, "50.00", "0.00"), "3": (1, "10.00", "0.00")}
    assert show(quoted.refund_due, USD) == "60.00"


def test_a_child_that_stays_stands_among_the_moves_with_nothing_canceled():
    quoted = quote(bundle_of_two(), [Asked("1", 2)])

    assert moved(quoted) == {"1": (2, "100.00", "0.00"), "3": (0, "20.00", "0.00")}


@pytest.mark.parametrize(("tax_locale", "off"), [("net", "110.00"), ("gross", "100.00")])
def test_taxes_leave_the_total_of_net_orders_only(tax_locale, off):
    order = sold(item(quantity=1, unit_price="100.00", taxes=[tax("10.00")]))

    [move] = quote(replace(order, tax_locale=tax_locale), [Asked("1", 1)]).moves

    assert show(move.off_the_total(tax_locale), USD) == off


def test_a_flagged_bundle_moves_its_family_each_line_in_its_own_group():
    order = sold(
        item("1", unit_price="30.00", delivery_group="G1"),
        item("2", unit_price="10.00", delivery_group="G2", bundle="1"),
        delivery_charge("1001", unit_price="8.00", delivery_group="G1"),
        delivery_charge("1002", unit_price="4.00", delivery_group="G2"),
        delivery_groups=[delivery_group("G1"), delivery_group("G2")],
    )

    bundle = quote(order, [Asked("1", 1, refund_delivery=True)])
    child = quote(order, [Asked("2", 1, refund_delivery=True)])

    assert moved(bundle) == {
        "1": (1, "30.00", "0.00"),
        "2": (0, "10.00", "0.00"),
        "1001": (0, "4.00", "0.00"),
        "1002": (0, "2.00", "0.00"),
    }
    assert moved(child) == {"2": (1, "0.00", "0.00")}


def test_a_flag_is_heeded_after_lines_without_one_and_without_delivery():
    order = sold(
        item("1", unit_price="10.00"),
        item("2", unit_price="30.00", delivery_group=None),
        item("3", unit_price="30.00", bundle="2"),
        delivery_charge(unit_price="8.00"),
    )

    quoted = quote(order, [Asked("1", 1), Asked("2", 2, refund_delivery=True)])

    assert show(quoted.after.totals.delivery, USD) == "2.00"


def test_only_the_own_groups_charge_is_refunded():
    order = sold(
        item("1", delivery_group="G1"),
        item("2", delivery_group="G2"),
        delivery_charge("1001", delivery_group="G1"),
        delivery_charge("1002", delivery_group="G2"),
        delivery_groups=[delivery_group("G1"), delivery_group("G2")],
    )

    quoted = quote(order, [Asked("1", 2, refund_delivery=True), Asked("2", 2)])

    assert show(quoted.after.components["1001"].net, USD) == "0.00"
    assert show(quoted.after.components["1002"].net, USD) == "7.99"


def test_units_canceled_without_the_flag_keep_their_share_of_delivery():
    order = sold(item(quantity=4), delivery_charge(unit_price="8.00"))
    first = quote(order, [Asked("1", 1)])

    second = quote(then(order, first), [Asked("1", 2, refund_delivery=True)])

    assert show(second.after.totals.delivery, USD) == "4.00"


def test_the_last_unit_under_a_flag_takes_what_earlier_ones_left():
    order = worked_example()
    first = quote(order, [Asked("1", 1)])

    second = quote(then(order, first), [Asked("1", 1, refund_delivery=True)])

    assert show(second.after.totals.delivery, USD) == "0.00"
    assert show(second.after.totals.grand_total, USD) == "0.00"


def test_one_row_without_a_flag_keeps_its_share_on_a_group_with_nothing_left():
    order = sold(item("1"), item("2"), delivery_charge(unit_price="8.00"))

    quoted = quote(order, [Asked("1", 2, refund_delivery=True), Asked("2", 2)])

    assert show(quoted.after.totals.delivery, USD) == "4.00"


@pytest.mark.parametrize(
    ("asked", "delivery"),
    [
        ([Asked("1", 2, True)], "7.99"),
        ([Asked("1", 2), Asked("2", 2)], "7.99"),
        ([Asked("1", 2, True), Asked("2", 2)], "7.99"),
        ([Asked("1", 2, True), Asked("2", 2, True)], "0.00"),
        ([Asked("1", 2, True), Asked("2", 1, True)], "7.99"),
    ],
)
def test_a_charge_on_free_items_leaves_with_the_last_unit_under_a_flag(asked, delivery):
    free = [item(key, unit_price="0.00") for key in ("1", "2")]

    quoted = quote(sold(*free, delivery_charge()), asked)

    assert show(quoted.after.totals.delivery, USD) == delivery


def test_a_refund_goes_by_what_the_gateways_can_send():
    order = sold(item("1", unit_price="10.25"), paid=["20.50"])
    whole_dollars = {"P1": Amounts(step=100)}

    quoted = quote(order, [Asked("1", 1)], sends=whole_dollars)

    assert [share.amount for share in quoted.shares] == [10_00]
    assert (quoted.refund_due, quoted.beyond_steps) == (10_25, 25)
    assert quoted.sends == whole_dollars
    assert quote(order, [Asked("1", 1)]).beyond_steps == 0


def test_fees_stay_unless_they_are_asked_for(wrapped):
    after = standing_after(wrapped, [Asked("1", 2)])

    assert not after.lines["2001"].released


@pytest.fixture
def wrapped():
    """Two things with a gift wrap of 5.00 and 0.40 tax on it."""
    return sold(item("1"), fee(unit_price="5.00", taxes=[tax("0.40")]), paid=["25.40"])


@pytest.mark.parametrize(
    ("quantity", "refund_fees", "fees", "due"),
    [
        (2, True, "0.00", "25.40"),
        (2, False, "5.00", "20.00"),
        (1, True, "5.00", "10.00"),
        (1, False, "5.00", "10.00"),
    ],
)
def test_fees_leave_by_choice_with_the_last_unit_alone(wrapped, quantity, refund_fees, fees, due):
    quoted = quote(wrapped, [Asked("1", quantity)], refund_fees=refund_fees)

    assert show(quoted.after.totals.fees, USD) == fees
    assert show(quoted.refund_due, USD) == due


def test_the_last_unit_takes_the_fees_whatever_was_asked_before(wrapped):
    first = quote(wrapped, [Asked("1", 1)])

    second = quote(then(wrapped, first), [Asked("1", 1)], refund_fees=True)

    assert moved(second) == {"1": (1, "10.00", "0.00"), "2001": (0, "5.00", "0.40")}
    assert second.after.totals.grand_total == 0
    assert {key: line.released for key, line in second.after.lines.items()} == {
        "1": False,
        "2001": True,
    }


@pytest.mark.parametrize(
    ("captured", "quantity", "released", "kept"),
    [
        (["0.00", "0.00"], 2, {"P1": "20.00", "P2": "20.00"}, {}),
        (["0.00", "0.00"], 1, {"P2": "20.00"}, {"P1": "10.00"}),
        (["10.00", "0.00"], 1, {"P1": "10.00", "P2": "20.00"}, {}),
        (["20.00", "0.00"], 1, {"P2": "20.00"}, {}),
    ],
)
def test_authorizations_of_which_nothing_is_needed_are_released(captured, quantity, released, kept):
    order = sold(item("1"), paid=captured)
    open_ones = tuple(replace(payment, authorized=2000) for payment in order.payments)

    quoted = quote(replace(order, payments=open_ones), [Asked("1", quantity)])

    assert {entry.payment.key: show(entry.amount, USD) for entry in quoted.releases} == released
    assert {key.key: show(needed, USD) for key, needed in kept_open(quoted.after)} == kept


def test_everything_eligible_is_what_is_available_of_product_lines():
    order = sold(
        item("1"),
        item("2", quantity_allocated=1),
        item("3", quantity_allocated=2),
        delivery_charge(),
    )

    everything = everything_eligible(order, refund_delivery=True)

    assert everything == (Asked("1", 2, True), Asked("2", 1, True))


@given(orders_and_units(), st.booleans())
def test_one_by_one_equals_at_once_with_the_same_delivery_choice(chosen, flag):
    order, units = chosen

    def step(now, key):
        return standing_after(now, [Asked(key, 1, flag)])

    one_by_one = reduce(step, units, order)
    counts = {key: units.count(key) for key in units}
    at_once = standing_after(order, [Asked(key, count, flag) for key, count in counts.items()])

    assert one_by_one.components == at_once.components
    assert one_by_one.totals == at_once.totals


@given(orders_and_units(), st.lists(st.booleans(), min_size=80, max_size=80))
def test_nothing_rises_nor_falls_below_zero_with_any_delivery_choice(chosen, flags):
    order, units = chosen

    for key, flag in zip(units, flags, strict=False):
        after = standing_after(order, [Asked(key, 1, flag)])
        for name, part in after.components.items():
            assert 0 <= part.net <= order.components[name].net
            assert 0 <= part.tax <= order.components[name].tax
        assert 0 <= after.totals.grand_total <= order.totals.grand_total
        order = after


@given(orders())
def test_a_flagged_cancellation_of_all_leaves_nothing_of_an_untouched_order(order):
    untouched = {
        key: replace(line, quantities=Quantities(line.quantities.ordered))
        for key, line in order.lines.items()
    }
    fresh = replace(order, lines=untouched)

    after = standing_after(fresh, everything_eligible(fresh, refund_delivery=True))

    occupied = {line.group for line in fresh.lines.values() if line.is_product}
    stays = [line for line in fresh.lines.values() if line.group not in occupied]
    assert after.totals.product == 0
    assert after.totals.delivery == sum(line.net for line in stays if not line.is_product)


@given(orders_and_units())
def test_moves_are_the_differences_and_what_was_asked(chosen):
    order, units = chosen
    counts = {key: units.count(key) for key in units}

    found = moves(order, with_canceled(order, units), counts)

    assert set(counts) <= {move.line.key for move in found}
    assert all(move.quantity or move.before != move.after for move in found)
    assert {move.line.key: move.quantity for move in found if move.quantity} == counts


@given(orders_and_units(), st.booleans())
def test_refunds_never_exceed_what_is_held_nor_what_is_due(chosen, flag):
    order, units = chosen
    counts = {key: units.count(key) for key in units}

    quoted = quote(order, [Asked(key, count, flag) for key, count in counts.items()])

    held = sum(payment.refundable for payment in order.payments)
    paid_back = sum(share.amount for share in quoted.shares)
    assert paid_back + quoted.unassigned == quoted.refund_due
    assert quoted.unassigned >= 0
    assert quoted.owed_before <= quoted.refund_due <= held
    assert held - quoted.refund_due == min(held, quoted.after.totals.grand_total)
