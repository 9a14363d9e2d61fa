"""Orders and accounts with numbers of any signs: every page finds them, and leads back."""

import json
from urllib.parse import quote, urlsplit

import pytest
from pytest_django.asserts import assertContains, assertRedirects

from cancellations.models import ChangeOrder
from orders import keyset
from tests.support.builders import AccountFactory, UserFactory, imported, order_document
from tests.support.long_forms import some_of
from tests.support.wizard_run import WizardRun

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

NUMBERS = {
    "2024/00123": "2024~2F00123",
    "..": "~2E~2E",
    "#1 ~ä?": "~231~20~7E~C3~A4~3F",
    "<b>&\"'": "~3Cb~3E~26~22~27",
}
AS_THEY_ARE = pytest.mark.parametrize(("number", "spelling"), NUMBERS.items())


def an_order(number):
    account = {"number": number, "name": "Lauren Boyle"}
    return imported(order_document(order_number=number, account=account))


@AS_THEY_ARE
def test_the_pages_of_an_order_and_its_account_find_them(agent_client, number, spelling):
    an_order(number)

    listed = agent_client.get("/order-summaries/")
    shown = agent_client.get(f"/order-summaries/{spelling}/")
    customer = agent_client.get(f"/accounts/{spelling}/")

    assertContains(listed, f'href="/order-summaries/{spelling}/"')
    assertContains(listed, f'href="/accounts/{spelling}/"')
    assertContains(shown, f'href="/order-summaries/{spelling}/cancel-items/"')
    assertContains(shown, f'href="/accounts/{spelling}/"')
    assertContains(customer, f'href="/order-summaries/{spelling}/"')


@AS_THEY_ARE
@pytest.mark.parametrize("kind", some_of(["cancel_items", "cancel_all"], every=2))
def test_both_wizards_lead_from_step_to_step(agent_client, number, spelling, kind):
    an_order(number)
    started = agent_client.get(f"/order-summaries/{spelling}/{kind.replace('_', '-')}/")
    run = WizardRun(agent_client, number, kind, run=started.url.split("/")[-3])

    if kind == "cancel_items":
        assertRedirects(run.select("1"), run.url("details"))
        assertRedirects(run.explain({"1": 1}), run.url("review"))
    else:
        assertRedirects(run.explain_all(), run.url("review"))
    assertRedirects(run.submit(), run.url("finish"))

    assert run.url("finish").startswith(f"/order-summaries/{spelling}/")
    assertContains(run.get("finish"), f'href="/order-summaries/{spelling}/"')
    assert ChangeOrder.objects.get().order.order_number == number


@AS_THEY_ARE
def test_signing_in_leads_back_to_the_order(client, number, spelling):
    an_order(number)
    user = UserFactory(viewer=True, username="jo")
    user.set_password("a long enough password")
    user.save()

    sent_away = client.get(f"/order-summaries/{spelling}/")
    signed = client.post(sent_away.url, {"username": "jo", "password": "a long enough password"})

    assertRedirects(signed, f"/order-summaries/{spelling}/")


@AS_THEY_ARE
def test_the_admin_leads_into_console_and_wizard(client, number, spelling):
    order = an_order(number)
    client.force_login(UserFactory(agent=True, is_staff=True))

    listed = client.get("/admin/orders/ordersummary/", {"q": number})
    record = client.get(f"/admin/orders/ordersummary/{order.pk}/change/")
    page = f"/order-summaries/{spelling}/"
    came_from = {"referer": f"http://testserver{page}"}
    step = client.get(f"{page}cancel-items/?outside=1", headers=came_from, follow=True)

    assertContains(listed, f'href="/order-summaries/{spelling}/"')
    assertContains(listed, f'href="/order-summaries/{spelling}/cancel-items/?outside=1')
    assertContains(record, f'href="/order-summaries/{spelling}/"')
    assertContains(step, f"return_to={quote(page, safe='')}")


@AS_THEY_ARE
def test_an_address_without_its_last_slash_gets_it(agent_client, number, spelling):
    an_order(number)

    response = agent_client.get(f"/order-summaries/{spelling}")

    assert response.status_code == 301
    assert urlsplit(response.url).path == f"/order-summaries/{spelling}/"


@pytest.mark.parametrize(
    "spelling", ["2024%2F00123", "2024~2f00123", "2024~2F0012~33", "2024/00123"]
)
def test_another_spelling_is_not_found(agent_client, spelling):
    an_order("2024/00123")

    assert agent_client.get(f"/order-summaries/{spelling}/").status_code == 404
    assert agent_client.get(f"/accounts/{spelling}/").status_code == 404


def test_pages_of_accounts_go_on_behind_any_number(viewer_client, every_page, monkeypatch):
    monkeypatch.setattr(keyset, "PAGE_SIZE", 1)
    for number in NUMBERS:
        AccountFactory(number=number)

    seen, _ = every_page(
        viewer_client,
        "/accounts/",
        lambda response: [account.number for account in response.context["page"].rows],
    )

    assert sorted(number for page in seen for number in page) == sorted(NUMBERS)


@AS_THEY_ARE
def test_the_commands_take_the_number_as_it_is(run_command, jsonl, agent, number, spelling):
    an_order(number)
    cancellation = {
        "idempotency_key": "k",
        "order_number": number,
        "reason": "Outdated",
        "items": [{"key": "1", "quantity": 1}],
    }
    report = {"order_number": number, "items": [{"key": "1", "quantity_allocated": 1}]}

    canceled = run_command("cancel_orders", jsonl(cancellation), "--as", agent.username)
    reported = run_command("record_fulfillment", jsonl(report))
    exported = run_command("export_orders", "--order-number", number)

    assert [canceled.status, reported.status, exported.status] == [0, 0, 0]
    document = json.loads(exported.output)
    assert document["order_number"] == document["account"]["number"] == number
    assert document["items"][0]["quantity_canceled"] == 1
