"""What stands around every request of our own."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import middleware as auth
from django.contrib.sessions import middleware as sessions
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from config import health, metrics
from config.away import answer_to, is_away
from orders.locking import is_contention


class LoginRequiredMiddleware(auth.LoginRequiredMiddleware):
    """Django's own; looking up who asks may end a session, and the database be too busy for it.

    What a script asks for within a page is no place to sign in: it gets nothing to put in place.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        try:
            refusal = super().process_view(request, view_func, view_args, view_kwargs)
        except Error as error:
            return answer_to(request, error)
        if refusal is not None and request.headers.get("HX-Request"):
            return HttpResponse(status=204)
        return refusal


class HealthMiddleware:
    """Answers for the process before anything is asked of the database, or of the host's name."""

    pages = {"/healthz": health.alive, "/readyz": health.ready, metrics.PATH: metrics.metrics}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        page = self.pages.get(request.path_info)
        return page(request) if page else self.get_response(request)


class SessionMiddleware(sessions.SessionMiddleware):
    """Django's sessions, on a database that is away or that others keep too busy to write to.

    The acts on orders tell of that themselves. Around them are the writes of signing in, of the
    admin, and of the session, which is saved here when the page is made already: what they
    run into is a page that says so, not an error.
    """

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Error) and (is_contention(exception) or is_away(exception)):
            return answer_to(request, exception)
        return None

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except Error as error:
            return answer_to(request, error)
