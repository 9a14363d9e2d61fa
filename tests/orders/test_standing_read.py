"""An order read line by line is the order as it was fetched whole."""

import pytest

from orders.models import OrderSummary
from orders.standing import as_fetched, as_it_stands, with_everything
from tests.support.builders import adjustment, delivery_charge, fee, item, tax

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def order(new_order):
    new_order(
        [
            item("1", taxes=[tax("0.95", "0.05"), tax("0.40")]),
            item("2", adjustments=[adjustment("-1.00", "order"), adjustment("-2.00")]),
            item("3", bundle="2"),
            delivery_charge(taxes=[tax("0.40")]),
            fee(),
        ]
    )


def test_it_is_the_same():
    read, fetched = as_it_stands(OrderSummary.objects.get()), as_fetched(with_everything().get())

    assert read == fetched
    assert read.totals == fetched.totals


def test_what_is_known_of_a_line_is_not_asked_again(django_assert_num_queries):
    order = OrderSummary.objects.get()

    with django_assert_num_queries(3):  # lines, payments, and all of their parts
        as_it_stands(order)
    with django_assert_num_queries(0):
        as_it_stands(order)
