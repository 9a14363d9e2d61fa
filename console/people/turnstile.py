"""So many sign-ins are at the door at once; whoever is too many is told at once, and cheaply."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from console.people.hashing import LONGEST_WAIT_SECONDS, NoTurn

DOORS = ("/sign-in/", "/password-reset/")
"""Where anybody may send something: what is posted below takes one of the places."""

ELSEWHERE = "/sign-in/with/"
"""Where a provider is asked: whoever comes there takes one of the places, whatever they send."""

REFUSED_AT = "/sign-in/busy/"
OF_ONE_ANSWER = {"set-cookie", "x-request-id", "date", "connection"}


@dataclass(frozen=True, slots=True)
class Refusal:
    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Turnstile:
    """Outside of Django: strangers by the thousand must not keep its threads from turning.

    The page that refuses is asked for once, with every header that it has from there on.

    Args:
        places: Requests that may be at the door of this process at the same time.
    """

    def __init__(self, application: WSGIApplication, places: int) -> None:
        self._application = application
        self._places = BoundedSemaphore(places)
        self._refusal: Refusal | None = None

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not _takes_a_place(environ["REQUEST_METHOD"], environ["PATH_INFO"]):
            return self._application(environ, start)
        if not self._places.acquire(blocking=False):
            return self._refuse(environ, start)
        try:
            return self._application(environ, start)
        finally:
            self._places.release()

    def _refuse(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        refusal = self._refusal or self._asked(environ)
        if refusal.status.startswith("503"):  # nothing about a host or scheme that is wrong
            self._refusal = refusal
        start(refusal.status, list(refusal.headers))
        return [refusal.body]

    def _asked(self, environ: WSGIEnvironment) -> Refusal:
        """The page as Django makes it for this host, without what is of one answer alone."""
        told: list[tuple[str, list[tuple[str, str]]]] = []
        asking = {name: value for name, value in environ.items() if name != "HTTP_COOKIE"} | {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": REFUSED_AT,
            "QUERY_STRING": "",
            "CONTENT_LENGTH": "0",
            "wsgi.input": BytesIO(),
        }

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[..., Any]:
            kept = [pair for pair in headers if pair[0].lower() not in OF_ONE_ANSWER]
            told[:] = [(status, kept)]
            return lambda written: None

        body = b"".join(self._application(asking, start))
        [(status, headers)] = told
        return Refusal(status, headers, body)


def _takes_a_place(method: str, path: str) -> bool:
    return path.startswith(ELSEWHERE) or (method == "POST" and path.startswith(DOORS))


class TurnMiddleware:
    """What becomes of a page whose password found no turn to be hashed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return too_many(request) if isinstance(exception, NoTurn) else None


@login_not_required
def too_many(request: HttpRequest) -> HttpResponse:
    """A calm page: nothing was tried, and when to try again."""
    page = render(request, "people/too_many.html", status=503)
    page.headers["Retry-After"] = str(LONGEST_WAIT_SECONDS)
    page.headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
    add_never_cache_headers(page)
    return page
