"""Undo: its page, and the ways to it."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cancellations.acts.undo import undo_change_order
from cancellations.models import ChangeOrder, ProcessException, Refund
from tests.support.builders import (
    cancel,
    fee,
    imported,
    item,
    order_document,
    payment,
    product,
    report,
    select,
    select_all,
    settle,
)
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


def page(change_order):
    return f"/change-orders/{change_order.number}/undo/"


def undone(change_order, by):
    return undo_change_order(change_order_id=change_order.pk, by=by).change_order


def test_the_page_shows_what_comes_back_and_changes_nothing(agent_client, shirt):
    response = agent_client.get(page(shirt))

    for text in (
        "<strong>$108.15</strong> comes back to the order",
        "The refund of <strong>$108.15</strong> to <bdi>Visa ending 1111</bdi> is withdrawn",
        "It can be undone until",
        "Back on the total",
        "Its delivery charge comes back, too",
        "$103.95",
        '<button type="submit" class="button primary" data-until-over>Undo</button>',
    ):
        assertContains(response, text)
    record = response.context["record"]
    assert [(line.quantity.before, line.quantity.after) for line in record.lines] == [
        (1, 2),
        (1, 1),
    ]
    assert (record.totals[-1].before, record.totals[-1].after) == (10814, 21629)
    assert ChangeOrder.objects.count() == 1


def test_undo_gives_back_and_leads_to_the_order(agent_client, shirt):
    response = agent_client.post(page(shirt))

    assertRedirects(response, shirt.order.get_absolute_url(), fetch_redirect_response=False)
    reversal = ChangeOrder.objects.get(kind="reversal")
    said = agent_client.get(response.url)
    assertContains(said, f'<a href="/change-orders/{shirt.number}/">{shirt.number}</a> is undone')
    assertContains(said, "$108.15 came back to the order")
    assertContains(said, "Given back to the total")
    assertContains(said, "Cancellation, undone")
    assert reversal.undoes == shirt
    assert Refund.objects.get().status == "withdrawn"


def test_a_second_click_finds_the_same_reversal(agent_client, shirt):
    agent_client.post(page(shirt))

    response = agent_client.post(page(shirt), follow=True)

    assert ChangeOrder.objects.filter(kind="reversal").count() == 1
    assertContains(response, "had been undone before")
    assertContains(agent_client.get(page(shirt), follow=True), "had been undone before")


def test_after_the_hold_the_page_says_calmly_that_it_is_too_late(agent_client, agent, settings):
    settings.REFUND_HOLD_SECONDS = 0
    change_order = cancel(imported(), select(), by=agent)

    shown, sent = agent_client.get(page(change_order)), agent_client.post(page(change_order))

    assertContains(shown, f"{change_order.number} cannot be undone")
    assertContains(shown, "The time for undoing is over.")
    assertContains(sent, "The time for undoing is over.", status_code=409)
    assert ChangeOrder.objects.count() == 1


def test_what_stands_on_it_keeps_it_from_being_undone(agent_client, agent, shirt):
    cancel(shirt.order, select(), by=agent)

    assertContains(agent_client.get(page(shirt)), "only its last change can be undone")


def test_a_line_with_an_open_exception_is_not_given_back(agent_client, agent):
    change_order = cancel(imported(), select(), by=agent)
    shipped = {"key": "1", "quantity_allocated": 2, "quantity_fulfilled": 2}
    report(change_order.order, shipped)
    assert ProcessException.objects.open().exists()

    response = agent_client.post(page(change_order))

    assertContains(response, "has an open exception", status_code=409)


def test_a_reversal_is_not_undone(agent_client, agent, shirt):
    reversal = undone(shirt, agent)

    assertContains(agent_client.get(page(reversal)), "Only a cancellation or a settlement")


@pytest.mark.parametrize("role", ["viewer", "agent", "manager"])
def test_only_those_who_may_cancel_undo(client, request, role, shirt):
    client.force_login(request.getfixturevalue(role))
    may = role != "viewer"

    shown, sent = client.get(page(shirt)), client.post(page(shirt))

    assert (shown.status_code, sent.status_code) == ((200, 302) if may else (403, 403))
    assert ChangeOrder.objects.filter(kind="reversal").exists() is may


def test_the_way_to_undo_is_shown_to_those_who_may_while_there_is_time(
    client, viewer, agent, shirt
):
    pages = (shirt.get_absolute_url(), shirt.order.get_absolute_url())
    link = f'href="{page(shirt)}"'

    client.force_login(viewer)
    for path in pages:
        assertNotContains(client.get(path), link)
    client.force_login(agent)
    for path in pages:
        assertContains(client.get(path), link)
        assertContains(client.get(path), 'data-seconds-left="')
    undone(shirt, agent)
    for path in pages:
        assertNotContains(client.get(path), link)


def test_after_the_hold_no_page_leads_to_undo(agent_client, agent, settings):
    settings.REFUND_HOLD_SECONDS = 0
    change_order = cancel(imported(), select(), by=agent)

    for path in (change_order.get_absolute_url(), change_order.order.get_absolute_url()):
        assertNotContains(agent_client.get(path), page(change_order))


def test_only_the_last_change_order_leads_to_undo(agent_client, agent, shirt):
    later = cancel(shirt.order, select(), by=agent)

    assertNotContains(agent_client.get(shirt.get_absolute_url()), page(shirt))
    order = agent_client.get(shirt.order.get_absolute_url())
    assertContains(order, page(later))
    assertNotContains(order, page(shirt))


def test_the_two_change_orders_name_each_other(agent_client, agent, shirt):
    reversal = undone(shirt, agent)

    of_shirt = agent_client.get(shirt.get_absolute_url())
    of_reversal = agent_client.get(reversal.get_absolute_url())

    assertContains(of_shirt, f'Undone by <a href="/change-orders/{reversal.number}/">')
    assertContains(of_shirt, "Withdrawn")
    assertContains(of_reversal, f'Undoes <a href="/change-orders/{shirt.number}/">')
    for text in ("Reversal", "Given back", "Back on the total", "Given back to the total"):
        assertContains(of_reversal, text)
    for text in ("Canceled elsewhere", "Canceled amount", "Off the total", "-$"):
        assertNotContains(of_reversal, text)


def test_the_list_says_what_was_undone_and_what_came_back(agent_client, agent, shirt):
    undone(shirt, agent)

    response = agent_client.get("/change-orders/")

    assertContains(response, "Cancellation, undone")
    assertContains(response, "Reversal")
    assertContains(response, "Given back")
    assertContains(response, "$108.15", count=3)
    assertNotContains(response, "-$108.15")


def test_finish_leads_to_undo_and_says_later_that_it_was_undone(new_run, new_order, agent):
    new_order([product("1", 2)])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    run.submit()
    made = ChangeOrder.objects.get()

    shown = run.get("finish")
    assertContains(shown, f'href="{page(made)}"')
    reversal = undone(made, agent)
    again = run.get("finish")

    assertContains(again, "This cancellation was undone")
    assertContains(again, f'href="/change-orders/{reversal.number}/"')
    assertNotContains(again, page(made))


def test_undo_keeps_the_frame_of_a_wizard_opened_outside(agent_client, shirt):
    query = "?outside=1&return_to=/admin/"

    shown, sent = agent_client.get(page(shirt) + query), agent_client.post(page(shirt) + query)

    assertNotContains(shown, 'aria-label="Console"')
    assertRedirects(sent, "/admin/", fetch_redirect_response=False)


def test_a_settlement_that_repeats_says_that_it_was_undone(client, manager):
    order = imported(payments=[payment("50.00")])
    made = settle(order, by=manager)
    client.force_login(manager)
    run = {"run": "6f1c1f52-4a3e-4d87-9d2e-000000000001"}
    path = f"{order.get_absolute_url()}refund-owed/"
    agreed = None
    undone(made, manager)
    agreed = client.get(path).context["outcome"].agreed
    client.post(path, {**run, "agreed": agreed})
    again = ChangeOrder.objects.get(request_id=run["run"])
    reversal = undone(again, manager)

    response = client.post(path, {**run, "agreed": agreed}, follow=True)

    assertContains(response, f'was undone by <a href="/change-orders/{reversal.number}/">')


def test_a_settlement_of_fees_can_be_undone(client, manager):
    order = imported(order_document(items=[item(quantity=1), fee()]))
    cancel(order, select_all(), by=manager)
    made = settle(order, by=manager, refund_fees=True)
    client.force_login(manager)

    assertContains(client.get(page(made)), "<strong>$3.00</strong> comes back to the order")
    client.post(page(made))

    reversal = client.get(ChangeOrder.objects.latest("pk").get_absolute_url())
    assertContains(reversal, "Gift wrap")


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.budget
def test_statements_of_the_page(agent_client, agent, count):
    order = imported(items=[item(str(key)) for key in range(count)])
    change_order = cancel(order, select_all(), by=agent)

    with counted_statements(34):
        agent_client.get(page(change_order))


@pytest.mark.parametrize("number", ["CO-99999999", "CO-0", "x", "CO-999999999999999999999"])
def test_a_change_order_that_is_not_there_is_a_404(agent_client, number):
    path = f"/change-orders/{number}/undo/"

    assert agent_client.get(path).status_code == 404
    assert agent_client.post(path).status_code == 404
