"""What is written down of the door: sign-ins, sign-outs, and second factors."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import signals
from django.contrib.auth.models import User
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from console.audit.acting import clients_address
from console.audit.recording import record
from console.models import AuditEntry, AuditKind
from console.people.throttle import AGAIN

LOCKED_ONCE_A = timedelta(minutes=1)


def listen() -> None:
    """Connect to the signals of whatever guards the door here."""
    signals.user_logged_in.connect(_signed_in, dispatch_uid="audit.signed_in")
    signals.user_logged_out.connect(_signed_out, dispatch_uid="audit.signed_out")
    signals.user_login_failed.connect(_failed, dispatch_uid="audit.failed")
    if apps.is_installed("axes"):
        from axes.signals import user_locked_out

        user_locked_out.connect(_locked, dispatch_uid="audit.locked")
    if apps.is_installed("allauth.mfa"):
        from allauth.mfa import signals as mfa

        mfa.authenticator_added.connect(_factor_added, dispatch_uid="audit.factor_added")
        mfa.authenticator_removed.connect(_factor_removed, dispatch_uid="audit.factor_removed")
        mfa.authenticator_reset.connect(_factor_reset, dispatch_uid="audit.factor_reset")
    if apps.is_installed("allauth.socialaccount"):
        from allauth.socialaccount.models import SocialAccount

        post_save.connect(_linked, sender=SocialAccount, dispatch_uid="audit.linked")
        post_delete.connect(_unlinked, sender=SocialAccount, dispatch_uid="audit.unlinked")


def _signed_in(sender: object, user: User, **kwargs: Any) -> None:
    record(AuditKind.SIGNED_IN, about=user.get_username(), by=user)


def _signed_out(sender: object, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record(AuditKind.SIGNED_OUT, about=user.get_username(), by=user)


def _failed(sender: object, credentials: dict[str, Any], **kwargs: Any) -> None:
    about = known_name(credentials.get("username"))
    if not _told_lately(about):
        record(AuditKind.SIGN_IN_FAILED, about=about)


def _locked(sender: object, username: str | None = None, **kwargs: Any) -> None:
    about = known_name((username or "").removeprefix(AGAIN))
    if not _told_lately(about):
        record(AuditKind.SIGN_IN_LOCKED, about=about)


def _factor_added(sender: object, user: User, authenticator: Any, **kwargs: Any) -> None:
    _factor(user, authenticator, "added")


def _factor_removed(sender: object, user: User, authenticator: Any, **kwargs: Any) -> None:
    _factor(user, authenticator, "deleted")


def _factor_reset(sender: object, user: User, authenticator: Any, **kwargs: Any) -> None:
    _factor(user, authenticator, "changed")


def _factor(user: User, authenticator: Any, act: str) -> None:
    record(
        AuditKind.SECOND_FACTOR, about=user.get_username(), act=act, type=str(authenticator.type)
    )


def _linked(sender: object, instance: Any, created: bool, **kwargs: Any) -> None:
    """A way in from a provider, be it for a new user or for one who was here."""
    if created:
        name = instance.user.get_username()
        record(AuditKind.ACCOUNT, about=name, act="linked", provider=instance.provider)


def _unlinked(sender: object, instance: Any, **kwargs: Any) -> None:
    name = instance.user.get_username()
    record(AuditKind.ACCOUNT, about=name, act="unlinked", provider=instance.provider)


def _told_lately(about: str) -> bool:
    """Whether it stands there already that this client waits: nobody fills the audit from outside.

    What is locked out is heard once a minute for each name and address.
    """
    since = timezone.now() - LOCKED_ONCE_A
    lately = AuditEntry.objects.filter(at__gt=since, kind=AuditKind.SIGN_IN_LOCKED, about=about)
    return lately.filter(address=clients_address(), facts={}).exists()


def known_name(typed: object) -> str:
    """A name that was typed at the door, if anyone has it: people type passwords there, too."""
    if not isinstance(typed, str) or "\0" in typed:
        return ""
    found = User.objects.filter(username=typed).values_list("username", flat=True).first()
    return found or ""
