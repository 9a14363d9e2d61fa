"""Pages of a list, put together, are the whole list as it is sorted, in any sort and both ways."""

from itertools import chain, pairwise
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.lists.change_orders import ChangeOrderListForm
from console.lists.orders import OrderListForm, page_of_orders
from orders import keyset
from orders.chunks import in_chunks
from orders.models import OrderSummary
from tests.support.builders import cancel, imported, item, product, select

LIST = "/order-summaries/"
SORTS = ["", *OrderListForm.sorts]

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def many_ties(agent_client, agent, monkeypatch):
    """Orders that share moments, statuses, totals and currencies."""
    monkeypatch.setattr(keyset, "PAGE_SIZE", 3)
    for i in range(11):
        imported(
            order_number=f"{'Zz~a'[i % 4]}-{i}",
            ordered_at=f"2026-01-0{1 + i % 3}T12:00:00Z",
            currency=["USD", "JPY"][i % 2],
            items=[product("1", 1 + i % 3, "10", quantity_allocated=i % 2)],
            payments=[],
        )
    return agent_client


def flat(lists):
    return list(chain.from_iterable(lists))


def pages(client, address, query):
    """The rows of each page from this one on, and the last page."""
    seen = []
    for _ in range(20):
        page = client.get(f"{address}?{query}").context["page"]
        seen.append([row.pk for row in page.rows])
        if not page.next_query:
            return seen, page
        query = page.next_query
    raise AssertionError("the list never ends")


def pages_back(client, address, page):
    seen = [[row.pk for row in page.rows]]
    while page.previous_query:
        page = client.get(f"{address}?{page.previous_query}").context["page"]
        seen.append([row.pk for row in page.rows])
    return seen[::-1]


def test_pages_of_orders_are_the_sorted_list_there_and_back(many_ties, subtests):
    for sort in SORTS:
        with subtests.test(sort=sort):
            ordering = OrderListForm.sorts.get(sort, OrderListForm.ordering)
            sorted_there = OrderSummary.objects.order_by(*ordering.forward)
            whole = list(sorted_there.values_list("pk", flat=True))

            there, last = pages(many_ties, LIST, f"sort={sort}")

            assert flat(there) == whole
            assert [len(page) for page in there] == [3, 3, 3, 2]
            assert flat(pages_back(many_ties, LIST, last)) == whole


def test_the_other_way_is_the_same_turned_round(many_ties, subtests):
    for sort in [name for name in OrderListForm.sorts if name[0] != "-"]:
        with subtests.test(sort=sort):
            there, _last = pages(many_ties, LIST, f"sort={sort}")
            back, _last = pages(many_ties, LIST, f"sort=-{sort}")

            assert flat(there) == flat(back)[::-1]


def test_pages_of_change_orders_are_the_sorted_list_there_and_back(
    agent_client, agent, manager, monkeypatch, subtests
):
    monkeypatch.setattr(keyset, "PAGE_SIZE", 2)
    order = imported(items=[item(quantity=9)])
    made = [cancel(order, select("1", 1), by=(agent, manager)[i % 2]) for i in range(5)]
    for sort in ["", *ChangeOrderListForm.sorts]:
        with subtests.test(sort=sort):
            there, last = pages(agent_client, "/change-orders/", f"sort={sort}")

            assert sorted(flat(there)) == sorted(each.pk for each in made)
            assert flat(pages_back(agent_client, "/change-orders/", last)) == flat(there)
            assert len(there) == 3


def test_chunks_are_the_sorted_list(many_ties, subtests):
    for sort in SORTS:
        with subtests.test(sort=sort):
            ordering = OrderListForm.sorts.get(sort, OrderListForm.ordering)
            whole = list(OrderSummary.objects.order_by(*ordering.forward))

            for size in (1, 4, 11, 12):
                chunks = list(in_chunks(OrderSummary.objects.all(), ordering, size=size))
                assert flat(chunks) == whole
                assert all(len(chunk) == size for chunk, _next in pairwise(chunks))


def test_a_place_of_one_sort_is_none_of_another(many_ties, subtests):
    for sort in SORTS:
        with subtests.test(sort=sort):
            page = many_ties.get(f"{LIST}?sort={sort}").context["page"]
            place = dict(part.split("=", 1) for part in page.next_query.split("&"))["after"]

            found = {
                other
                for other in SORTS
                if OrderListForm({"sort": other, "after": unquote(place)}).is_valid()
            }

            usual = {"", OrderListForm.usual}
            assert found == {other for other in SORTS if sort == other or {sort, other} <= usual}
            another = SORTS[SORTS.index(sort) - 2]
            assert many_ties.get(f"{LIST}?sort={sort}&after={place}").status_code == 200
            assert many_ties.get(f"{LIST}?sort={another}&after={place}").status_code == 400


@given(st.sampled_from(SORTS), st.lists(st.text(max_size=12), max_size=5).map("~".join))
def test_any_text_is_a_place_or_a_message(sort, text):
    form = OrderListForm({"sort": sort, "after": text.replace("\0", "")})

    assert form.is_valid() or form.errors.keys() == {"after"}


def test_what_was_viewed_last_comes_first_and_pages_go_on(many_ties, agent):
    numbers = [f"V-{i}" for i in range(7)]
    for number in numbers:
        imported(order_number=number)
        many_ties.get(f"{LIST}{number}/")

    there, last = pages(many_ties, LIST, "recent=1")
    shown = OrderSummary.objects.in_bulk(flat(there))

    assert [shown[pk].order_number for pk in flat(there)] == numbers[::-1]
    assert flat(pages_back(many_ties, LIST, last)) == flat(there)
    assert page_of_orders(OrderListForm({"recent": "1"})).rows == []
