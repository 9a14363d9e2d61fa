"""Sends calls as other systems do, and reads the problems that come back."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client

from integrations.api.tokens import make_token
from integrations.events.endpoints import create_endpoint
from integrations.models import Scope
from tests.proofs.bad_input.row import Answer, BadInput, Given, WayIn
from tests.proofs.bad_input.stage import Stage
from tests.support.builders import UserFactory, order_document

JSON, PROBLEM = "application/json", "application/problem+json"
BEARER = {"Authorization": "Bearer {token}"}
KEY = {"Idempotency-Key": "K"}

EVERY = 32
"""One door stands before all calls, and few of the rows show its code anything new."""

ITEMS = [{"key": "1", "quantity": 1, "reason": "Changed Mind"}]
SOUND: dict[str, Any] = {
    "PUT /orders/W-9": order_document(order_number="W-9"),
    "PUT /orders/W-1/fulfillment": {"items": [{"key": "1", "quantity_allocated": 1}]},
    "POST /orders/W-1/cancellations/preview": {"items": ITEMS},
    "POST /orders/W-1/cancellations": {"items": ITEMS},
    "POST /orders/W-1/settlements": {"settle": {}},
    "POST /refunds/1/retry": {"seen": "x"},
    "POST /refunds/1/withdraw": {"seen": "x", "note": "Called."},
    "POST /refunds/1/paid-by-hand": {"seen": "x", "reference": "TRN 1"},
    "POST /process-exceptions/1/resolve": {"seen": "x", "note": "Called."},
    "POST /webhook-endpoints": {"address": "https://shop.example/hooks"},
    "PATCH /webhook-endpoints/{endpoint}": {"enabled": False},
    "POST /webhook-endpoints/{endpoint}/resend": {"delivery": 1},
    "POST /webhook-endpoints/{endpoint}/replay": {"since": "2026-01-01T00:00:00Z"},
}
"""Every call that takes one document, with one that it would look at."""
BARE = (
    "GET /orders",
    "GET /orders/W-1",
    "GET /change-orders",
    "GET /change-orders/CO-00000001",
    "POST /change-orders/CO-00000001/undo",
    "GET /refunds",
    "GET /refunds/1",
    "GET /process-exceptions",
    "GET /events",
    "GET /webhook-endpoints",
    "GET /webhook-endpoints/{endpoint}",
    "DELETE /webhook-endpoints/{endpoint}",
    "POST /webhook-endpoints/{endpoint}/rotate",
    "POST /webhook-endpoints/{endpoint}/test",
    "GET /webhook-endpoints/{endpoint}/deliveries",
    "GET /me",
)
"""Every call that takes nothing."""
BATCH = "POST /orders:batch"


@dataclass(frozen=True, slots=True)
class Call:
    """A call; ``{names}`` in its path and headers stand for what only the stage knows.

    Attributes:
        what: Method and path.
        body: Bytes as they are, anything else as JSON; None: nothing.
    """

    what: str
    body: Any = None
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=lambda: BEARER | KEY)

    def __str__(self) -> str:
        told = [f"{name}: {value}" for name, value in self.headers.items() if value != BEARER]
        return " ".join([self.what, str(self.body)[:80], *told])


def by_call(name: str, rows: tuple[BadInput, ...], *given: Given) -> WayIn:
    """Rows that are calls with a token of every scope."""
    return WayIn(name, send, rows, (a_token, *given), every=EVERY)


def a_token(stage: Stage) -> None:
    """Another system has a token of every scope, of a manager who may import and report."""
    assert stage.client  # whose names a row may ask for
    user = UserFactory(manager=True)
    rights = ("import_orders", "report_fulfillment")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    made = make_token(name="shop", user=user, scopes=set(Scope), by=user)
    endpoint, _secret = create_endpoint(address="https://shop.example/hooks", by=user)
    stage.named |= {"token": made.text, "token_of": made.token, "endpoint": endpoint.pk}


def send(stage: Stage, row: BadInput) -> Answer:
    """Send a row's call, and read the problem."""
    call: Call = row.sent
    method, _, path = stage.fill(call.what).partition(" ")
    body = call.body if isinstance(call.body, bytes) else json.dumps(call.body).encode()
    response = Client(raise_request_exception=False).generic(
        method,
        f"/api/v1{path}",
        b"" if call.body is None else body,
        content_type=call.content_type,
        headers=stage.fill(call.headers),
        CONTENT_TYPE=call.content_type,  # where the body is empty, too
    )
    content = response.getvalue().decode()
    return Answer(response.status_code, _told(response, content), content)


def _told(response: Any, content: str) -> str:
    """The type of a problem, with what it says of fields; else what came in its place."""
    if response.headers.get("Content-Type") != PROBLEM:
        return f"no problem: {content}"
    problem = json.loads(content)
    assert problem["status"] == response.status_code
    errors = (f"{each['path']}: {each['message']}" for each in problem["errors"])
    allowed = [f"Allow: {response.headers['Allow']}"] if response.status_code == 405 else []
    return " · ".join([problem["type"], *allowed, *errors])
