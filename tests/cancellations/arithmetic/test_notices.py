from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancellations.arithmetic.bundles import default_child_quantity, taken_by_cancel_all
from cancellations.arithmetic.notices import Bite, notices
from cancellations.arithmetic.quotes import Asked, quote
from orders.arithmetic.availability import BundleRule
from orders.arithmetic.money import show
from orders.arithmetic.statuses import Quantities
from orders.arithmetic.stories import Fate
from tests.support.builders import USD, delivery_charge, delivery_group, fee, item, tax
from tests.support.standings import bundle_of_two, sold, worked_example


def said(quoted):
    return [
        (
            notice.bite,
            notice.line.key,
            show(notice.amount, USD),
            notice.about and notice.about.key,
        )
        for notice in notices(quoted)
    ]


@pytest.mark.parametrize(
    ("ordered", "available", "bundles", "canceled", "default"),
    [
        (4, 4, 2, 1, 2),
        (4, 4, 2, 2, 4),
        (5, 5, 2, 1, 3),
        (1, 1, 3, 1, 1),
        (4, 1, 2, 1, 1),
        (4, 0, 2, 1, 0),
        (4, 4, 2, 0, 0),
    ],
)
def test_default_child_quantity(ordered, available, bundles, canceled, default):
    child = Quantities(ordered, allocated=ordered - available)

    assert default_child_quantity(child, Quantities(bundles), canceled) == default


@pytest.mark.parametrize(
    ("child", "bundle", "more", "default"),
    [
        (Quantities(5, canceled=3), Quantities(2, canceled=1), 1, 2),
        (Quantities(1, canceled=1), Quantities(3, canceled=1), 2, 0),
        (Quantities(4), Quantities(2, canceled=1), 1, 4),
        (Quantities(4, canceled=3), Quantities(2), 1, 0),
    ],
)
def test_default_child_quantity_brings_the_child_to_its_share(child, bundle, more, default):
    assert default_child_quantity(child, bundle, more) == default


@given(st.integers(1, 9), st.integers(1, 9), st.data())
def test_bundles_one_by_one_take_the_same_children_as_at_once(ordered, bundles, data):
    count = data.draw(st.integers(1, bundles))
    child, bundle = Quantities(ordered), Quantities(bundles)

    at_once = default_child_quantity(child, bundle, count)
    for _ in range(count):
        more = default_child_quantity(child, bundle, 1)
        child = replace(child, canceled=child.canceled + more)
        bundle = replace(bundle, canceled=bundle.canceled + 1)

    assert child.canceled == at_once


def test_a_child_without_its_bundle_is_said():
    assert said(quote(bundle_of_two(), [Asked("3", 2)])) == [
        (Bite.CHILD_WITHOUT_BUNDLE, "3", "0.00", None)
    ]


def test_a_bundle_with_its_default_children_needs_no_word():
    assert said(quote(bundle_of_two(), [Asked("1", 1), Asked("2", 1), Asked("3", 2)])) == []


def stays(amount, child, units, fate=Fate.OPEN):
    return Bite.CHILD_STAYS, "1", amount, child, fate, units


def said_of_children(quoted):
    """What is said of children that stay, with what has become of them."""
    return [
        (*words, notice.fate, notice.units)
        for notice, words in zip(notices(quoted), said(quoted), strict=True)
        if notice.bite is Bite.CHILD_STAYS
    ]


def test_a_bundle_with_changed_children_is_said_to_be_not_prorated():
    quoted = quote(bundle_of_two(), [Asked("1", 1), Asked("2", 1), Asked("3", 1)])

    assert said(quoted)[0] == (Bite.NOT_PRORATED, "1", "0.00", None)
    assert said_of_children(quoted) == [stays("10.00", "3", 1)]


def test_a_child_that_stays_is_said_with_its_money():
    quoted = quote(bundle_of_two(), [Asked("1", 1), Asked("2", 1)])

    assert said(quoted)[0] == (Bite.NOT_PRORATED, "1", "0.00", None)
    assert said_of_children(quoted) == [stays("10.00", "3", 2)]


def test_every_child_that_stays_is_said_even_without_money():
    quoted = quote(bundle_of_two(), [Asked("1", 1)])

    assert said_of_children(quoted) == [stays("0.00", "2", 1), stays("10.00", "3", 2)]


def test_what_follows_the_cumulative_default_needs_no_word():
    order = sold(item("1", name="Set"), item("2", quantity=5, bundle="1"))
    first = quote(order, [Asked("1", 1), Asked("2", 3)])

    second = quote(first.after, [Asked("1", 1), Asked("2", 2)])

    assert said(first) == said(second) == []


