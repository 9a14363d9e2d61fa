"""What unfolds of a line: every figure is the sum of others, and the one that acts store."""

from dataclasses import replace

import pytest
from hypothesis import given

from orders.arithmetic.amounts import Group
from orders.arithmetic.money import left
from orders.arithmetic.parts import Counted, Gone, Part, gone_of, parts_left, parts_moved, sum_of
from tests.support.builders import adjustment, delivery_charge, fee, item, tax
from tests.support.standings import bundle_of_two, sold, usd, worked_example
from tests.support.strategies import orders, orders_and_units, with_canceled


def test_a_third_of_ten_is_explained_as_it_was_reckoned():
    thirds = sold(item("1", quantity=3, unit_price="3.33", line_amount="10.00"))

    one_gone = parts_left(with_canceled(thirds, ["1"]), "1")

    assert one_gone.gone == Gone(1, 3, Counted.UNITS)
    assert one_gone.gone_before == Gone(0, 3, Counted.UNITS)
    assert (one_gone.net.before, one_gone.net.off, one_gone.net.after) == (
        usd("10.00"),
        usd("3.33"),
        usd("6.67"),
    )


def test_discounts_and_taxes_are_parts_of_their_own():
    taxed = item(
        "1",
        adjustments=[adjustment("-5.00"), adjustment("-1.00", scope="order")],
        taxes=[tax("0.83"), tax("0.40")],
    )
    order = sold(taxed)

    parts = parts_left(order, "1")

    assert parts.line_amount == Part(usd("20.00"), usd("20.00"))
    assert parts.adjustments == (
        ("line", Part(usd("-5.00"), usd("-5.00"))),
        ("order", Part(usd("-1.00"), usd("-1.00"))),
    )
    assert parts.taxes == (Part(usd("0.83"), usd("0.83")), Part(usd("0.40"), usd("0.40")))
    assert parts.total.after == usd("15.23")
    assert (parts.sold_net, parts.sold_tax) == (usd("14.00"), usd("1.23"))


@pytest.mark.parametrize(("tax_locale", "total"), [("net", "21.00"), ("gross", "20.00")])
def test_tax_that_is_in_the_amount_counts_once(tax_locale, total):
    order = sold(item("1", taxes=[tax("1.00")]), tax_locale=tax_locale)

    assert parts_left(order, "1").total.after == usd(total)


def test_a_family_shares_the_units_of_its_bundle():
    one_set_gone = with_canceled(bundle_of_two(), ["1"])

    assert gone_of(one_set_gone, "3") == Gone(1, 2, Counted.BUNDLES)


def test_a_delivery_charge_goes_by_price_until_the_rest_goes_at_once():
    half = replace(worked_example(), groups={"G1": Group("G1", flagged=usd("99.00"))})
    rest = replace(worked_example(), groups={"G1": Group("G1", released=True)})

    assert gone_of(half, "1001") == Gone(usd("99.00"), usd("198.00"), Counted.PRICE)
    assert gone_of(rest, "1001") == Gone(1, 1, Counted.WHOLE)


def test_a_fee_and_the_charge_of_free_items_stay_or_go_whole():
    free = sold(item("1", unit_price="0.00"), delivery_charge(), fee())

    assert gone_of(free, "1001") == Gone(0, 1, Counted.WHOLE)
    assert gone_of(free, "2001") == Gone(0, 1, Counted.WHOLE)


@given(orders_and_units())
def test_what_unfolds_adds_up_and_is_what_is_left(order_and_units):
    order, units = order_and_units
    after = with_canceled(order, units)

    for key, components in after.components.items():
        parts, line = parts_left(after, key), after.lines[key]
        assert parts.net == sum_of([parts.line_amount, *(part for _, part in parts.adjustments)])
        assert parts.tax == sum_of(parts.taxes)
        assert parts.net == Part(line.net, components.net)
        assert parts.tax == Part(sum(line.taxes), components.tax)
        assert parts.net.after == left(line.net, parts.gone.gone, parts.gone.of)


@given(orders_and_units())
def test_what_moves_is_the_difference_of_what_is_left(order_and_units):
    order, units = order_and_units
    after = with_canceled(order, units)

    moved = {key: parts_moved(order, after, key) for key in order.lines}

    assert sum_of(parts.total for parts in moved.values()) == Part(
        order.totals.grand_total, after.totals.grand_total
    )
    for key, parts in moved.items():
        assert parts.net.before == left(order.lines[key].net, parts.gone_before.gone, parts.gone.of)
        assert (parts.net.after, parts.tax.after) == (
            parts_left(after, key).net.after,
            parts_left(after, key).tax.after,
        )


@given(orders())
def test_lines_add_up_to_the_total(order):
    total = sum_of(parts_left(order, key).total for key in order.lines)

    assert total.after == order.totals.grand_total
