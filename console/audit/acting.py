"""Who is at it, for what is written down beyond the reach of a view: the request being answered."""

from collections.abc import Callable
from contextvars import ContextVar

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from console.people.addresses import UNKNOWN, client_address

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


class ActingMiddleware:
    """Remembers the request while it is answered, in its own thread or task alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)


def acting_user() -> User | None:
    """Who is signed in where the request is answered; None for commands."""
    request = _request.get()
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None


def clients_address() -> str | None:
    """From where the request came; None for commands, and where nobody can say."""
    request = _request.get()
    address = client_address(request) if request else UNKNOWN
    return None if address == UNKNOWN else address
