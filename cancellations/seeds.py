"""What every database holds from the start: reasons, bundle policy and system user.

Run after every ``migrate`` and flush. Seeds only add: what people changed stays changed.
"""

from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models.signals import pre_save
from django.utils.translation import gettext as _

from cancellations.models import BundlePolicy, CancellationReason

SYSTEM_USER = "batch"
"""Acts when a command is run without ``--as``; nobody can sign in as it."""

_REASONS = (
    "Duplicate Order",
    "Wrong Item",
    "Wrong Quantity",
    "Outdated",
    "Changed Mind",
    "Unknown",
    "Other",
)
_BUNDLE_POLICY = (
    "A bundle is refunded as a whole: money goes back only when the bundle item itself is"
    " canceled, and the refund is not prorated when some of its items stay."
)


class SystemUserMissing(Exception):
    """The user of the commands was renamed, deleted or deactivated by hand."""

    message = f"There is no active user {SYSTEM_USER}; migrate makes it again."

    def __init__(self) -> None:
        super().__init__(self.message)


def system_user() -> User:
    """Whoever acts when no person does.

    Raises:
        SystemUserMissing: Nobody is there to act.
    """
    user = User.objects.filter(username=SYSTEM_USER, is_active=True).first()
    if user is None:
        raise SystemUserMissing
    return user


def keep_system_user(sender: object, instance: User, **kwargs: Any) -> None:
    """Receiver of ``pre_save`` and ``pre_delete`` of users: the system user stays what it is.

    Raises:
        PermissionDenied: It would be deleted, renamed or deactivated.
    """
    if not instance.pk or kwargs.get("raw"):
        return
    stored = User.objects.using(kwargs["using"]).filter(pk=instance.pk, username=SYSTEM_USER)
    is_saved = kwargs["signal"] is pre_save
    if is_saved and instance.username == SYSTEM_USER and instance.is_active:
        return
    if stored.exists():  # guard: the system user stays
        raise PermissionDenied(_("The user “%s” acts for the commands; it stays.") % SYSTEM_USER)


def seed(sender: object, using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate`` for this app."""
    if not is_migrated(kwargs.get("apps", apps)):
        return
    if not CancellationReason.objects.using(using).exists():
        CancellationReason.objects.using(using).bulk_create(
            CancellationReason(name=name, position=position, needs_note=name == "Other")
            for position, name in enumerate(_REASONS, start=1)
        )
    policy = BundlePolicy(pk=1, text=_BUNDLE_POLICY)
    BundlePolicy.objects.using(using).bulk_create([policy], ignore_conflicts=True)


def is_migrated(state: Apps) -> bool:
    """Whether our tables are there, the last one included: not after migrating backwards."""
    try:
        state.get_model("cancellations", "BundlePolicy")
    except LookupError:
        return False
    return True
