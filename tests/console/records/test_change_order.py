"""A change order's page."""

from dataclasses import astuple, replace

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from cancellations.acts.settle import submit_settlement
from cancellations.arithmetic.quotes import Asked
from cancellations.models import ChangeOrder
from cancellations.selection import SettlementRequest
from cancellations.snapshots import NotReviewed
from orders.models import OrderEvent
from tests.support.builders import (
    adjustment,
    cancel,
    delivery_charge,
    imported,
    item,
    minor,
    order_document,
    payment,
    report,
    select,
    select_all,
    tax,
)
from tests.support.statements import counted_statements
from tests.support.unguarded import unguarded

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.slow]


def read(client, change_order):
    return client.get(change_order.get_absolute_url()).context["record"]


def before_and_after(changes):
    return {change.label: (change.before, change.after) for change in changes}


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
    assert [line.moved_minor for line in record.lines] == [minor("103.95"), minor("4.20")]
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
        shirt.created_at.isoformat(timespec="seconds"),
        "Cancellation",
        "Changed Mind",
        "too small",
        "Delivery charge refunded",
        "$198.00",
        "$99.00",
        "-$108.15",
        "Visa ending 1111",
        "Pending",
        "data-print",
    ):
        assertContains(response, text)
    for text in ("Not assigned", "owed before", "of the order stayed"):
        assertNotContains(response, text)


def test_a_later_change_order_starts_where_the_earlier_one_ended(viewer_client, agent, shirt):
    later = cancel(shirt.order, select(), by=agent)

    first, second = read(viewer_client, shirt), read(viewer_client, later)

    assert [change.after for change in first.totals] == [change.before for change in second.totals]
    product, adjustments, delivery, _fees, tax, total = astuple(later.order.totals)
    shown = [product, adjustments, delivery, tax, total]
    assert [change.after for change in second.totals] == shown
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
    bundle = replace(select("1"), asked=Asked("1", 1, takes_children=False))
    change_order = cancel(order, bundle, select("2"), by=agent)

    response = viewer_client.get(change_order.get_absolute_url())

    lines = response.context["record"].lines
    assert [line.line.key for line in lines] == ["2", "1", "9"]
    assert [line.tree.is_child for line in lines] == [False, False, True]
    assert (lines[2].quantity.before, lines[2].quantity.after) == (2, 2)
    assert lines[2].moved_minor == minor("3.00")
    assertContains(response, "Only its money was taken off")


def test_tax_that_is_included_comes_off_once(viewer_client, agent):
    order = imported(tax_locale="gross", items=[item(taxes=[tax("3.20")])])
    change_order = cancel(order, select(), by=agent)

    response = viewer_client.get(change_order.get_absolute_url())

    assert response.context["record"].lines[0].moved_minor == minor("10.00")
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


def test_a_return_has_a_page_too(viewer_client, shirt, returned):
    back = returned("00001401", "1", 1)

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


def test_a_change_order_is_for_those_who_see_orders(client, shirt, django_user_model):
    page = shirt.get_absolute_url()

    signed_out = client.get(page)
    client.force_login(django_user_model.objects.create_user("nobody"))

    assert signed_out.headers["Location"] == f"/sign-in/?next={page}"
    assert client.get(page).status_code == 403


def test_a_change_order_is_only_read_and_never_cached(viewer_client, shirt):
    page = shirt.get_absolute_url()

    assert viewer_client.post(page).status_code == 405
    assert "no-store" in viewer_client.get(page).headers["Cache-Control"]


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.budget
def test_statements_of_a_change_order(viewer_client, agent, count):
    lines = [
        item(f"{key}", adjustments=[adjustment("-1.00")], taxes=[tax("1.00")])
        for key in range(count)
    ]
    order = imported(items=[*lines, delivery_charge(taxes=[tax("0.40")])])
    everything = [select(f"{key}", refund_delivery=True) for key in range(count)]
    cancel(order, *everything, by=agent)
    change_order = cancel(order, *everything, by=agent)

    with counted_statements(17):
        viewer_client.get(change_order.get_absolute_url())


FEE = {"key": "9", "type": "fee", "name": "Gift wrap", "quantity": 1, "unit_price": "4.00"}


def settle(order, by, **asked):
    request = SettlementRequest(order.order_number, "S-1", **asked)
    return submit_settlement(request=request, agreed=NotReviewed(), by=by).change_order


