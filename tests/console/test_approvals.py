"""Four eyes through the pages: asked in a wizard, decided by a second person, seen by all."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cancellations.models import Approval, ChangeOrder
from tests.support.builders import cancel, payment, product, select
from tests.support.wizard_run import WizardRun

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

NEEDED = "More is at stake than one person may do alone."


@pytest.fixture(autouse=True)
def over_fifteen(settings):
    settings.APPROVAL_OVER = {"USD": Decimal("15.00")}


@pytest.fixture
def order(new_order):
    return new_order([product("1", 3, "10.00")], captured="30.00")


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def reviewing(client, quantity=2, note=""):
    run = WizardRun(client, "W-1")
    run.select("1")
    run.explain({"1": quantity}, note=note)
    return run


@pytest.fixture
def asked(order, agent, client):
    """An approval that an agent asked for in the wizard."""
    client.force_login(agent)
    reviewing(client, note="Rosalind asked for it.").submit()
    return Approval.objects.get()


def test_the_review_says_that_a_second_person_is_needed(order, agent, client):
    client.force_login(agent)

    assertContains(reviewing(client).get("review"), NEEDED)
    assertNotContains(reviewing(client, quantity=1).get("review"), NEEDED)


def test_submit_asks_and_leads_to_what_waits(order, agent, client):
    client.force_login(agent)
    run = reviewing(client)

    response = run.submit()

    approval = Approval.objects.get()
    page = f"/approvals/{approval.pk}/"
    assertRedirects(response, page)
    assertContains(client.get(page), "You asked for this yourself")
    assertContains(client.get("/order-summaries/W-1/"), "Waits for a second person")
    assert not ChangeOrder.objects.exists()


def test_submitted_twice_it_is_asked_once(order, agent, client):
    client.force_login(agent)
    run = reviewing(client)
    agreed = run.reviewed()
    run.submit(agreed)

    again = run.submit(agreed)
    run.explain({"1": 3})
    otherwise = run.post("review", {"review-agreed": run.reviewed()}, follow=True)

    assertRedirects(again, f"/approvals/{Approval.objects.get().pk}/")
    assertContains(otherwise, "Withdraw that first.")


def test_the_second_person_sees_the_same_review_and_approves_it(asked, agent, approver):
    client = browser(approver)
    page = f"/approvals/{asked.pk}/"

    assertContains(client.get("/approvals/"), "1 approval")
    assertContains(client.get("/order-summaries/"), '<span class="bar-count">1<')
    assertContains(client.get(page), "Rosalind asked for it.")
    done = client.post(page, {"act": "approve"}, follow=True)

    made = ChangeOrder.objects.get()
    assertContains(done, "Approved: it is done.")
    assertContains(done, f"CO-{made.pk:08}")
    assert (made.created_by, made.order.order_number) == (approver, "W-1")
    finish = browser(agent).get(f"/order-summaries/W-1/cancel-items/{asked.request_id}/finish/")
    assert finish.status_code == 200


def test_a_refusal_says_why(asked, approver):
    client, page = browser(approver), f"/approvals/{asked.pk}/"

    without = client.post(page, {"act": "refuse", "note": " "})
    refused = client.post(page, {"act": "refuse", "note": "Call them first."}, follow=True)

    assertContains(without, "Write a note", status_code=400)
    assertContains(refused, "Refused: nothing was changed.")
    assertContains(refused, "Call them first.")
    assert not ChangeOrder.objects.exists()


def test_who_asked_withdraws_it(asked, client):
    withdrawn = client.post(f"/approvals/{asked.pk}/", {"act": "withdraw"}, follow=True)

    assertContains(withdrawn, "Withdrawn: nothing was changed.")
    assertNotContains(client.get("/order-summaries/W-1/"), "Waits for a second person")


def test_one_that_no_longer_holds_cannot_be_approved(asked, order, agent, approver):
    cancel(order, select(), by=agent)
    client, page = browser(approver), f"/approvals/{asked.pk}/"

    shown = client.get(page)
    ended = client.post(page, {"act": "approve"}, follow=True)

    assertContains(shown, "This no longer holds")
    assertNotContains(shown, 'value="approve"')
    assertContains(ended, "so it expired")
    assert ChangeOrder.objects.count() == 1


@pytest.mark.parametrize("act", ["approve", "refuse"])
def test_nobody_else_decides(asked, agent, manager, act):
    for user in (agent, manager):
        response = browser(user).post(f"/approvals/{asked.pk}/", {"act": act, "note": "No."})
        assert response.status_code == 403

    assert Approval.objects.get().is_requested


def test_decided_before(asked, approver, agent):
    page = f"/approvals/{asked.pk}/"
    browser(agent).post(page, {"act": "withdraw"})

    late = browser(approver).post(page, {"act": "approve"}, follow=True)

    assertContains(late, "This had been decided before; nothing was changed.")


@pytest.mark.parametrize(("fields", "status"), [({}, 400), ({"act": "x"}, 400)])
def test_what_is_no_decision_is_told(asked, approver, fields, status):
    response = browser(approver).post(f"/approvals/{asked.pk}/", fields)

    assertContains(response, "could not be read back", status_code=status)
    assert Approval.objects.get().is_requested


def test_an_approval_that_is_not_there(approver):
    client = browser(approver)

    assert client.get("/approvals/1/").status_code == 404
    assert client.post("/approvals/1/", {"act": "approve"}).status_code == 404


def test_a_settlement_waits_too(new_order, manager, approver, client):
    new_order([product("1", 1, "10.00")], payments=[payment("40.00")])
    client.force_login(manager)
    page = client.get("/order-summaries/W-1/refund-owed/").text
    fields = dict(re.findall(r'name="(run|agreed)"[^>]*value="([^"]*)"', page))
    assert NEEDED in page

    response = client.post("/order-summaries/W-1/refund-owed/", fields, follow=True)

    approval = Approval.objects.get()
    assertContains(response, "nothing was refunded yet")
    second = browser(approver)
    assertContains(second.get(f"/approvals/{approval.pk}/"), "What will happen")
    second.post(f"/approvals/{approval.pk}/", {"act": "approve"})
    assert ChangeOrder.objects.get().refunds.get().amount_minor == 3000


def test_without_an_amount_nothing_of_it_is_seen(order, agent, client, settings):
    settings.APPROVAL_OVER = {}
    client.force_login(agent)

    assertNotContains(client.get("/order-summaries/"), "Approvals")
    assert reviewing(client).submit().url.endswith("/finish/")
