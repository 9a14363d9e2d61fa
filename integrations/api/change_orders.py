"""Change orders: read, and undone."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from cancellations.documents.export import dump_change_order
from cancellations.history import with_items_and_refunds
from cancellations.models import ChangeOrder
from integrations.api.addresses import change_order_at, text_of
from integrations.api.answers import ChangeOrderAnswer
from integrations.api.callers import SEES_CHANGE_ORDERS, SEES_ORDERS, caller
from integrations.api.described import ETAG, IF_NONE_MATCH, LINK, answers
from integrations.api.documents import with_etag
from integrations.api.more_answers import ChangeOrdersAnswer
from integrations.api.pages import Page, answer_page
from integrations.models import Scope

router = Router(tags=["change orders"])


class ChangeOrdersPage(Page):
    order_number: str | None = None


@router.get("/change-orders", openapi_extra=answers(ChangeOrdersAnswer, 200, told_in=(LINK,)))
def change_orders(request: HttpRequest, page: Query[ChangeOrdersPage]) -> HttpResponse:
    """Change orders in the sequence in which they were made."""
    caller(request, Scope.ORDERS_READ, SEES_ORDERS, SEES_CHANGE_ORDERS)
    found = ChangeOrder.objects.all()
    if page.order_number is not None:
        number = text_of(page.order_number, "order_number")
        found = found.filter(order__order_number=number)
    return answer_page(request, found, page, _whole, taken="change-orders")


@router.get(
    "/change-orders/{number}",
    openapi_extra=answers(ChangeOrderAnswer, 200, 304, headers=(IF_NONE_MATCH,), told_in=(ETAG,)),
)
def change_order(request: HttpRequest, number: str) -> HttpResponse:
    """One change order: its amounts as they were made, its refunds as they are."""
    caller(request, Scope.ORDERS_READ, SEES_ORDERS, SEES_CHANGE_ORDERS)
    [document] = change_order_documents([change_order_at(number).pk])
    return with_etag(request, document)


def change_order_documents(keys: Sequence[int]) -> list[dict[str, Any]]:
    """The export's documents of change orders, each with the number of its order."""
    found = with_items_and_refunds(ChangeOrder.objects.filter(pk__in=keys)).select_related("order")
    return [dump(each) for each in found]


def dump(found: ChangeOrder) -> dict[str, Any]:
    """The document of one that was just made, or read with all that belongs to it."""
    return {
        "order_number": found.order.order_number,
        **dump_change_order(found, found.order.currency),
    }


def _whole(found: Sequence[ChangeOrder]) -> list[dict[str, Any]]:
    return change_order_documents([each.pk for each in found])
