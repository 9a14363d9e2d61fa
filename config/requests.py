"""What every log line of a request says of it: its id, who asks from where, and about what."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django_structlog import middlewares
from structlog.contextvars import bind_contextvars

from console.people.addresses import client_address

_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{7,63}", re.ASCII)


class RequestMiddleware(middlewares.RequestMiddleware):
    """Gives each request an id that stands in every line, in the answer and on error pages.

    Neither queries nor browsers' names are logged: people search for customers by name.
    """

    def prepare(self, request: HttpRequest) -> None:
        structlog.contextvars.clear_contextvars()
        told = request.META.get("HTTP_X_REQUEST_ID", "")
        request.META["HTTP_X_REQUEST_ID"] = told if _WELL_FORMED.fullmatch(told) else uuid4().hex
        request.META.pop("HTTP_X_CORRELATION_ID", None)
        super().prepare(request)

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        response.headers["X-Request-ID"] = request.META["HTTP_X_REQUEST_ID"]
        super().handle_response(request, response)

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        bind_contextvars(address=client_address(request))

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        """Who asks, if that is known by now: nothing is looked up for a log."""
        user = getattr(request, "_cached_user", None)
        if user is not None and user.pk:
            bind_contextvars(user=user.pk)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"

    def _process_exception(self, request: HttpRequest, exception: Exception) -> None:
        self.bind_user_id(request)  # Django logs the error itself, once


class SubjectMiddleware:
    """Names the order, change order and run that a page is about; stands after the sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, arguments: object, named: Mapping[str, Any]
    ) -> None:
        RequestMiddleware.bind_user_id(request)
        match = request.resolver_match
        route = match.url_name if match else None
        about = {"order": named.get("order_number"), "run": named.get("run")}
        if route in ("change_order_record", "undo"):
            about["change_order"] = named.get("pk")
        elif route in ("api_orders", "api_change_orders"):
            about[route.removeprefix("api_").removesuffix("s")] = named.get("number")
        bind_contextvars(**{name: str(value) for name, value in about.items() if value})
