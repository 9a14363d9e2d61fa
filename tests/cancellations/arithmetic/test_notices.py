from dataclasses import replace

import pytest

from cancellations.arithmetic.notices import Bite, default_child_quantity, notices
from cancellations.arithmetic.quotes import Asked, quote
from orders.arithmetic.money import show
from orders.arithmetic.statuses import Quantities
from tests.support.builders import USD, delivery_charge, item, tax
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


def test_a_child_without_its_bundle_is_said():
    assert said(quote(bundle_of_two(), [Asked("3", 2)])) == [
        (Bite.CHILD_WITHOUT_BUNDLE, "3", "0.00", None)
    ]


def test_a_bundle_with_its_default_children_needs_no_word():
    assert said(quote(bundle_of_two(), [Asked("1", 1), Asked("2", 1), Asked("3", 2)])) == []


def test_a_bundle_with_changed_children_is_said_to_be_not_prorated():
    assert said(quote(bundle_of_two(), [Asked("1", 1), Asked("2", 1), Asked("3", 1)])) == [
        (Bite.NOT_PRORATED, "1", "0.00", None),
        (Bite.INCLUDES_CHILD_THAT_STAYS, "1", "10.00", "3"),
    ]


def test_a_child_that_stays_is_said_with_its_money():
    quoted = quote(bundle_of_two(), [Asked("1", 1), Asked("2", 1)])

    assert said(quoted) == [
        (Bite.NOT_PRORATED, "1", "0.00", None),
        (Bite.INCLUDES_CHILD_THAT_STAYS, "1", "10.00", "3"),
    ]


def test_delivery_that_stays_on_an_empty_group_is_said():
    order = worked_example()

    assert said(quote(order, [Asked("1", 1)])) == []
    assert said(quote(order, [Asked("1", 2, refund_delivery=True)])) == []
    assert said(quote(order, [Asked("1", 2)])) == [(Bite.DELIVERY_STAYS, "1001", "7.99", None)]


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
    assert said(quote(bundle_of_two(), [Asked("1", 1), Asked("3", 2)])) == [
        (Bite.NOT_PRORATED, "1", "0.00", None)
    ]


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
        Bite.INCLUDES_CHILD_THAT_STAYS,
        "1",
        amount,
        "2",
    )


@pytest.mark.parametrize(("others", "units"), [([Asked("3", 1)], 1), ([], None)])
def test_a_child_of_which_others_go_is_said_with_how_many_stay(others, units):
    *_, stays = notices(quote(bundle_of_two(), [Asked("1", 1), Asked("2", 1), *others]))

    assert (stays.about.key, stays.units) == ("3", units)


def test_a_charge_of_one_cent_stays_too():
    order = sold(item("1"), delivery_charge(unit_price="0.01"))

    assert said(quote(order, [Asked("1", 2)])) == [(Bite.DELIVERY_STAYS, "1001", "0.01", None)]
