"""Change orders and refunds: their lists, and a change order's own page."""

from dataclasses import astuple

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from cancellations.models import ChangeOrder, Refund
from orders import keyset
from orders.models import PaymentSummary
from tests.support.builders import (
    adjustment,
    cancel,
    delivery_charge,
    imported,
    item,
    minor,
    order_document,
    payment,
    select,
    select_all,
    shirts,
    tax,
)
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def viewer_client(client, viewer):
    client.force_login(viewer)
    return client


@pytest.fixture
def shirt(agent):
    """The worked example of domain.md §9, one of two shirts canceled with its delivery."""
    return cancel(
        imported(shirts(order_number="00001401")),
        select(refund_delivery=True, note="too small"),
        by=agent,
    )


def returned(run_command, jsonl, order_number, key, quantity):
    counters = ("allocated", "fulfilled", "return_initiated", "returned")
    report = {"key": key} | {f"quantity_{name}": quantity for name in counters}
    finished = run_command(
        "record_fulfillment", jsonl({"order_number": order_number, "items": [report]})
    )
    assert finished.status == 0
    return ChangeOrder.objects.latest("pk")


def refund(status, number, agent, amount="20.00"):
    """A refund in a status, of an order with this number."""
    order = imported(order_document(order_number=number, payments=[payment(amount)]))
    made = cancel(order, select_all(), by=agent).refunds.get()
    Refund.objects.filter(pk=made.pk).update(status=status)
    if status in ("succeeded", "withdrawn"):
        refunded = minor(amount) if status == "succeeded" else 0
        PaymentSummary.objects.filter(refunds=made).update(
            reserved_minor=0, refunded_here_minor=refunded
        )
    return made


def rows(response):
    return response.context["page"].rows


def order_numbers(response):
    """Of the change orders or refunds on a page."""
    return [getattr(row, "change_order", row).order.order_number for row in rows(response)]


def read(client, change_order):
    return client.get(change_order.get_absolute_url()).context["record"]


def before_and_after(changes):
    return {change.label: (change.before, change.after) for change in changes}


# The list of change orders


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


def test_the_kind_filter(viewer_client, shirt, run_command, jsonl):
    back = returned(run_command, jsonl, "00001401", "1", 1)

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


# A change order's page


def test_a_change_order_shows_each_line_before_and_after_by_component(viewer_client, shirt):
    record = read(viewer_client, shirt)

    dress_shirt, ground = record.lines
    assert record.columns == ("Line amount", "Tax")
    assert (dress_shirt.quantity.before, dress_shirt.quantity.after) == (2, 1)
    assert before_and_after(dress_shirt.components) == {
        "Line amount": (minor("198.00"), minor("99.00")),
        "Tax": (minor("9.90"), minor("4.95")),
    }
    assert before_and_after(ground.components) == {
        "Line amount": (minor("7.99"), minor("3.99")),
        "Tax": (minor("0.40"), minor("0.20")),
    }
    assert [line.off_the_total_minor for line in record.lines] == [minor("103.95"), minor("4.20")]
    assert before_and_after(record.totals) == {
        "Products": (minor("198.00"), minor("99.00")),
        "Order adjustments": (0, 0),
        "Delivery": (minor("7.99"), minor("3.99")),
        "Tax": (minor("10.30"), minor("5.15")),
        "Total": (minor("216.29"), minor("108.14")),
    }


def test_a_change_order_says_who_when_why_and_what_goes_back(viewer_client, agent, shirt):
    response = viewer_client.get(shirt.get_absolute_url())

    assertContains(response, f"<h1>{shirt.number}</h1>", html=True)
    for text in (
        'href="/order-summaries/00001401/"',
        'href="/accounts/A-1001/"',
        agent.username,
        shirt.created_at.isoformat(),
        "Cancellation",
        "Changed Mind",
        "too small",
        "Delivery charge refunded",
        "$198.00",
        "$99.00",
        "-$108.15",
        "Visa ending 1111",
        "Pending",
        "To print this page",
    ):
        assertContains(response, text)
    for text in ("Not assigned", "owed before", "of the order stayed"):
        assertNotContains(response, text)


def test_a_later_change_order_starts_where_the_earlier_one_ended(viewer_client, agent, shirt):
    later = cancel(shirt.order, select(), by=agent)

    first, second = read(viewer_client, shirt), read(viewer_client, later)

    assert [change.after for change in first.totals] == [change.before for change in second.totals]
    assert [change.after for change in second.totals] == [*astuple(later.order.totals)]
    assert (second.lines[0].quantity.before, second.lines[0].quantity.after) == (1, 0)
    assert second.lines_left_alone == 1


