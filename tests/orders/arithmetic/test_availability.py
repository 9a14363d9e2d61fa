import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.arithmetic.availability import (
    ALLOCATED,
    CANCELED,
    DELIVERY_CHARGE,
    FEE,
    FULFILLED,
    NO_WHOLE_BUNDLE,
    NOT_WHOLE,
    NOTHING_TO_CANCEL,
    RETURNED,
    RETURNING,
    UNMANAGED,
    BundleRule,
    available_to_cancel,
    obstacle,
    why_not,
)
from orders.arithmetic.statuses import Quantities
from orders.arithmetic.totals import totals_labels


@pytest.mark.parametrize(
    ("counters", "reason"),
    [
        (Quantities(2, canceled=2), CANCELED),
        (
            Quantities(2, canceled=1, allocated=1, fulfilled=1, return_initiated=1, returned=1),
            RETURNED,
        ),
        (Quantities(2, allocated=2), ALLOCATED),
        (Quantities(2, canceled=1, allocated=1), ALLOCATED),
        (Quantities(2, allocated=2, fulfilled=1, return_initiated=1), ALLOCATED),
        (Quantities(2, allocated=2, fulfilled=2), FULFILLED),
        (Quantities(2, allocated=2, fulfilled=2, return_initiated=1, returned=1), FULFILLED),
        (Quantities(2, allocated=2, fulfilled=2, return_initiated=2), RETURNING),
        (Quantities(2, allocated=2, fulfilled=2, return_initiated=2, returned=1), RETURNING),
        (Quantities(2, canceled=1), None),
    ],
)
def test_the_reason_is_what_has_become_of_the_line(counters, reason):
    available = counters.available_to_cancel

    assert why_not(counters, line_type="product", available=available) is reason
    assert (reason is None) is (available > 0)


@pytest.mark.parametrize(
    ("line_type", "reason"), [("delivery_charge", DELIVERY_CHARGE), ("fee", FEE)]
)
def test_charges_and_fees_are_not_canceled_by_themselves(line_type, reason):
    assert why_not(Quantities(1), line_type=line_type, available=0) is reason


@pytest.mark.parametrize("left", [1, 2])
def test_a_bundle_that_is_not_whole_says_so(left):
    assert why_not(Quantities(left), line_type="product", available=0) is NOT_WHOLE


WHOLE = BundleRule.WHOLE_BUNDLES


@pytest.mark.parametrize(
    ("bundle", "children", "whole"),
    [
        (Quantities(3), [Quantities(6)], 3),
        (Quantities(3), [Quantities(6, allocated=1)], 2),
        (Quantities(3), [Quantities(6), Quantities(3, allocated=2)], 1),
        (Quantities(3), [Quantities(3, allocated=3)], 0),
        (Quantities(3, allocated=2), [Quantities(6)], 1),
        (Quantities(3, canceled=1), [Quantities(6, canceled=2, allocated=2)], 1),
        (Quantities(3, canceled=1), [Quantities(3, allocated=3)], 0),
        (Quantities(3), [Quantities(2, allocated=1)], 1),
        (Quantities(3), [Quantities(3, canceled=1, allocated=1)], 2),
    ],
)
def test_a_whole_bundle_is_available_as_often_as_all_of_its_default_children(
    bundle, children, whole
):
    lines = {"b": (bundle, None)} | {number: (child, "b") for number, child in enumerate(children)}
    own = {key: counters.available_to_cancel for key, (counters, _) in lines.items()}

    assert available_to_cancel(lines, BundleRule.ANY) == own
    assert available_to_cancel(lines, WHOLE) == own | {"b": whole}


def test_each_bundle_looks_at_its_own_children():
    lines = {
        "a": (Quantities(2), None),
        "b": (Quantities(2), None),
        "a1": (Quantities(2, allocated=1), "a"),
        "b1": (Quantities(2), "b"),
        "c": (Quantities(1), None),
    }

    assert available_to_cancel(lines, WHOLE) == {"a": 1, "b": 2, "a1": 1, "b1": 2, "c": 1}


@given(st.integers(1, 6), st.data())
def test_the_largest_number_of_bundles_whose_default_children_are_all_available(ordered, data):
    canceled = data.draw(st.integers(0, ordered))
    bundle = Quantities(ordered, canceled=canceled)
    of = data.draw(st.integers(1, 9))
    gone = data.draw(st.integers(0, of))
    child = Quantities(of, canceled=gone, allocated=data.draw(st.integers(0, of - gone)))

    def is_whole(number):
        wanted = -(-child.ordered * (canceled + number) // ordered) - child.canceled
        return wanted <= child.available_to_cancel

    numbers = range(bundle.available_to_cancel + 1)
    most = max((number for number in numbers if is_whole(number)), default=0)
    available = available_to_cancel({"b": (bundle, None), "c": (child, "b")}, WHOLE)
    assert available["b"] == most


def test_an_order_is_in_the_way_for_one_reason_at_a_time():
    something, nothing = [(0, False), (2, False)], [(0, False), (0, True)]

    def why(lines, *, is_managed):
        return obstacle(lines, is_managed=is_managed, goes_with_bundle=False)

    assert why(something, is_managed=False) is UNMANAGED
    assert why(nothing, is_managed=False) is UNMANAGED
    assert why(nothing, is_managed=True) is NOTHING_TO_CANCEL
    assert why(something, is_managed=True) is None


@pytest.mark.parametrize(
    ("lines", "goes_with_bundle", "why"),
    [
        ([(0, False), (1, True)], False, None),
        ([(0, False), (1, True)], True, NO_WHOLE_BUNDLE),
        ([(1, False), (1, True)], True, None),
        ([(0, False), (0, True)], True, NOTHING_TO_CANCEL),
    ],
)
def test_parts_of_bundles_alone_are_in_the_way_of_whole_bundles(lines, goes_with_bundle, why):
    assert obstacle(lines, is_managed=True, goes_with_bundle=goes_with_bundle) is why


def test_tax_is_labeled_as_included_in_gross_orders_alone():
    assert totals_labels("net") == {
        "product": "Products",
        "order_adjustments": "Order adjustments",
        "delivery": "Delivery",
        "fees": "Fees",
        "tax": "Tax",
        "grand_total": "Total",
    }
    assert totals_labels("gross") == totals_labels("net") | {"tax": "Tax (included above)"}
