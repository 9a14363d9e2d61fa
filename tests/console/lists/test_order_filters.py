"""What Order Summaries are searched and narrowed by."""

import pytest
from pytest_django.asserts import assertContains, assertRedirects

from cancellations.acts.undo import undo_change_order
from cancellations.marks import mark_orders
from cancellations.models import ProcessException
from console.models import Profile
from orders import estimates, keyset
from orders.models import OrderSummary
from tests.support.builders import cancel, imported, item, order_document, payment, product, select
from tests.support.places import reads_in
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

LIST = "/order-summaries/"


@pytest.fixture
def found(agent_client):
    """The numbers that the list shows for a query, sorted."""

    def numbers(**query):
        response = agent_client.get(LIST, query)
        assert response.status_code == 200
        return sorted(order.order_number for order in response.context["page"].rows)

    return numbers


@pytest.fixture
def shop(new_order):
    new_order(
        [product("1", name="Espresso Machine", sku="ESP-900"), product("2", name="Cup", sku="CUP")],
        "W-1",
        account={"number": "A-1", "name": "Lauren Boyle", "email": "lauren@example.com"},
        payments=[payment("20.00", gateway_reference="ch_Abc1")],
        channel="Web",
    )
    new_order(
        [product("1", name="Tea Pot", sku="TEA-1")],
        "W-12",
        account={"name": "Jo Guest", "email": "jo@example.com"},
        payments=[payment("10.00", gateway_reference="ch_Abc2")],
    )


AT_HAND = {
    "W-1": ["W-1", "W-12"],
    "W-12": ["W-12"],
    "boyle lauren": ["W-1"],
    "jo@example": ["W-12"],
    "esp-900": ["W-1"],
    "ESP": ["W-1"],
    "900": [],
    "machine espresso": ["W-1"],
    "machine boyle": ["W-1"],
    "machine guest": [],
    "ch_Abc2": ["W-12"],
    "ch_Abc": [],
}


def test_an_order_is_found_by_what_people_have_at_hand(found, shop, subtests):
    for q, numbers in AT_HAND.items():
        with subtests.test(q=q):
            assert found(q=q) == numbers


def test_an_order_is_found_by_its_change_order_and_by_no_bare_digits(found, shop, agent):
    order = OrderSummary.objects.get(order_number="W-1")
    change_order = cancel(order, select("1", 1), by=agent)

    assert found(q=change_order.number) == ["W-1"]
    assert found(q=f"{change_order.number.lower()} cup") == ["W-1"]
    assert found(q=f"{change_order.pk:08}") == []


def test_each_filter_narrows_and_all_hold_together(found, shop):
    assert found(channel="web") == ["W-1"]
    assert found(total_from="15") == ["W-1"]
    assert found(total_to="15") == ["W-12"]
    assert found(total_to="0") == []
    assert found(currency="usd") == ["W-1", "W-12"]
    assert found(currency="EUR") == []
    assert found(total_from="5", total_to="25", currency="USD", channel="Web") == ["W-1"]


def test_totals_are_compared_in_each_orders_own_currency(found):
    for number, currency, price in (("YEN", "JPY", "100"), ("DINAR", "KWD", "100.000")):
        document = order_document(order_number=number, currency=currency)
        document["items"] = [item(unit_price=price, quantity=1)]
        document["payments"] = []
        imported(document)

    assert found(total_from="100", total_to="100") == ["DINAR", "YEN"]
    assert found(total_from="100.001") == []
    assert found(total_from="100", currency="JPY") == ["YEN"]


def test_days_are_those_of_the_viewer(agent_client, found, new_order):
    new_order([product("1")], "LATE", ordered_at="2026-10-01T22:30:00Z")
    new_order([product("1")], "NEXT", ordered_at="2026-10-02T10:00:00Z")

    assert found(ordered_from="2026-10-02") == ["NEXT"]
    reads_in(agent_client, "Europe/Berlin")
    assert found(ordered_from="2026-10-02") == ["LATE", "NEXT"]
    assert found(ordered_to="2026-10-01") == []


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_days_are_those_that_a_database_can_hold(client, agent, found, new_order, zone):
    Profile.objects.update_or_create(user=agent, defaults={"time_zone": zone, "language": "en-us"})
    client.force_login(agent)
    new_order([product("1")], "OLD", ordered_at="1999-06-01T12:00:00Z")

    assert found(ordered_from="1999-01-01", ordered_to="1999-12-31") == ["OLD"]
    assert found(ordered_from="0001-01-02", ordered_to="9999-12-30") == ["OLD"]
    assert found(ordered_from="9999-12-30") == []
    assert found(ordered_to="0001-01-02") == []


