"""Sign-ins that failed, by name and by address; whoever failed too often waits unheard."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

AGAIN = "again:"
"""Before the name of somebody who is signed in: they are counted by themselves."""


class Throttle(AxesDatabaseHandler):
    """Names and addresses have limits of their own: behind an address are many people.

    Who is signed in has one more, which nobody else fills: by a name that anybody may type, or an
    address that they share, strangers would keep them from proving who they are.
    """

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """How far it has come, in failures of a name."""
        by_name, by_address = (
            attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        if _signed_in(request):  # guard: strangers are not counted
            return by_name
        of_address = by_address * settings.SIGN_IN_TRIES // settings.SIGN_IN_TRIES_OF_ADDRESS
        return max(by_name, of_address)


def counted_name(request: HttpRequest, credentials: dict | None = None) -> str | None:
    """By which name a failure counts; what is typed at the door never begins with ``AGAIN``."""
    if user := _signed_in(request):
        return f"{AGAIN}{user.get_username()}"
    typed = (credentials or {}).get("username")
    return None if typed is None else str(typed).replace(":", " ")


def _signed_in(request: HttpRequest) -> User | None:
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None


def forget_what_was_sent(sender: object, instance: AccessAttempt, **kwargs: Any) -> None:
    """Receiver of ``pre_save``: a failure is counted, and nothing of what was sent is kept.

    axes keeps every field that no setting names, new passwords in clear among them.
    """
    instance.get_data = instance.post_data = ""


def proved(request: HttpRequest, user: User, proof: Callable[[], bool]) -> bool:
    """Whether a password or code of somebody who is known is right, throttled as at the door.

    Of whoever has failed too often it is not looked at, and their answer is ``told_to_wait``.
    """
    credentials = {"username": user.get_username()}
    if not AxesProxyHandler.is_allowed(request, credentials):  # guard: throttled, not looked at
        request.axes_locked_out = True  # type: ignore[attr-defined]
    elif proof():
        return True
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    return False


def told_to_wait(
    request: HttpRequest, response: HttpResponse, credentials: dict | None
) -> HttpResponse:
    """The page in place of what a throttled sign-in would have got."""
    wait: timedelta = settings.AXES_COOLOFF_TIME
    context = {"minutes": wait // timedelta(minutes=1)}
    page = render(request, "people/wait.html", context, status=429)
    page.headers["Retry-After"] = str(int(wait.total_seconds()))
    page.headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
    add_never_cache_headers(page)
    return page
