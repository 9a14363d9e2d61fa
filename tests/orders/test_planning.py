"""Rows that are looked for at several places, each by an index of its own."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from console.lists.order_filters import order_found, places_of_orders
from console.lists.orders import OrderListForm, orders_asked_for
from console.models import RecentlyViewed
from orders import keyset
from orders.models import OrderSummary
from orders.planning import by_indexes, first_of_any, found_of_any
from orders.search import MOST_WORDS
from tests.support.builders import imported, payment, product, system_user

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

    assert len(found_of_any(orders, everywhere, 3)) == 4
    assert len(found_of_any(orders, everywhere, 5)) == 5
    with by_indexes():
        last = first_of_any(orders.order_by("ordered_at", "pk"), everywhere, 1)
        assert [order.order_number for order in orders.filter(pk__in=last)] == ["W-0"]


def test_a_place_counts_rows_that_another_has_found_once(orders):
    both = places_of_orders("Lauren")[:2] * 2

    found = found_of_any(orders, both, 3)

    assert len(found) == len(set(found)) == 3


def test_where_no_row_can_be_nothing_is_found(orders):
    nowhere = orders.filter(pk__in=[])

    assert found_of_any(nowhere, places_of_orders("w"), 3) == []
    assert not orders.filter(pk__in=first_of_any(nowhere, places_of_orders("w"), 3)).exists()


def test_the_most_words_that_are_looked_for_make_a_short_statement():
    words = " ".join(f"word{number}" for number in range(MOST_WORDS))
    three = sum(len(place.sql) for place in places_of_orders("one two three"))

    assert sum(len(place.sql) for place in places_of_orders(words)) < 2 * three


def test_what_stands_before_and_after_the_place_keeps_its_answers(orders):
    """The reader's number stands in what is selected, the total before it and the moment after."""
    user, first = system_user(), datetime(2026, 5, 1, tzinfo=UTC)
    for number, order in enumerate(orders):
        at = first + timedelta(days=number)
        RecentlyViewed.objects.create(user=user, order=order, viewed_at=at)
    form = OrderListForm({"recent": "1", "currency": "USD", "total_from": "1"}, reader=user)
    viewed = orders_asked_for(form).order_by("viewed_at", "pk")
    lately = viewed.filter(viewed_at__gt=first + timedelta(days=2))
    boyle = places_of_orders("Boyle")

    assert len(found_of_any(viewed, boyle, 10)) == 5
    found = orders.filter(pk__in=found_of_any(lately, boyle, 10))
    assert {order.order_number for order in found} == {"W-0", "W-1"}
    [one] = orders.filter(pk__in=first_of_any(lately, boyle[1:2], 1))
    assert one.order_number == "W-0"


@pytest.mark.parametrize("q", ["w", "Boyle Lauren"])
def test_pages_of_more_than_is_counted_follow_one_another(orders, agent_client, monkeypatch, q):
    monkeypatch.setattr(keyset, "COUNT_AT_MOST", 1)
    monkeypatch.setattr(keyset, "PAGE_SIZE", 2)
    expected = [order.order_number for order in orders.filter(order_found(q))]

    there, query = [], f"q={q}"
    while query:
        page = agent_client.get(f"/order-summaries/?{query}").context["page"]
        assert page.count_text == "more than 1 orders"
        there.append([order.order_number for order in page.rows])
        query = page.next_query
    back, query = [there[-1]], page.previous_query
    while query:
        page = agent_client.get(f"/order-summaries/?{query}").context["page"]
        back.insert(0, [order.order_number for order in page.rows])
        query = page.previous_query

    assert len(expected) > 2
    assert [number for numbers in there for number in numbers] == expected
    assert back == there
