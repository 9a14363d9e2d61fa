"""Cancellations and settlements of an order: previewed, and done once for their key."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from ninja import Router

from cancellations.acts.cancel import preview_cancellation, submit_cancellation
from cancellations.acts.requests import Submission
from cancellations.acts.settle import submit_settlement
from cancellations.acts.undo import undo_change_order
from cancellations.documents.requests import (
    CancelAllDocument,
    CancelItemsDocument,
    RequestDocument,
    SettlementDocument,
    read_cancellation,
    read_request,
)
from cancellations.models import ChangeOrder
from cancellations.selection import SelectionRefused
from cancellations.snapshots import NotReviewed, QuoteChanged, Snapshot
from integrations.api.addresses import change_order_at, order_at
from integrations.api.answers import ChangeOrderAnswer
from integrations.api.bodies import json_body
from integrations.api.callers import SEES_CHANGE_ORDERS, SEES_ORDERS, caller
from integrations.api.change_orders import change_order_documents, dump
from integrations.api.described import (
    IF_MATCH,
    KEY,
    KEYS,
    LOCATION,
    LONGEST_KEY,
    REPLAYED,
    answers,
    named_elsewhere,
    takes,
)
from integrations.api.documents import as_json, etag_of, named_in, whole_order
from integrations.api.more_answers import PreviewOrDone
from integrations.api.previews import dump_preview, dump_snapshot
from integrations.api.problems import Refused
from integrations.models import Scope
from orders.documents.fields import DocumentRefused, Problem, validated
from orders.locking import begun_again_when_interrupted, locked_order
from orders.models import OrderSummary

router = Router(tags=["cancellations"])

Cancellation = CancelItemsDocument | CancelAllDocument
ONCE: dict[str, Any] = {"headers": (KEY, IF_MATCH), "told_in": (LOCATION, REPLAYED)}
DONE = (ChangeOrderAnswer, 200, 201, 409, 412)
AGREED: dict[str, Any] = {
    "type": ["string", "null"],
    "description": "What a preview gave: only what it told is done.",
}
for _document in (CancelItemsDocument, CancelAllDocument):
    named_elsewhere(_document, "order_number", "idempotency_key", agreed=AGREED)
named_elsewhere(SettlementDocument, "order_number", "idempotency_key", "settle")


@router.post(
    "/orders/{number}/cancellations/preview",
    openapi_extra=takes(Cancellation, PreviewOrDone, 200, 409),
)
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """What a cancellation would come to now; nothing is written, and no key is used up."""
    user = caller(request, Scope.CANCELLATIONS_PREVIEW, SEES_ORDERS, SEES_CHANGE_ORDERS)
    order = order_at(number)
    body = json_body(request)
    if KEY in request.headers:
        body.setdefault("idempotency_key", key_of(request))
    body.setdefault("idempotency_key", str(uuid4()))
    body = _about(order, body, body["idempotency_key"])
    body.pop("agreed", None)
    document = read_cancellation(body)
    with _told_at_fields(document):
        found = preview_cancellation(request=document.request, by=user)
    if isinstance(found, ChangeOrder):
        return answer_of(Submission(found, is_repeat=True))
    return as_json(dump_preview(order, found))


@router.post("/orders/{number}/cancellations", openapi_extra=takes(Cancellation, *DONE, **ONCE))
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Cancel items: with ``agreed``, what a preview gave, only if that is what would happen."""
    user = caller(request, Scope.CANCELLATIONS_WRITE, SEES_ORDERS, SEES_CHANGE_ORDERS)
    order = order_at(number)
    body = _about(order, json_body(request), key_of(request))
    agreed = _agreed(body.pop("agreed", None), order)
    document = read_cancellation(body)
    with _told_at_fields(document), _told_side_by_side(order):
        done = if_it_is(
            request,
            order.order_number,
            lambda: submit_cancellation(request=document.request, agreed=agreed, by=user),
        )
    return answer_of(done)


@router.post("/orders/{number}/settlements", openapi_extra=takes(SettlementDocument, *DONE, **ONCE))
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """Refund what is owed without a cancellation."""
    user = caller(request, Scope.CANCELLATIONS_WRITE, SEES_ORDERS, SEES_CHANGE_ORDERS)
    order = order_at(number)
    asked = {"settle": {}, **_about(order, json_body(request), key_of(request))}
    document = validated(SettlementDocument, asked)
    with _told_at_fields(document):
        done = if_it_is(
            request,
            order.order_number,
            lambda: submit_settlement(request=document.request, agreed=NotReviewed(), by=user),
        )
    return answer_of(done)


