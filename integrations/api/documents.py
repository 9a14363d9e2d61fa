"""What calls answer with: the documents that the export writes."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from cancellations.documents.export import dump_whole_order
from cancellations.history import orders_to_export
from orders.models import OrderSummary


def as_json(
    content: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """An answer in JSON; nobody keeps it."""
    text = json.dumps(content, ensure_ascii=False)
    answer = HttpResponse(text, status=status, content_type="application/json")
    answer.headers["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        answer.headers[name] = value
    return answer


def whole_orders(keys: list[int]) -> list[dict[str, Any]]:
    """The export's documents of orders, in the sequence of the keys."""
    found = {order.pk: dump_whole_order(order) for order in orders_to_export(keys)} if keys else {}
    return [found[key] for key in keys if key in found]


def whole_order(order: OrderSummary) -> dict[str, Any]:
    """The export's document of an order."""
    [document] = whole_orders([order.pk])
    return document


def etag_of(document: Mapping[str, Any]) -> str:
    """Names what a document says."""
    text = json.dumps(document, ensure_ascii=False)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def named_in(request: HttpRequest, header: str, etag: str) -> bool:
    """Whether ``If-Match`` or ``If-None-Match`` names it."""
    named = [each.strip().removeprefix("W/") for each in request.headers.get(header, "").split(",")]
    return "*" in named or etag in named


def with_etag(request: HttpRequest, document: Mapping[str, Any]) -> HttpResponse:
    """The document, or that it is as its caller knows it."""
    etag = etag_of(document)
    if named_in(request, "If-None-Match", etag):
        return HttpResponse(status=304, headers={"ETag": etag, "Cache-Control": "no-store"})
    return as_json(document, headers={"ETag": etag})
