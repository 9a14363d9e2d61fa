"""What a provider says of itself, asked for once in some minutes and not at each sign-in."""

from typing import Any

from allauth.socialaccount import app_settings
from django.core.cache import cache
from requests import Response, Session

DISCOVERY = "/.well-known/openid-configuration"
REMEMBERED_SECONDS = 300


class ProviderSession(Session):
    """Requests to a provider: each has its time-out, and what the provider says is remembered.

    A process each; what failed is asked for again.
    """

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> Response:
        kwargs.setdefault("timeout", app_settings.REQUESTS_TIMEOUT)
        if method != "GET" or not str(url).endswith(DISCOVERY):
            return super().request(method, url, *args, **kwargs)
        key = f"provider:{url}"
        known: Response | None = cache.get(key)
        if known is None:
            known = super().request(method, url, *args, **kwargs)
            if known.ok:
                cache.set(key, known, REMEMBERED_SECONDS)
        return known
