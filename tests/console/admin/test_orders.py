"""The admin's view of orders: found and read there, canceled outside the console."""

import re
from html import unescape

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cancellations.models import BundlePolicy
from console.admin import orders as orders_admin
from console.admin import reading
from orders.models import Account, OrderItemSummary, OrderSummary, PaymentSummary
from tests.support.builders import UserFactory, cancel, product, select
from tests.support.statements import statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

LIST = "/admin/orders/ordersummary/"


@pytest.fixture
def staff(client):
    """Signs in as a member of the staff with a role; gives the client."""

    def sign_in(**role):
        client.force_login(UserFactory(is_staff=True, **role))
        return client

    return sign_in


def account(number, name, email=""):
    return {"number": number, "name": name, "email": email}


def day(number):
    return f"2026-10-{number:02}T09:00:00Z"


def numbers(response):
    return [order.order_number for order in response.context["cl"].result_list]


def links(response, text):
    return [unescape(url) for url in re.findall(rf'href="([^"]+)">{text}</a>', response.text)]


def test_the_list_has_the_consoles_columns_newest_first(staff, new_order):
    new_order([product("1", 2)], "OLD", ordered_at=day(1))
    new_order(
        [product("1", 1, "1.500"), product("2")],
        "NEW",
        ordered_at=day(2),
        currency="KWD",
        captured="0",
    )

    response = staff(agent=True).get(LIST)

    table = response.text.partition('id="result_list"')[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in rows]
    assert [row[:6] for row in cells] == [
        [
            '<a href="/order-summaries/NEW/">NEW</a>',
            "Lauren Boyle",
            "Oct 2, 2026, 9:00\N{NO-BREAK SPACE}AM",
            "Created",
            "2",
            "KWD\N{NO-BREAK SPACE}11.500",
        ],
        [
            '<a href="/order-summaries/OLD/">OLD</a>',
            "Lauren Boyle",
            "Oct 1, 2026, 9:00\N{NO-BREAK SPACE}AM",
            "Created",
            "1",
            "$20.00",
        ],
    ]
    headers = re.findall(r'<div class="text"><span>(.*?)</span></div>', response.text)
    assert headers == [
        "Order number",
        "Account",
        "Ordered",
        "Status",
        "Items",
        "Total",
        "Actions",
    ]
    assertContains(response, "Countermand")


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("", ["W-2", "W-1"]),
        ("w-1", ["W-1"]),
        ("Lauren Boyle", ["W-1"]),
        ("JO@EXAMPLE", ["W-2"]),
        ("A-2", ["W-2"]),
        ("%", []),
        ("' OR 1=1 --", []),
    ],
)
def test_search_by_number_customer_and_e_mail(staff, new_order, q, found):
    new_order([product("1")], "W-1", ordered_at=day(1), account=account("A-1", "Lauren Boyle"))
    new_order(
        [product("1")],
        "W-2",
        ordered_at=day(2),
        account=account("A-2", "Jo Doe", "jo@example.com"),
    )

    assert numbers(staff(viewer=True).get(LIST, {"q": q})) == found


def test_a_search_for_what_no_text_holds_says_so(staff, new_order):
    assertContains(staff(viewer=True).get(LIST, {"q": "\0"}), "Null characters are not allowed.")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status__exact=allocated", ["ALLOCATED"]),
        ("life_cycle__exact=unmanaged", ["UNMANAGED"]),
        ("currency=JPY", ["YEN"]),
        ("currency=XXX", []),
    ],
)
def test_filters_by_status_life_cycle_and_currency(staff, new_order, query, found):
    new_order([product("1", 1, quantity_allocated=1)], "ALLOCATED")
    new_order([product("1")], "UNMANAGED", life_cycle="unmanaged")
    new_order([product("1", 1, "10")], "YEN", currency="JPY", captured="10")

    response = staff(viewer=True).get(f"{LIST}?{query}")

    assert numbers(response) == found
    assertContains(response, 'href="?currency=JPY"' if "currency" in query else "currency=JPY")


def test_the_wizards_open_outside_and_lead_back_to_the_list_as_it_was(staff, new_order):
    new_order([product("1", 3)])
    client = staff(agent=True)

    page = client.get(f"{LIST}?q=W-1&status__exact=created")

    [cancel_item], [cancel_all] = links(page, "Cancel Item"), links(page, "Cancel All")
    back = "outside=1&return_to=%2Fadmin%2Forders%2Fordersummary%2F%3Fq%3DW-1%26status__exact%3D"
    assert cancel_item == f"/order-summaries/W-1/cancel-items/?{back}created"
    assert cancel_all == f"/order-summaries/W-1/cancel-all/?{back}created"
    for url in (cancel_item, cancel_all):
        wizard = client.get(url, follow=True)
        assert wizard.text.count("<progress") == 2
        left = client.post(
            wizard.request["PATH_INFO"] + "?" + wizard.request["QUERY_STRING"],
            {re.search(r'name="(cancel-[^"]*-current_step)"', wizard.text)[1]: step_of(wizard)}
            | {"discard": "1"},
        )
        assertRedirects(left, f"{LIST}?q=W-1&status__exact=created")


