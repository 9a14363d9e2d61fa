"""Why a call is refused: RFC 9457 problems, with the words and the paths that files have."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse

from cancellations.acts.exceptions import (
    DecidedOnTheRefund,
    FactsChanged,
    NoteRefused,
    ResolvedBefore,
    UnknownException,
)
from cancellations.acts.undo import CannotBeUndone, UnknownChangeOrder
from cancellations.refunds.people import (
    MovedMeanwhile,
    NotPossible,
    ReferenceRefused,
    UnknownInstruction,
)
from cancellations.second_person import SecondPersonNeeded
from cancellations.selection import NotAllowed, RequestReused, SelectionRefused
from cancellations.snapshots import NotReadBack
from integrations.api.tokens import NoToken, TooManyRequests
from integrations.events.again import TooManyEvents
from integrations.events.endpoints import UnknownTypes
from integrations.events.managing import UnknownEndpoint
from integrations.events.sending import AddressRefused
from orders.documents.fields import DocumentRefused, Problem
from orders.locking import LONGEST_WAIT_SECONDS, OrderBusy, OrderRefused, UnknownOrder

PROBLEM = "application/problem+json"
TITLES = {
    "bad-request": "The request cannot be read.",
    "busy": "Someone else is at work on it.",
    "changed": "The order changed since it was reviewed.",
    "forbidden": "This token may not do that.",
    "invalid": "The document breaks the contract.",
    "key-required": "The header Idempotency-Key is missing.",
    "key-reused": "The key stands for other content.",
    "method-not-allowed": "This address does not know the method.",
    "not-found": "There is nothing here.",
    "older-than-kept": "Events that old are not kept any more.",
    "precondition-failed": "It is not any more what If-Match names.",
    "refused": "What is asked for cannot be done.",
    "second-person-needed": "Somebody else has to approve so much.",
    "server-error": "It failed, and was not your doing.",
    "too-large": "The body is larger than 4 MiB.",
    "too-many-requests": "This token asks too often.",
    "unauthorized": "There is no token that is known here.",
    "unavailable": "The database failed: whether it was done is not known. Repeat it, same key.",
    "unsupported-media-type": "Bodies are JSON: application/json.",
}
"""Every ``type`` there is."""


class Refused(Exception):
    """A call is refused; nothing was written."""

    def __init__(
        self,
        status: int,
        type: str,
        *problems: Problem,
        headers: Mapping[str, str] | None = None,
        **more: object,
    ) -> None:
        super().__init__(type)
        self.status, self.type, self.problems = status, type, problems
        self.headers, self.more = headers or {}, more


def not_found() -> Refused:
    return Refused(404, "not-found")


def problem_response(refused: Refused) -> HttpResponse:
    """The answer to a refused call."""
    content = {
        "type": refused.type,
        "title": TITLES[refused.type],
        "status": refused.status,
        "errors": [
            {"path": problem.path, "message": problem.message} for problem in refused.problems
        ],
        **refused.more,
    }
    text = json.dumps(content, ensure_ascii=False)
    answer = HttpResponse(text, status=refused.status, content_type=PROBLEM)
    for name, value in refused.headers.items():
        answer.headers[name] = value
    return answer


def _at_whole(error: Any) -> tuple[Problem, ...]:
    return (Problem("", error.message),)


def _document_refused(error: DocumentRefused) -> Refused:
    return Refused(422, "invalid", *error.problems)


def _selection_refused(error: SelectionRefused) -> Refused:
    said = (Problem(each.field, each.in_english) for each in error.refusals)
    return Refused(409, "refused", *dict.fromkeys(said))


def _busy(_error: OrderBusy) -> Refused:
    again = {"Retry-After": str(LONGEST_WAIT_SECONDS)}
    return Refused(503, "busy", Problem("", OrderBusy.message), headers=again)


def _as_refused(status: int, type: str) -> Callable[[Any], Refused]:
    return lambda error: Refused(status, type, *_at_whole(error))


def _saying(status: int, type: str, path: str, message: str) -> Callable[[Any], Refused]:
    return lambda _error: Refused(status, type, Problem(path, message))


REFUSALS: dict[type[Exception], Callable[[Any], Refused]] = {
    Refused: lambda error: error,
    NoToken: lambda _error: Refused(401, "unauthorized", headers={"WWW-Authenticate": "Bearer"}),
    TooManyRequests: lambda error: Refused(
        429, "too-many-requests", headers={"Retry-After": str(error.seconds)}
    ),
    NotAllowed: _as_refused(403, "forbidden"),
    UnknownOrder: lambda _error: not_found(),
    UnknownChangeOrder: lambda _error: not_found(),
    UnknownException: lambda _error: not_found(),
    UnknownInstruction: lambda _error: not_found(),
    UnknownEndpoint: lambda _error: not_found(),
    UnknownTypes: lambda error: Refused(
        422,
        "invalid",
        Problem("types", f"{error.types[0]!a:.80} is no type that you may see"),
    ),
    TooManyEvents: lambda error: Refused(422, "invalid", Problem("since", error.message)),
    AddressRefused: lambda error: Refused(422, "invalid", Problem("address", error.message)),
    DocumentRefused: _document_refused,
    SelectionRefused: _selection_refused,
    RequestReused: lambda error: Refused(
        422, "key-reused", Problem("idempotency_key", error.message)
    ),
    NotReadBack: _saying(422, "invalid", "agreed", "was not given by a preview of this order"),
    CannotBeUndone: _as_refused(409, "refused"),
    SecondPersonNeeded: _as_refused(409, "second-person-needed"),
    OrderRefused: _as_refused(409, "refused"),
    OrderBusy: _busy,
    NoteRefused: lambda error: Refused(422, "invalid", Problem("note", error.message)),
    ReferenceRefused: lambda error: Refused(422, "invalid", Problem("reference", error.message)),
    ResolvedBefore: _saying(409, "refused", "", "It was resolved before."),
    FactsChanged: _saying(409, "changed", "", "It is about other facts by now."),
    DecidedOnTheRefund: _as_refused(409, "refused"),
    MovedMeanwhile: _saying(409, "changed", "seen", "It is not any more as it was seen."),
    NotPossible: _saying(409, "refused", "", "Its state does not allow it."),
}
"""What the acts raise, as answers."""


def refusal_of(error: Exception) -> Refused | None:
    """The answer to what a call ran into, if it is one of those that are expected."""
    for kind in type(error).__mro__:
        if make := REFUSALS.get(kind):
            return make(error)
    return None
