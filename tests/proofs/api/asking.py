"""Asks whatever the API's own description allows, and what it does not, and judges the answers."""

from collections import Counter
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from integrations.api.calls import described
from integrations.api.events import LONGEST_WAIT_SECONDS
from orders.addresses import spelled
from tests.proofs.api.stage import Site
from tests.support.builders import order_document

KEPT_TO = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
TAKEN_OR_TOLD = {200, 201, 202, 204, 304, 404, 409, 410, 412, 422}
"""What becomes of a call that is as described: done, or refused for what it says."""
MANY = 50
LONGEST_ANSWER_SECONDS = 60
ME = "GET /api/v1/me"
BATCH = "POST /api/v1/orders:batch"
"""Whatever a line of it is, what became of the line is told (200)."""

SOUND: dict[str, dict[str, Any]] = {
    "PUT /api/v1/orders/{number}": order_document(order_number="W-3"),
    "POST /api/v1/orders:batch": order_document(order_number="W-3"),
    "PUT /api/v1/orders/{number}/fulfillment": {"items": [{"key": "1", "quantity_allocated": 1}]},
    "POST /api/v1/refunds/{pk}/withdraw": {"seen": "x", "note": "Called."},
    "POST /api/v1/refunds/{pk}/retry": {"seen": "x"},
    "POST /api/v1/refunds/{pk}/paid-by-hand": {"seen": "x", "reference": "TRN 7"},
    "POST /api/v1/process-exceptions/{pk}/resolve": {"seen": "x", "note": "Called."},
    "POST /api/v1/orders/{number}/settlements": {"settle": {}},
    "POST /api/v1/webhook-endpoints": {"address": "https://shop.example/hooks"},
    "POST /api/v1/webhook-endpoints/{endpoint}/replay": {"since": "2026-01-01T00:00:00Z"},
}
for _path in ("cancellations", "cancellations/preview"):
    SOUND[f"POST /api/v1/orders/{{number}}/{_path}"] = {
        "items": [{"key": "1", "quantity": 1, "reason": "Changed Mind"}]
    }
"""Bodies that are done, of which a call changes some: what is random alone is refused early."""


@schemathesis.serializer("application/x-ndjson")
def _as_it_is(context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass")


def calls() -> list[str]:
    """Every call of the API, as schemathesis names it."""
    told = described()["paths"]
    return [f"{method.upper()} {path}" for path in told for method in told[path]]


@cache
def _operations() -> dict[str, Any]:
    told = described()
    for parameter in told["paths"]["/api/v1/events"]["get"]["parameters"]:
        if parameter["name"] == "wait":
            parameter["schema"]["maximum"] = 0  # a proof waits for nothing
    del told["security"]  # every call shows its token, here
    found = schemathesis.openapi.from_dict(told).get_all_operations()
    return {each.ok().label: each.ok() for each in found}


def ask_as_described(site: Site, call: str, examples: int) -> Counter:
    """Whatever is as described is done or refused for what it says; gives how it ended."""
    ended: Counter = Counter()

    @_tried(examples)
    @given(case=_operations()[call].as_strategy(), data=st.data())
    def ask(case: Any, data: Any) -> None:
        _lead_somewhere(site, call, case, data)
        answer = _answer(site, case)
        case.validate_response(answer, checks=KEPT_TO)
        assert answer.status_code in TAKEN_OR_TOLD, answer.text
        ended[answer.status_code] += 1

    ask()
    return ended


def ask_otherwise(site: Site, call: str, examples: int) -> Counter:
    """What is not as described is refused; gives how it ended."""
    ended: Counter = Counter()

    @_tried(examples)
    @given(_operations()[call].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def ask(case: Any) -> None:
        assume(not _waits(case))
        answer = _answer(site, case)
        is_wrong = call != BATCH and _came_as_it_is(case, answer)
        refused = [checks.negative_data_rejection] if is_wrong else []
        case.validate_response(answer, checks=[*KEPT_TO, *refused])
        ended[answer.status_code] += 1

    if call != ME:  # which takes nothing, and so nothing wrong
        ask()
    return ended


def _tried(examples: int) -> Any:
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        derandomize=examples < MANY,  # the small form asks the same every time
    )


def _answer(site: Site, case: Any) -> Any:
    return case.call(base_url=site.url, headers=site.headers, timeout=LONGEST_ANSWER_SECONDS)


def _waits(case: Any) -> bool:
    """Whether it is wrong by this proof's description alone, which lets nobody wait."""
    return str((case.query or {}).get("wait")) in map(str, range(1, LONGEST_WAIT_SECONDS + 1))


def _came_as_it_is(case: Any, answer: Any) -> bool:
    """Whether the query was sent whole: an empty list in it, say, leaves nothing behind."""
    sent = parse_qs(urlsplit(answer.request.url).query, keep_blank_values=True)
    return set(case.query or ()) <= set(sent)


def _lead_somewhere(site: Site, call: str, case: Any, data: Any) -> None:
    """Mostly ask about what there is, with a body of which only some members are random."""
    if data.draw(st.integers(0, 3)) == 0:
        return
    room = case.path.split("/")[3].replace("-", "_").partition(":")[0]
    for name in case.path_parameters or ():
        case.path_parameters[name] = data.draw(st.sampled_from(site.known[room]))
    sound = {**SOUND.get(call, {}), **_seen(site, room, case.body)}
    if isinstance(case.body, dict) and sound:
        names = st.sets(st.sampled_from(["", *sorted(case.body)]), max_size=2)
        taken = data.draw(names) - {""}
        case.body = {**sound, **{name: case.body[name] for name in taken}}
        _name_the_same(case)


def _seen(site: Site, room: str, body: Any) -> dict[str, Any]:
    """What a body names of what was read before."""
    if not isinstance(body, dict):
        return {}
    found = {"seen": site.known["seen"].get(room), "delivery": site.known["delivery"]}
    return {name: value for name, value in found.items() if name in body}


def _name_the_same(case: Any) -> None:
    """The body's number and key are those of address and header, else it is refused for that."""
    number = case.body.get("order_number")
    if number is not None and "number" in (case.path_parameters or {}):
        case.path_parameters["number"] = spelled(number) or "W-1"
    if "idempotency_key" in case.body and "Idempotency-Key" in (case.headers or {}):
        case.body["idempotency_key"] = case.headers["Idempotency-Key"]
