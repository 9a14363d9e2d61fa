"""Everybody's own place: the time zone and language in which they read, and what they chose.

A profile is read once, at sign-in, and kept in the session, so that no page asks the database for
it. Saving it changes the session it is saved in; others follow at their next sign-in.
"""

from collections.abc import Callable
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from console.models import Profile

PLACE = "place"
"""In a session: what its user's profile says."""

ZONE_COOKIE = "time_zone"
"""What the sign-in page’s script (``static/js/zone.js``) says of the browser."""


class PlaceMiddleware:
    """Lets every page be read in the time zone and language of whoever asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with timezone.override(None), translation.override(settings.LANGUAGE_CODE):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object
    ) -> None:
        """After LoginRequiredMiddleware, which has read the session: nothing more is asked for."""
        if getattr(view, "login_required", True):
            place = request.session.get(PLACE, {})
            timezone.activate(ZoneInfo(_known_zone(place.get("time_zone", ""))))
            translation.activate(_known_language(place.get("language", "")))


def find_place(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Receiver of ``user_logged_in``: their profile, made of the browser's words the first time."""
    profile, _made = Profile.objects.get_or_create(
        user=user, defaults={"time_zone": _zone_of(request), "language": _language_of(request)}
    )
    remember_place(request, profile)


def remember_place(request: HttpRequest, profile: Profile) -> None:
    """Keep what a profile says for the pages of this session."""
    request.session[PLACE] = {
        "time_zone": profile.time_zone,
        "language": profile.language,
        "density": profile.density,
        "start": profile.start,
    }


def _zone_of(request: HttpRequest) -> str:
    return _known_zone(request.COOKIES.get(ZONE_COOKIE, ""))


def _language_of(request: HttpRequest) -> str:
    return _known_language(translation.get_language_from_request(request))


def _known_zone(name: str) -> str:
    return name if name in _zones() else settings.TIME_ZONE


@cache
def _zones() -> frozenset[str]:
    """Read from files: once a process."""
    return frozenset(available_timezones())


def _known_language(code: str) -> str:
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
