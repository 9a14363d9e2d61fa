"""The door: signing in and out, and what people do about their own way in.

The pages are allauth's, in our look; what they take is judged by ``forms``.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias
from urllib.parse import urlencode

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import clear_login, get_pending_stage
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as elsewhere
from allauth.socialaccount.providers.openid_connect import views as single_sign_on
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    QueryDict,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from requests import RequestException

from console.people.factors import NO_PROOF, PROOFS, lacks_second_factor

logger = logging.getLogger(__name__)

View: TypeAlias = Callable[..., HttpResponseBase]

NO_PASSWORD = _("You sign in elsewhere: there is no password here that you could change.")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; one that has ended already leads to the sign-in all the same."""
    if request.method == "POST":
        auth.logout(request)
    elif request.user.is_authenticated:
        return HttpResponseNotAllowed(["POST"])
    return redirect("sign_in")


@never_cache
@login_not_required
def sign_in_elsewhere(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to a provider of single sign-on; one that does not answer is said not to.

    A link says where to go on, and nothing of what a provider is asked for.
    """
    onward = get_next_redirect_url(request)
    request.GET = QueryDict(urlencode({"next": onward} if onward else {}))
    try:
        response: HttpResponse = single_sign_on.login(request, provider_id)
    except RequestException:
        logger.warning("the provider %s does not answer", provider_id)
        return render(request, "people/elsewhere_failed.html", status=503)
    return response


def with_passwords(view: View) -> View:
    """A page that there is only where passwords are kept here."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.LOCAL_PASSWORDS:  # guard: no passwords here
            raise Http404
        return view(request, *args, **kwargs)

    return page


def with_a_way(view: View) -> View:
    """A page for proving it again, for whoever has any way to."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not get_adapter().get_reauthentication_methods(request.user):
            raise PermissionDenied(NO_PROOF)
        return view(request, *args, **kwargs)

    return page


class SignIn(account.LoginView):
    template_name = "people/sign_in.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.LOCAL_PASSWORDS:
            raise PermissionDenied(NO_PASSWORD)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ways = {
            each["name"]: self.passthrough_next_url(
                reverse("openid_connect_login", args=[each["id"]])
            )
            for each in settings.OIDC_PROVIDERS
        }
        given = {"elsewhere": ways, "has_passwords": settings.LOCAL_PASSWORDS}
        context: dict[str, Any] = super().get_context_data(**given, **kwargs)
        return context


class ChangePassword(account.PasswordChangeView):
    template_name = "people/change_password.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise PermissionDenied(NO_PASSWORD)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class Code(factors.AuthenticateView):
    template_name = "people/code.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Whose second factors have gone since the password signs in anew."""
        stage = get_pending_stage(request)
        if stage and not is_mfa_enabled(stage.login.user, PROOFS):
            clear_login(request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class SecondFactors(factors.IndexView):
    template_name = "people/second_factors.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        missing = lacks_second_factor(self.request.user)
        context: dict[str, Any] = super().get_context_data(is_missing=missing, **kwargs)
        return context


sign_in = SignIn.as_view()
elsewhere_failed = login_not_required(
    elsewhere.LoginErrorView.as_view(template_name="people/elsewhere_failed.html")
)
elsewhere_canceled = login_not_required(
    elsewhere.LoginCancelledView.as_view(template_name="people/elsewhere_failed.html")
)
back_from_elsewhere = single_sign_on.callback
inactive = account.AccountInactiveView.as_view(template_name="people/inactive.html")
sign_in_again = with_a_way(account.ReauthenticateView.as_view(template_name="people/again.html"))
change_password = with_passwords(
    method_decorator(never_cache, name="dispatch")(ChangePassword).as_view()
)
reset_password = with_passwords(
    account.PasswordResetView.as_view(template_name="people/reset_password.html")
)
reset_sent = with_passwords(
    account.PasswordResetDoneView.as_view(template_name="people/reset_sent.html")
)
new_password = with_passwords(
    account.PasswordResetFromKeyView.as_view(template_name="people/new_password.html")
)
new_password_set = with_passwords(
    account.PasswordResetFromKeyDoneView.as_view(template_name="people/new_password_set.html")
)

code = login_not_required(Code.as_view())
code_again = with_a_way(factors.ReauthenticateView.as_view(template_name="people/code_again.html"))
second_factors = SecondFactors.as_view()
add_app = totp.ActivateTOTPView.as_view(template_name="people/add_app.html")
remove_app = totp.DeactivateTOTPView.as_view(template_name="people/remove_app.html")
recovery_codes = recovery.ViewRecoveryCodesView.as_view(template_name="people/recovery_codes.html")
new_recovery_codes = recovery.GenerateRecoveryCodesView.as_view(
    template_name="people/new_recovery_codes.html"
)
download_recovery_codes = recovery.DownloadRecoveryCodesView.as_view(
    template_name="people/recovery_codes.txt"
)
sign_in_by_passkey = with_passwords(
    passkeys.LoginWebAuthnView.as_view(template_name="people/sign_in.html")
)
passkey_again = with_a_way(
    passkeys.ReauthenticateWebAuthnView.as_view(template_name="people/passkey_again.html")
)
add_passkey = passkeys.AddWebAuthnView.as_view(template_name="people/add_passkey.html")
remove_passkey = passkeys.RemoveWebAuthnView.as_view(template_name="people/remove_passkey.html")
rename_passkey = passkeys.EditWebAuthnView.as_view(template_name="people/rename_passkey.html")
