"""Pages about other systems: endpoints, tokens and the API; what axe finds in them."""

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from integrations.api.tokens import make_token
from integrations.events.endpoints import create_endpoint
from integrations.events.publishing import publish_all
from integrations.events.recording import disable
from integrations.models import Delivery, DeliveryAttempt, Scope
from tests.proofs.browser.test_accessible import presses
from tests.support.accessible import findings
from tests.support.builders import UserFactory, product

pytestmark = [
    pytest.mark.axe,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
]

TOKENS = "/admin/integrations/apitoken/"


@pytest.fixture
def keeper(db):
    """A manager who keeps endpoints and tokens."""
    user = UserFactory(manager=True, is_staff=True, username="keeper")
    rights = ("view_apitoken", "add_apitoken", "change_apitoken")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return user


@pytest.fixture
def looks_at(open_page, keeper):
    def look(path, shows, *, refused=False, then=lambda page: None):
        page = open_page(keeper, refused=refused, policy=False)
        page.goto(path)
        then(page)
        expect(page.get_by_text(shows).first).to_be_visible()
        return findings(page)

    return look


@pytest.fixture
def endpoint(keeper, new_order):
    """One that was disabled, with deliveries that arrived, wait and were not taken."""
    address = "https://receiver.example.com/" + "a-long-way-down/" * 8
    made, _ = create_endpoint(address=address, types=["order.imported"], by=keeper)
    for number in range(3):
        new_order([product("1")], f"W-{number}")
    publish_all()
    for delivery, status in zip(Delivery.objects.order_by("pk"), (200, 500, None), strict=True):
        remark = "The connection was refused. [ConnectionError]" if status is None else "x" * 300
        DeliveryAttempt.objects.create(
            delivery=delivery, at=timezone.now(), status=status, remark=remark
        )
    with transaction.atomic():
        disable(made.pk, "failed", now=timezone.now())
    return made


def test_no_endpoint_yet(looks_at):
    assert looks_at("/webhooks/", "No system is told of anything yet.") == []


def test_endpoints(looks_at, endpoint):
    assert looks_at("/webhooks/", "receiver.example.com") == []


def test_an_endpoint_with_its_deliveries(looks_at, endpoint):
    shows = "The connection was refused."

    assert looks_at(f"/webhooks/{endpoint.pk}/", shows) == []


def test_a_replay_without_a_time(looks_at, endpoint):
    def replay(page):
        page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
        presses("Replay")(page)

    path, shows = f"/webhooks/{endpoint.pk}/", "Enter a day and a time."

    assert looks_at(path, shows, refused=True, then=replay) == []


@pytest.mark.parametrize("path", ["/webhooks/new/", "/webhooks/{pk}/edit/"])
def test_the_form(looks_at, endpoint, path):
    assert looks_at(path.format(pk=endpoint.pk), "Types of events") == []


def test_a_wrong_address(looks_at):
    def fill(page):
        page.get_by_label("Address", exact=True).fill("http://receiver.example.com/")
        presses("Save")(page)

    shows = "Enter an address that begins with https://."

    assert looks_at("/webhooks/new/", shows, refused=True, then=fill) == []


def test_a_secret(looks_at, endpoint):
    path = f"/webhooks/{endpoint.pk}/"

    assert looks_at(path, "it is not shown again", then=presses("New secret")) == []


def test_the_api(looks_at):
    assert looks_at("/api/", "CancelItemsDocument") == []


def test_tokens(looks_at, keeper):
    token = make_token(name="shop", user=keeper, scopes=set(Scope), by=keeper).token

    assert looks_at(TOKENS, "shop") == []
    assert looks_at(f"{TOKENS}{token.pk}/change/", "orders:read") == []


def test_a_token_that_is_made(looks_at, keeper):
    def fill(page):
        page.get_by_label("Name:").fill("shop")
        page.get_by_label("Acts as:").select_option("keeper")
        page.get_by_label("Read orders").check()
        presses("Save")(page)

    assert looks_at(f"{TOKENS}add/", "It may do what this user may do at the time") == []
    assert looks_at(f"{TOKENS}add/", "it is not shown again", then=fill) == []


def test_on_a_phone_nothing_lies_over_who_is_signed_in(open_page, keeper):
    page = open_page(keeper, policy=False)
    page.set_viewport_size({"width": 400, "height": 500})
    page.goto(f"{TOKENS}add/")

    tools, below = (page.locator(each).bounding_box() for each in ("#user-tools", ".breadcrumbs"))
    assert tools["y"] + tools["height"] <= below["y"]
