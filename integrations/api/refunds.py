"""Refunds: read with their attempts, and what a person may do about one."""

from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field as QueryField
from ninja import Query, Router
from pydantic import AfterValidator, Field

from cancellations.documents.requests import Note
from cancellations.models import Attempt, Refund
from cancellations.models.refund_states import RefundStatus
from cancellations.refunds import people
from cancellations.refunds.gateways import Kind
from integrations.api.bodies import document_of
from integrations.api.callers import SEES_ORDERS, SEES_REFUNDS, caller
from integrations.api.described import LINK, answers, takes
from integrations.api.documents import as_json
from integrations.api.more_answers import RefundsAnswer, WholeRefundAnswer
from integrations.api.pages import LARGEST_ID, Page, answer_page
from integrations.api.problems import not_found
from integrations.models import Scope
from orders.arithmetic.money import show
from orders.documents.export import written
from orders.documents.fields import Document, DocumentRefused, Problem, plain

router = Router(tags=["refunds"])


class Seen(Document):
    """Names what was read of a refund (its ``state``), so that whatever moved since is noticed."""

    seen: str


class Withdrawal(Seen):
    note: Note


class PaidByHand(Seen):
    reference: Annotated[str, Field(max_length=200), AfterValidator(plain)]
    note: Note = ""


class RefundsPage(Page):
    status: str | None = QueryField(None, json_schema_extra={"enum": [*RefundStatus.values]})


@router.get("/refunds", openapi_extra=answers(RefundsAnswer, 200, told_in=(LINK,)))
def refunds(request: HttpRequest, page: Query[RefundsPage]) -> HttpResponse:
    """Refunds in the sequence in which they were made, perhaps of one status."""
    caller(request, Scope.REFUNDS_READ, SEES_ORDERS, SEES_REFUNDS)
    found = Refund.objects.select_related("payment", "change_order__order")
    if page.status is not None:
        if page.status not in RefundStatus.values:
            raise DocumentRefused(Problem("status", "is no status of a refund"))
        found = found.filter(status=page.status)
    return answer_page(request, found, page, _dump_all)


@router.get("/refunds/{pk}", openapi_extra=answers(WholeRefundAnswer, 200))
def refund(request: HttpRequest, pk: str) -> HttpResponse:
    """One refund, with every time that its gateway was called."""
    caller(request, Scope.REFUNDS_READ, SEES_ORDERS, SEES_REFUNDS)
    return _answer(id_in(pk))


@router.post("/refunds/{pk}/retry", openapi_extra=takes(Seen, WholeRefundAnswer, 202, 409))
def retry(request: HttpRequest, pk: str) -> HttpResponse:
    """Have it sent again."""
    user = caller(request, Scope.REFUNDS_ACT, SEES_ORDERS, SEES_REFUNDS)
    asked = document_of(request, Seen)
    row = people.retry(kind=Kind.REFUND, pk=id_in(pk), seen=asked.seen, by=user)
    return _answer(row.pk, status=202)


@router.post("/refunds/{pk}/withdraw", openapi_extra=takes(Withdrawal, WholeRefundAnswer, 200, 409))
def withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    """Give it up: what it was to pay is owed again."""
    user = caller(request, Scope.REFUNDS_ACT, SEES_ORDERS, SEES_REFUNDS)
    asked = document_of(request, Withdrawal)
    row = people.withdraw(kind=Kind.REFUND, pk=id_in(pk), seen=asked.seen, note=asked.note, by=user)
    return _answer(row.pk)


@router.post(
    "/refunds/{pk}/paid-by-hand", openapi_extra=takes(PaidByHand, WholeRefundAnswer, 200, 409)
)
def paid_by_hand(request: HttpRequest, pk: str) -> HttpResponse:
    """Record that it was paid out otherwise."""
    user = caller(request, Scope.REFUNDS_ACT, SEES_ORDERS, SEES_REFUNDS)
    asked = document_of(request, PaidByHand)
    row = people.mark_as_paid(
        kind=Kind.REFUND,
        pk=id_in(pk),
        seen=asked.seen,
        reference=asked.reference,
        note=asked.note,
        by=user,
    )
    return _answer(row.pk)


def id_in(text: str) -> int:
    """The id that an address names.

    Raises:
        Refused: It is none.
    """
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or int(text) > LARGEST_ID:
        raise not_found()
    return int(text)


def _answer(pk: int, *, status: int = 200) -> HttpResponse:
    found = Refund.objects.select_related("payment", "change_order__order").filter(pk=pk).first()
    if found is None:
        raise not_found()
    attempts = [_dump_attempt(each) for each in found.attempts.order_by("pk")]
    return as_json({**_dump(found), "attempts": attempts}, status=status)


def _dump_all(found: Sequence[Refund]) -> list[dict[str, Any]]:
    return [_dump(each) for each in found]


def _dump(found: Refund) -> dict[str, Any]:
    order = found.change_order.order
    return {
        "id": found.pk,
        "order_number": order.order_number,
        "change_order": found.change_order.number,
        "payment": found.payment.key,
        "amount": show(found.amount_minor, order.currency),
        "currency": order.currency.code,
        "status": found.status,
        "created_at": written(found.created_at),
        "needs_person_since": (written(found.attention_since) if found.attention_since else None),
        "state": people.state_of(found),
    }


def _dump_attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "call": attempt.call,
        "began_at": written(attempt.began_at),
        "milliseconds": attempt.milliseconds,
        "outcome": attempt.outcome,
    }
