"""What people answer at the door, and about their own way in."""

from contextvars import copy_context
from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from console.people.factors import is_let_in_elsewhere
from console.people.letters import send_later
from console.people.throttle import proved

NO_PASSKEY_ALONE = _("You sign in elsewhere: a passkey alone doesn’t let you in here.")


class SignInForm(account.LoginForm):
    """Username and password, under the names that Django's own form has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username")
        self.fields["password"].label = _("Password")
        self.fields["login"].widget.attrs["autocapitalize"] = "none"
        _plain(self)

    def add_prefix(self, field_name: str) -> str:
        name: str = super().add_prefix(field_name)
        return "username" if name == "login" else name


class ChangePasswordForm(account.ChangePasswordForm):
    """The current password is proved like a sign-in, and throttled like one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Current password")
        _name_new_passwords(self)

    def clean_oldpassword(self) -> str:
        password: str = self.cleaned_data["oldpassword"]
        if not proved(context.request, self.user, lambda: self.user.check_password(password)):
            raise account.get_adapter().validation_error("enter_current_password")
        return password

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        old, new = (self.cleaned_data.get(name) for name in ("oldpassword", "password1"))
        if new and new == old:
            self.add_error("password1", _("This is the password that you have already."))
        return cleaned  # type: ignore[no-any-return]


class NewPasswordForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_new_passwords(self)


class ResetPasswordForm(account.ResetPasswordForm):
    """Takes every address alike; whose it is, is looked up when the answer has gone."""

    users: list[User]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        _plain(self)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email

    def save(self, request: Any, **kwargs: Any) -> str:
        here = copy_context()
        send_later(lambda: here.run(self._find_and_send, request, **kwargs))
        email: str = self.cleaned_data["email"]
        return email

    def _find_and_send(self, request: Any, **kwargs: Any) -> None:
        super().clean_email()
        found: list[User] = self.users
        self.users = [user for user in found if user.has_usable_password()]
        if self.users:
            super().save(request, **kwargs)


class AgainForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
        _plain(self)


class PasskeyForm(passkeys.LoginWebAuthnForm):
    """A passkey instead of a password; of no use to whom a provider alone lets in."""

    def clean_credential(self) -> Authenticator:
        passkey: Authenticator = super().clean_credential()
        if is_let_in_elsewhere(passkey.user):  # guard: who left there has left here
            raise ValidationError(
                _("You sign in elsewhere: a passkey alone doesn’t let you in here.")
            )
        return passkey


class _ProvedCode(forms.Form):
    """A code is proved like a sign-in: too many wrong ones, and none is looked at."""

    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        _plain(self)

    def clean_code(self) -> str:
        refusals: list[ValidationError] = []
        if proved(context.request, self.user, lambda: self._is_right(refusals)):
            code: str = self.cleaned_data["code"]
            return code
        raise refusals[0] if refusals else account.get_adapter().validation_error("rate_limited")

    def _is_right(self, refusals: list[ValidationError]) -> bool:
        try:
            super().clean_code()  # type: ignore[misc]
        except ValidationError as refusal:
            refusals.append(refusal)
        return not refusals


class AddAppForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        _plain(self)
        self.fields["code"].widget.attrs["autofocus"] = False  # the picture is looked at first


class CodeForm(_ProvedCode, factors.AuthenticateForm):
    pass


class CodeAgainForm(_ProvedCode, factors.ReauthenticateForm):
    pass


def _name_new_passwords(form: forms.Form) -> None:
    form.fields["password1"].label = _("New password")
    form.fields["password2"].label = _("New password, once more")
    _plain(form)


def _plain(form: forms.Form) -> None:
    """Labels above fields, links beside forms; the first is typed into unless errors are read."""
    for number, field in enumerate(form.fields.values()):
        field.widget.attrs["autofocus"] = number == 0 and not form.is_bound
        field.widget.attrs.pop("placeholder", None)
        field.help_text = ""
