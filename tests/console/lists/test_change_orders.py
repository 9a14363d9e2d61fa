"""The list of change orders."""

import pytest
from django.contrib.auth.models import Permission
from pytest_django.asserts import assertContains

from orders import keyset
from tests.support.builders import UserFactory, cancel, imported, item, product, select
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

LIST = "/change-orders/"


def rows(response):
    return response.context["page"].rows


def order_numbers(response):
    return [change_order.order.order_number for change_order in rows(response)]


def test_change_orders_stand_newest_first_with_what_a_row_needs(viewer_client, agent, shirt):
    second = cancel(imported(order_number="N-2"), select(), by=agent)

    response = viewer_client.get("/change-orders/")

    assert rows(response) == [second, shirt]
    for text in (
        "2 change orders",
        shirt.number,
        f'href="/change-orders/{shirt.number}/"',
        'href="/order-summaries/00001401/"',
        "Cancellation",
        agent.username,
        "$108.15",
    ):
        assertContains(response, text)


def test_search_by_change_order_number_and_order_number(viewer_client, agent):
    change_orders = {
        number: cancel(imported(order_number=number), select(), by=agent)
        for number in ("W-ONE", "W-TWO")
    }
    one = change_orders["W-ONE"]

    def found(q):
        return order_numbers(viewer_client.get("/change-orders/", {"q": q}))

    for q in (one.number, one.number.lower(), f"CO-{one.pk}", f"{one.pk}", f" {one.number} "):
        assert found(q) == ["W-ONE"]
    assert found("w-t") == ["W-TWO"]
    assert found("W-") == ["W-TWO", "W-ONE"]
    for q in ("CO-00000000", "9" * 18, "9" * 19, "CO-x", "%", "nothing"):
        assert found(q) == []


def test_the_kind_filter(viewer_client, shirt, returned):
    back = returned("00001401", "1", 1)

    assert rows(viewer_client.get("/change-orders/?kind=return")) == [back]
    assert rows(viewer_client.get("/change-orders/?kind=cancellation")) == [shirt]


def test_pages_of_change_orders_go_on_and_back(viewer_client, agent, monkeypatch):
    monkeypatch.setattr(keyset, "PAGE_SIZE", 2)
    order = imported(items=[item(quantity=9)])
    made = [cancel(order, select(), by=agent) for _ in range(3)][::-1]

    first = viewer_client.get("/change-orders/")
    second = viewer_client.get(f"/change-orders/?{first.context['page'].next_query}")
    back = viewer_client.get(f"/change-orders/?{second.context['page'].previous_query}")

    assert [rows(first), rows(second), rows(back)] == [made[:2], made[2:], made[:2]]
    assert second.context["page"].next_query == ""


def test_without_change_orders_the_list_leads_to_the_orders(viewer_client):
    assertContains(viewer_client.get("/change-orders/"), "No change orders yet")
    assertContains(viewer_client.get("/change-orders/?q=x"), "No change order matches")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"after": "x"}, "The page to show is not one of this list."),
        ({"before": "1~1"}, "The page to show is not one of this list."),
        ({"after": "9" * 19}, "The page to show is not one of this list."),
        ({"kind": "refund"}, "Choose one from the list."),
        ({"q": "x" * 256}, "at most 255 characters"),
    ],
)
def test_a_query_that_cannot_be_is_a_400_that_says_so(viewer_client, query, message):
    assertContains(viewer_client.get(LIST, query), message, status_code=400)


def test_the_list_is_for_those_who_see_orders(client, django_user_model):
    signed_out = client.get(LIST)
    client.force_login(django_user_model.objects.create_user("nobody"))

    assert signed_out.headers["Location"] == f"/sign-in/?next={LIST}"
    assert client.get(LIST).status_code == 403


def test_the_list_is_only_read_and_never_cached(viewer_client):
    assert viewer_client.post(LIST).status_code == 405
    assert "no-store" in viewer_client.get(LIST).headers["Cache-Control"]


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.budget
def test_statements_of_the_list(viewer_client, agent, count):
    for number in range(count):
        cancel(imported(order_number=f"R-{number}"), select(), by=agent)

    with counted_statements(7):
        viewer_client.get(f"{LIST}?q=R")


@pytest.fixture
def of_two_people(agent, manager):
    """One of each of two people, for two reasons, of two customers."""
    boyle = imported(order_number="W-1", account={"number": "A-1", "name": "Lauren Boyle"})
    guest = imported(order_number="W-2", account={"name": "Jo Guest", "email": "jo@example.com"})
    return (
        cancel(boyle, select(reason="Changed Mind"), by=agent),
        cancel(guest, select(reason="Other", note="x"), by=manager),
    )


def test_each_filter_narrows_and_all_hold_together(client, agent, manager, of_two_people):
    mine, theirs = of_two_people
    client.force_login(agent)

    for query, found in (
        ({"agent": manager.username}, [theirs]),
        ({"agent": "nobody"}, []),
        ({"mine": "1"}, [mine]),
        ({"customer": "boyle"}, [mine]),
        ({"customer": "A-1 lauren"}, [mine]),
        ({"customer": "jo@example"}, [theirs]),
        ({"reason": "Other"}, [theirs]),
        ({"since": "today"}, [theirs, mine]),
        ({"made_from": "2999-12-31"}, []),
        ({"made_to": "2000-01-01"}, []),
        ({"made_from": "2000-01-01", "made_to": "2999-12-31", "mine": "1"}, [mine]),
        ({"customer": "guest", "mine": "1"}, []),
        ({"sort": "when"}, [mine, theirs]),
    ):
        assert rows(client.get(LIST, query)) == found, query


def test_nobody_finds_out_names_of_customers_whom_they_may_not_see(client, of_two_people):
    reader = UserFactory()
    rights = ("view_changeorder", "view_ordersummary")
    reader.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    client.force_login(reader)

    page = client.get(LIST, {"customer": "boyle"})

    assert "customer" not in page.context["form"].fields
    assert len(rows(page)) == 2
    assert client.get(LIST, {"customer": "nobody"}).context["form"].asked == {}


def test_names_of_people_may_hold_what_parts_a_place(agent_client, new_order, monkeypatch):
    monkeypatch.setattr(keyset, "PAGE_SIZE", 1)
    ann = UserFactory(agent=True, first_name="Ann~Bo", last_name="C")
    order = new_order([product("1", 5)])
    made = [cancel(order, select("1", 1), by=ann) for _ in range(2)]

    first = agent_client.get(f"{LIST}?sort=who")
    second = agent_client.get(f"{LIST}?{first.context['page'].next_query}")

    assert {*rows(first), *rows(second)} == set(made)
