"""What stands around every request of our own."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.sessions import middleware as sessions
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from orders.locking import LONGEST_WAIT_SECONDS, is_contention

logger = logging.getLogger(__name__)


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
        except OperationalError as error:
            return _busy(request, error)
        if refusal is not None and request.headers.get("HX-Request"):
            return HttpResponse(status=204)
        return refusal


class SessionMiddleware(sessions.SessionMiddleware):
    """Django's sessions, on a database that others may keep too busy to be written to.

    The acts on orders tell of that themselves. Around them are the writes of signing in, of the
    admin, and of the session, which is saved here when the page is made already: what they
    run into is a page that says so, not an error.
    """

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError) and is_contention(exception):
            return _busy(request, exception)
        return None

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except OperationalError as error:
            return _busy(request, error)


def _busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """A page for contention; any other error goes on."""
    if not is_contention(error):
        raise error
    logger.warning("%s: the database is busy", request.path, exc_info=error)
    page = render(request, "503.html", status=503)
    page.headers["Retry-After"] = str(LONGEST_WAIT_SECONDS)
    page.headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
    add_never_cache_headers(page)
    return page
