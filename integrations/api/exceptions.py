"""Process exceptions: what does not fit, read and resolved."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from cancellations.acts.exceptions import facts_name, resolve_exception
from cancellations.documents.requests import Note
from cancellations.misfits import message_of
from cancellations.models import ProcessException
from integrations.api.bodies import document_of
from integrations.api.callers import SEES_EXCEPTIONS, SEES_ORDERS, caller
from integrations.api.described import LINK, answers, takes
from integrations.api.documents import as_json
from integrations.api.more_answers import ExceptionAnswer, ExceptionsAnswer
from integrations.api.pages import Page, answer_page
from integrations.api.problems import not_found
from integrations.api.refunds import id_in
from integrations.models import Scope
from orders.documents.export import written
from orders.documents.fields import Document

router = Router(tags=["process exceptions"])


class Resolution(Document):
    """``seen`` is the ``state`` that was read: newer facts are not resolved with older ones."""

    seen: str
    note: Note


class ExceptionsPage(Page):
    open: bool | None = None


@router.get("/process-exceptions", openapi_extra=answers(ExceptionsAnswer, 200, told_in=(LINK,)))
def exceptions(request: HttpRequest, page: Query[ExceptionsPage]) -> HttpResponse:
    """Process exceptions in the sequence in which they were opened."""
    caller(request, Scope.REFUNDS_READ, SEES_ORDERS, SEES_EXCEPTIONS)
    found = _with_facts()
    if page.open is not None:
        found = found.filter(resolved_at__isnull=page.open)
    return answer_page(request, found, page, _dump_all)


@router.get(
    "/process-exceptions/{pk}",
    openapi_extra=answers(ExceptionAnswer, 200),
)
def exception(request: HttpRequest, pk: str) -> HttpResponse:
    """One process exception, with the ``state`` by which it is resolved."""
    caller(request, Scope.REFUNDS_READ, SEES_ORDERS, SEES_EXCEPTIONS)
    found = _with_facts().filter(pk=id_in(pk)).first()
    if found is None:
        raise not_found()
    return as_json(_dump(found))


@router.post(
    "/process-exceptions/{pk}/resolve",
    openapi_extra=takes(Resolution, ExceptionAnswer, 200, 409),
)
def resolve(request: HttpRequest, pk: str) -> HttpResponse:
    """Resolve one, with a note that says what was done about it."""
    user = caller(request, Scope.REFUNDS_ACT, SEES_ORDERS, SEES_EXCEPTIONS)
    asked = document_of(request, Resolution)
    resolved = resolve_exception(exception_id=id_in(pk), note=asked.note, seen=asked.seen, by=user)
    return as_json(_dump(_with_facts().get(pk=resolved.pk)))


def _with_facts() -> Any:
    return ProcessException.objects.select_related("order", "line", "payment", "refund", "release")


def _dump_all(found: Sequence[ProcessException]) -> list[dict[str, Any]]:
    return [_dump(each) for each in found]


def _dump(found: ProcessException) -> dict[str, Any]:
    return {
        "id": found.pk,
        "order_number": found.order.order_number,
        "category": found.category,
        "about": found.about,
        "message": message_of(found),
        "state": facts_name(found),
        "opened_at": written(found.opened_at),
        "resolved_at": written(found.resolved_at) if found.resolved_at else None,
    }