def step_of(wizard):
    return wizard.request["PATH_INFO"].split("/")[-2]


def test_wizards_are_offered_to_those_who_may_cancel_and_where_something_can_be(staff, new_order):
    new_order([product("1")], "OPEN")
    new_order([product("1", 1, quantity_allocated=1)], "ALLOCATED")
    new_order([product("1")], "UNMANAGED", life_cycle="unmanaged")

    assert links(staff(viewer=True).get(LIST), "Cancel Item") == []
    [url] = links(staff(agent=True).get(LIST), "Cancel Item")

    assert url.startswith("/order-summaries/OPEN/cancel-items/")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("status__exact=Nonsense", 200),
        ("status__exact=%00", 400),
        ("currency=%00", 400),
        ("order_number__regex=(a%2B)%2B$", 400),
        ("ordered_at__year=9999999999", 400),
        ("grand_total_minor__gt=1", 400),
        ("account__name=Boyle", 400),
        ("ordered_at=yesterday", 302),
        ("id__exact=99999999999999999999", 200),
        ("q=W&id__exact=99999999999999999999", 200),
        ("nothing=1", 302),
        ("p=0", 200),
        ("p=-1", 200),
        ("p=text", 200),
        ("o=text", 200),
        ("o=1.-2.99", 200),
        ("_to_field=fingerprint", 400),
    ],
)
def test_a_query_that_is_none_of_the_lists_breaks_nothing(staff, new_order, query, status):
    new_order([product("1")])

    assert staff(is_superuser=True).get(f"{LIST}?{query}").status_code == status


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("query", "most"), [("", 8), ("q=Boyle&status__exact=created&_facets=True&currency=USD", 9)]
)
@pytest.mark.budget
def test_the_list_counts_no_table_and_takes_the_same_statements_for_many(
    staff, new_order, query, most
):
    new_order([product("1"), product("2")], "W-0")
    client = staff(agent=True)

    of_one = statements(lambda: client.get(f"{LIST}?{query}"))
    for i in range(1, 60):
        new_order([product("1")], f"W-{i}")
    of_many = statements(lambda: client.get(f"{LIST}?{query}"))

    assert len(of_many) == len(of_one) == most
    reading = [sql for sql in of_many if '"orders_ordersummary"' in sql]
    assert [sql for sql in reading if not re.search(r"LIMIT (50|100[01])\b", sql)] == []
    assert sum("COUNT(*)" in sql for sql in reading) == 1


def test_the_list_ends_where_counting_ends(staff, new_order, monkeypatch):
    monkeypatch.setattr(reading, "COUNT_AT_MOST", 3)
    monkeypatch.setattr(orders_admin.OrderSummaryAdmin, "list_per_page", 2)
    for i in range(1, 6):
        new_order([product("1")], f"W-{i}", ordered_at=day(i))
    client = staff(viewer=True)

    pages = [numbers(client.get(f"{LIST}?p={page}")) for page in (1, 2)]

    assert pages == [["W-5", "W-4"], ["W-3"]]
    assertRedirects(client.get(f"{LIST}?p=3"), f"{LIST}?e=1")
    assertContains(client.get(LIST), "The list ends after")


def test_an_orders_page_shows_its_lines_and_money_and_leads_to_its_change_orders(
    staff, new_order, agent
):
    order = new_order([product("1", 2, "99.00"), product("2")], captured="208.00")
    change_order = cancel(order, select(), by=agent)
    client = staff(viewer=True)

    page = client.get(f"{LIST}{order.pk}/change/")

    for text in ("SKU-1", "$99.00", "$109.00", "Visa ending 1111", "G1"):
        assertContains(page, text)
    [url] = links(page, "Of <bdi>W-1</bdi>")
    assertContains(client.get(url), change_order.number)
    assertNotContains(page, '<input type="submit"')


@pytest.mark.postgresql
@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.budget
def test_statements_of_an_orders_page(staff, new_order, count):
    order = new_order([product(str(i)) for i in range(count)])
    client = staff(viewer=True)

    assert len(statements(lambda: client.get(f"{LIST}{order.pk}/change/"))) == 8