def test_adjustments_have_columns_of_their_own(viewer_client, agent):
    adjusted = item(adjustments=[adjustment("-4.00"), adjustment("-2.00", "order")])
    change_order = cancel(imported(items=[adjusted, item("2")]), select(), by=agent)

    record = read(viewer_client, change_order)

    assert before_and_after(record.lines[0].components) == {
        "Line amount": (minor("20.00"), minor("10.00")),
        "Line adjustments": (minor("-4.00"), minor("-2.00")),
        "Order adjustments": (minor("-2.00"), minor("-1.00")),
    }
    assert record.lines_left_alone == 1


def test_a_child_that_stays_stands_under_its_bundle_with_the_money_it_lost(viewer_client, agent):
    order = imported(items=[item("2"), item("1"), item("9", bundle="1", unit_price="3.00")])
    change_order = cancel(order, select("1"), select("2"), by=agent)

    response = viewer_client.get(change_order.get_absolute_url())

    lines = response.context["record"].lines
    assert [line.line.key for line in lines] == ["2", "1", "9"]
    assert [line.tree.is_child for line in lines] == [False, False, True]
    assert (lines[2].quantity.before, lines[2].quantity.after) == (2, 2)
    assert lines[2].off_the_total_minor == minor("3.00")
    assertContains(response, "Only its money was taken off")


def test_tax_that_is_included_comes_off_once(viewer_client, agent):
    order = imported(tax_locale="gross", items=[item(taxes=[tax("3.20")])])
    change_order = cancel(order, select(), by=agent)

    response = viewer_client.get(change_order.get_absolute_url())

    assert response.context["record"].lines[0].off_the_total_minor == minor("10.00")
    assertContains(response, "Tax (included above)")


def test_what_is_unassigned_and_what_was_owed_before_is_said(viewer_client, agent):
    all_or_nothing = payment("25.00", full_refund_only=True)
    order = imported(order_document(payments=[all_or_nothing]))
    change_order = cancel(order, select(), by=agent)

    response = viewer_client.get(change_order.get_absolute_url())

    assertContains(response, "Not assigned to a payment")
    assertContains(response, "of which was owed before")
    for amount in ("$15.00", "$5.00"):
        assertContains(response, amount)


def test_a_return_has_a_page_too(viewer_client, shirt, run_command, jsonl):
    back = returned(run_command, jsonl, "00001401", "1", 1)

    response = viewer_client.get(back.get_absolute_url())

    [line] = response.context["record"].lines
    assert (line.quantity.before, line.quantity.after) == (1, 0)
    for text in ("Return", "Returned amount", "$103.95", "A return refunds nothing here"):
        assertContains(response, text)


def test_units_returned_before_the_import_were_never_part_of_it(viewer_client, agent):
    gone = {"quantity": 3, "quantity_allocated": 1, "quantity_fulfilled": 1}
    gone |= {"quantity_return_initiated": 1, "quantity_returned": 1}
    change_order = cancel(imported(items=[item(**gone)]), select(), by=agent)

    [line] = read(viewer_client, change_order).lines

    assert (line.quantity.before, line.quantity.after) == (2, 1)


@pytest.mark.parametrize(
    "number",
    ["CO-00000000", "CO-99999999", "CO-1", "co-{:08}", "{}", "CO-0{:08}", "CO-x", "x" * 300],
)
def test_an_unknown_change_order_is_a_404(viewer_client, shirt, number):
    assert viewer_client.get(f"/change-orders/{number.format(shirt.pk)}/").status_code == 404


def test_change_orders_are_linked_from_the_order(viewer_client, shirt):
    link = f'<a href="/change-orders/{shirt.number}/">{shirt.number}</a>'

    assertContains(viewer_client.get("/order-summaries/00001401/"), link, count=2, html=True)


def test_the_finish_page_leads_to_the_change_order(new_order, new_run):
    new_order([item("1")])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    run.submit()

    change_order = ChangeOrder.objects.get()

    assertContains(run.get("finish"), f'href="/change-orders/{change_order.number}/"')


# The list of refunds


def test_refunds_that_need_a_person_come_first(viewer_client, agent):
    for number, status in enumerate(Refund.Status.values):
        refund(status, f"R-{number}-{status}", agent)

    response = viewer_client.get("/refunds/")

    assert [row.status for row in rows(response)] == [
        "manual",
        "unknown",
        "failed",
        "withdrawn",
        "succeeded",
        "processing",
        "pending",
    ]
    assertContains(response, "Needs a person", count=3)


