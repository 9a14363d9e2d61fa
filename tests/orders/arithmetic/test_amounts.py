from dataclasses import replace
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.arithmetic.amounts import Group, Line, Standing
from orders.arithmetic.money import parse, show
from orders.arithmetic.statuses import Quantities
from orders.arithmetic.totals import Totals
from tests.support.builders import USD
from tests.support.strategies import orders, orders_and_units, with_canceled


def usd(text):
    return parse(text, USD)


def product(key="1", ordered=2, amount="20.00", **changes):
    """A product line by its amount for all ordered units."""
    quantities = changes.pop("quantities", Quantities(ordered))
    return Line(key, f"Thing {key}", "product", quantities, usd(amount), **changes)


def delivery(key="1001", amount="7.99", group="G1", **changes):
    return Line(
        key, "Ground", "delivery_charge", Quantities(1), usd(amount), group=group, **changes
    )


def fee(key="2001", amount="3.00", **changes):
    return Line(key, "Gift wrap", "fee", Quantities(1), usd(amount), **changes)


def order(*lines, tax_locale="net", groups=("G1",)):
    return Standing(
        currency=USD,
        tax_locale=tax_locale,
        lines={line.key: line for line in lines},
        groups={key: Group(key) for key in groups},
    )


def test_totals_of_the_worked_example():
    shirts = product(amount="198.00", taxes=(usd("9.90"),), group="G1")

    totals = order(shirts, delivery(taxes=(usd("0.40"),))).totals

    assert totals == Totals(
        product=usd("198.00"),
        order_adjustments=0,
        delivery=usd("7.99"),
        tax=usd("10.30"),
        grand_total=usd("216.29"),
    )


@pytest.mark.parametrize(("tax_locale", "grand_total"), [("net", "22.00"), ("gross", "20.00")])
def test_taxes_come_on_top_of_net_orders_only(tax_locale, grand_total):
    totals = order(product(taxes=(usd("2.00"),)), tax_locale=tax_locale).totals

    assert show(totals.tax, USD) == "2.00"
    assert show(totals.grand_total, USD) == grand_total


def test_order_scope_adjustments_have_a_total_of_their_own():
    discounts = (("line", usd("-3.00")), ("order", usd("-5.00")))
    half_delivery = delivery(adjustments=(("line", usd("-1.00")), ("order", usd("-0.50"))))

    totals = order(product(adjustments=discounts), half_delivery).totals

    assert totals == Totals(
        product=usd("17.00"),
        order_adjustments=usd("-5.50"),
        delivery=usd("6.99"),
        grand_total=usd("18.49"),
    )


def test_the_net_is_what_is_rounded_and_the_line_amount_gives_way():
    discounts = (("line", usd("-0.05")), ("order", usd("-0.05")))
    line = product(amount="10.00", adjustments=discounts, quantities=Quantities(3, canceled=1))

    components = order(line).components["1"]

    assert show(components.net, USD) == "6.60"
    assert components.adjustments == (("line", usd("-0.03")), ("order", usd("-0.03")))
    assert show(components.line_amount, USD) == "6.66"


def test_totals_are_added_and_taken_off_one_by_one():
    sold, gone = Totals(100, -10, 8, 6, 5, 109), Totals(-50, 5, -4, -6, -2, -57)

    assert sold + gone == Totals(50, -5, 4, 0, 3, 52)
    assert sold - gone == Totals(150, -15, 12, 12, 7, 166)


def test_a_group_without_products_has_no_price():
    assert order(delivery()).price_of_group("G1") == 0


def test_units_returned_before_the_import_are_outside_the_totals():
    line = product(ordered=4, quantities=Quantities(4, 0, 1, 1, 1, 1), taxes=(usd("1.00"),))

    totals = order(line).totals

    assert show(totals.product, USD) == "15.00"
    assert show(totals.tax, USD) == "0.75"


def test_money_of_a_family_follows_the_bundle_alone():
    bundle = product("1", 2, "100.00", quantities=Quantities(2, canceled=1))
    child = product("2", 4, "20.00", bundle="1")
    other = product("3", 4, "8.00", bundle="1", quantities=Quantities(4, canceled=4))

    components = order(bundle, child, other).components

    amounts = {key: show(part.line_amount, USD) for key, part in components.items()}
    assert amounts == {"1": "50.00", "2": "10.00", "3": "4.00"}


def test_a_delivery_charge_leaves_with_the_flagged_price_of_its_group():
    lines = product(amount="198.00", group="G1"), delivery(taxes=(usd("0.40"),))
    sold = order(*lines)

    charged = replace(sold, groups={"G1": Group("G1", flagged=usd("99.00"))})

    assert charged.components["1001"].net == usd("3.99")
    assert charged.components["1001"].tax == usd("0.20")
    assert sold.price_of_group("G1") == usd("198.00")


def test_a_charge_on_free_items_stays_until_it_is_released():
    sold = order(product(amount="0.00", group="G1"), delivery())

    released = replace(sold, groups={"G1": Group("G1", released=True)})

    assert show(sold.totals.delivery, USD) == "7.99"
    assert show(released.totals.delivery, USD) == "0.00"