@router.post(
    "/change-orders/{number}/undo",
    openapi_extra=answers(*DONE, **ONCE),
)
def undo(request: HttpRequest, number: str) -> HttpResponse:
    """Give back what a change order took, while it still can be; it has no body."""
    user = caller(request, Scope.CANCELLATIONS_WRITE, SEES_ORDERS, SEES_CHANGE_ORDERS)
    found = change_order_at(number)
    document = read_request(
        {
            "undo": found.number,
            "order_number": found.order.order_number,
            "idempotency_key": key_of(request),
        }
    )
    key = document.idempotency_key
    done = if_it_is(
        request,
        found.order.order_number,
        lambda: undo_change_order(change_order_id=found.pk, by=user, request_id=key),
    )
    return answer_of(done)


def key_of(request: HttpRequest) -> str:
    """The key under which a call happens once.

    Raises:
        Refused: There is none, or one that headers do not carry: it would be another in a file.
    """
    key = request.headers.get(KEY, "").strip()
    if not key:
        raise Refused(400, "key-required", Problem("idempotency_key", f"Send the header {KEY}."))
    if not re.fullmatch(KEYS, key) or len(key) > LONGEST_KEY:
        message = f"must be 1 to {LONGEST_KEY} printable characters of ASCII"
        raise Refused(422, "invalid", Problem("idempotency_key", message))
    return key


def if_it_is(request: HttpRequest, number: str, act: Callable[[], Submission]) -> Submission:
    """Do it; with ``If-Match`` only while the order is what that names, under its lock.

    Raises:
        Refused: The order is another by now, and this key made nothing before.
    """
    return _unchanged_then(request, number, act) if "If-Match" in request.headers else act()


@begun_again_when_interrupted
def _unchanged_then(request: HttpRequest, number: str, act: Callable[[], Submission]) -> Submission:
    with locked_order(number) as order:
        is_repeat = order.change_orders.filter(request_id=key_of(request)).exists()
        if not is_repeat and not named_in(request, "If-Match", etag_of(whole_order(order))):
            raise Refused(412, "precondition-failed")
        return act()


def answer_of(done: Submission) -> HttpResponse:
    """The change order that a call made, now (201) or before (200, and it says so)."""
    made = done.change_order
    [document] = change_order_documents([made.pk]) if done.is_repeat else [dump(made)]
    headers = {"Location": f"/api/v1/change-orders/{made.number}"}
    if done.is_repeat:
        headers["Idempotent-Replayed"] = "true"
    return as_json(document, status=200 if done.is_repeat else 201, headers=headers)


def _about(order: OrderSummary, body: dict[str, Any], key: Any) -> dict[str, Any]:
    """The document that a body is, with what the address and the header name.

    Raises:
        DocumentRefused: It names another order, or another key.
    """
    named = {"order_number": order.order_number, "idempotency_key": key}
    for field, value in named.items():
        if body.setdefault(field, value) != value:
            raise DocumentRefused(Problem(field, "is another than the address or header names"))
    return body


def _agreed(text: object, order: OrderSummary) -> Snapshot | NotReviewed:
    if text is None:
        return NotReviewed()
    if not isinstance(text, str):
        raise DocumentRefused(Problem("agreed", "must be the text that a preview gave"))
    return Snapshot.read(text, order.order_number)


@contextmanager
def _told_at_fields(document: RequestDocument) -> Iterator[None]:
    """Refusals of the act, at the fields of the document."""
    try:
        yield
    except SelectionRefused as refusal:
        told = dict.fromkeys(map(document.problem, refusal.refusals))
        raise Refused(409, "refused", *told) from refusal


@contextmanager
def _told_side_by_side(order: OrderSummary) -> Iterator[None]:
    try:
        yield
    except QuoteChanged as changed:
        beside: dict[str, Any] = {
            "reviewed": dump_snapshot(changed.reviewed, order.currency),
            "now": dump_snapshot(changed.now, order.currency),
            "agreed": changed.now.sign(order.order_number),
        }
        raise Refused(409, "changed", Problem("agreed", str(changed)), **beside) from changed