def test_a_refund_leads_to_its_order_and_change_order(viewer_client, agent):
    made = refund("pending", "R-1", agent)

    response = viewer_client.get("/refunds/")

    for text in (
        "1 refund",
        'href="/order-summaries/R-1/"',
        f'href="/change-orders/{made.change_order.number}/"',
        "Visa ending 1111",
        "$20.00",
        "Pending",
        made.created_at.isoformat(),
    ):
        assertContains(response, text)


def test_the_status_filter_of_refunds(viewer_client, agent):
    refund("failed", "R-1", agent)
    refund("pending", "R-2", agent)

    assert order_numbers(viewer_client.get("/refunds/?status=failed")) == ["R-1"]
    assertContains(viewer_client.get("/refunds/?status=manual"), "No refund matches")


def test_pages_of_refunds_go_on_and_back_across_those_that_need_a_person(
    viewer_client, agent, monkeypatch
):
    monkeypatch.setattr(keyset, "PAGE_SIZE", 2)
    for number, status in enumerate(["failed", "pending", "manual", "pending", "unknown"]):
        refund(status, f"R-{number}", agent)
    seen, query = [], ""
    while not seen or query:
        response = viewer_client.get(f"/refunds/?{query}")
        seen.append(order_numbers(response))
        query = response.context["page"].next_query

    back = viewer_client.get(f"/refunds/?{response.context['page'].previous_query}")

    assert seen == [["R-4", "R-2"], ["R-0", "R-3"], ["R-1"]]
    assert order_numbers(back) == seen[1]


def test_without_refunds_the_list_says_when_there_are_some(viewer_client):
    assertContains(viewer_client.get("/refunds/"), "No refunds yet")


# All of them


@pytest.mark.parametrize(
    ("page", "query", "message"),
    [
        ("/change-orders/", {"after": "x"}, "The page to show is not one of this list."),
        ("/change-orders/", {"before": "1~1"}, "The page to show is not one of this list."),
        ("/change-orders/", {"after": "9" * 19}, "The page to show is not one of this list."),
        ("/change-orders/", {"kind": "refund"}, "refund is not one of the available choices"),
        ("/change-orders/", {"q": "x" * 256}, "at most 255 characters"),
        ("/refunds/", {"after": "1"}, "The page to show is not one of this list."),
        ("/refunds/", {"before": "1~x"}, "The page to show is not one of this list."),
        ("/refunds/", {"status": "lost"}, "lost is not one of the available choices"),
    ],
)
def test_a_query_that_cannot_be_is_a_400_that_says_so(viewer_client, page, query, message):
    assertContains(viewer_client.get(page, query), message, status_code=400)


def test_the_pages_are_for_those_who_see_orders(client, shirt, django_user_model):
    pages = ["/change-orders/", shirt.get_absolute_url(), "/refunds/"]

    signed_out = [client.get(page).headers["Location"] for page in pages]
    client.force_login(django_user_model.objects.create_user("nobody"))
    refused = [client.get(page).status_code for page in pages]

    assert signed_out == [f"/sign-in/?next={page}" for page in pages]
    assert refused == [403] * 3


def test_the_pages_are_only_read_and_never_cached(viewer_client, shirt):
    for page in ("/change-orders/", shirt.get_absolute_url(), "/refunds/"):
        assert viewer_client.post(page).status_code == 405
        assert "no-store" in viewer_client.get(page).headers["Cache-Control"]


@pytest.mark.parametrize("count", [1, 20])
def test_statements_of_the_lists(viewer_client, agent, count):
    for number in range(count):
        refund("pending", f"R-{number}", agent)

    with counted_statements(6):
        viewer_client.get("/change-orders/?q=R")
    with counted_statements(6):
        viewer_client.get("/refunds/")


@pytest.mark.parametrize("count", [1, 20])
def test_statements_of_a_change_order(viewer_client, agent, count):
    lines = [
        item(f"{key}", adjustments=[adjustment("-1.00")], taxes=[tax("1.00")])
        for key in range(count)
    ]
    order = imported(items=[*lines, delivery_charge(taxes=[tax("0.40")])])
    everything = [select(f"{key}", refund_delivery=True) for key in range(count)]
    cancel(order, *everything, by=agent)
    change_order = cancel(order, *everything, by=agent)

    with counted_statements(13):
        viewer_client.get(change_order.get_absolute_url())
