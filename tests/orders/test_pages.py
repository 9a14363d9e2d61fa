"""The list and the record page."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from orders import lists
from tests.cancellations.test_wizard_statements import statements
from tests.wizard_run import WizardRun, product

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    user = User.objects.create_user("lauren")
    user.groups.add(Group.objects.get(name="Agent"))
    client.force_login(user)
    return client


def numbers(response):
    return [order.order_number for order in response.context["page"].orders]


def account(number, name, email=""):
    return {"number": number, "name": name, "email": email}


def day(number):
    return f"2026-10-{number:02}T09:00:00Z"


def test_the_list_is_newest_first_with_what_a_row_needs(agent, new_order):
    new_order([product("1", 2)], "OLD", ordered_at=day(1))
    new_order([product("1"), product("2")], "NEW", ordered_at=day(2))

    response = agent.get("/order-summaries/")

    assert numbers(response) == ["NEW", "OLD"]
    assert [order.line_count for order in response.context["page"].orders] == [2, 1]
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
def test_search_by_number_customer_and_e_mail(agent, new_order, q, found):
    new_order([product("1")], "W-1", ordered_at=day(1), account=account("A-1", "Lauren Boyle"))
    new_order(
        [product("1")],
        "W-2",
        ordered_at=day(2),
        account=account("A-2", "Jo Doe", "jo@example.com"),
    )

    assert numbers(agent.get("/order-summaries/", {"q": q})) == found


def test_the_status_filter(agent, new_order):
    new_order([product("1")], "W-1")
    new_order([product("1", 1, quantity_allocated=1)], "W-2")

    assert numbers(agent.get("/order-summaries/?status=Allocated")) == ["W-2"]
    assert agent.get("/order-summaries/?status=Nonsense").status_code == 400


def test_pages_go_on_and_back_by_place_not_by_number(agent, new_order, monkeypatch):
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    for i in range(5):
        new_order([product("1")], f"W-{i}", ordered_at=day(1 + i // 2))
    seen = []
    query = ""
    while True:
        response = agent.get(f"/order-summaries/?{query}")
        seen.append(numbers(response))
        query = response.context["page"].older_query
        if not query:
            break

    back = agent.get(f"/order-summaries/?{response.context['page'].newer_query}")

    assert seen == [["W-4", "W-3"], ["W-2", "W-1"], ["W-0"]]
    assert numbers(back) == ["W-2", "W-1"]
    first = agent.get(f"/order-summaries/?{back.context['page'].newer_query}")
    assert numbers(first) == ["W-4", "W-3"]
    assert first.context["page"].newer_query == ""


@pytest.mark.parametrize(
    "place", ["x", "2026-10-01", "2026-10-01T00:00:00~1", "2026-10-01T00:00:00+00:00~x", "~1", "\0"]
)
def test_a_page_that_is_none_is_a_400(agent, place):
    assert agent.get("/order-summaries/", {"after": place}).status_code == 400


def test_counts_beyond_a_thousand_are_not_counted(agent, new_order, monkeypatch):
    monkeypatch.setattr(lists, "COUNT_AT_MOST", 1)
    new_order([product("1")], "W-1")
    new_order([product("1")], "W-2")

    assertContains(agent.get("/order-summaries/"), "more than 1 orders")


def test_an_empty_list_says_what_to_do(agent, new_order):
    assertContains(agent.get("/order-summaries/"), "No orders yet")
    new_order([product("1")])
    assertContains(agent.get("/order-summaries/?q=nothing"), "No order")


def test_the_record_shows_lines_as_a_tree_with_money_and_history(agent, new_order):
    new_order(
        [
            product("1", 2, "99.00", name="TV bundle"),
            product("9", 1, "5.00", name="Cable"),
            product("2", 2, "0.00", name="TV", bundle="1", quantity_allocated=1),
        ],
        captured="203.00",
    )
    run = WizardRun(agent, "W-1")
    run.select("1", "2")
    run.explain({"1": 1, "2": 1}, note="two were enough")
    run.submit()

    response = agent.get("/order-summaries/W-1/")

    assert [row.line.name for row in response.context["record"].rows] == [
        "TV bundle",
        "TV",
        "Cable",
    ]
    for text in ("Allocated", "$104.00", "$99.00", "CO-", "two were enough", "Changed Mind"):
        assertContains(response, text)
    for name in ("Actions &amp; Recommendations", "Cancel Item", "Cancel All"):
        assertContains(response, name)


def test_the_record_says_what_is_owed_and_why_nothing_can_be_canceled(agent, new_order):
    new_order([product("1", 1, quantity_allocated=1)], captured="12.00")

    response = agent.get("/order-summaries/W-1/")

    assertContains(response, "$2.00")
    assertContains(response, "owed to the customer")
    assertContains(response, "Nothing of this order can be canceled")
    assertNotContains(response, "cancel-items")


def test_the_record_escapes_what_customers_typed(agent, new_order):
    new_order([product("1", name="<script>alert(1)</script>")])

    response = agent.get("/order-summaries/W-1/")

    assertContains(response, "&lt;script&gt;alert(1)&lt;/script&gt;")
    assertNotContains(response, "<script>alert(1)")


@pytest.mark.parametrize("number", ["nope", "a%2Fb", "%C3%BC", "x" * 300, "a b", "%00"])
def test_an_unknown_order_is_a_404(agent, number):
    assert agent.get(f"/order-summaries/{number}/").status_code == 404


@pytest.mark.postgresql
@pytest.mark.parametrize("count", [1, 10, 100])
def test_statements_of_list_and_record(agent, new_order, count):
    lines = [product(str(i), 2, taxes=[{"name": "Tax", "amount": "1.00"}]) for i in range(count)]
    new_order(lines, captured="9000.00")
    run = WizardRun(agent, "W-1")
    run.select(*[str(i) for i in range(count)])
    run.explain({str(i): 1 for i in range(count)})
    run.submit()

    listed = statements(lambda: agent.get("/order-summaries/?q=W"))
    shown = statements(lambda: agent.get("/order-summaries/W-1/"))

    assert (len(listed), len(shown)) == (6, 13)


@pytest.mark.postgresql
@pytest.mark.parametrize("count", [1, 40])
def test_statements_of_a_list_of_many(agent, new_order, count):
    for i in range(count):
        new_order([product("1")], f"W-{i}")

    with CaptureQueriesContext(connection) as queries:
        agent.get("/order-summaries/")

    assert len(queries) == 6