def test_cancelable_are_managed_orders_with_something_left(found, new_order):
    new_order([product("1")], "OPEN")
    new_order([product("1", 1, quantity_allocated=1)], "SHIPPED")
    new_order([product("1")], "UNMANAGED", life_cycle="unmanaged")

    assert found(cancelable="1") == ["OPEN"]


def test_exceptions_are_told_from_those_that_need_attention(found, new_order):
    for number, severity in (("HIGH", "high"), ("LOW", "low")):
        ProcessException.objects.create(
            order=new_order([product("1")], number),
            category="records",
            severity=severity,
            facts={"differences": ["x"]},
        )
    mark_orders(OrderSummary.objects.values_list("pk", flat=True))
    new_order([product("1")], "FINE")

    assert found(exceptions="1") == ["HIGH", "LOW"]
    assert found(attention="1") == ["HIGH"]


def test_canceled_here_is_what_was_canceled_and_not_undone(found, shop, agent):
    order = OrderSummary.objects.get(order_number="W-1")
    change_order = cancel(order, select("1", 1), by=agent)

    for since in ("today", "week", "month"):
        assert found(canceled=since) == ["W-1"]

    undo_change_order(change_order_id=change_order.pk, by=agent)
    assert found(canceled="month") == []


def test_enter_opens_the_record_of_a_whole_number(agent_client, shop):
    for q in ("W-1", " W-1 ", "#W-1"):
        response = agent_client.get(LIST, {"q": q, "open": "1", "status": ""})
        assertRedirects(response, "/order-summaries/W-1/", fetch_redirect_response=False)


def test_enter_shows_what_else_is_found_under_an_address_to_send_on(agent_client, shop):
    asked = {"q": "W-", "open": "1", "status": "", "channel": "Web", "sort": "-total"}

    response = agent_client.get(LIST, asked)
    typed = agent_client.get(LIST, {"q": "W-1", "open": "1"}, headers={"HX-Request": "true"})

    assertRedirects(response, f"{LIST}?q=W-&channel=Web&sort=-total")
    assert typed.status_code == 200
    assert agent_client.get(LIST, {"q": "W-1"}).status_code == 200


def test_the_bars_search_opens_a_record_too(agent_client, shop):
    page = agent_client.get("/accounts/").text

    bar = page.split('role="search"')[1].split("</form>")[0]
    assert '<input type="hidden" name="open" value="1">' in bar


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"total_from": "x"}, "Enter a number."),
        ({"total_to": "1e99"}, "no more than 15 digits"),
        ({"currency": "1"}, "Three letters, such as USD."),
        ({"ordered_from": "2026-13-01"}, "Enter a valid date."),
        ({"ordered_to": "0001-01-01"}, "greater than or equal to"),
        ({"ordered_from": "9999-12-31"}, "less than or equal to"),
        ({"channel": "x" * 256}, "at most 255 characters"),
        ({"canceled": "yesterday"}, "Choose one from the list."),
        ({"cancelable": "2"}, "Choose one from the list."),
        ({"attention": "yes"}, "Choose one from the list."),
        ({"sort": "name"}, "This list cannot be sorted like that."),
        ({"columns": "status,status"}, "This list has no such columns."),
        ({"columns": "password"}, "This list has no such columns."),
        ({"sort": "total", "after": "2026-10-01T00:00:00Z~1"}, "not one of this list"),
        ({"sort": "total", "after": "-total~USD~1~1"}, "not one of this list"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_the_rest_holds(agent_client, shop, query, message):
    response = agent_client.get(LIST, {"q": "W-12", **query})

    assertContains(response, message, status_code=400)
    assert [order.order_number for order in response.context["page"].rows] == ["W-12"]


@pytest.mark.postgresql
def test_beyond_a_thousand_the_planner_says_about_how_many(agent_client, shop, monkeypatch):
    monkeypatch.setattr(keyset, "COUNT_AT_MOST", 1)
    monkeypatch.setattr(estimates, "LEAST", 1)

    with counted_statements(7):
        response = agent_client.get(LIST)

    assert response.context["page"].count_text.startswith("about ")
    for query in ("q=W", "status=created", "cancelable=1"):
        page = agent_client.get(f"{LIST}?{query}").context["page"]
        assert page.count_text == "more than 1 orders", query


def test_the_list_and_its_links_work_on_any_page_of_it(agent_client, shop):
    page = agent_client.get(f"{LIST}?status=created&columns=total,email&sort=total").text

    assert 'name="columns" value="total,email"' in page
    assert 'href="?status=created&amp;sort=-total&amp;columns=total%2Cemail"' in page
    assert 'aria-sort="ascending"' in page
    assert "lauren@example.com" in page
