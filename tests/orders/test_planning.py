"""Rows that are looked for at several places, each by an index of its own."""

from itertools import combinations

import pytest

from console.lists.order_filters import order_found, places_of_orders
from orders.models import OrderSummary
from orders.planning import by_indexes, first_of_any, found_of_any
from tests.support.builders import imported, payment, product

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

WORDS = "Lauren", "Boyle", "mug", "blue", "la", "card-7", "SKU-2", "100%", "nothing"
NEWEST = OrderSummary.objects.order_by("-ordered_at", "-pk")


@pytest.fixture
def orders():
    """Orders that hold some of the words, each somewhere else."""
    for number, (customer, account, name) in enumerate(
        [
            ("Lauren Boyle", "Lauren Boyle", "Blue mug, 100% clay"),
            ("Lauren Smith", "Lauren Boyle", "Lamp"),
            ("Boyle", "Mug Lauren", "Blue lamp"),
            ("Zoë", "Zoë", "Mug Boyle blue"),
            ("Blue Boyle", "", "Lauren"),
        ]
    ):
        order = imported(
            order_number=f"W-{number}",
            account={"number": f"A-{number}", "name": account, "email": ""} if account else None,
            items=[product("1", name=name), product("2", sku=f"SKU-{number}")],
            payments=[payment(key=f"P-{number}", gateway_reference=f"card-{number + 5}")],
        )
        OrderSummary.objects.filter(pk=order.pk).update(customer_name=customer)
    return NEWEST


def words_together():
    """Each word, each two, and some of three and four."""
    several = [*combinations(WORDS, 3), *combinations(WORDS, 4)]
    some = [*combinations(WORDS, 1), *combinations(WORDS, 2), *several[::15]]
    return list(map(" ".join, some))


def test_a_search_finds_the_same_place_by_place(orders):
    found = 0
    for q in words_together():
        expected = set(orders.filter(order_found(q)).values_list("pk", flat=True))
        places = places_of_orders(q)

        assert sorted(found_of_any(orders, places, 10)) == sorted(expected), q
        first = orders.filter(pk__in=first_of_any(orders, places, 10))
        assert set(first.values_list("pk", flat=True)) == expected, q
        found += len(expected)
    assert found > len(words_together()) / 4, "too few to tell"


def test_no_place_is_read_after_one_that_is_full(orders):
    everywhere = places_of_orders("w")

    assert len(found_of_any(orders, everywhere, 3)) > 3
    assert len(found_of_any(orders, everywhere, 5)) == 5
    with by_indexes():
        last = first_of_any(orders.order_by("ordered_at", "pk"), everywhere, 1)
        assert [order.order_number for order in orders.filter(pk__in=last)] == ["W-0"]


def test_a_place_counts_rows_that_another_has_found_once(orders):
    both = places_of_orders("Lauren")[:2] * 2

    found = found_of_any(orders, both, 3)

    assert len(found) == len(set(found)) == 3