@pytest.mark.parametrize("role", [{"manager": True}, {"is_superuser": True}])
@pytest.mark.parametrize("model", ["ordersummary", "account"])
def test_facts_are_not_added_changed_or_deleted_whoever_asks(staff, new_order, role, model):
    order = new_order([product("1")])
    pk = order.pk if model == "ordersummary" else order.account_id
    client = staff(**role)
    urls = [f"/admin/orders/{model}/{path}" for path in ("add/", f"{pk}/delete/")]
    change = f"/admin/orders/{model}/{pk}/change/"
    typed = {
        "order_number": "forged",
        "status": "Canceled",
        "name": "forged",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "1",
        "lines-0-id": order.lines.get().pk,
        "lines-0-order": order.pk,
        "lines-0-quantity_canceled": "1",
        "lines-0-DELETE": "on",
        "post": "yes",
    }
    before = facts()

    posted = [client.post(url, typed).status_code for url in (*urls, change)]
    shown = [client.get(url).status_code for url in (*urls, change)]

    assert posted == [403, 403, 403]
    assert shown == [403, 403, 200]
    assert facts() == before


@pytest.mark.parametrize("model", ["ordersummary", "account"])
def test_no_action_of_a_list_deletes(staff, new_order, model):
    order = new_order([product("1")])
    pk = order.pk if model == "ordersummary" else order.account_id
    before = facts()

    response = staff(is_superuser=True).post(
        f"/admin/orders/{model}/",
        {"action": "delete_selected", "_selected_action": pk, "index": "0", "post": "yes"},
    )

    assert response.status_code == 200
    assert facts() == before


def facts():
    models = (OrderSummary, OrderItemSummary, PaymentSummary, Account)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("url", ["", "orders/ordersummary/", "orders/account/"])
def test_who_is_not_of_the_staff_does_not_enter(client, agent, url):
    client.force_login(agent)

    response = client.get(f"/admin/{url}")

    assertRedirects(response, f"/admin/login/?next=/admin/{url}", target_status_code=403)


def test_cancel_all_is_not_offered_where_only_parts_of_bundles_are_left(staff, new_order):
    BundlePolicy.objects.update(rule="whole_bundles")
    part = product("2", 2, "0.00", bundle="1")
    new_order([product("1", 1, quantity_allocated=1), part], "PARTS")
    new_order([product("1", 1), part], "WHOLE")
    new_order([product("1", 1, quantity_allocated=1)], "GONE")

    shown = staff(agent=True).get(LIST)

    assert sorted(url.split("/")[2] for url in links(shown, "Cancel All")) == ["WHOLE"]
    assert sorted(url.split("/")[2] for url in links(shown, "Cancel Item")) == ["PARTS", "WHOLE"]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("cancelable=1", ["OPEN"]),
        ("exceptions=1", []),
        ("attention=1", []),
        ("canceled=week", []),
        ("ordered_from=2026-10-02", ["GONE"]),
        ("ordered_to=2026-10-01", ["OPEN"]),
        ("total_from=15&cancelable=1", ["OPEN"]),
        ("total_to=10", ["GONE"]),
        ("channel=web", ["OPEN"]),
        ("q=SKU-1", ["GONE", "OPEN"]),
    ],
)
def test_the_admins_list_is_narrowed_as_the_consoles(staff, new_order, query, numbers):
    new_order([product("1", 2)], "OPEN", ordered_at="2026-10-01T09:00:00Z", channel="Web")
    new_order([product("1", 1, quantity_allocated=1)], "GONE", ordered_at="2026-10-03T09:00:00Z")
    client = staff(agent=True)

    for path in (LIST, "/order-summaries/"):
        context = client.get(f"{path}?{query}").context
        rows = context["cl"].result_list if "cl" in context else context["page"].rows
        assert [order.order_number for order in rows] == numbers


def test_a_filter_that_is_typed_keeps_the_others(staff, new_order):
    new_order([product("1")])

    page = staff(agent=True).get(f"{LIST}?cancelable=1&q=W&total_from=1").text

    assert '<input type="hidden" name="cancelable" value="1">' in page
    assert '<input type="hidden" name="q" value="W">' in page
    assert 'aria-label="Total from"' in page


@pytest.mark.parametrize(
    "query", ["total_from=x", "ordered_from=x", "cancelable=2", "canceled=x", "total_to=1e99"]
)
def test_a_filter_that_is_wrong_leads_back_to_the_list(staff, new_order, query):
    assert staff(agent=True).get(f"{LIST}?{query}").status_code == 302
