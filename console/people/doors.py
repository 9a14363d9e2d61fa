"""The door: signing in and out, and what people do about their own way in.

The pages are allauth's, in our look; what they take is judged by ``forms``.
"""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from console.people.factors import lacks_second_factor

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


class ChangePassword(account.PasswordChangeView):
    template_name = "people/change_password.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise PermissionDenied(NO_PASSWORD)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class SecondFactors(factors.IndexView):
    template_name = "people/second_factors.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        missing = lacks_second_factor(self.request.user)
        context: dict[str, Any] = super().get_context_data(is_missing=missing, **kwargs)
        return context


sign_in = account.LoginView.as_view(template_name="people/sign_in.html")
inactive = account.AccountInactiveView.as_view(template_name="people/inactive.html")
sign_in_again = account.ReauthenticateView.as_view(template_name="people/again.html")
change_password = method_decorator(never_cache, name="dispatch")(ChangePassword).as_view()
reset_password = account.PasswordResetView.as_view(template_name="people/reset_password.html")
reset_sent = account.PasswordResetDoneView.as_view(template_name="people/reset_sent.html")
new_password = account.PasswordResetFromKeyView.as_view(template_name="people/new_password.html")
new_password_set = account.PasswordResetFromKeyDoneView.as_view(
    template_name="people/new_password_set.html"
)

code = factors.AuthenticateView.as_view(template_name="people/code.html")
code_again = factors.ReauthenticateView.as_view(template_name="people/code_again.html")
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
sign_in_by_passkey = passkeys.LoginWebAuthnView.as_view(template_name="people/sign_in.html")
passkey_again = passkeys.ReauthenticateWebAuthnView.as_view(
    template_name="people/passkey_again.html"
)
add_passkey = passkeys.AddWebAuthnView.as_view(template_name="people/add_passkey.html")
remove_passkey = passkeys.RemoveWebAuthnView.as_view(template_name="people/remove_passkey.html")
rename_passkey = passkeys.EditWebAuthnView.as_view(template_name="people/rename_passkey.html")
