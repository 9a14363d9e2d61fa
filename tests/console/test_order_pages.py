"""The list and the record page."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from orders import keyset
from tests.cancellations.wizard.test_statements import statements
from tests.support.wizard_run import WizardRun, product

pytestmark = pytest.mark.django_db

NAVIGATION_LINK = re.compile(r'<a href="[^"]+"\s*(?:aria-current="(\w+)")?>([^<]+)</a>')


@pytest.fixture
def agent(client):
    user = User.objects.create_user("lauren")
    user.groups.add(Group.objects.get(name="Agent"))
    client.force_login(user)
    return client


def numbers(response):
    return [order.order_number for order in response.context["page"].rows]


def account(number, name, email=""):
    return {"number": number, "name": name, "email": email}


def day(number):
    return f"2026-10-{number:02}T09:00:00Z"


def test_the_list_is_newest_first_with_what_a_row_needs(agent, new_order):
    new_order([product("1", 2)], "OLD", ordered_at=day(1))
    new_order([product("1"), product("2")], "NEW", ordered_at=day(2))

    response = agent.get("/order-summaries/")

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

    assert numbers(agent.get("/order-summaries/?status=allocated")) == ["W-2"]
    assert agent.get("/order-summaries/?status=Nonsense").status_code == 400


def test_pages_go_on_and_back_by_place_not_by_number(agent, new_order, monkeypatch):
    monkeypatch.setattr(keyset, "PAGE_SIZE", 2)
    for i in range(5):
        new_order([product("1")], f"W-{i}", ordered_at=day(1 + i // 2))
    seen = []
    query = ""
    while True:
        response = agent.get(f"/order-summaries/?{query}")
        seen.append(numbers(response))
        query = response.context["page"].next_query
        if not query:
            break

    back = agent.get(f"/order-summaries/?{response.context['page'].previous_query}")

    assert seen == [["W-4", "W-3"], ["W-2", "W-1"], ["W-0"]]
    assert numbers(back) == ["W-2", "W-1"]
    first = agent.get(f"/order-summaries/?{back.context['page'].previous_query}")
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
def test_a_page_that_is_none_is_a_400_that_says_so(agent, new_order, side, place):
    new_order([product("1")])

    response = agent.get("/order-summaries/", {side: place})

    assertContains(response, "The page to show is not one of this list.", status_code=400)
    assert numbers(response) == ["W-1"]


def test_what_of_a_query_is_wrong_is_said_at_its_field_and_the_rest_holds(agent, new_order):
    new_order([product("1")], "W-1")
    new_order([product("1")], "V-1")

    response = agent.get("/order-summaries/", {"q": "W", "status": "Nonsense"})
    too_long = agent.get("/order-summaries/", {"q": "x" * 256})

    assertContains(response, "Nonsense is not one of the available choices", status_code=400)
    assert numbers(response) == ["W-1"]
    assertContains(too_long, "at most 255 characters", status_code=400)


def test_counts_beyond_a_thousand_are_not_counted(agent, new_order, monkeypatch):
    monkeypatch.setattr(keyset, "COUNT_AT_MOST", 1)
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


def test_what_is_owed_stands_in_the_highlights(agent, new_order):
    new_order([product("1")], "MORE", captured="12.00")
    new_order([product("1")], "EVEN", captured="10.00")

    assertContains(agent.get("/order-summaries/MORE/"), "<dt>Owed to the customer</dt>", html=True)
    assertNotContains(agent.get("/order-summaries/EVEN/"), "Owed to the customer")


@pytest.mark.parametrize(
    ("group", "fields", "why"),
    [
        ("Agent", {"life_cycle": "unmanaged"}, "This order summary is unmanaged."),
        ("Agent", {"items": [product("1", quantity_allocated=1)]}, "all of it is allocated"),
        ("Order Management Viewer", {}, "Canceling needs the right to cancel order items."),
        (
            "Order Management Viewer",
            {"life_cycle": "unmanaged"},
            "This order summary is unmanaged.",
        ),
    ],
)
def test_actions_that_are_not_possible_stay_and_say_why(client, new_order, group, fields, why):
    new_order(**{"items": [product("1")], **fields})
    user = User.objects.create_user("someone")
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)

    page = client.get("/order-summaries/W-1/").text

    actions = page[page.index("<aside>") : page.index("</aside>")]
    assert [actions.count(text) for text in ("Cancel Item", "Cancel All", why)] == [1, 1, 2]
    assert "href" not in actions


def test_orders_lead_to_their_account(agent, new_order):
    new_order([product("1")])
    link = '<a href="/accounts/A-1001/">Lauren Boyle</a>'

    assertContains(agent.get("/order-summaries/"), link, html=True)
    assertContains(agent.get("/order-summaries/W-1/"), link, html=True)


@pytest.mark.parametrize(
    ("page", "current"),
    [
        ("/order-summaries/", ("Order Summaries", "page")),
        ("/order-summaries/accounts/", ("Order Summaries", "true")),
        ("/accounts/", ("Accounts", "page")),
        ("/accounts/A-1001/", ("Accounts", "true")),
        ("/change-orders/", ("Change Orders", "page")),
        ("/refunds/", ("Refunds", "page")),
    ],
)
def test_the_navigation_bar_marks_where_the_agent_is(agent, new_order, page, current):
    new_order([product("1")], "accounts")

    links = NAVIGATION_LINK.findall(agent.get(page).text.partition("</nav>")[0])

    assert [name for _, name in links] == [
        "Order Summaries",
        "Accounts",
        "Change Orders",
        "Refunds",
    ]
    assert [(name, mark) for mark, name in links if mark] == [current]


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
