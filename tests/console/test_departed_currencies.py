"""An order whose currency has left ISO 4217 is read and canceled as on its first day."""

import pytest
from pytest_django.asserts import assertContains, assertRedirects

from cancellations.models import ChangeOrder
from orders.arithmetic import currencies
from orders.models import OrderSummary
from tests.support.builders import product
from tests.support.wizard_run import WizardRun

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def boss(client, manager):
    """A manager who works in the console and in the admin."""
    manager.is_staff = True
    manager.save()
    client.force_login(manager)
    return client


@pytest.fixture
def order_of_2022(new_order):
    """Three units at 10.00 kuna, ordered when Croatia still paid with them."""
    in_2022 = {"currency": "HRK", "ordered_at": "2022-06-01T09:00:00Z"}
    return new_order([product("1", 3)], captured="30.00", **in_2022)


@pytest.fixture
def order_of_nobody(without_triggers, new_order):
    """The same in a currency that no library has ever heard of."""
    order = new_order([product("1", 3)], captured="30.00")
    OrderSummary.objects.filter(pk=order.pk).update(currency_code="ZZZ", currency_places=2)
    return order


@pytest.fixture(params=["order_of_2022", "order_of_nobody"])
def code(request, monkeypatch):
    """The code of the order's currency, about which nobody can be asked any more."""
    order = request.getfixturevalue(request.param)
    order.refresh_from_db()
    for question in ("_current", "_last_day", "_cldr_places"):
        monkeypatch.setattr(currencies, question, _unavailable)
    return order.currency_code


def _unavailable(code):
    raise AssertionError(f"the library was asked about {code}")


def test_pages_show_it(boss, code):
    money = f"{code}\N{NO-BREAK SPACE}30.00"

    for page in ("/order-summaries/", "/order-summaries/W-1/", "/accounts/A-1001/"):
        assertContains(boss.get(page), money)


def test_the_wizard_cancels_it_and_the_pages_of_the_change_order_show_that(boss, code):
    money = f"{code}\N{NO-BREAK SPACE}20.00"
    run = WizardRun(boss, "W-1")

    for step, answer in (
        ("select", lambda: run.select("1")),
        ("details", lambda: run.explain({"1": 2})),
        ("review", run.submit),
    ):
        assertContains(run.get(step), code)
        answer()

    change_order = ChangeOrder.objects.get()
    assertContains(run.get("finish"), money)
    for page in ("/change-orders/", f"/change-orders/{change_order.number}/", "/refunds/"):
        assertContains(boss.get(page), money)


def test_what_moved_since_the_review_is_told_in_it(boss, code):
    runs = [WizardRun(boss, "W-1") for _ in range(2)]
    for run in runs:
        run.select("1")
        run.explain({"1": 2})
    old = runs[0].reviewed()
    runs[1].explain({"1": 1})
    runs[1].submit()
    runs[0].explain({"1": 1})

    assertRedirects(runs[0].submit(old), runs[0].url("review"))
    assertContains(runs[0].get("review"), f"{code}\N{NO-BREAK SPACE}20.00")


def test_the_admin_shows_it(boss, code):
    order = OrderSummary.objects.get()

    response = boss.get("/admin/orders/ordersummary/")

    assertContains(response, f"currency={code}")
    assertContains(response, f"{code}\N{NO-BREAK SPACE}30.00")
    assertContains(boss.get(f"/admin/orders/ordersummary/?currency={code}"), "W-1")
    assertContains(boss.get(f"/admin/orders/ordersummary/{order.pk}/change/"), "30.00")


def test_commands_take_it(code, run_command, jsonl):
    document = {"idempotency_key": "K", "order_number": "W-1", "reason": "Unknown", "items": "all"}
    report = {"order_number": "W-1", "payments": [{"key": "P1", "refunded": "2.50"}]}

    recorded = run_command("record_fulfillment", jsonl(report))
    [canceled] = run_command("cancel_orders", jsonl(document)).lines
    verified = run_command("verify_orders")
    [exported] = run_command("export_orders").lines

    assert (recorded.status, canceled["refund_due"]) == (0, "27.50")
    assert verified.output == "1 orders verified, 0 differences\n"
    assert (exported["currency"], exported["totals"]["grand_total"]) == (code, "0.00")
    assert exported["items"][0]["unit_price"] == "10.00"
