"""What every database holds from the start: reasons, bundle policy and system user.

Run after every ``migrate`` and flush. Seeds only add: what people changed stays changed.
"""

from typing import Any

from django.apps import apps
from django.apps.registry import Apps

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