def test_a_fee_stands_apart_and_leaves_as_a_whole():
    gift_wrap = fee(taxes=(usd("0.30"),), adjustments=(("line", usd("-1.00")),))
    sold = order(product(quantities=Quantities(2, canceled=2)), gift_wrap)

    released = replace(sold, lines={**sold.lines, "2001": replace(gift_wrap, released=True)})

    assert sold.totals == Totals(fees=usd("2.00"), tax=usd("0.30"), grand_total=usd("2.30"))
    assert released.totals == Totals()


@pytest.mark.parametrize(
    ("gone", "taxes"),
    [
        (0, ("0.01", "0.01", "0.01", "0.01", "0.01")),
        (1, ("0.01", "0.00", "0.01", "0.01", "0.00")),
        (2, ("0.00", "0.01", "0.00", "0.00", "0.01")),
        (3, ("0.00", "0.00", "0.00", "0.00", "0.00")),
    ],
)
def test_tax_lines_share_the_tax_of_the_line_by_what_the_ones_before_leave(gone, taxes):
    """Five jurisdictions of a cent each over three units: alone each would stay or go whole."""
    line = product(ordered=3, taxes=(1,) * 5, quantities=Quantities(3, canceled=gone))

    components = order(line).components["1"]

    assert tuple(show(tax, USD) for tax in components.taxes) == taxes
    assert components.tax == sum(components.taxes)


@given(orders_and_units())
def test_tax_is_rounded_as_a_sum_and_its_lines_add_up_to_it(chosen):
    after = with_canceled(*chosen)

    for key, part in after.components.items():
        assert sum(part.taxes) == part.tax
        assert len(part.taxes) == len(after.lines[key].taxes)


@pytest.mark.parametrize(
    ("counters", "group", "left", "left_of_group"),
    [
        ([Quantities(1), Quantities(1, canceled=1)], "G1", True, True),
        ([Quantities(1, canceled=1), Quantities(1)], "G1", True, False),
        ([Quantities(2, 1, 1, 1, 1, 1), Quantities(1, 1)], "G1", False, False),
    ],
)
def test_whether_any_unit_is_left(counters, group, left, left_of_group):
    first = product("1", quantities=counters[0], group="G1")
    second = product("2", quantities=counters[1], group="G2")
    sold = order(first, second, delivery(), fee(), groups=("G1", "G2"))

    assert sold.has_units is left
    assert sold.has_units_in(group) is left_of_group


def test_a_family_is_the_bundle_with_its_children_in_sequence():
    bundle, child, single = product("1"), product("2", bundle="1"), product("3")
    sold = order(bundle, child, single)

    assert sold.family("1") == (bundle, child)
    assert sold.family("3") == (single,)
    assert sold.children_of("1") == (child,)
    assert sold.members_of("G1") == ()


@given(orders())
def test_totals_are_the_sums_of_rounded_parts(sold):
    parts = sold.components.values()
    taxed = sold.tax_locale == "net"

    assert sold.totals.tax == sum(part.tax for part in parts)
    assert sold.totals.order_adjustments == sum(part.order_adjustments for part in parts)
    assert sold.totals.grand_total == sum(part.net + part.tax * taxed for part in parts)


@given(orders_and_units())
def test_net_tax_and_total_never_rise_nor_fall_below_zero(chosen):
    sold, units = chosen

    steps = list(accumulate([sold, *units], lambda now, key: with_canceled(now, [key])))

    for before, after in pairwise(steps):
        for key, part in after.components.items():
            assert 0 <= part.net <= before.components[key].net
            assert 0 <= part.tax <= before.components[key].tax
        assert 0 <= after.totals.grand_total <= before.totals.grand_total


@given(orders_and_units(), st.randoms(use_true_random=False))
def test_one_by_one_equals_at_once_in_any_order(chosen, random):
    sold, units = chosen
    shuffled = random.sample(units, len(units))

    one_by_one = list(accumulate([sold, *shuffled], lambda now, key: with_canceled(now, [key])))

    assert one_by_one[-1].components == with_canceled(sold, units).components


@given(orders_and_units())
def test_gross_and_net_orders_differ_by_the_taxes_alone(chosen):
    sold, units = chosen

    after = with_canceled(sold, units)
    net, gross = replace(after, tax_locale="net"), replace(after, tax_locale="gross")

    assert net.components == gross.components
    assert net.totals - gross.totals == Totals(grand_total=net.totals.tax)


@given(orders(untouched=True))
def test_nothing_but_delivery_is_left_when_all_units_have_gone(sold):
    units = [
        key
        for key, line in sold.lines.items()
        if line.is_product
        for _ in range(line.quantities.ordered)
    ]

    after = with_canceled(sold, units)

    assert after.totals.product == 0
    assert after.totals.delivery == sold.totals.delivery
    assert after.status == "canceled"
