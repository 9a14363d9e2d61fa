"""What calls of the API name that is not there, and what queries cannot say."""

from collections.abc import Iterator

from tests.proofs.bad_input.api import BARE, BEARER, SOUND, Call, by_call
from tests.proofs.bad_input.row import BadInput

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


WAYS_IN = (
    by_call("API, what is not there", tuple(_nowhere())),
    by_call("API, queries", tuple(_queries())),
)
