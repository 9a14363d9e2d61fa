"""What documents of calls say: keys, preconditions, what was seen, and lines of a batch."""

from collections.abc import Iterator
from typing import Any

from orders.models import OrderSummary
from tests.proofs.bad_input.api import BATCH, BEARER, ITEMS, Call, by_call
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import Stage
from tests.support.builders import cancel, order_document, select, system_user

CANCEL = "POST /orders/W-1/cancellations"
SETTLE = "POST /orders/W-1/settlements"
UNDO = "POST /change-orders/{change_order}/undo"
SOME = {"items": ITEMS}


def canceled(stage: Stage) -> None:
    """A unit of W-1 was canceled, and another of W-2, under the key of the first."""
    made = [
        cancel(
            OrderSummary.objects.get(order_number=number),
            select("1"),
            by=system_user(),
            request_id="K",
        )
        for number in ("W-1", "W-2")
    ]
    stage.named |= {"change_order": made[0].number, "refund": made[0].refunds.get().pk}


KEYS: tuple[tuple[str, str, int, str], ...] = (
    ("an empty key", "", 400, "key-required"),
    ("a key of spaces", "   ", 400, "key-required"),
    ("a key of 201", "k" * 201, 422, "invalid · idempotency_key"),
    ("a key of 10,000", "k" * 10_000, 422, "invalid · idempotency_key"),
    ("a key with NUL", "a\0b", 422, "invalid · idempotency_key"),
    ("a key with a tab", "a\tb", 422, "invalid · idempotency_key"),
    ("a key with a control character", "a\x85b", 422, "invalid · idempotency_key"),
    ("a key in UTF-8", "schl\u00c3\u00bcssel", 422, "invalid · idempotency_key"),
    ("a key in Latin-1", "schl\u00fcssel", 422, "invalid · idempotency_key"),
)
PRECONDITIONS = ("", "x", "W/", '"', '"x", "y"', 'W/"x"', "\0", "," * 1000, "\u00ff", "x" * 10_000)


def _keys() -> Iterator[BadInput]:
    for what, body in ((CANCEL, SOME), (SETTLE, {}), (UNDO, None)):
        yield BadInput(f"{what}: no key", Call(what, body, headers=BEARER), 400, "key-required")
        for words, key, status, says in KEYS:
            call = Call(what, body, headers=BEARER | {"Idempotency-Key": key})
            yield BadInput(f"{what}: {words}", call, status, says)
        if what == UNDO:
            continue
        for key in ("L", "", 1, None, ["K"]):
            call = Call(what, {**body, "idempotency_key": key})
            yield BadInput(f"{what}: {key!r} in the body", call, 422, "idempotency_key: is another")
        for named in PRECONDITIONS:
            headers = BEARER | {"Idempotency-Key": "new", "If-Match": named}
            name = f"{what}, If-Match {named[:9]!r} {len(named)}"
            yield BadInput(name, Call(what, body, headers=headers), 412, "precondition-failed")
    yield BadInput(
        "another content under a key",
        Call(CANCEL, {"items": [{**ITEMS[0], "quantity": 2}]}),
        422,
        "key-reused",
    )
    yield BadInput("a key of a cancellation for a settlement", Call(SETTLE, {}), 422, "key-reused")
    yield BadInput("a key of a cancellation for an undo", Call(UNDO), 422, "key-reused")


AGREED = ("", "x", "a:b:c", "\0", "x" * 10_000, 1, True, [], {})