@pytest.mark.parametrize(
    ("counters", "fates"),
    [
        ({"quantity_allocated": 1}, [(Fate.ALLOCATED, 1)]),
        (
            {"quantity_allocated": 2, "quantity_fulfilled": 1},
            [(Fate.ALLOCATED, 1), (Fate.FULFILLED, 1)],
        ),
        (
            {
                "quantity_allocated": 3,
                "quantity_fulfilled": 3,
                "quantity_return_initiated": 2,
                "quantity_returned": 1,
            },
            [(Fate.FULFILLED, 1), (Fate.COMING_BACK, 1), (Fate.RETURNED, 1)],
        ),
    ],
)
@pytest.mark.parametrize(("price", "amount"), [("0.00", "0.00"), ("5.00", "20.00")])
def test_what_has_become_of_a_child_is_said_with_its_money_once(counters, fates, price, amount):
    camera = item("2", quantity=4, unit_price=price, bundle="1", **counters)
    order = sold(item("1", name="Set"), camera)
    available = 4 - counters["quantity_allocated"]

    quoted = quote(order, [Asked("1", 2), Asked("2", available)])

    amounts = [amount, *["0.00"] * (len(fates) - 1)]
    assert said_of_children(quoted) == [
        stays(money, "2", units, fate) for money, (fate, units) in zip(amounts, fates, strict=True)
    ]


def test_each_unit_that_is_lacking_is_told_of_once_the_nearest_first():
    camera = item("2", quantity=8, bundle="1", quantity_allocated=7, quantity_fulfilled=5)

    quoted = quote(sold(item("1", name="Set"), camera), [Asked("1", 1)])

    assert [(fate, units) for *_, fate, units in said_of_children(quoted)] == [
        (Fate.OPEN, 1),
        (Fate.ALLOCATED, 2),
        (Fate.FULFILLED, 1),
    ]


def test_a_child_that_went_before_its_bundle_is_not_lacking():
    first = quote(bundle_of_two(), [Asked("2", 2)])

    assert said(quote(first.after, [Asked("1", 1), Asked("3", 2)])) == []


def test_a_child_that_shipped_belongs_to_the_bundles_that_stay():
    camera = item("2", bundle="1", quantity_allocated=1, quantity_fulfilled=1)
    order = sold(item("1", name="Set"), camera)

    assert said(quote(order, [Asked("1", 1), Asked("2", 1)])) == []


def test_delivery_that_stays_on_an_empty_group_is_said_with_its_tax():
    order = worked_example()

    assert said(quote(order, [Asked("1", 1)])) == []
    assert said(quote(order, [Asked("1", 2, refund_delivery=True)])) == []
    assert said(quote(order, [Asked("1", 2)])) == [(Bite.DELIVERY_STAYS, "1001", "8.39", None)]
    gross = replace(order, tax_locale="gross")
    assert said(quote(gross, [Asked("1", 2)])) == [(Bite.DELIVERY_STAYS, "1001", "7.99", None)]


def test_delivery_stays_where_a_row_was_not_flagged_alone():
    order = sold(item("1"), item("2"), delivery_charge(unit_price="8.00"))
    first = quote(order, [Asked("1", 2)]).after

    assert said(quote(first, [Asked("2", 2, refund_delivery=True)])) == []
    assert said(quote(order, [Asked("1", 2, refund_delivery=True), Asked("2", 2)])) == [
        (Bite.DELIVERY_STAYS, "1001", "4.00", None)
    ]


@pytest.mark.parametrize(
    ("quantity", "refund_fees", "bite"),
    [
        (2, True, None),
        (1, False, None),
        (2, False, Bite.FEE_STAYS),
        (1, True, Bite.FEE_STAYS_WITH_UNITS),
    ],
)
@pytest.mark.parametrize(("tax_locale", "amount"), [("net", "5.40"), ("gross", "5.00")])
def test_fees_that_stay_are_said(quantity, refund_fees, bite, tax_locale, amount):
    order = replace(
        sold(item("1"), fee(unit_price="5.00", taxes=[tax("0.40")])), tax_locale=tax_locale
    )

    quoted = quote(order, [Asked("1", quantity)], refund_fees=refund_fees)

    assert said(quoted) == ([(bite, "2001", amount, None)] if bite else [])


def test_a_fee_without_money_needs_no_word():
    order = sold(item("1"), fee(unit_price="0.00"))

    assert said(quote(order, [Asked("1", 2)])) == []


WHOLE = BundleRule.WHOLE_BUNDLES


