"""What somebody has to do first, and what they prove again, before a page is theirs."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, suspend_request
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from console.people.factors import NO_PROOF, lacks_second_factor
from console.people.passwords import has_given_password
from console.people.single_sign_on import answers_for_second_factor

GIVEN_PASSWORD = "given_password"
"""In a session whose user has to choose another password; settled when they sign in."""

ALWAYS = {"sign_in", "sign_out", "alive", "ready"}
PASSWORD_PAGES = {"account_change_password"}
FACTOR_PAGES = {
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "sign_in_again_elsewhere",
    "sign_in_again_there",
    "openid_connect_callback",
}
"""Where somebody goes who has to add their first factor, having proved lately who they are."""

PROVED_BEFORE = {
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_add_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "admin:auth_user_add",
    "admin:auth_user_password_change",
    "admin:integrations_apitoken_add",
}
"""Pages that are not even shown before; what was posted there too late is not kept.

allauth would show those of second factors to whoever has neither a password nor a factor; on the
others passwords are posted or a token is shown, which no session is to hold.
"""

PROVED_AGAIN = {
    "console:refund_record",
    "console:release_record",
    "console:refund_owed",
    "console:approval_record",
    "console:erase_account",
    "console:erase_guest",
    "lost_second_factor",
    "held_sign_ins",
}
PROVED_AGAIN_IN_ADMIN = ("admin:auth_user_", "admin:auth_group_", "admin:integrations_apitoken_")
"""Where money or rights move: whoever posts there has proved lately who they are."""

SECRETS = {"HTTP_COOKIE", "HTTP_AUTHORIZATION"}
NOTHING_DONE = _("Nothing was done yet: prove who you are, then fill the page in once more.")


class GateMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: Any,
        kwargs: Any,
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in ALWAYS or not isinstance(request.user, User):
            return None
        if to_do := _to_do(request, request.user, name):
            return to_do
        if name in PROVED_BEFORE:  # guard: proved before
            return _proof(request, request.user, keeps=False)
        if request.method == "POST" and _moves_much(name):  # guard: proved again
            return _proof(request, request.user, keeps=True)
        return None


def remember_what_is_to_do(request: HttpRequest, user: User) -> None:
    """At sign-in: a password that is given later ends the session, so nobody looks again."""
    if has_given_password(user):
        request.session[GIVEN_PASSWORD] = True


def _to_do(request: HttpRequest, user: User, name: str) -> HttpResponse | None:
    if request.session.get(GIVEN_PASSWORD) and name not in PASSWORD_PAGES:
        if has_given_password(user):
            return _first(request, "account_change_password")
        del request.session[GIVEN_PASSWORD]
    if name in FACTOR_PAGES | PASSWORD_PAGES or not lacks_second_factor(user):
        return None
    if not answers_for_second_factor(request):  # guard: a second factor first
        return _first(request, "mfa_index")
    return None


def _first(request: HttpRequest, page: str) -> HttpResponse:
    """What a script asks for within a page is no place for another page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect(page)


def _proof(request: HttpRequest, user: User, *, keeps: bool) -> HttpResponse | None:
    """Ask who it is, here or where they sign in, and lead back to the page after that.

    Args:
        keeps: What was posted is kept in the session meanwhile, and done after that.

    Raises:
        PermissionDenied: There is no way in which they could prove it.
    """
    if not get_adapter().is_reauthentication_required(app=__name__):
        return None
    ways = [way["url"] for way in get_adapter().get_reauthentication_methods(user)]
    if not ways:  # guard: no way to prove it
        raise PermissionDenied(NO_PROOF)
    if keeps:
        return _kept(request, ways[0])
    if request.method == "POST":
        messages.warning(request, NOTHING_DONE)
    return redirect(f"{ways[0]}?{urlencode({'next': request.get_full_path()})}")


def _kept(request: HttpRequest, way: str) -> HttpResponse:
    """Keep what was posted in the session until it is proved; nothing by which one signs in."""
    answer: HttpResponse = suspend_request(request, way)
    state = request.session[STATE_SESSION_KEY]
    told = json.loads(state["request"])
    for secret in SECRETS & told["META"].keys():
        del told["META"][secret]
    state["request"] = json.dumps(told)
    return answer


def _moves_much(name: str) -> bool:
    return name in PROVED_AGAIN or name.startswith(PROVED_AGAIN_IN_ADMIN)