ONE = ITEMS[0]
WRONG: tuple[tuple[dict[str, Any], int, str], ...] = (
    ({"items": "some"}, 422, "items: must be a list"),
    ({"items": []}, 422, "items"),
    ({"items": [{**ONE, "key": "9"}]}, 409, "items[0].key"),
    ({"items": [{**ONE, "quantity": 0}]}, 422, "items[0].quantity"),
    ({"items": [{**ONE, "quantity": 1.0}]}, 422, "items[0].quantity"),
    ({"items": [{**ONE, "quantity": "1"}]}, 422, "items[0].quantity"),
    ({"items": [{**ONE, "quantity": True}]}, 422, "items[0].quantity"),
    ({"items": [{**ONE, "quantity": 10**6}]}, 409, "items[0].quantity"),
    ({"items": [{**ONE, "quantity": 10**30}]}, 409, "items[0].quantity"),
    ({"items": [ONE, ONE]}, 422, "items[1].key"),
    ({"order_number": "W-2"}, 422, "order_number: is another"),
    ({"order_number": None}, 422, "order_number: is another"),
    ({"reason": "a\0"}, 422, "reason"),
    ({"refund_fees": 1}, 422, "refund_fees"),
    *(({"agreed": each}, 422, "agreed") for each in AGREED),
)
ENDPOINT = "/webhook-endpoints/{endpoint}"
ELSEWHERE: tuple[tuple[str, Any, int, str], ...] = (
    ("PUT /orders/W-8", order_document(order_number="W-9"), 422, "order_number: is another"),
    ("PUT /orders/W-1/fulfillment", {"order_number": "W-2"}, 422, "order_number: is another"),
    ("POST /webhook-endpoints/77/rotate", None, 404, "not-found"),
    ("POST /webhook-endpoints/77/test", None, 404, "not-found"),
    *(
        (f"POST {ENDPOINT}/resend", {"delivery": each}, 404, "not-found")
        for each in (0, -1, 10**18, 10**30)
    ),
    *(
        (f"POST {ENDPOINT}/resend", {"delivery": each}, 422, "delivery")
        for each in ("1", 1.0, True, None)
    ),
    *(
        (f"POST {ENDPOINT}/replay", {"since": each}, 422, "since")
        for each in ("yesterday", "2026-01-01", "1989-01-01T00:00:00Z", "2999-01-01T00:00:00Z", 0)
    ),
    *(
        (f"PATCH {ENDPOINT}", {"address": each}, 422, "address")
        for each in ("http://shop.example/", "https://127.0.0.1/", "https://u:p@shop.example/")
    ),
    *(
        (f"PATCH {ENDPOINT}", {"address": each}, 422, "address")
        for each in ("x" * 3000, "", "\0", 1)
    ),
)
"""What names another than the address does, or one that is not there, or is none."""
ABOUT_REFUNDS = {"retry": {}, "withdraw": {"note": "x"}, "paid-by-hand": {"reference": "T"}}
SEEN: tuple[tuple[Any, int, str], ...] = (
    ("older", 409, "changed · seen"),
    ("", 409, "changed · seen"),
    ("\0", 409, "changed · seen"),
    (1, 422, "seen"),
    (None, 422, "seen"),
)


def _documents() -> Iterator[BadInput]:
    new = BEARER | {"Idempotency-Key": "new"}
    for changes, status, says in WRONG:
        call = Call(CANCEL, {**SOME, **changes}, headers=new)
        yield BadInput(_named(CANCEL, changes), call, status, says)
    for what, body, status, says in ELSEWHERE:
        yield BadInput(_named(what, body), Call(what, body), status, says)
    for act, more in ABOUT_REFUNDS.items():
        what = f"POST /refunds/{{refund}}/{act}"
        for seen, status, says in SEEN:
            call = Call(what, {**more, "seen": seen})
            yield BadInput(f"{act}, seen {seen!r}", call, status, says)


def _named(what: str, body: Any) -> str:
    text = str(body)
    return f"{what} {text[:90]} {len(text)}"


def _lines() -> Iterator[BadInput]:
    """A line that is none is told as refused, and the answer is 200."""
    for words, line in (
        ("a list", b"[]"),
        ("UTF-16", "{}".encode("utf-16")),
        ("a mark of UTF-8", b"\xef\xbb\xbf{}"),
        ("a broken byte", b"\xff"),
        ("a member twice", b'{"a": 1, "a": 1}'),
        ("NaN", b'{"a": NaN}'),
        ("10,000 lists", b"[" * 10_000),
        ("no order", b"{}"),
        ("lines without anything else", b"\n\r\n{\n\n"),
        ("a line break in a text", b'{"order_number": "a\nb"}'),
        ("a separator of lines", '{"order_number": "a\u2028b"}'.encode()),
    ):
        call = Call(BATCH, line, "application/x-ndjson")
        yield BadInput(f"a batch: {words}", call, 200, '"outcome": "refused"')


WAYS_IN = (
    by_call("API, keys and preconditions", tuple(_keys()), canceled),
    by_call("API, what documents name", tuple(_documents()), canceled),
    by_call("API, batches", tuple(_lines())),
)
