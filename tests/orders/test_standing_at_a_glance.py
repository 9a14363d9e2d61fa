"""An order read at a glance is the order as it stands."""

import pytest

from orders.models import OrderSummary
from orders.standing import as_it_stands, as_it_stands_at_a_glance
from tests.support.builders import adjustment, delivery_charge, fee, item, tax

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_it_is_the_same(new_order):
    new_order(
        [
            item("1", taxes=[tax("0.95", "0.05"), tax("0.40")]),
            item("2", adjustments=[adjustment("-1.00", "order"), adjustment("-2.00")]),
            item("3", bundle="2"),
            delivery_charge(taxes=[tax("0.40")]),
            fee(),
        ]
    )

    glance, whole = (
        read(OrderSummary.objects.get()) for read in (as_it_stands_at_a_glance, as_it_stands)
    )

    assert glance == whole
    assert glance.totals == whole.totals
