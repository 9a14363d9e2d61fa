"""The API (contract.md §6): its calls, put together."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse

from integrations.api import (
    cancellations,
    change_orders,
    endpoints,
    events,
    exceptions,
    me,
    orders,
    refunds,
)
from integrations.api.callers import known_token
from integrations.api.described import DescribedAPI
from integrations.api.documents import as_json
from integrations.api.doors import addresses_of, answers_problems

PREFIX = "api/v1"

api = DescribedAPI(
    title="Countermand",
    version="1",
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
    auth=known_token,
)
for _calls in (
    orders,
    cancellations,
    change_orders,
    refunds,
    exceptions,
    events,
    endpoints,
    me,
):
    api.add_router("", _calls.router)
answers_problems(api)


@api.get("/openapi.json", auth=None, include_in_schema=False)
def openapi(request: HttpRequest) -> HttpResponse:
    """What the API is, for whoever writes a client."""
    return as_json(described())


@cache
def described() -> dict[str, Any]:
    """The API in OpenAPI 3.1."""
    told: dict[str, Any] = api.get_openapi_schema(path_prefix=f"/{PREFIX}/")
    return told


addresses = addresses_of(api, PREFIX)
