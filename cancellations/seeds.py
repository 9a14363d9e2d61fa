"""What every database holds from the start: reasons, bundle policy and system user.

Run after every ``migrate`` and flush. Seeds only add: what people changed stays changed.
"""

from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from cancellations.models import RIGHT_TO_CANCEL, BundlePolicy, CancellationReason

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


def seed(sender: object, using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate`` for this app, whose permissions exist by then."""
    if not _is_migrated(kwargs.get("apps", apps)):
        return
    user, is_new = get_user_model().objects.using(using).get_or_create(username=SYSTEM_USER)
    if is_new:
        user.set_unusable_password()
        user.save(using=using, update_fields=["password"])
        user.user_permissions.add(_right_to_cancel(using))
    if not CancellationReason.objects.using(using).exists():
        CancellationReason.objects.using(using).bulk_create(
            CancellationReason(name=name, position=position, needs_note=name == "Other")
            for position, name in enumerate(_REASONS, start=1)
        )
    BundlePolicy.objects.using(using).get_or_create(pk=1, defaults={"text": _BUNDLE_POLICY})


def _is_migrated(state: Apps) -> bool:
    """Whether the tables to seed are there: not after migrating backwards."""
    try:
        state.get_model("cancellations", "BundlePolicy")
    except LookupError:
        return False
    return True


def _right_to_cancel(using: str) -> Permission:
    app, codename = RIGHT_TO_CANCEL.split(".")
    return Permission.objects.using(using).get(content_type__app_label=app, codename=codename)
