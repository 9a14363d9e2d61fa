"""The admin's view of change orders and refunds: history to read."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from cancellations.acts.settle import submit_settlement
from cancellations.acts.undo import undo_change_order
from cancellations.models import ChangeOrder, ChangeOrderItem, Refund
from cancellations.selection import SettlementRequest
from cancellations.snapshots import NotReviewed
from tests.support.builders import (
    UserFactory,
    cancel,
    imported,
    item,
    payment,
    select,
    select_all,
    shirts,
)
from tests.support.statements import statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

ADMIN = "/admin/cancellations/"


@pytest.fixture
def change_order(agent):
    """One shirt and its share of delivery, canceled."""
    return cancel(imported(shirts()), select(refund_delivery=True, note="two many"), by=agent)


def test_change_orders_are_listed_and_found_by_either_number(manage, change_order, agent):
    other = cancel(imported(), select(), by=agent)

    def found(q):
        return list(manage.get(f"{ADMIN}changeorder/", {"q": q}).context["cl"].result_list)

    assert found("") == [other, change_order]
    assert found(change_order.number.lower()) == [change_order]
    assert found(change_order.order.order_number) == [change_order]
    assert found("CO-99999999") == found("CO-x") == []


def test_a_change_order_shows_its_items_and_refunds(manage, change_order):
    page = manage.get(f"{ADMIN}changeorder/{change_order.pk}/change/")

    for text in (change_order.number, "$108.15", "$99.00", "$4.95", "two many", "Changed Mind"):
        assertContains(page, text)
    assertContains(page, "Visa ending 1111")
    assertNotContains(page, "-$")


def test_a_reversal_shows_what_came_back(manage, change_order, agent):
    reversal = undo_change_order(change_order_id=change_order.pk, by=agent).change_order

    page = manage.get(f"{ADMIN}changeorder/{reversal.pk}/change/")
    listed = manage.get(f"{ADMIN}changeorder/")

    for text in ("Reversal", change_order.number, "$108.15", "$99.00"):
        assertContains(page, text)
    assertContains(listed, "Cancellation, undone")
    for shown in (page, listed):
        assertNotContains(shown, "-$")


def test_releases_are_read_like_refunds(manage, agent):
    order = imported(payments=[payment("20.00", captured="0.00")])
    release = cancel(order, select_all(), by=agent).releases.get()

    for path in ("", f"{release.pk}/change/"):
        assertContains(manage.get(f"{ADMIN}release/{path}"), "$20.00")
    assertContains(manage.get(f"{ADMIN}release/{release.pk}/change/"), release.idempotency_key)


def test_refunds_are_listed_and_narrowed_by_status(manage, change_order):
    page = manage.get(f"{ADMIN}refund/?status__exact=pending")

    for text in (change_order.number, "$108.15", "Visa ending 1111", "Pending"):
        assertContains(page, text)
    assert not manage.get(f"{ADMIN}refund/?status__exact=failed").context["cl"].result_list


@pytest.mark.postgresql
@pytest.mark.parametrize(("model", "count"), [("changeorder", 5), ("refund", 5)])
@pytest.mark.budget
def test_statements_of_the_lists_of_history(manage, agent, model, count):
    def make_one():
        cancel(imported(), select(), by=agent)

    make_one()
    of_one = statements(lambda: manage.get(f"{ADMIN}{model}/"))
    for _ in range(20):
        make_one()
    of_many = statements(lambda: manage.get(f"{ADMIN}{model}/"))

    assert (len(of_one), len(of_many)) == (count, count)
    assert [sql for sql in of_many if "COUNT(*)" in sql and "LIMIT 1000" not in sql] == []


@pytest.mark.postgresql
@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.budget
def test_statements_of_a_change_orders_page(manage, agent, count):
    order = imported(items=[item(str(key)) for key in range(count)])
    change_order = cancel(order, select_all(), by=agent)

    shown = statements(lambda: manage.get(f"{ADMIN}changeorder/{change_order.pk}/change/"))

    assert len(shown) == 11


@pytest.mark.parametrize("role", [{"manager": True}, {"is_superuser": True}])
@pytest.mark.parametrize("model", ["changeorder", "refund"])
def test_history_is_not_rewritten_whoever_asks(client, change_order, role, model):
    client.force_login(UserFactory(is_staff=True, **role))
    pk = change_order.pk if model == "changeorder" else change_order.refunds.get().pk
    urls = [f"{ADMIN}{model}/{path}" for path in ("add/", f"{pk}/delete/", f"{pk}/change/")]
    typed = {
        "kind": "return",
        "status": "succeeded",
        "amount_minor": "1",
        "refunds-TOTAL_FORMS": "1",
        "refunds-INITIAL_FORMS": "1",
        "refunds-0-id": change_order.refunds.get().pk,
        "refunds-0-change_order": change_order.pk,
        "refunds-0-status": "succeeded",
        "refunds-0-DELETE": "on",
        "post": "yes",
    }
    chosen = {"action": "delete_selected", "_selected_action": pk, "index": "0", "post": "yes"}
    before = history()

    posted = [client.post(url, typed).status_code for url in urls]
    shown = [client.get(url).status_code for url in urls]
    acted = client.post(f"{ADMIN}{model}/", chosen)

    assert posted == [403, 403, 403]
    assert shown == [403, 403, 200]
    assert acted.status_code == 200
    assert history() == before


def history():
    models = (ChangeOrder, ChangeOrderItem, Refund)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_who_canceled_is_not_deleted_by_a_superuser_either(client, change_order):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    client.post(f"/admin/auth/user/{change_order.created_by.pk}/delete/", {"post": "yes"})

    assert ChangeOrder.objects.get().created_by == change_order.created_by


def test_a_settlement_shows_its_note_releases_and_who_it_was(manage, agent, manager):
    order = imported(payments=[payment("30.00", captured="25.00")])
    asked = SettlementRequest(order.order_number, "S-1", note="Captured too much.")
    made = submit_settlement(request=asked, agreed=NotReviewed(), by=manager).change_order
    manager.first_name = "Renamed"
    manager.save()

    page = manage.get(f"{ADMIN}changeorder/{made.pk}/change/")

    for text in ("Settlement", "Captured too much.", manager.username, "$5.00", "Releases"):
        assertContains(page, text)


def test_exceptions_and_events_are_read(manage):
    order = imported(payments=[payment("20.00", charged_back="30.00")])
    exception, event = order.process_exceptions.get(), order.events.get()

    listed = manage.get(f"{ADMIN}processexception/")
    shown = manage.get(f"{ADMIN}processexception/{exception.pk}/change/")
    events = manage.get("/admin/orders/orderevent/", {"q": order.order_number})
    told = manage.get(f"/admin/orders/orderevent/{event.pk}/change/")

    assertContains(listed, "Visa ending 1111")
    assertContains(shown, "That is more than was captured.")
    assertContains(events, "Order imported")
    assertContains(told, "&quot;charged_back&quot;: 3000")
