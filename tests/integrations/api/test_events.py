"""The feed and the endpoints, as another system asks for them."""

import time
from datetime import timedelta
from threading import BoundedSemaphore

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from integrations.events.publishing import publish_all
from integrations.models import Endpoint, Feed, PublishedEvent
from tests.support.builders import UserFactory, imported, shirts

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CANCELED = {"items": "all", "reason": "Changed Mind"}


@pytest.fixture
def canceled(call):
    order = imported(shirts())
    call("POST", f"/orders/{order.order_number}/cancellations", CANCELED, Idempotency_Key="K")
    publish_all()
    return order


def test_it_tells_what_happened_in_its_sequence(call, canceled):
    told = call("GET", "/events").json()
    assert [each["type"] for each in told["items"]] == ["order.imported", "change_order.created"]
    assert [each["data"]["order_sequence"] for each in told["items"]] == [1, 2]
    rest = call("GET", f"/events?after={told['items'][0]['sequence']}").json()
    assert rest["items"] == told["items"][1:]
    assert call("GET", f"/events?after={told['next_after']}").json()["items"] == []


def test_it_is_narrowed_to_types(call, canceled):
    told = call("GET", "/events?types=change_order.created,refund.failed").json()
    assert [each["type"] for each in told["items"]] == ["change_order.created"]
    assert call("GET", "/events?types=what").status_code == 422


def test_who_sees_nothing_is_told_nothing(caller_of, canceled):
    assert caller_of(UserFactory())("GET", "/events").json()["items"] == []


def test_waiting_ends_when_nothing_comes(call):
    began = time.monotonic()
    assert call("GET", "/events?wait=1").json()["items"] == []
    assert time.monotonic() - began >= 1
    assert call("GET", "/events?wait=21").status_code == 422


def test_what_is_kept_no_longer_is_said_to_be_gone(call, canceled):
    Feed.objects.update(removed=PublishedEvent.objects.latest("sequence").sequence)
    answer = call("GET", "/events?after=0")
    assert (answer.status_code, answer.json()["type"]) == (410, "older-than-kept")
    assert answer.json()["removed"] > 0


def test_an_endpoint_from_its_making_to_its_end(call):
    new = {"address": "https://shop.example/hooks", "types": ["change_order.created"]}
    made = call("POST", "/webhook-endpoints", new)
    assert made.status_code == 201
    path = made.headers["Location"].removeprefix("/api/v1")
    assert made.json()["secret"].startswith("whsec_")
    assert "secret" not in call("GET", path).json()
    changed = call("PATCH", path, {"enabled": False})
    assert (changed.json()["enabled"], changed.json()["address"]) == (False, new["address"])
    assert call("PATCH", path, {"enabled": True}).json()["enabled"]
    assert call("POST", f"{path}/rotate").json()["secret"] != made.json()["secret"]
    sent = call("POST", f"{path}/test")
    assert (sent.status_code, sent.json()["status"]) == (202, "waiting")
    assert [each["id"] for each in call("GET", f"{path}/deliveries").json()["items"]] == [
        sent.json()["id"]
    ]
    assert call("POST", f"{path}/resend", {"delivery": sent.json()["id"]}).status_code == 202
    since = (timezone.now() - timedelta(days=1)).isoformat()
    assert call("POST", f"{path}/replay", {"since": since}).json() == {"deliveries": 0}
    assert call("DELETE", path).status_code == 204
    assert call("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"address": "http://shop.example/"}, "address"),
        ({"address": "https://127.0.0.1/"}, "address"),
        ({"address": "https://shop.example/", "types": ["what"]}, "types"),
        ({"address": "https://shop.example/", "description": "x" * 201}, "description"),
        ({"address": "https://shop.example/" + "x" * 2000}, "address"),
        ({"address": "https://shop.example/\0"}, "address"),
        ({}, "address"),
    ],
)
def test_no_endpoint_comes_of_a_wrong_one(call, wrong, path):
    answer = call("POST", "/webhook-endpoints", wrong)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, path)
    assert not Endpoint.objects.exists()


def test_who_is_told_nothing_reads_on_behind_it(call, caller_of, canceled):
    last = PublishedEvent.objects.latest("sequence").sequence
    assert call("GET", "/events?types=refund.failed").json()["next_after"] == last
    assert call("GET", "/events?limit=1").json()["next_after"] == 1
    assert caller_of(UserFactory())("GET", "/events").json()["next_after"] == last


def test_who_is_one_too_many_does_not_wait(call, monkeypatch):
    others = BoundedSemaphore(1)
    monkeypatch.setattr("integrations.api.events._waiting", others)
    with others:
        began = time.monotonic()
        assert call("GET", "/events?wait=20").status_code == 200
    assert time.monotonic() - began < 10


def test_types_that_the_caller_may_not_see_are_refused_by_name(caller_of):
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename="manage_webhooks"))
    new = {"address": "https://shop.example/hooks", "types": ["refund.failed"]}
    answer = caller_of(user)("POST", "/webhook-endpoints", new)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "types")
    assert not Endpoint.objects.exists()


def test_too_much_is_not_replayed_at_once(call, canceled, monkeypatch):
    made = call("POST", "/webhook-endpoints", {"address": "https://shop.example/hooks"}).json()
    monkeypatch.setattr("integrations.events.again.MOST_REPLAYED", 1)
    since = {"since": "2020-01-01T00:00:00Z"}
    answer = call("POST", f"/webhook-endpoints/{made['id']}/replay", since)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "since")
