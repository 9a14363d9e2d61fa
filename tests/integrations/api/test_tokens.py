"""Who may call: a token opens what its scopes and its user's rights open together."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.utils import timezone
from structlog.contextvars import get_contextvars

from cancellations.models import ChangeOrder
from console.models import AuditEntry, AuditKind
from integrations.api.calls import described
from integrations.api.documents import as_json
from integrations.api.tokens import revoke
from integrations.models import ApiToken, Scope
from orders.models import OrderSummary
from tests.support.builders import UserFactory, imported, shirts

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CALLS = {
    ("GET", "/orders"): Scope.ORDERS_READ,
    ("GET", "/orders/W-1"): Scope.ORDERS_READ,
    ("POST", "/orders:batch"): Scope.ORDERS_WRITE,
    ("PUT", "/orders/W-1"): Scope.ORDERS_WRITE,
    ("PUT", "/orders/W-1/fulfillment"): Scope.FULFILLMENT_WRITE,
    ("POST", "/orders/W-1/cancellations/preview"): Scope.CANCELLATIONS_PREVIEW,
    ("POST", "/orders/W-1/cancellations"): Scope.CANCELLATIONS_WRITE,
    ("POST", "/orders/W-1/settlements"): Scope.CANCELLATIONS_WRITE,
    ("GET", "/change-orders"): Scope.ORDERS_READ,
    ("GET", "/change-orders/CO-00000001"): Scope.ORDERS_READ,
    ("POST", "/change-orders/CO-00000001/undo"): Scope.CANCELLATIONS_WRITE,
    ("GET", "/refunds"): Scope.REFUNDS_READ,
    ("GET", "/refunds/1"): Scope.REFUNDS_READ,
    ("POST", "/refunds/1/retry"): Scope.REFUNDS_ACT,
    ("POST", "/refunds/1/withdraw"): Scope.REFUNDS_ACT,
    ("POST", "/refunds/1/paid-by-hand"): Scope.REFUNDS_ACT,
    ("GET", "/process-exceptions"): Scope.REFUNDS_READ,
    ("GET", "/process-exceptions/1"): Scope.REFUNDS_READ,
    ("POST", "/process-exceptions/1/resolve"): Scope.REFUNDS_ACT,
    ("GET", "/events"): Scope.EVENTS_READ,
    ("GET", "/webhook-endpoints"): Scope.WEBHOOKS_MANAGE,
    ("POST", "/webhook-endpoints"): Scope.WEBHOOKS_MANAGE,
    ("GET", "/webhook-endpoints/1"): Scope.WEBHOOKS_MANAGE,
    ("PATCH", "/webhook-endpoints/1"): Scope.WEBHOOKS_MANAGE,
    ("DELETE", "/webhook-endpoints/1"): Scope.WEBHOOKS_MANAGE,
    ("POST", "/webhook-endpoints/1/rotate"): Scope.WEBHOOKS_MANAGE,
    ("POST", "/webhook-endpoints/1/test"): Scope.WEBHOOKS_MANAGE,
    ("GET", "/webhook-endpoints/1/deliveries"): Scope.WEBHOOKS_MANAGE,
    ("POST", "/webhook-endpoints/1/resend"): Scope.WEBHOOKS_MANAGE,
    ("POST", "/webhook-endpoints/1/replay"): Scope.WEBHOOKS_MANAGE,
}


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_call_needs_its_scope(caller_of, integrator, method, path):
    others = set(Scope) - {CALLS[method, path]}
    answer = caller_of(integrator, others)(method, path, {}, Idempotency_Key="K")
    assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")


@pytest.mark.parametrize(("method", "path"), [each for each in CALLS if each != ("GET", "/events")])
def test_what_the_user_may_not_see_is_not_there(caller_of, method, path):
    imported(shirts(), order_number="W-1")
    answer = caller_of(UserFactory())(method, path, {}, Idempotency_Key="K")
    assert (answer.status_code, answer.json()["type"]) == (404, "not-found")


def test_every_call_is_in_the_matrix():
    told = described()["paths"]
    called = {
        (method.upper(), path.removeprefix("/api/v1").replace("{number}", "{}"))
        for path, operations in told.items()
        for method in operations
    }
    assert len(called) == len(CALLS) + 1  # and /me, which any token may ask


def test_a_viewer_cancels_nothing(caller_of, viewer):
    order = imported(shirts())
    body = {"items": "all", "reason": "Changed Mind"}
    path = f"/orders/{order.order_number}/cancellations"
    answer = caller_of(viewer)("POST", path, body, Idempotency_Key="K")
    assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")
    assert not ChangeOrder.objects.exists()


def test_orders_are_imported_by_those_who_may(caller_of, manager):
    answer = caller_of(manager)("PUT", "/orders/W-1", {})
    assert answer.status_code == 403
    manager.user_permissions.add(Permission.objects.get(codename="import_orders"))
    assert caller_of(manager)("PUT", "/orders/W-1", {}).status_code == 422


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer cmt_a_b\x00"])
def test_who_shows_no_token_is_nobody(call, header):
    call.headers["Authorization"] = header
    answer = call("GET", "/orders")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_session_is_no_token(client, manager):
    client.force_login(manager)
    assert client.get("/api/v1/orders").status_code == 401


def test_another_secret_opens_nothing(call):
    text = call.headers["Authorization"]
    call.headers["Authorization"] = text[:-3] + ("AAA" if text[-3:] != "AAA" else "BBB")
    assert call("GET", "/me").status_code == 401


def test_revoked_run_out_or_of_someone_who_left(call, manager):
    assert call("GET", "/me").status_code == 200
    token = call.made.token
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert call("GET", "/me").status_code == 401
    ApiToken.objects.filter(pk=token.pk).update(expires_at=None)
    token.user.is_active = False
    token.user.save()
    assert call("GET", "/me").status_code == 401
    token.user.is_active = True
    token.user.save()
    assert call("GET", "/me").status_code == 200
    revoke(token, by=manager)
    assert call("GET", "/me").status_code == 401


def test_a_token_asks_so_often_within_a_minute(call, settings):
    settings.API_REQUESTS_A_MINUTE = 2
    answers = [call("GET", "/me") for _ in range(3)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429 or answers[1].headers["Date"]
    ApiToken.objects.update(asked=2, minute=int(timezone.now().timestamp()) // 60)
    refused = call("GET", "/me")
    assert 1 <= int(refused.headers.get("Retry-After", 1)) <= 60


def test_the_secret_is_kept_nowhere(call):
    secret = call.made.text.rpartition("_")[2]
    kept = ApiToken.objects.values().get()
    assert not any(secret in str(value) for value in kept.values())


def test_the_command_writes_a_token_that_opens(manager, client, capsys):
    call_command("create_token", "erp", "--as", manager.username, "--scope", "orders:read")
    text = capsys.readouterr().out.strip()
    answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {text}"})
    assert answer.json() == {
        "token": text.split("_")[1],
        "name": "erp",
        "user": manager.username,
        "scopes": ["orders:read"],
        "expires_at": None,
    }


def test_the_command_revokes_it(call):
    call_command("revoke_token", call.made.token.prefix, verbosity=0)
    assert call("GET", "/me").status_code == 401
    with pytest.raises(CommandError, match="no token"):
        call_command("revoke_token", "nothing")


def test_what_is_made_and_revoked_is_audited_without_the_secret(call, manager):
    revoke(call.made.token, by=manager)
    revoke(call.made.token, by=manager)
    told = list(AuditEntry.objects.filter(kind=AuditKind.CONNECTION).values("about", "facts"))
    assert len(told) == 2
    assert all(call.made.token.prefix in each["about"] for each in told)
    assert call.made.text.rpartition("_")[2] not in str(told)


def test_lists_that_are_taken_out_are_audited_without_a_customers_address(call):
    order = imported(shirts(order_number="W-1"))
    call(
        "POST",
        "/orders/W-1/cancellations",
        {"items": "all", "reason": "Changed Mind"},
        Idempotency_Key="K",
    )
    call("GET", "/orders?email=lauren@example.com")
    call("GET", "/orders?number=W-1&limit=5")
    call("GET", "/change-orders?order_number=W-1")

    told = AuditEntry.objects.filter(kind=AuditKind.EXPORTED).order_by("pk")
    assert [(each.about, each.facts["asked"]) for each in told] == [
        ("orders", ["number=W-1", "limit=5"]),
        ("change-orders", ["order_number=W-1"]),
    ]
    assert {each.actor_name for each in told} == {call.made.token.user.username}

    OrderSummary.objects.filter(pk=order.pk).update(customer_email="lauren@example.com")
    call("GET", "/orders?email=lauren@example.com")
    assert AuditEntry.objects.latest("pk").facts == {"asked": ["email"]}


def test_log_lines_of_a_call_say_whose_token_it_was(call, monkeypatch):
    bound = []
    monkeypatch.setattr(
        "integrations.api.me.as_json",
        lambda content: bound.append(get_contextvars()) or as_json(content),
    )
    call("GET", "/me")
    token = call.made.token
    assert (bound[0]["user"], bound[0]["caller"]) == (token.user_id, token.prefix)
    assert get_contextvars().get("caller") is None
