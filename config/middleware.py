"""What stands around every request of our own."""

from django.contrib.sessions import middleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from orders.locking import LONGEST_WAIT_SECONDS, is_contention


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
