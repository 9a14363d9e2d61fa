"""The list of order summaries."""

import pytest
from pytest_django.asserts import assertContains

from orders import keyset
from tests.support.builders import product
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def numbers(response):
    return [order.order_number for order in response.context["page"].rows]


def account(number, name, email=""):
    return {"number": number, "name": name, "email": email}


def day(number):
    return f"2026-10-{number:02}T09:00:00Z"


def test_the_list_is_newest_first_with_what_a_row_needs(agent_client, new_order):
    new_order([product("1", 2)], "OLD", ordered_at=day(1))
    new_order([product("1"), product("2")], "NEW", ordered_at=day(2))

    response = agent_client.get("/order-summaries/")

    assert numbers(response) == ["NEW", "OLD"]
    assert [order.line_count for order in response.context["page"].rows] == [2, 1]
    for text in ("Lauren Boyle", "Created", "$20.00", "2 orders"):
        assertContains(response, text)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("", ["W-2", "W-1"]),
        ("w-1", ["W-1"]),
        ("boyle", ["W-1"]),
        ("JO@EXAMPLE", ["W-2"]),
        ("A-2", ["W-2"]),
        ("nobody", []),
        ("%", []),
        ("' OR 1=1 --", []),
    ],
)
def test_search_by_number_customer_and_e_mail(agent_client, new_order, q, found):
    new_order([product("1")], "W-1", ordered_at=day(1), account=account("A-1", "Lauren Boyle"))
    new_order(
        [product("1")],
        "W-2",
        ordered_at=day(2),
        account=account("A-2", "Jo Doe", "jo@example.com"),
    )

    assert numbers(agent_client.get("/order-summaries/", {"q": q})) == found


def test_the_status_filter(agent_client, new_order):
    new_order([product("1")], "W-1")
    new_order([product("1", 1, quantity_allocated=1)], "W-2")

    assert numbers(agent_client.get("/order-summaries/?status=allocated")) == ["W-2"]
    assert agent_client.get("/order-summaries/?status=Nonsense").status_code == 400


def test_pages_go_on_and_back_by_place_not_by_number(
    agent_client, new_order, every_page, monkeypatch
):
    monkeypatch.setattr(keyset, "PAGE_SIZE", 2)
    for i in range(5):
        new_order([product("1")], f"W-{i}", ordered_at=day(1 + i // 2))

    seen, way_back = every_page(agent_client, "/order-summaries/", numbers)
    back = agent_client.get(f"/order-summaries/?{way_back}")

    assert seen == [["W-4", "W-3"], ["W-2", "W-1"], ["W-0"]]
    assert numbers(back) == ["W-2", "W-1"]
    first = agent_client.get(f"/order-summaries/?{back.context['page'].previous_query}")
    assert numbers(first) == ["W-4", "W-3"]
    assert first.context["page"].previous_query == ""


@pytest.mark.parametrize("side", ["after", "before"])
@pytest.mark.parametrize(
    "place",
    [
        "x",
        "~1",
        "2026-10-01",
        "2026-10-01T00:00:00~1",
        "2026-10-01T00:00:00+00:00~x",
        "2026-10-01T00:00:00+00:00~1_0",
        "2026-10-01T00:00:00+00:00~-1",
        "2026-10-01T00:00:00+00:00~9999999999999999999",
        "2026-10-01T00:00:00+00:00~1~1",
        "0001-01-01T00:00:00+14:00~1",
        "9999-12-31T23:59:59-14:00~1",
    ],
)
def test_a_page_that_is_none_is_a_400_that_says_so(agent_client, new_order, side, place):
    new_order([product("1")])

    response = agent_client.get("/order-summaries/", {side: place})

    assertContains(response, "The page to show is not one of this list.", status_code=400)
    assert numbers(response) == ["W-1"]
    assert not response.context["form"].has_errors_at_fields


def test_what_of_a_query_is_wrong_is_said_at_its_field_and_the_rest_holds(agent_client, new_order):
    new_order([product("1")], "W-1")
    new_order([product("1")], "V-1")

    response = agent_client.get("/order-summaries/", {"q": "W", "status": "Nonsense"})
    too_long = agent_client.get("/order-summaries/", {"q": "x" * 256})

    assertContains(response, "Choose one from the list.", status_code=400)
    assert response.context["form"].has_errors_at_fields
    assert numbers(response) == ["W-1"]
    assertContains(too_long, "at most 255 characters", status_code=400)


def test_counts_beyond_a_thousand_are_not_counted(agent_client, new_order, monkeypatch):
    monkeypatch.setattr(keyset, "COUNT_AT_MOST", 1)
    new_order([product("1")], "W-1")
    new_order([product("1")], "W-2")

    assertContains(agent_client.get("/order-summaries/"), "more than 1 orders")


def test_an_empty_list_says_what_to_do(agent_client, new_order):
    assertContains(agent_client.get("/order-summaries/"), "No orders yet")
    new_order([product("1")])
    assertContains(agent_client.get("/order-summaries/?q=nothing"), "No order")


def test_orders_lead_to_their_account(agent_client, new_order):
    new_order([product("1")])
    link = '<a href="/accounts/A-1001/">Lauren Boyle</a>'

    assertContains(agent_client.get("/order-summaries/"), link, html=True)


@pytest.mark.postgresql
@pytest.mark.parametrize("count", [1, 40])
@pytest.mark.budget
def test_statements_of_the_list(agent_client, new_order, count):
    for i in range(count):
        new_order([product("1")], f"W-{i}")

    nothing = "sort=total&recent=1&cancelable=1&attention=1&canceled=week"
    for query, most in (("", 6), ("q=W", 6), ("sort=total&cancelable=1", 6), (nothing, 5)):
        with counted_statements(most):
            agent_client.get(f"/order-summaries/?{query}")


@pytest.mark.postgresql
@pytest.mark.parametrize("count", [1, 10, pytest.param(100, marks=pytest.mark.slow)])
@pytest.mark.budget
def test_statements_for_orders_of_many_lines(agent_client, new_order, count):
    new_order([product(str(i)) for i in range(count)])

    with counted_statements(6):
        agent_client.get("/order-summaries/?q=W")
