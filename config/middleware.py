"""What stands around every request of our own."""

import codecs
from collections.abc import Callable

from django.contrib.sessions import middleware
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from orders.locking import LONGEST_WAIT_SECONDS, is_contention


def forms_in_utf8(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Read no form in another encoding than the pages it comes from.

    Django takes any that Python knows by name, and breaks on those that are not for text.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest("Forms are read in UTF-8 only.")
        return get_response(request)

    return respond


class SessionMiddleware(middleware.SessionMiddleware):
    """Django's sessions, on a database that others may keep too busy to be written to.

    The acts on orders tell of that themselves. Around them are the writes of signing in, of the
    admin, and of the session, which is saved here when the page is made already: what they
    run into is a page that says so, not an error.
    """

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        is_busy = isinstance(exception, OperationalError) and is_contention(exception)
        return _busy(request) if is_busy else None

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except OperationalError as error:
            if not is_contention(error):
                raise
            return _busy(request)


def _busy(request: HttpRequest) -> HttpResponse:
    page = render(request, "503.html", status=503)
    page.headers["Retry-After"] = str(LONGEST_WAIT_SECONDS)
    return page
