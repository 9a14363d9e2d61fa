"""An order's page."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection, connections
from pytest_django.asserts import assertContains, assertNotContains

from cancellations.acts.take_order import import_orders
from cancellations.models import BundlePolicy
from console.models import RecentlyViewed
from orders.documents.order import read_order
from orders.locking import locked_order
from orders.models import OrderSummary
from tests.support.builders import (
    cancel,
    delivery_charge,
    imported,
    minor,
    order_document,
    payment,
    product,
    select,
    select_all,
    system_user,
)
from tests.support.statements import counted_statements
from tests.support.unguarded import set_life_cycle
from tests.support.wizard_run import WizardRun

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FEE = {"key": "9", "type": "fee", "name": "Gift wrap", "quantity": 1, "unit_price": "4.00"}


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
    for text in ("Allocated", "$104.00", "$99.00", "CO-"):
        assertContains(response, text)
    related = agent_client.get("/order-summaries/W-1/related/")
    for text in ("CO-", "two were enough", "Changed Mind"):
        assertContains(related, text)
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
@pytest.mark.budget
def test_statements_of_the_record(agent_client, new_order, count):
    lines = [product(str(i), 2, taxes=[{"name": "Tax", "amount": "1.00"}]) for i in range(count)]
    new_order(lines, captured="9000.00")
    run = WizardRun(agent_client, "W-1")
    run.select(*[str(i) for i in range(count)])
    run.explain({str(i): 1 for i in range(count)})
    run.submit()

    with counted_statements(17):
        agent_client.get("/order-summaries/W-1/")


def record_of(client, number="W-1"):
    return client.get(f"/order-summaries/{number}/").context["record"]


@pytest.fixture
def report(run_command, jsonl):
    """Reports counters of line 1 and figures of payment P1 of W-1."""

    def report(figures=None, key="1", **counters):
        line = {"key": key, **{f"quantity_{name}": count for name, count in counters.items()}}
        document = {
            "order_number": "W-1",
            "items": [line] if counters else [],
            "payments": [{"key": "P1", **figures}] if figures else [],
        }
        finished = run_command("record_fulfillment", jsonl(document))
        assert finished.status == 0, finished.errors

    return report


RETURNED = {"allocated": 1, "fulfilled": 1, "return_initiated": 1, "returned": 1}


def test_open_exceptions_stand_on_top_three_at_most_with_a_way_to_the_others(
    agent_client, new_order, report
):
    new_order([product(str(key), name=f"Coat {key}") for key in range(1, 6)])
    for key in range(1, 4):
        report(key=str(key), allocated=2, fulfilled=2)

    three = agent_client.get("/order-summaries/W-1/")
    report(key="4", allocated=2, fulfilled=2)
    four = agent_client.get("/order-summaries/W-1/")

    banner = three.text.partition('<div class="columns">')[0]
    assert re.findall(r"Coat \d \(line \d\)", banner) == [
        "Coat 3 (line 3)",
        "Coat 2 (line 2)",
        "Coat 1 (line 1)",
    ]
    assertContains(three, "2 shipped, 1 more than was ordered.")
    assertNotContains(three, "See all of this order")
    assertContains(four, 'href="/process-exceptions/?order=W-1&amp;state=open"')
    assertNotContains(four, "Coat 1 (line 1)")


def test_a_resolved_exception_stands_on_top_no_more(agent_client, new_order, report):
    new_order([product("1")])
    report(allocated=2, fulfilled=2)
    report(allocated=1, fulfilled=1)

    assertNotContains(agent_client.get("/order-summaries/W-1/"), "Something needs a person")


@pytest.mark.parametrize(
    ("counters", "figures", "sentence"),
    [
        (RETURNED, None, "$80.00 of a return is expected to be refunded elsewhere."),
        (
            {"canceled": 1},
            None,
            "$80.00 of a cancellation elsewhere is expected to be refunded there.",
        ),
        (
            {},
            {"refunded": "10.00"},
            "$10.00 was given elsewhere, beyond what was owed. It stays the customer’s.",
        ),
    ],
)
def test_the_record_says_what_stands_behind_an_amount(
    agent_client, new_order, report, counters, figures, sentence
):
    new_order([product("1", 2, "80.00")], captured="160.00")
    report(figures, **counters)

    record = record_of(agent_client)

    assert record.behind.sentences == (sentence,)
    assert record.owed_minor == 0


def test_what_was_taken_off_unpaid_and_what_the_shop_kept_is_said(
    client, manager, new_order, report
):
    client.force_login(manager)
    new_order([product("1", 2, "80.00")], captured="80.00")
    report(**RETURNED)
    assert record_of(client).behind.sentences == (
        "$80.00 was taken off elsewhere before anyone had paid for it.",
    )

    report({"captured": "160.00"})
    answers = {"answer": "kept", "expected": "8000"}
    client.post("/order-summaries/W-1/nothing-more/", answers)

    assert record_of(client).behind.sentences == (
        "$80.00 of what was returned or canceled elsewhere was kept by the shop.",
    )


def test_how_the_balance_comes_about(agent_client, new_order, report):
    new_order([product("1", 2, "80.00")], captured="150.00")
    assert record_of(agent_client).behind.rows[-1] == ("Not paid yet", minor("10.00"))
    report(**RETURNED)

    assert record_of(agent_client).behind.rows == (
        ("Held of the payments", minor("150.00")),
        ("To keep for the order", minor("-80.00")),
        ("Expected to be refunded elsewhere", minor("-70.00")),
        ("Owed to the customer", 0),
    )


def test_an_order_that_is_simply_paid_has_nothing_behind_it(agent_client, new_order):
    new_order([product("1")], captured="10.00")

    assertNotContains(agent_client.get("/order-summaries/W-1/"), "What stands behind it")


def test_that_nothing_more_is_coming_is_said_by_those_who_may(
    client, agent, manager, new_order, report
):
    new_order([product("1", 2, "80.00")], captured="160.00")
    report(**RETURNED)
    link = 'href="/order-summaries/W-1/nothing-more/"'

    client.force_login(agent)
    told = client.get("/order-summaries/W-1/")
    client.force_login(manager)
    offered = client.get("/order-summaries/W-1/")
    set_life_cycle(OrderSummary.objects.all(), "unmanaged")
    unmanaged = client.get("/order-summaries/W-1/")

    assertNotContains(told, link)
    assertContains(told, "<p>Nothing more is coming</p>", html=True)
    assertContains(told, "needs a right of its own")
    assertContains(offered, link)
    assertNotContains(unmanaged, "Nothing more is coming")


def test_refund_what_is_owed_is_offered_to_those_who_may(client, agent, manager, new_order):
    new_order([product("1")], captured="12.00")
    link = 'href="/order-summaries/W-1/refund-owed/"'

    client.force_login(agent)
    told = client.get("/order-summaries/W-1/")
    client.force_login(manager)
    offered = client.get("/order-summaries/W-1/")

    assertContains(told, "Refunding what is owed needs a right of its own")
    assertNotContains(told, link)
    assertContains(offered, link)


@pytest.mark.parametrize(
    ("changes", "is_offered"),
    [
        ({}, False),
        ({"captured": "12.00"}, True),
        ({"captured": "12.00", "life_cycle": "unmanaged"}, False),
    ],
)
def test_it_is_offered_where_something_is_owed(client, manager, new_order, changes, is_offered):
    new_order([product("1")], **{"captured": "10.00", **changes})
    client.force_login(manager)

    shown = client.get("/order-summaries/W-1/").text

    assert ("Refund what is owed" in shown) is is_offered


@pytest.mark.parametrize("left", [delivery_charge(), FEE])
def test_it_is_offered_where_something_can_be_given_back(client, manager, new_order, left):
    order = new_order([product("1"), left], captured="30.00")
    cancel(order, select_all(), by=manager)
    client.force_login(manager)

    assertContains(client.get("/order-summaries/W-1/"), "Refund what is owed")


def test_a_payment_says_what_else_happened_to_it(agent_client, new_order, report, agent):
    paid = payment("30.00", captured="20.00", refunded="1.00", charged_back="2.00")
    order = new_order([product("1", 2)], payments=[paid])
    before = agent_client.get("/order-summaries/W-1/")
    cancel(order, select_all(), by=agent)
    after = agent_client.get("/order-summaries/W-1/")

    for text in (
        "$1.00 refunded elsewhere",
        "$2.00 charged back",
        "$10.00 still authorized, not captured",
    ):
        assertContains(before, text)
    assertContains(after, "$10.00 of its authorization released")
    assertContains(after, "Authorizations released")
    assertNotContains(before, "Authorizations released")


def test_tax_lines_share_the_tax_of_a_line_and_of_the_order(agent_client, new_order, agent):
    taxes = [
        {"name": "State tax", "rate": None, "amount": "0.05"},
        {"name": "City tax", "rate": None, "amount": "0.05"},
    ]
    order = new_order([product("1", 3, taxes=taxes), product("2", taxes=taxes[:1])])
    cancel(order, select(), by=agent)

    record = record_of(agent_client)

    assert [row.tax_minor for row in record.rows] == [7, 5]
    assert [row.taxes for row in record.rows] == [(("State tax", 3), ("City tax", 4)), ()]
    parts = {label: parts for label, _, parts in record.totals if parts}
    assert parts == {"Tax": (("State tax", 8), ("City tax", 4))}


def test_fees_are_lines_and_a_total_where_there_are_any(agent_client, new_order):
    new_order([product("1")], "PLAIN")
    new_order([product("1"), FEE])

    labels = [label for label, _, _ in record_of(agent_client).totals]
    assert "Fees" in labels
    assert "Fees" not in [label for label, _, _ in record_of(agent_client, "PLAIN").totals]
    assertContains(agent_client.get("/order-summaries/W-1/"), "Gift wrap")


@pytest.mark.parametrize(
    ("account", "shown"),
    [
        ({"name": "Nora Berg", "email": "nora@example.com"}, "<bdi>Nora Berg</bdi>"),
        (None, "No name given"),
    ],
)
def test_a_guest_has_no_account(agent_client, new_order, account, shown):
    new_order([product("1")], account=account)

    record = agent_client.get("/order-summaries/W-1/")
    listed = agent_client.get("/order-summaries/")

    assertContains(record, "<dt>Guest</dt>", html=True)
    assertContains(record, shown)
    for response in (record, listed):
        assertNotContains(response, 'href="/accounts/A')
        assertContains(response, "Guest")
    if account:
        assertContains(record, "nora@example.com")
        assertContains(listed, "Nora Berg")


def test_an_order_keeps_the_name_it_came_with(agent_client, new_order):
    older, newer = (
        {"number": "A-1001", "name": name, "email": email}
        for name, email in (("Lauren Boyle", "old@example.com"), ("Lauren Hill", "new@example.com"))
    )
    new_order([product("1")], account=older, ordered_at="2026-01-01T00:00:00Z")
    new_order([product("1")], "W-2", account=newer, ordered_at="2026-02-01T00:00:00Z")

    record = agent_client.get("/order-summaries/W-1/")

    assertContains(record, '<a href="/accounts/A-1001/"><bdi>Lauren Boyle</bdi></a>', html=True)
    assertContains(record, "old@example.com")
    assertNotContains(record, "Lauren Hill")
    assertContains(agent_client.get("/order-summaries/"), "Lauren Boyle")


def test_a_unit_price_shows_all_of_its_decimals(agent_client, new_order):
    new_order([product("1", 3, "0.333333", line_amount="1.00")])

    assertContains(agent_client.get("/order-summaries/W-1/"), "$0.333333")


def test_amendments_say_when_by_whom_and_what_differed(agent_client):
    document = order_document(order_number="W-1")
    imported(document)
    changed = {**document, "channel": "Phone", "updated_at": "2026-02-01T00:00:00Z"}
    assertNotContains(agent_client.get("/order-summaries/W-1/related/"), "Amendments")
    import_orders([read_order(changed)], by=system_user())

    shown = agent_client.get("/order-summaries/W-1/related/")

    [amendment] = shown.context["record"].amendments.rows
    assert amendment.differed == ("Channel",)
    for text in ("Amendments", "Channel", amendment.at.replace(microsecond=0).isoformat(), "batch"):
        assertContains(shown, text)


def test_available_follows_the_bundle_rule_of_the_store(agent_client, new_order):
    BundlePolicy.objects.update(rule="whole_bundles")
    new_order([product("1", 2), product("2", 2, "0.00", bundle="1", quantity_allocated=1)])

    rows = record_of(agent_client).rows

    assert {row.line.key: row.available for row in rows} == {"1": 1, "2": 1}


def test_the_banner_says_the_first_thing_only(agent_client, new_order, report):
    new_order([product("1", 1, name="Coat")])
    report(allocated=3, fulfilled=2)

    banner = agent_client.get("/order-summaries/W-1/").text.partition('<div class="columns">')[0]

    assert "2 shipped, 1 more than was ordered." in banner
    assert "Reported as" not in banner


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_that_a_page_was_viewed_is_kept_while_somebody_changes_the_order(viewer_client, new_order):
    new_order([product("1")])
    locked, done = Event(), Event()

    def change():
        with locked_order("W-1"):
            locked.set()
            done.wait(10)
        connections.close_all()

    with ThreadPoolExecutor(1) as other, connection.cursor() as cursor:
        other.submit(change)
        locked.wait()
        cursor.execute("SET lock_timeout = '300ms'")
        try:
            page = viewer_client.get("/order-summaries/W-1/")
        finally:
            done.set()
            cursor.execute("RESET lock_timeout")

    assert page.status_code == 200
    assert RecentlyViewed.objects.exists()
