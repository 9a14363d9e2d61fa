"""Lines of files that are no documents at all."""

import json

from orders.documents.jsonlines import LONGEST_LINE
from tests.proofs.bad_input.row import BadInput, WayIn
from tests.proofs.bad_input.shell import Line, line_to
from tests.support.specimens import COMPLETE

GOOD = json.dumps(COMPLETE).encode()
NOT_JSON = "line 1: is not JSON: "


def replaced(old: bytes, new: bytes, good: bytes = GOOD) -> Line:
    """A good line, an order's unless another is given, with one thing in it replaced."""
    assert old in good
    return Line(good.replace(old, new, 1), f"… {new!r} …")


def members(count: int, last: str) -> bytes:
    """An object of so many members, whose last one has this name."""
    return (
        json.dumps({f"m{n}": n for n in range(count)})[:-1].encode() + f', "{last}": 0}}'.encode()
    )


TO_IMPORT = (
    BadInput("an order, cut off", GOOD[:495], 1, f"{NOT_JSON}Unterminated string"),
    BadInput("an order without its last brace", GOOD[:-1], 1, f"{NOT_JSON}Expecting ',' delimiter"),
    BadInput("two orders on a line", GOOD + GOOD, 1, f"{NOT_JSON}Extra data at character"),
    BadInput("single quotes", b"{'order_number': '1'}", 1, f"{NOT_JSON}Expecting property name"),
    BadInput("a word", b"nonsense", 1, f"{NOT_JSON}Expecting value at character 1"),
    BadInput("a row of a table", b"00001401,2025-10-03,USD", 1, NOT_JSON),
    BadInput(
        "a byte order mark", b"\xef\xbb\xbf" + GOOD, 1, "line 1: starts with a byte order mark"
    ),
    BadInput("UTF-16", GOOD.decode().encode("utf-16"), 1, "line 1: is not UTF-8"),
    BadInput("Latin-1", replaced(b"Lauren", b"Laur\xe9n"), 1, "line 1: is not UTF-8"),
    BadInput("a surrogate in UTF-8", replaced(b"TV", b"\xed\xa0\x80"), 1, "line 1: is not UTF-8"),
    BadInput("NUL between members", replaced(b", ", b",\0"), 1, NOT_JSON),
    BadInput("NUL in a text", replaced(b"TV", b"T\0V"), 1, f"{NOT_JSON}Invalid control character"),
    BadInput(
        "a tab in a text", replaced(b"TV", b"T\tV"), 1, f"{NOT_JSON}Invalid control character"
    ),
    BadInput("nothing but NUL", b"\0\0\0\0", 1, f"{NOT_JSON}Expecting value at character 1"),
    BadInput(
        "NaN", replaced(b'"quantity": 2', b'"quantity": NaN'), 1, "holds NaN, which is not JSON"
    ),
    BadInput("Infinity", replaced(b'"quantity": 2', b'"quantity": Infinity'), 1, "holds Infinity,"),
    BadInput(
        "-Infinity", replaced(b'"quantity": 2', b'"quantity": -Infinity'), 1, "holds -Infinity,"
    ),
    BadInput(
        "a quantity of 1e999",
        replaced(b'"quantity": 2', b'"quantity": 1e999'),
        1,
        "items[0].quantity: must be a whole number",
    ),
    BadInput("a quantity of 1_000", replaced(b'"quantity": 2', b'"quantity": 1_000'), 1, NOT_JSON),
    BadInput("a quantity of 01", replaced(b'"quantity": 2', b'"quantity": 01'), 1, NOT_JSON),
    BadInput("a quantity of 0x2", replaced(b'"quantity": 2', b'"quantity": 0x2'), 1, NOT_JSON),
    BadInput(
        "a quantity of 4,000 digits",
        replaced(b'"quantity": 2', b'"quantity": ' + b"9" * 4000),
        1,
        "items[0].quantity: must be at most 1000000",
    ),
    BadInput(
        "a quantity of 5,000 digits",
        replaced(b'"quantity": 2', b'"quantity": ' + b"9" * 5000),
        1,
        "line 1: holds a number that is too long",
    ),
    BadInput(
        "a member twice",
        replaced(b'{"order', b'{"currency": "EUR", "order'),
        1,
        "has the member 'currency' twice",
    ),
    BadInput(
        "a member of an item twice",
        replaced(b'"sku"', b'"key": "9", "sku"'),
        1,
        "has the member 'key' twice",
    ),
    BadInput(
        "200,000 members, the last one twice",
        members(200_000, "m199999"),
        1,
        "line 1: has the member 'm199999' twice",
        is_slim=False,
    ),
    BadInput(
        "a member whose name colors the terminal",
        replaced(b"{", b'{"\\u001b[31m": 1, '),
        1,
        r"\x1b[31m': is not a field of this document",
    ),
    BadInput(
        "a member whose name looks like a line of ours",
        replaced(b"{", b'{"x\\nline 2, order 7": 1, '),
        1,
        r"x\nline 2, order 7': is not a field of this document",
    ),
    BadInput("nested 100,000 deep", b'{"a":' * 100_000, 1, "line 1: is nested too deeply"),
    BadInput("lists 100,000 deep", b"[" * 100_000, 1, "line 1: is nested too deeply"),
    BadInput(
        "a line over 4 MiB",
        GOOD + b" " * LONGEST_LINE,
        1,
        "line 1: is longer than 4 MiB",
        is_slim=False,
    ),
    BadInput("a line of 4 MiB of nothing", b"\0" * LONGEST_LINE, 1, NOT_JSON, is_slim=False),
    BadInput("an array", b"[" + GOOD + b"]", 1, "line 1: is not a JSON object"),
    BadInput("a text", b'"00001401"', 1, "line 1: is not a JSON object"),
    BadInput("a number", b"1401", 1, "line 1: is not a JSON object"),
    BadInput("null", b"null", 1, "line 1: is not a JSON object"),
    BadInput("an empty object", b"{}", 1, "line 1, currency: must be a currency of ISO 4217"),
    BadInput(
        "two orders, their lines ended as on an old Mac",
        GOOD + b"\r" + GOOD + b"\r",
        1,
        f"{NOT_JSON}Extra data",
    ),
    BadInput(
        "an order spread over lines",
        json.dumps(COMPLETE, indent=1).encode(),
        1,
        f"{NOT_JSON}Expecting",
    ),
)