def test_a_settlement_without_items_says_so_with_its_note(viewer_client, manager):
    order = imported(order_document(payments=[payment("25.00")]))
    change_order = settle(order, manager, note="Captured\ntoo much.")

    response = viewer_client.get(change_order.get_absolute_url())

    for text in (
        "Settlement",
        "It moved no items: it refunds what was owed without a cancellation.",
        "Captured<br>too much.",
        "Taken off the total",
        "$5.00",
    ):
        assertContains(response, text)
    for text in ("Items, before", "of which was owed before", "<dt>Canceled amount</dt>"):
        assertNotContains(response, text)


def test_a_settlement_shows_the_delivery_and_fees_that_it_gave_back(viewer_client, manager):
    order = imported(items=[item(), delivery_charge(), FEE])
    cancel(order, select_all(), by=manager)
    change_order = settle(order, manager, delivery_groups=("G1",), refund_fees=True)

    response = viewer_client.get(change_order.get_absolute_url())
    on_the_order = viewer_client.get(f"{order.get_absolute_url()}related/")

    record = response.context["record"]
    assert [line.line.name for line in record.lines] == ["Standard Ground", "Gift wrap"]
    assert before_and_after(record.totals)["Fees"] == (minor("4.00"), 0)
    for text in ("Delivery Charge", "Fee", "$11.99"):
        assertContains(response, text)
    assertContains(on_the_order, "Fee Adjustment")


def test_releases_stand_beside_the_refunds(viewer_client, agent):
    order = imported(payments=[payment("30.00", captured="20.00")])
    change_order = cancel(order, select_all(), by=agent)

    response = viewer_client.get(change_order.get_absolute_url())

    assertContains(response, "Authorizations released")
    assertContains(response, "$10.00")


def test_a_cancellation_elsewhere_is_told_as_one(viewer_client, run_command, jsonl):
    order = imported(items=[item(), delivery_charge()])
    line = {"key": "1", "quantity_canceled": 2, "refund_delivery": True}
    run_command("record_fulfillment", jsonl({"order_number": order.order_number, "items": [line]}))

    response = viewer_client.get(ChangeOrder.objects.get().get_absolute_url())

    for text in (
        "Reported Cancellation",
        "Canceled elsewhere",
        "Delivery charge refunded elsewhere",
        "its money goes back there.",
    ):
        assertContains(response, text)


def test_the_actor_and_the_customer_keep_the_names_they_had(viewer_client, agent):
    order = imported(account={"name": "Nora Berg", "email": "nora@example.com"})
    agent.first_name, agent.last_name = "Ada", "Maiden"
    change_order = cancel(order, select(), by=agent)
    was = agent.get_full_name()
    agent.last_name = "Renamed"
    agent.save()

    response = viewer_client.get(change_order.get_absolute_url())
    listed = viewer_client.get("/change-orders/")

    for page in (response, listed):
        assertContains(page, was)
        assertNotContains(page, "Renamed")
    assertContains(response, "Nora Berg")
    assertContains(response, "<dt>Guest</dt>", html=True)


@pytest.mark.parametrize("facts", [{}, None])
def test_what_cannot_be_replayed_is_shown_as_it_was_written(viewer_client, agent, facts):
    order = imported(payments=[payment("20.00")])
    change_order = cancel(order, select(), by=agent)
    if facts is None:  # it hangs on an event that does not lead to it
        event = order.events.get(type="order_imported")
        with unguarded(ChangeOrder):
            ChangeOrder.objects.update(event=event)
    else:
        with unguarded(OrderEvent):
            order.events.filter(type="items_canceled").update(facts=facts)

    response = viewer_client.get(change_order.get_absolute_url())

    for text in ("cannot be worked out again", "-$10.00", "$10.00", "Changed Mind"):
        assertContains(response, text)


@pytest.mark.parametrize(("captured", "is_told"), [("28.99", True), ("27.99", False)])
def test_what_was_owed_before_is_told_of_a_settlement_that_gives_back_more(
    viewer_client, manager, captured, is_told
):
    order = imported(items=[item(), delivery_charge()], payments=[payment("27.99")])
    cancel(order, select_all(), by=manager)
    report(order, payments=[{"key": "P1", "authorized": captured, "captured": captured}])
    change_order = settle(order, manager, delivery_groups=("G1",))

    response = viewer_client.get(change_order.get_absolute_url())

    assert ("of which was owed before" in response.text) is is_told
