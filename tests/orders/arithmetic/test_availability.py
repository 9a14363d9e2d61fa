import pytest

from orders.arithmetic.amounts import totals_labels
from orders.arithmetic.availability import (
    ALLOCATED,
    CANCELED,
    DELIVERY_CHARGE,
    FULFILLED,
    NOTHING_TO_CANCEL,
    RETURNED,
    RETURNING,
    UNMANAGED,
    is_eligible,
    obstacle,
    why_not,
)
from orders.arithmetic.statuses import Quantities


@pytest.mark.parametrize("is_product", [True, False])
@pytest.mark.parametrize(
    "counters",
    [
        Quantities(2),
        Quantities(2, canceled=1, allocated=1),
        Quantities(2, canceled=2),
        Quantities(2, allocated=2, fulfilled=1),
    ],
)
def test_what_cannot_be_canceled_says_why_and_nothing_else_does(counters, is_product):
    eligible = is_eligible(counters, is_product=is_product)

    assert eligible is (why_not(counters, is_product=is_product) is None)
    assert eligible is (is_product and counters.available_to_cancel > 0)


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
    assert why_not(counters, is_product=True) is reason
    assert why_not(counters, is_product=False) is DELIVERY_CHARGE


def test_an_order_is_in_the_way_for_one_reason_at_a_time():
    assert obstacle(is_managed=False, has_eligible_lines=True) is UNMANAGED
    assert obstacle(is_managed=False, has_eligible_lines=False) is UNMANAGED
    assert obstacle(is_managed=True, has_eligible_lines=False) is NOTHING_TO_CANCEL
    assert obstacle(is_managed=True, has_eligible_lines=True) is None


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
