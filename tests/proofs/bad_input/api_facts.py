"""What calls of the API name that is not there, or cannot be: numbers, cursors, and keys."""

from collections.abc import Iterator

from orders.models import OrderSummary
from tests.proofs.bad_input.api import BARE, BATCH, BEARER, ITEMS, SOUND, Call, by_call
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


NOWHERE = {
    "orders": (
        "X-1",
        "W~2f1",
        "~41",
        "%00",
        "W%001",
        ".",
        "W-1%20",
        "%EF%BC%B7-1",
        "W" * 200,
        "~FF",
    ),
    "change-orders": (
        "CO-1",
        "CO-99999999",
        "CO-000000001",
        "co-00000001",
        "1",
        "CO-%00",
        "CO-" + "9" * 18,
    ),
    "refunds": (
        "9",
        "0",
        "-1",
        "1.0",
        "%00",
        "9" * 19,
        "9" * 20,
        "9" * 5000,
        "%EF%BC%91",
        "1e3",
        "0x1",
    ),
    "process-exceptions": ("9", "-1", "%00", "9" * 20, "%C2%B2"),
    "webhook-endpoints": ("99", "-1", "%00", "9" * 20, "%C2%B2", "new"),
}


def _nowhere() -> Iterator[BadInput]:
    """Every call that names something, about what is not there."""
    for place, what in enumerate((*SOUND, *BARE)):
        method, _, path = what.partition(" ")
        parts = path.split("/")
        if len(parts) < 3 or what == "PUT /orders/W-9":
            continue
        known = NOWHERE[parts[1]]
        first = place % 3  # each call gets its share, the same code reads them all
        for number in known if len(parts) == 3 else known[first::3]:
            there = "/".join([*parts[:2], number, *parts[3:]])
            call = Call(f"{method} {there}", SOUND.get(what))
            yield BadInput(f"{what}, {number[:30]} {len(number)}", call, 404, "not-found")
    for path in (
        "/",
        "/nothing",
        "/orders/",
        "/orders/W-1/",
        "/orders//",
        "/me/",
        "/%00",
        "/../v1/me",
    ):
        yield BadInput(f"GET {path}", Call(f"GET {path}"), 404, "not-found")


QUERIES: dict[str, tuple[str, ...]] = {
    "after": ("-1", "x", "", "1.5", "9" * 20, "%00", "%EF%BC%91%EF%BC%91x", "1;DROP", "0x10"),
    "limit": ("0", "1001", "-1", "x", "9" * 5000, "true", "%00"),
    "what": ("1", "%00"),
    "After": ("1",),
}
MORE_QUERIES: dict[str, dict[str, tuple[str, ...]]] = {
    "/orders": {
        "number": ("%00", "x" * 256, "%E2%80%AE"),
        "email": ("%00", "x" * 256),
        "status": ("Created", "gone", "", "%00"),
        "updated_since": (
            "yesterday",
            "2026-02-30T00:00:00Z",
            "2026-01-01",
            "",
            "%00",
            "9999-12-31T23:59:59Z",
        ),
    },
    "/change-orders": {"order_number": ("%00", "x" * 256)},
    "/refunds": {"status": ("paid", "Succeeded", "%00")},
    "/process-exceptions": {"open": ("perhaps", "", "%00", "2")},
    "/events": {
        "types": ("what", "order.imported,what", "%00", "order.*"),
        "wait": ("21", "-1", "x", "1.5"),
    },
    "/webhook-endpoints": {},
    "/webhook-endpoints/{endpoint}/deliveries": {},
}


def _queries() -> Iterator[BadInput]:
    for path, more in MORE_QUERIES.items():
        for field, values in {**QUERIES, **more}.items():
            for value in values if field in more or path == "/orders" else values[:2]:
                call = Call(f"GET {path}?{field}={value}", headers=BEARER)
                name = f"{path}?{field}={value[:20]} {len(value)}"
                yield BadInput(name, call, 422, field if field.isascii() else "", at="")


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


