"""Whatever comes, it is told as a problem, and nothing is half done."""

import pytest

from orders.documents.jsonlines import LONGEST_LINE
from orders.models import OrderSummary
from tests.support.builders import imported, shirts

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[]", 400),
        (b"null", 400),
        (b'{"a": 1, "a": 2}', 400),
        (b'{"a": NaN}', 400),
        (b"\xff", 400),
        (b"\xef\xbb\xbf{}", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 50_000, 400),
        (b'{"a": ' + b"1" * 5000 + b"}", 400),
        (b"{}", 422),
        (b'{"\\u0000": 1}', 422),
    ],
)
def test_bodies(call, body, status):
    answer = call("PUT", "/orders/W-1", body)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not OrderSummary.objects.exists()


def test_a_body_that_is_too_long(call):
    answer = call("PUT", "/orders/W-1", b" " * (LONGEST_LINE + 1))
    assert (answer.status_code, answer.json()["type"]) == (413, "too-large")


def test_a_body_of_almost_4_mib_is_read(call):
    body = b'{"what": "' + b"x" * (LONGEST_LINE - 100) + b'"}'
    assert call("PUT", "/orders/W-1", body).status_code == 422


def test_a_query_of_50_000_fields(call):
    answer = call("GET", "/orders?" + "&".join(f"f{n}={n}" for n in range(50_000)))
    assert (answer.status_code, answer.json()["type"]) == (400, "bad-request")


def test_a_body_that_is_not_json(call):
    answer = call.client.put(
        "/api/v1/orders/W-1", b"{}", content_type="text/plain", headers=call.headers
    )
    assert (answer.status_code, answer.json()["type"]) == (415, "unsupported-media-type")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        "/orders/",
        "/orders/W-9",
        "/orders/W~2f1",
        "/orders/%00",
        "/change-orders/CO-1",
        "/change-orders/CO-99999999",
        "/process-exceptions/9",
        "/process-exceptions/x",
        "/refunds/9",
        "/refunds/99999999999999999999999",
        "/refunds/²",
        "/refunds/-1",
    ],
)
def test_what_is_not_there(call, path):
    answer = call("GET", path)
    assert (answer.status_code, answer.json()["type"]) == (404, "not-found")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "after=-1",
        "after=99999999999999999999",
        "status=gone",
        "number=%00",
        "updated_since=yesterday",
        "email=" + "a" * 300,
        "updatedsince=2026-01-01T00:00:00Z",
    ],
)
def test_queries(call, query):
    answer = call("GET", f"/orders?{query}")
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid")


def test_methods(call):
    answer = call("DELETE", "/orders/W-1")
    assert (answer.status_code, answer.json()["type"]) == (405, "method-not-allowed")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("key", ["k" * 201, "a\u202eb"])
def test_keys(call, key):
    order = imported(shirts())
    body = {"items": "all", "reason": "Changed Mind", "idempotency_key": key}
    answer = call("POST", f"/orders/{order.order_number}/cancellations", body, Idempotency_Key="K")
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "idempotency_key")


@pytest.mark.parametrize("path", ["/change-orders", "/refunds", "/events", "/webhook-endpoints"])
def test_what_no_call_knows_is_not_left_out_of_a_query(call, path):
    answer = call("GET", f"{path}?what=1")
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "what")


@pytest.mark.parametrize("key", ["schl\u00fcssel", "schl\u00c3\u00bcssel", "a\tb", "k" * 201])
def test_keys_that_headers_do_not_carry(call, key):
    """In a file each of them, but for what is too long, would be another."""
    order = imported(shirts())
    path = f"/orders/{order.order_number}/cancellations"
    answer = call("POST", path, {"items": "all", "reason": "Changed Mind"}, Idempotency_Key=key)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "idempotency_key")
    assert not order.change_orders.exists()


def test_agreed_of_another_order(call):
    ours, other = imported(shirts(), order_number="A"), imported(shirts(), order_number="B")
    body = {"items": "all", "reason": "Changed Mind"}
    agreed = call("POST", f"/orders/{other.order_number}/cancellations/preview", body).json()[
        "agreed"
    ]
    answer = call(
        "POST",
        f"/orders/{ours.order_number}/cancellations",
        {**body, "agreed": agreed},
        Idempotency_Key="K",
    )
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "agreed")
