"""Orders: read, imported and amended, and what others report about them."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Field, Query, Router
from pydantic_core import PydanticCustomError

from cancellations.acts.take_order import BUSY, ImportOutcome, Result, import_orders
from cancellations.documents.fulfillment import FulfillmentDocument
from cancellations.documents.results import take_fulfillment
from integrations.api.addresses import number_in, order_at, text_of
from integrations.api.answers import OrderAnswer
from integrations.api.bodies import body_of, json_body
from integrations.api.callers import SEES_ORDERS, caller, has_right
from integrations.api.described import (
    ETAG,
    IF_NONE_MATCH,
    JSON,
    JSON_LINES,
    LINK,
    answers,
    named_elsewhere,
    takes,
)
from integrations.api.documents import as_json, whole_order, whole_orders, with_etag
from integrations.api.more_answers import (
    LineAnswer,
    OrdersAnswer,
    ReportedAnswer,
    TakenAnswer,
)
from integrations.api.pages import Page, answer_page
from integrations.api.problems import Refused
from integrations.models import RIGHT_TO_IMPORT, RIGHT_TO_REPORT, Scope
from orders.arithmetic.statuses import OrderStatus
from orders.documents.fields import DocumentRefused, Problem, read_moment
from orders.documents.jsonlines import NotADocument, parse_object
from orders.documents.order import OrderDocument, read_order
from orders.locking import OrderBusy
from orders.models import OrderEvent, OrderSummary

router = Router(tags=["orders"])
named_elsewhere(FulfillmentDocument, "order_number")


class OrdersPage(Page):
    number: str | None = None
    email: str | None = None
    status: str | None = Field(None, json_schema_extra={"enum": [*OrderStatus]})
    updated_since: str | None = Field(None, json_schema_extra={"format": "date-time"})


@router.get("/orders", openapi_extra=answers(OrdersAnswer, 200, told_in=(LINK,)))
def orders(request: HttpRequest, page: Query[OrdersPage]) -> HttpResponse:
    """Orders as the export writes them, narrowed to a number, an e-mail, a status or a time."""
    caller(request, Scope.ORDERS_READ, SEES_ORDERS)
    found = OrderSummary.objects.all()
    if page.number is not None:
        found = found.filter(order_number=text_of(page.number, "number"))
    if page.email is not None:
        found = found.filter(customer_email__iexact=text_of(page.email, "email"))
    if page.status is not None:
        found = found.filter(status=_status(page.status))
    if page.updated_since is not None:
        since = OrderEvent.objects.filter(
            order=OuterRef("pk"), at__gte=_moment(page.updated_since, "updated_since")
        )
        found = found.filter(Exists(since))
    return answer_page(request, found, page, _whole, taken="orders")


@router.get(
    "/orders/{number}",
    openapi_extra=answers(OrderAnswer, 200, 304, headers=(IF_NONE_MATCH,), told_in=(ETAG,)),
)
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order with all that happened to it."""
    caller(request, Scope.ORDERS_READ, SEES_ORDERS)
    return with_etag(request, whole_order(order_at(number)))


@router.put("/orders/{number}", openapi_extra=takes(OrderDocument, TakenAnswer, 200, 201, 409))
def put_order(request: HttpRequest, number: str) -> HttpResponse:
    """Take an order: new (201), or the same or amended (200)."""
    user = caller(request, Scope.ORDERS_WRITE, SEES_ORDERS)
    has_right(user, RIGHT_TO_IMPORT, "import orders")
    document = read_order(json_body(request))
    if document.order_number != number_in(number):
        raise Refused(422, "invalid", Problem("order_number", "is another than the address names"))
    [result] = import_orders([document], by=user)
    if result == BUSY:
        raise OrderBusy
    if result.outcome is ImportOutcome.REFUSED:
        raise Refused(409, "refused", *result.problems)
    is_new = result.outcome is ImportOutcome.IMPORTED
    became = {"order_number": document.order_number, "outcome": result.outcome.value}
    return as_json(became, status=201 if is_new else 200)


@router.put(
    "/orders/{number}/fulfillment",
    openapi_extra=takes(FulfillmentDocument, ReportedAnswer, 200, 409),
)
def put_fulfillment(request: HttpRequest, number: str) -> HttpResponse:
    """Take over what was reported to have happened (contract.md §3)."""
    user = caller(request, Scope.FULFILLMENT_WRITE, SEES_ORDERS)
    has_right(user, RIGHT_TO_REPORT, "report fulfillment")
    found = order_at(number)
    body = json_body(request)
    if body.setdefault("order_number", found.order_number) != found.order_number:
        raise Refused(422, "invalid", Problem("order_number", "is another than the address names"))
    recorded = take_fulfillment(body, by=user)
    return as_json(
        {
            "order_number": found.order_number,
            "outcome": "repeated" if recorded.is_repeat else "recorded",
            "change_orders": [each.number for each in recorded.change_orders],
            "stale": recorded.stale,
        }
    )


def _whole(found: Sequence[OrderSummary]) -> list[dict[str, Any]]:
    return whole_orders([each.pk for each in found])


def _status(text: str) -> str:
    if text not in set(OrderStatus):
        raise DocumentRefused(Problem("status", "is no status of an order"))
    return text


def _moment(text: str, field: str) -> datetime:
    try:
        return read_moment(text)
    except PydanticCustomError as error:
        raise DocumentRefused(Problem(field, error.message())) from error


@router.post(
    "/orders:batch",
    openapi_extra=takes(
        OrderDocument, LineAnswer, 200, media=(JSON_LINES, JSON), answered_in=JSON_LINES
    ),
)
def batch(request: HttpRequest) -> StreamingHttpResponse:
    """Take orders as ``import_orders`` does: a document a line in, its result a line out."""
    user = caller(request, Scope.ORDERS_WRITE, SEES_ORDERS)
    has_right(user, RIGHT_TO_IMPORT, "import orders")
    lines = body_of(request).splitlines(keepends=True)
    results = (_taken(number, line, user) for number, line in enumerate(lines, 1) if line.strip())
    answer = StreamingHttpResponse(results, content_type="application/x-ndjson")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _taken(number: int, line: bytes, user: User) -> str:
    """What became of one line of a batch, as a line."""
    named: object = None
    try:
        value = parse_object(line, first=number == 1)
        named = value.get("order_number")
        [result] = import_orders([read_order(value)], by=user)
    except NotADocument as refusal:
        result = Result(ImportOutcome.REFUSED, (Problem("", str(refusal)),))
    except DocumentRefused as refusal:
        result = Result(ImportOutcome.REFUSED, refusal.problems)
    told = {
        "line": number,
        "order_number": named if isinstance(named, str) else None,
        "outcome": result.outcome.value,
        "errors": [{"path": each.path, "message": each.message} for each in result.problems],
    }
    return json.dumps(told) + "\n"