def test_cancel_all_takes_children_of_whole_bundles_with_their_bundle_alone():
    order = sold(
        item("1", quantity=3),
        item("2", quantity=6, bundle="1", quantity_allocated=3),
        item("3", quantity=3, bundle="1"),
        item("4"),
        item("5", bundle="4", quantity_allocated=2),
        item("6", bundle="4"),
        item("7"),
    )

    assert dict(taken_by_cancel_all(order)) == {"1": 3, "2": 3, "3": 3, "4": 2, "6": 2, "7": 2}
    whole = replace(order, bundle_rule=WHOLE)
    assert dict(taken_by_cancel_all(whole)) == {"1": 1, "2": 2, "3": 1, "7": 2}


def test_cancel_all_leaves_the_children_of_a_bundle_that_cannot_go():
    """One went without its children; the other is being packed."""
    bundle = item("1", quantity_canceled=1, quantity_allocated=1)
    order = sold(bundle, item("2", quantity=4, bundle="1"))

    assert dict(taken_by_cancel_all(replace(order, bundle_rule=WHOLE))) == {}


def test_the_bundle_that_can_no_longer_be_canceled_whole_is_told():
    order = sold(item("1"), item("2", bundle="1", quantity_allocated=2), item("3", bundle="1"))

    assert said(quote(order, [Asked("3", 1)]))[0][0] is Bite.CHILD_WITHOUT_BUNDLE
    whole = replace(order, bundle_rule=WHOLE)
    assert said(quote(whole, [Asked("3", 1)]))[0][0] is Bite.CHILD_OF_INELIGIBLE_BUNDLE


@pytest.mark.parametrize(
    ("allocated", "bite"),
    [
        (0, Bite.CHILD_WITHOUT_BUNDLE),
        (1, Bite.CHILD_WITHOUT_BUNDLE),
        (2, Bite.CHILD_OF_INELIGIBLE_BUNDLE),
    ],
)
def test_a_child_whose_bundle_cannot_be_canceled_is_told_apart(allocated, bite):
    order = sold(item("1", quantity_allocated=allocated), item("2", bundle="1"))

    assert said(quote(order, [Asked("2", 1)])) == [(bite, "2", "0.00", None)]


def test_a_child_left_out_is_no_child_of_which_one_goes():
    quoted = quote(bundle_of_two(), [Asked("1", 1), Asked("3", 2)])

    assert said(quoted)[0] == (Bite.NOT_PRORATED, "1", "0.00", None)
    assert said_of_children(quoted) == [stays("0.00", "2", 1)]


def test_what_several_lines_have_to_say_is_said_of_each():
    order = sold(item("1"), item("2", bundle="1"), item("3"), item("4", bundle="3"))

    assert said(quote(order, [Asked("2", 1), Asked("3", 1), Asked("4", 2)])) == [
        (Bite.CHILD_WITHOUT_BUNDLE, "2", "0.00", None),
        (Bite.NOT_PRORATED, "3", "0.00", None),
    ]


@pytest.mark.parametrize(("tax_locale", "amount"), [("net", "11.00"), ("gross", "10.00")])
def test_the_money_of_a_child_that_stays_is_what_leaves_the_total(tax_locale, amount):
    child = item("2", bundle="1", taxes=[tax("2.00")])
    order = replace(sold(item("1"), child), tax_locale=tax_locale)

    assert said(quote(order, [Asked("1", 1)]))[-1] == (
        Bite.CHILD_STAYS,
        "1",
        amount,
        "2",
    )


@pytest.mark.parametrize(
    ("others", "units", "is_all"), [([Asked("3", 1)], 1, False), ([], 2, True)]
)
def test_a_child_of_which_others_go_is_told_from_one_that_stays_whole(others, units, is_all):
    *_, left_out = notices(quote(bundle_of_two(), [Asked("1", 1), Asked("2", 1), *others]))

    assert (left_out.about.key, left_out.units, left_out.is_all) == ("3", units, is_all)


def test_a_charge_or_fee_of_one_cent_stays_too():
    order = sold(item("1"), delivery_charge(unit_price="0.01"))
    wrapped = sold(item("1"), fee(unit_price="0.01"))

    assert said(quote(order, [Asked("1", 2)])) == [(Bite.DELIVERY_STAYS, "1001", "0.01", None)]
    assert said(quote(wrapped, [Asked("1", 2)])) == [(Bite.FEE_STAYS, "2001", "0.01", None)]


def test_of_a_group_that_was_emptied_before_nothing_is_said():
    order = sold(
        item("1"),
        item("2", delivery_group="G2"),
        delivery_charge("1001"),
        delivery_groups=[delivery_group("G1"), delivery_group("G2")],
    )
    first = quote(order, [Asked("1", 2)]).after

    assert said(quote(first, [Asked("2", 2)])) == []


def test_of_what_has_no_group_no_delivery_stays():
    order = sold(item("1", delivery_group=None), item("2"), fee())

    assert said(quote(order, [Asked("1", 2)])) == []
