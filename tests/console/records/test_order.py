"""An order's page."""

import pytest
from django.contrib.auth.models import Group, User
from pytest_django.asserts import assertContains, assertNotContains

from tests.support.builders import product
from tests.support.statements import counted_statements
from tests.support.wizard_run import WizardRun

pytestmark = pytest.mark.django_db


def test_the_record_shows_lines_as_a_tree_with_money_and_history(agent_client, new_order):
    new_order(
        [
            product("1", 2, "99.00", name="TV bundle"),
            product("9", 1, "5.00", name="Cable"),
            product("2", 2, "0.00", name="TV", bundle="1", quantity_allocated=1),
        ],
        captured="203.00",
    )
    run = WizardRun(agent_client, "W-1")
    run.select("1", "2")
    run.explain({"1": 1, "2": 1}, note="two were enough")
    run.submit()

    response = agent_client.get("/order-summaries/W-1/")

    assert [row.line.name for row in response.context["record"].rows] == [
        "TV bundle",
        "TV",
        "Cable",
    ]
    for text in ("Allocated", "$104.00", "$99.00", "CO-", "two were enough", "Changed Mind"):
        assertContains(response, text)
    for name in ("Actions &amp; Recommendations", "Cancel Item", "Cancel All"):
        assertContains(response, name)


def test_the_record_says_what_is_owed_and_why_nothing_can_be_canceled(agent_client, new_order):
    new_order([product("1", 1, quantity_allocated=1)], captured="12.00")

    response = agent_client.get("/order-summaries/W-1/")

    assertContains(response, "$2.00")
    assertContains(response, "owed to the customer")
    assertContains(response, "Nothing of this order can be canceled")
    assertNotContains(response, "cancel-items")


def test_what_is_owed_stands_in_the_highlights(agent_client, new_order):
    new_order([product("1")], "MORE", captured="12.00")
    new_order([product("1")], "EVEN", captured="10.00")

    assertContains(
        agent_client.get("/order-summaries/MORE/"), "<dt>Owed to the customer</dt>", html=True
    )
    assertNotContains(agent_client.get("/order-summaries/EVEN/"), "Owed to the customer")


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


def test_an_order_leads_to_its_account(agent_client, new_order):
    new_order([product("1")])
    link = '<a href="/accounts/A-1001/"><bdi>Lauren Boyle</bdi></a>'

    assertContains(agent_client.get("/order-summaries/W-1/"), link, html=True)


def test_the_record_escapes_what_customers_typed(agent_client, new_order):
    new_order([product("1", name="<script>alert(1)</script>")])

    response = agent_client.get("/order-summaries/W-1/")

    assertContains(response, "&lt;script&gt;alert(1)&lt;/script&gt;")
    assertNotContains(response, "<script>alert(1)")


@pytest.mark.parametrize("number", ["nope", "a%2Fb", "%C3%BC", "x" * 300, "a b", "%00"])
def test_an_unknown_order_is_a_404(agent_client, number):
    assert agent_client.get(f"/order-summaries/{number}/").status_code == 404


@pytest.mark.postgresql
@pytest.mark.parametrize("count", [1, 10, pytest.param(100, marks=pytest.mark.slow)])
def test_statements_of_the_record(agent_client, new_order, count):
    lines = [product(str(i), 2, taxes=[{"name": "Tax", "amount": "1.00"}]) for i in range(count)]
    new_order(lines, captured="9000.00")
    run = WizardRun(agent_client, "W-1")
    run.select(*[str(i) for i in range(count)])
    run.explain({str(i): 1 for i in range(count)})
    run.submit()

    with counted_statements(15):
        agent_client.get("/order-summaries/W-1/")
