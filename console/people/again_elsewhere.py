"""Who signs in by a provider alone proves there, once more, who they are."""

import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from requests import RequestException

PROVED_NOW = {"prompt": "login", "max_age": "0"}
"""What asks a provider not to answer from a session of its own."""

CLOCKS_APART_SECONDS = 60
ASKED_AT = "asked_again_at"
NOT_PROVED = _("The other side didn’t prove just now that it is you. Try again.")


@require_safe
@never_cache
def again_elsewhere(request: HttpRequest) -> HttpResponse:
    """Say what for, and lead there by a link: a form's answer may not lead to another host."""
    provider = provider_of_session(request)
    if provider is None:
        raise PermissionDenied
    way = _with_next("sign_in_again_there", get_next_redirect_url(request))
    return render(request, "people/again_elsewhere.html", {"name": provider["name"], "way": way})


@require_safe
@never_cache
def again_there(request: HttpRequest) -> HttpResponse:
    """Lead to the provider of this session, which is to ask who it is."""
    known = provider_of_session(request)
    if known is None:
        raise PermissionDenied
    provider = get_adapter().get_provider(request, known["id"])
    try:
        response: HttpResponse = provider.redirect(
            request,
            AuthProcess.REDIRECT,
            next_url=get_next_redirect_url(request),
            data={ASKED_AT: time.time()},
            auth_params=dict(PROVED_NOW),
        )
    except RequestException:
        return render(request, "people/elsewhere_failed.html", status=503)
    return response


def provider_of_session(request: HttpRequest) -> dict[str, Any] | None:
    """The provider by which somebody signed in here, while the settings name it."""
    known = {each["id"]: each for each in settings.OIDC_PROVIDERS}
    records = get_authentication_records(request, request.user)
    used = [each["provider"] for each in records if each.get("method") == "socialaccount"]
    return known.get(used[-1]) if used else None


def is_asked_again(login: SocialLogin) -> bool:
    """Whether a provider's answer is to a question of ``again_there``."""
    return ASKED_AT in (login.state.get("data") or {})


def proved_there(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    """What follows a provider's answer: what was posted is done, if it is them, asked just now."""
    onward = login.state.get("next")
    if login.user != request.user or not _is_fresh(login):  # guard: the same person, asked just now
        messages.error(request, NOT_PROVED)
        return redirect(_with_next("sign_in_again_elsewhere", onward))
    account = login.account
    told = {"provider": account.provider, "uid": account.uid, "reauthenticated": True}
    record_authentication(request, login.user, "socialaccount", **told)
    request.GET = QueryDict(urlencode({"next": onward or ""}))
    response: HttpResponse = resume_request(request) or redirect("home")
    return response


def _is_fresh(login: SocialLogin) -> bool:
    """By the moment at which the provider says it asked; who says none is believed."""
    asked_at: float = login.state["data"][ASKED_AT]
    said = (login.account.extra_data.get("id_token") or {}).get("auth_time")
    if said is None:
        return True
    return isinstance(said, int | float) and said >= asked_at - CLOCKS_APART_SECONDS


def _with_next(page: str, onward: str | None) -> str:
    return f"{reverse(page)}?{urlencode({'next': onward})}" if onward else reverse(page)
