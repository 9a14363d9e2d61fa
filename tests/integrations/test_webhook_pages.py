"""The pages on which managers keep webhook endpoints."""

import pytest
from django.contrib.auth.models import Permission
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from console.models import AuditEntry
from integrations.events.publishing import publish_all
from integrations.events.secrets import decrypted
from integrations.models import Delivery, Endpoint
from tests.support.builders import UserFactory, product

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.slow]

PAGES = ("/webhooks/", "/webhooks/new/", "/webhooks/{pk}/", "/webhooks/{pk}/edit/")
ADDRESS = "https://receiver.example.com/hooks"


@pytest.fixture
def manager_client(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def endpoint(manager_client):
    manager_client.post("/webhooks/new/", {"address": ADDRESS, "types": ["order.imported"]})
    return Endpoint.objects.get()


def test_a_secret_is_shown_once(manager_client):
    answer = manager_client.post("/webhooks/new/", {"address": ADDRESS})

    endpoint = Endpoint.objects.get()
    assertContains(answer, decrypted(endpoint.secret))
    assertContains(answer, f'data-copy="{decrypted(endpoint.secret)}"')
    assertContains(answer, 'aria-label="Copy Secret"')
    assertNotContains(manager_client.get(f"/webhooks/{endpoint.pk}/"), "whsec_")


@pytest.mark.parametrize("address", ["", "http://example.com/", "https://10.0.0.1/"])
def test_an_address_that_will_not_do_is_refused(manager_client, address):
    assert manager_client.post("/webhooks/new/", {"address": address}).status_code == 400
    assert Endpoint.objects.count() == 0


def test_only_managers_reach_the_pages(endpoint, client, agent):
    client.force_login(agent)
    pages = [page.format(pk=endpoint.pk) for page in PAGES]

    assert [client.get(page).status_code for page in pages] == [403] * 4
    assert client.post(pages[2], {"act": "delete"}).status_code == 403
    client.logout()
    assert [client.get(page).status_code for page in pages] == [302] * 4


def test_every_page_shows(manager_client, endpoint):
    pages = [page.format(pk=endpoint.pk) for page in PAGES]

    assert [manager_client.get(page).status_code for page in pages] == [200] * 4
    assert manager_client.get("/webhooks/999/").status_code == 404
    assert manager_client.get(f"{pages[2]}?before=x").status_code == 200


def test_what_managers_do_is_done_and_audited(manager_client, endpoint, new_order):
    new_order([product("1")])
    publish_all()
    page = f"/webhooks/{endpoint.pk}/"
    delivery = Delivery.objects.get()
    asked = [
        {"act": "test"},
        {"act": "resend", "delivery": delivery.pk},
        {"act": "replay", "since": "2020-01-01T00:00"},
        {"act": "disable"},
        {"act": "enable"},
    ]

    for each in asked:
        assertRedirects(manager_client.post(page, each), page)
    rotated = manager_client.post(page, {"act": "rotate"})
    manager_client.post(f"{page}edit/", {"address": f"{ADDRESS}/2"})
    assertContains(manager_client.get(page), "evt_00000001")
    manager_client.post(page, {"act": "delete"})

    assertContains(rotated, "whsec_")
    assert Endpoint.objects.count() == 0
    entries = AuditEntry.objects.filter(kind="connection").order_by("pk")
    assert [entry.facts["act"] for entry in entries] == [
        "added",
        "tested",
        "resent",
        "replayed",
        "changed",
        "changed",
        "rotated",
        "changed",
        "deleted",
    ]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 400),
        ({"act": "burn"}, 400),
        ({"act": "replay", "since": "soon"}, 400),
        ({"act": "resend", "delivery": "999"}, 404),
        ({"act": "resend", "delivery": "x"}, 404),
    ],
)
def test_what_cannot_be_done_is_refused(manager_client, endpoint, asked, status):
    assert manager_client.post(f"/webhooks/{endpoint.pk}/", asked).status_code == status


def test_a_form_offers_what_its_reader_may_see(client):
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename="manage_webhooks"))
    client.force_login(user)

    assertNotContains(client.get("/webhooks/new/"), "refund.failed")
    answer = client.post("/webhooks/new/", {"address": ADDRESS, "types": ["refund.failed"]})

    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["types"])
    assert Endpoint.objects.count() == 0


def test_too_much_is_not_replayed_and_the_form_says_so(
    manager_client, endpoint, new_order, monkeypatch
):
    new_order([product("1")])
    publish_all()
    monkeypatch.setattr("integrations.events.again.MOST_REPLAYED", 0)

    asked = {"act": "replay", "since": "2020-01-01T00:00"}
    answer = manager_client.post(f"/webhooks/{endpoint.pk}/", asked)

    assertContains(answer, "choose a later time", status_code=400)
