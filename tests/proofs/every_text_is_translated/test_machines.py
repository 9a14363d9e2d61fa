"""The pages about other systems: endpoints with their deliveries, tokens and the API."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone

from integrations.api.tokens import make_token
from integrations.events.endpoints import create_endpoint
from integrations.events.publishing import publish_all
from integrations.events.recording import disable
from integrations.events.types import TYPES
from integrations.models import Delivery, DeliveryAttempt, Scope
from tests.support.builders import product

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

ENDPOINTS = "/webhooks/"
TOKENS = "/admin/integrations/apitoken/"
HERE = "https://receiver.example.com/of-the-shop/"
REMARK = "The connection was refused. [ConnectionError]"
WORDS_OF_OTHERS = {HERE, REMARK, *TYPES, *Scope.values, "shop", "nonsense"}
NAMES_OF_ROWS = re.compile(r"(evt|test)_\d{8}|shop \(cmt_\w+…\)|cmt_\w+…|\[ConnectionError\]")


@pytest.fixture
def endpoint(manager, new_order):
    """One that was disabled, with deliveries that arrived, wait and were not taken."""
    made, _ = create_endpoint(address=HERE, types=["order.imported"], by=manager)
    for number in range(3):
        new_order([product("1")], f"W-{number}")
    publish_all()
    for delivery, status in zip(Delivery.objects.order_by("pk"), (200, 500, None), strict=True):
        remark = REMARK if status is None else "nonsense"
        DeliveryAttempt.objects.create(
            delivery=delivery, at=timezone.now(), status=status, remark=remark
        )
    with transaction.atomic():
        disable(made.pk, "failed", now=timezone.now())
    return made


@pytest.fixture
def token(manager):
    rights = ("view_apitoken", "add_apitoken", "change_apitoken")
    manager.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return make_token(name="shop", user=manager, scopes=set(Scope), by=manager).token


@pytest.fixture
def reads_machines(reads):
    """Without what is data here: addresses, types of events, scopes, remarks of receivers."""

    def read(url, shows, **asked):
        return [text for text in reads(url, shows, **asked) if not _is_data(text)]

    return read


def _is_data(text):
    parts = {
        part.strip(" ·|:\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}")
        for part in NAMES_OF_ROWS.sub("", text).split(", ")
    }
    return parts <= {"", *WORDS_OF_OTHERS}


def test_no_endpoint_yet(reads_machines):
    assert reads_machines(ENDPOINTS, "No system is told of anything yet.") == []


@pytest.mark.parametrize(
    ("page", "shows"),
    [("", "Webhooks"), ("new/", "Types of events"), ("{pk}/", "Replay"), ("{pk}/edit/", "Address")],
)
def test_endpoints(reads_machines, endpoint, page, shows):
    assert reads_machines(f"{ENDPOINTS}{page.format(pk=endpoint.pk)}", shows) == []


@pytest.mark.parametrize(
    ("posted", "status", "shows"),
    [
        ({"act": "rotate"}, 200, "it is not shown again"),
        ({"act": "replay", "since": "nonsense"}, 400, "Enter a day and a time."),
        ({"act": "test"}, 200, "A test is on its way."),
        ({"act": "enable"}, 200, "The endpoint is enabled."),
        ({"act": "delete"}, 200, "The endpoint is deleted."),
    ],
)
def test_what_is_done_to_an_endpoint(reads_machines, endpoint, posted, status, shows):
    url = f"{ENDPOINTS}{endpoint.pk}/"

    assert reads_machines(url, shows, status=status, posted=posted) == []


@pytest.mark.parametrize(
    ("posted", "status", "shows"),
    [
        ({"address": HERE}, 200, "it is not shown again"),
        ({"address": ""}, 400, "This field is required."),
        ({"address": HERE.replace("https", "http")}, 400, "that begins with https://"),
    ],
)
def test_a_new_endpoint(reads_machines, posted, status, shows):
    url = f"{ENDPOINTS}new/"

    assert reads_machines(url, shows, status=status, posted=posted) == []


def test_tokens(reads_machines, token):
    assert reads_machines(TOKENS, "shop") == []
    assert reads_machines(f"{TOKENS}{token.pk}/change/", "orders:read") == []
    assert reads_machines(f"{TOKENS}add/", "Without a date it never expires.") == []


@pytest.mark.parametrize(
    ("scopes", "shows"),
    [(["orders:read"], "it is not shown again"), ([], "Please correct the error below.")],
)
def test_a_new_token(reads_machines, token, scopes, shows):
    posted = {"name": "shop", "user": token.user.pk, "scopes": scopes}

    assert reads_machines(f"{TOKENS}add/", shows, posted=posted) == []


def test_the_api_has_translated_headings_over_its_description(reads):
    headings = {"API", "Contents", "Every call", "Documents", "Problems", "Scopes"}

    assert headings & set(reads("/api/", "Every call")) == set()
