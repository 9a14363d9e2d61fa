"""Whose lists must not come from a replica for a while: of those who just changed something.

A cookie that ends by itself says so. It belongs to the browser, so that all of its tabs and every
application server know it, and no session is written for it: a session that is saved takes along
whatever another tab typed meanwhile. It proves nothing, and whoever makes it up reads the primary.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase

from orders.replica import is_configured

COOKIE = "changed"
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
MARGIN_SECONDS = 5
"""A replica lags by a little more than its limit by the time that it is judged again."""


class OwnChangesMiddleware:
    """Marks the browser of whoever sends something off, wherever there is a replica."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not is_configured():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method not in SAFE and settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.set_cookie(
                COOKIE,
                "1",
                max_age=settings.REPLICA_LAG_SECONDS + MARGIN_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def just_changed_something(request: HttpRequest) -> bool:
    return COOKIE in request.COOKIES