CANCELLATION = (
    b'{"idempotency_key": "K", "order_number": "W-1", "reason": "Unknown", "items": "all"}'
)
TO_CANCEL = (
    BadInput("a cancellation, cut off", CANCELLATION[:-9], 1, f"{NOT_JSON}Unterminated string"),
    BadInput(
        "an array of cancellations", b"[" + CANCELLATION + b"]", 1, "line 1: is not a JSON object"
    ),
    BadInput("a BOM", b"\xef\xbb\xbf" + CANCELLATION, 1, "line 1: starts with a byte order mark"),
    BadInput("not UTF-8", replaced(b"K", b"\xff", CANCELLATION), 1, "line 1: is not UTF-8"),
    BadInput("NUL", replaced(b"K", b"\0", CANCELLATION), 1, NOT_JSON),
    BadInput("NaN", replaced(b'"all"', b"NaN", CANCELLATION), 1, "line 1: holds NaN"),
    BadInput(
        "another key twice",
        CANCELLATION[:-1] + b', "items": []}',
        1,
        "has the member 'items' twice",
    ),
    BadInput("an order", GOOD, 1, "currency: is not a field of this document"),
)

REPORT = b'{"order_number": "W-1", "items": [{"key": "1", "quantity_allocated": 1}]}'
TO_RECORD = (
    BadInput("a report, cut off", REPORT[:-1], 1, f"{NOT_JSON}Expecting ',' delimiter"),
    BadInput("an array of reports", b"[" + REPORT + b"]", 1, "line 1: is not a JSON object"),
    BadInput("a BOM", b"\xef\xbb\xbf" + REPORT, 1, "line 1: starts with a byte order mark"),
    BadInput("not UTF-8", replaced(b"W-1", b"\xff", REPORT), 1, "line 1: is not UTF-8"),
    BadInput("1e999", replaced(b": 1}", b": 1e999}", REPORT), 1, "must be a whole number"),
    BadInput("-1e999", replaced(b": 1}", b": -1e999}", REPORT), 1, "must be a whole number"),
    BadInput("an item twice", REPORT[:-1] + b', "items": []}', 1, "has the member 'items' twice"),
    BadInput("a cancellation", CANCELLATION, 1, "idempotency_key: is not a field"),
)

WAYS_IN = (
    WayIn("import_orders, lines", line_to("import_orders"), TO_IMPORT),
    WayIn("cancel_orders, lines", line_to("cancel_orders"), TO_CANCEL),
    WayIn("record_fulfillment, lines", line_to("record_fulfillment"), TO_RECORD),
)
