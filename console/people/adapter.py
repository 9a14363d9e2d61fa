"""What allauth asks us: who may come in how, and what is said."""

import time
from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from console.people.addresses import client_address
from console.people.again_elsewhere import provider_of_session
from console.people.passwords import choose_password
from console.people.sessions import SIGNED_IN_AT

SILENT = {
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "mfa/messages/recovery_codes_generated.txt",
}
"""Nobody needs to be told what they see."""


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "Please enter a correct username and password. Note that both fields may be"
            " case-sensitive."
        ),
        "enter_current_password": _("This is not your current password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Django's backends alone decide, and axes counts: who is not active is nobody."""
        user = authenticate(request, **credentials)
        assert user is None or isinstance(user, User)
        return user

    def set_password(self, user: User, password: str) -> None:
        choose_password(user, password)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)  # type: ignore[no-any-return]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just signed in has proved who they are."""
        records = get_authentication_records(self.request, self.request.user)
        proofs = [record["at"] for record in records]
        if began := self.request.session.get(SIGNED_IN_AT):
            proofs.append(datetime.fromisoformat(began).timestamp())
        latest: float = max(proofs, default=0.0)
        return time.time() - latest >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def add_message(
        self, request: HttpRequest, level: int, message_template: str = "", *args: Any, **kw: Any
    ) -> None:
        if message_template not in SILENT:
            super().add_message(request, level, message_template, *args, **kw)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """What they have here; who has nothing here proves it where they sign in."""
        ways = {
            reverse("account_reauthenticate"): _("Use your password"),
            reverse("mfa_reauthenticate"): _("Use a code"),
            reverse("mfa_reauthenticate_webauthn"): _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        if not settings.LOCAL_PASSWORDS:
            by_password = reverse("account_reauthenticate")
            methods = [method for method in methods if method["url"] != by_password]
        if not methods and (provider := provider_of_session(self.request)):
            there = reverse("sign_in_again_elsewhere")
            return [{"id": "elsewhere", "url": there, "description": provider["name"]}]
        return [method | {"description": str(ways[method["url"]])} for method in methods]


class FactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Codes of the app change twice a minute."),
    }

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def _get_site_name(self) -> str:
        return "Countermand"

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        return gettext("Passkey")
