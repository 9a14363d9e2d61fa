"""So many sign-ins are at the door at once; whoever is too many is told at once, and cheaply."""

from collections.abc import Callable
from functools import cache
from threading import BoundedSemaphore

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language

from console.people.hashing import LONGEST_WAIT_SECONDS, NoTurn

DOORS = ("/sign-in/", "/password-reset/")
"""Where anybody may send something: what is posted below takes one of the places."""


class TurnstileMiddleware:
    """Outside of sessions and the database, so that refusing costs next to nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._places = BoundedSemaphore(settings.HASHES_AT_ONCE + settings.SIGN_INS_AT_ONCE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not request.path_info.startswith(DOORS):
            return self._get_response(request)
        if not self._places.acquire(blocking=False):
            return too_many()
        try:
            return self._get_response(request)
        finally:
            self._places.release()

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return too_many() if isinstance(exception, NoTurn) else None


def too_many() -> HttpResponse:
    """A calm page: nothing was tried, and when to try again."""
    page = HttpResponse(_page(get_language()), status=503)
    page.headers["Retry-After"] = str(LONGEST_WAIT_SECONDS)
    page.headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
    add_never_cache_headers(page)
    return page


@cache
def _page(language: str | None) -> str:
    """Rendered once: whoever is refused by the thousand must not cost much."""
    return render_to_string("people/too_many.html")
