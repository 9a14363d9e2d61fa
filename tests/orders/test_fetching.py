import pytest

from orders.models import OrderItemSummary, OrderSummary
from tests.support.builders import imported

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize("many", [0, 1, 600])
def test_rows_are_found_by_however_many_keys(many):
    order = imported()
    imported(order_number="not asked for")
    keys = [order.pk - number for number in range(many)]

    found = OrderSummary.objects.filter(pk__any_of=keys)
    lines = OrderItemSummary.objects.filter(order__any_of=keys)
    assert list(found) == [line.order for line in lines] == [order][:many]


@pytest.mark.postgresql
def test_however_many_keys_are_one_parameter(django_assert_num_queries):
    imported()

    with django_assert_num_queries(1) as asked:
        assert len(OrderItemSummary.objects.filter(order__any_of=range(600))) < 2
    assert " IN (" not in asked.captured_queries[0]["sql"]
