"""Bodies of every call of the API that takes one: encodings, sizes, depths, and other types."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from orders.documents.jsonlines import LONGEST_LINE
from tests.proofs.bad_input.api import JSON, SOUND, Call, by_call
from tests.proofs.bad_input.row import BadInput

Broken = Callable[[dict[str, Any]], bytes]


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document)


def _with(member: str) -> Broken:
    """One member more, as it stands in the text."""
    return lambda document: f"{_text(document)[:-1]}, {member}}}".encode()


BROKEN: tuple[tuple[str, Broken, str], ...] = (
    ("nothing", lambda document: b"", "is not JSON"),
    ("UTF-16", lambda document: _text(document).encode("utf-16"), "is not UTF-8"),
    ("UTF-16 without a mark", lambda document: _text(document).encode("utf-16-le"), "is not JSON"),
    ("UTF-32", lambda document: _text(document).encode("utf-32"), "is not UTF-8"),
    (
        "a mark of UTF-8",
        lambda document: b"\xef\xbb\xbf" + _text(document).encode(),
        "starts with a byte order mark",
    ),
    ("a broken byte", lambda document: _text(document).encode() + b"\xff", "is not UTF-8"),
    ("Latin-1", lambda document: b'{"a": "\xe4"}', "is not UTF-8"),
    ("a list", lambda document: f"[{_text(document)}]".encode(), "is not a JSON object"),
    ("null", lambda document: b"null", "is not a JSON object"),
    ("a text", lambda document: b'"x"', "is not a JSON object"),
    ("two documents", lambda document: _text(document).encode() * 2, "is not JSON"),
    ("cut off", lambda document: _text(document)[:-1].encode(), "is not JSON"),
    ("a comma too many", lambda document: f"{_text(document)[:-1]},}}".encode(), "is not JSON"),
    ("a comment", lambda document: _text(document).encode() + b"// sound", "is not JSON"),
    ("a member twice", _with('"x": 1, "x": 1'), "has the member 'x' twice"),
    ("a deep member twice", _with('"x": [{"y": 1, "y": 2}]'), "has the member 'y' twice"),
    ("NaN", _with('"x": NaN'), "holds NaN"),
    ("Infinity", _with('"x": [-Infinity]'), "holds -Infinity"),
    ("5,000 digits", _with(f'"x": {"1" * 5000}'), "holds a number that is too long"),
    (
        "100,000 lists in each other",
        _with(f'"x": {"[" * 100_000}{"]" * 100_000}'),
        "is nested too deeply",
    ),
    (
        "50,000 objects in each other",
        _with('"x": ' + '{"y":' * 50_000 + "1" + "}" * 50_000),
        "is nested too deeply",
    ),
)
UNKNOWN: tuple[tuple[str, str], ...] = (
    ("an unknown member", '"what": 1'),
    ("an empty name", '"": 1'),
    ("a name with NUL", '"a\\u0000": 1'),
    ("a surrogate for a name", '"\\ud800": 1'),
    ("a name of 10,000", f'"{"x" * 10_000}": 1'),
    ("__proto__", '"__proto__": {}'),
)
TYPES = (
    ("plain text", "text/plain"),
    ("a form", "application/x-www-form-urlencoded"),
    ("a form of parts", "multipart/form-data; boundary=b"),
    ("XML", "application/xml"),
    ("no type", ""),
    ("a type that is none", "json"),
)


FULLY = ("PUT /orders/W-9", "POST /orders/W-1/cancellations")
"""These get everything; of the others, which read their bodies by the same code, each its share."""
SHARE = 6


def _rows() -> Iterator[BadInput]:
    for number, (what, document) in enumerate(SOUND.items()):
        rows = list(_rows_of(what, document))
        yield from rows if what in FULLY else rows[number % SHARE :: SHARE]


def _rows_of(what: str, document: dict[str, Any]) -> Iterator[BadInput]:
    for words, broken, says in BROKEN:
        body = broken(document)
        told = f"bad-request · : The body {says}"
        yield BadInput(f"{what}: {words}", Call(what, body), 400, told)
    for words, member in UNKNOWN:
        yield BadInput(f"{what}: {words}", Call(what, _with(member)(document)), 422, "invalid · ")
    for words, content_type in TYPES:
        call = Call(what, document, content_type)
        yield BadInput(f"{what}: {words}", call, 415, "unsupported-media-type")
    large = _with(f'"x": "{"x" * LONGEST_LINE}"')(document)
    yield BadInput(f"{what}: more than 4 MiB", Call(what, large, JSON), 413, "too-large")


WAY_IN = by_call("API, bodies", tuple(_rows()))
