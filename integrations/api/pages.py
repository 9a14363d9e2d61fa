"""Long answers in pages: each names the place where the next one begins."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema

from cancellations.connections import records_taken
from integrations.api.documents import as_json
from orders.documents.fields import DocumentRefused, Problem, spell

MOST = 100
_NOT_KEPT = ("email",)
LARGEST_ID = 2**63 - 1
Row = TypeVar("Row", bound=Model)


def refuse_unknown(request: HttpRequest, wanted: Schema) -> None:
    """Refuse a query that narrows by what the call does not know, in place of leaving it out.

    Raises:
        DocumentRefused: It does.
    """
    known = type(wanted).model_fields
    if unknown := sorted(set(request.GET) - set(known)):
        words = "is no parameter of this call"
        raise DocumentRefused(*(Problem(spell((name[:80],)), words) for name in unknown))


class Page(Schema):
    """Where a page begins, and how long it is at most."""

    after: int = Field(0, ge=0, le=LARGEST_ID)
    limit: int = Field(50, ge=1, le=MOST)


def answer_page(
    request: HttpRequest,
    rows: "QuerySet[Row]",
    page: Page,
    dump: Callable[[Sequence[Row]], list[dict[str, Any]]],
    *,
    taken: str = "",
) -> HttpResponse:
    """The rows behind ``after``, by their ids; ``Link`` leads on where there are more.

    Args:
        taken: What they are, if that somebody took them out is to be written down.

    Raises:
        DocumentRefused: The query says what the call does not know.
    """
    refuse_unknown(request, page)
    found = list(rows.filter(pk__gt=page.after).order_by("pk")[: page.limit + 1])
    shown, more = found[: page.limit], len(found) > page.limit
    if taken and shown:
        records_taken.send(sender=Page, about=taken, asked=_asked(request))
    next_after = shown[-1].pk if more else None
    headers = {"Link": f'<{_further(request, next_after)}>; rel="next"'} if more else {}
    return as_json({"items": dump(shown), "next_after": next_after}, headers=headers)


def _asked(request: HttpRequest) -> list[str]:
    """What was asked for: of a customer's address only that there was one."""
    return [name if name in _NOT_KEPT else f"{name}={given}" for name, given in request.GET.items()]


def _further(request: HttpRequest, after: object) -> str:
    asked = {name: request.GET[name] for name in request.GET if name != "after"}
    return f"{request.path}?{urlencode({**asked, 'after': after})}"