def _documents() -> Iterator[BadInput]:
    new = BEARER | {"Idempotency-Key": "new"}
    for agreed in AGREED:
        call = Call(CANCEL, {**SOME, "agreed": agreed}, headers=new)
        name = f"agreed {str(agreed)[:9]!r} {len(str(agreed))}"
        yield BadInput(name, call, 422, "agreed")
    for field, value, says in (
        ("items", "some", "items: must be a list"),
        ("items", [], "items"),
        ("items", [{**ITEMS[0], "key": "9"}], "items[0].key"),
        ("items", [{**ITEMS[0], "quantity": 0}], "items[0].quantity"),
        ("items", [{**ITEMS[0], "quantity": 1.0}], "items[0].quantity"),
        ("items", [{**ITEMS[0], "quantity": "1"}], "items[0].quantity"),
        ("items", [{**ITEMS[0], "quantity": True}], "items[0].quantity"),
        ("items", [ITEMS[0], ITEMS[0]], "items[1].key"),
        ("order_number", "W-2", "order_number: is another"),
        ("order_number", None, "order_number: is another"),
        ("reason", "a\0", "reason"),
        ("refund_fees", 1, "refund_fees"),
    ):
        call = Call(CANCEL, {**SOME, field: value}, headers=new)
        refused = 409 if value == [{**ITEMS[0], "key": "9"}] else 422
        yield BadInput(f"{field} {str(value)[:60]}", call, refused, says)
    many = {"items": [{**ITEMS[0], "quantity": 10**6}]}
    yield BadInput("a million units", Call(CANCEL, many, headers=new), 409, "items[0].quantity")
    huge = {"items": [{**ITEMS[0], "quantity": 10**30}]}
    yield BadInput("10³⁰ units", Call(CANCEL, huge, headers=new), 409, "items[0].quantity")
    other = order_document(order_number="W-9")
    yield BadInput(
        "an order elsewhere", Call("PUT /orders/W-8", other), 422, "order_number: is another"
    )
    yield BadInput(
        "a report of another",
        Call("PUT /orders/W-1/fulfillment", {"order_number": "W-2"}),
        422,
        "order_number: is another",
    )
    for path, field in (("rotate", ""), ("test", "")):
        del field
        yield BadInput(
            f"{path} of none", Call(f"POST /webhook-endpoints/77/{path}"), 404, "not-found"
        )
    yield from _about_money()


def _about_money() -> Iterator[BadInput]:
    for act, more in (
        ("retry", {}),
        ("withdraw", {"note": "x"}),
        ("paid-by-hand", {"reference": "T"}),
    ):
        what = f"POST /refunds/{{refund}}/{act}"
        stale = 409, "changed · seen"
        for seen, (status, says) in (
            ("older", stale),
            ("", stale),
            ("\0", stale),
            (1, (422, "seen")),
            (None, (422, "seen")),
        ):
            yield BadInput(
                f"{act}, seen {seen!r}", Call(what, {**more, "seen": seen}), status, says
            )
    for delivery in (0, -1, 10**18, 10**30):
        what = "POST /webhook-endpoints/{endpoint}/resend"
        yield BadInput(f"delivery {delivery}", Call(what, {"delivery": delivery}), 404, "not-found")
    for delivery in ("1", 1.0, True, None):
        what = "POST /webhook-endpoints/{endpoint}/resend"
        yield BadInput(
            f"delivery {delivery!r}", Call(what, {"delivery": delivery}), 422, "delivery"
        )
    for since in ("yesterday", "2026-01-01", "1989-01-01T00:00:00Z", "2999-01-01T00:00:00Z", 0):
        what = "POST /webhook-endpoints/{endpoint}/replay"
        yield BadInput(f"since {since}", Call(what, {"since": since}), 422, "since")
    for address in (
        "http://shop.example/",
        "https://127.0.0.1/",
        "https://u:p@shop.example/",
        "x" * 3000,
        "",
        "\0",
        1,
    ):
        what = "PATCH /webhook-endpoints/{endpoint}"
        name = f"address {str(address)[:26]!r}"
        yield BadInput(name, Call(what, {"address": address}), 422, "address")


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
    by_call("API, what is not there", tuple(_nowhere())),
    by_call("API, queries", tuple(_queries())),
    by_call("API, keys and preconditions", tuple(_keys()), canceled),
    by_call("API, what documents name", tuple(_documents()), canceled),
    by_call("API, batches", tuple(_lines())),
)
