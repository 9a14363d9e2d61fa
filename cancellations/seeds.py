"""What every database holds from the start: groups and rights, reasons, policy, system user.

Run after every ``migrate`` and flush. Seeds only add: what people changed stays changed.
"""

from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from cancellations.models import BundlePolicy, CancellationReason

SYSTEM_USER = "batch"
"""Acts when a command is run without ``--as``; nobody can sign in as it."""

VIEWER, AGENT, MANAGER = "Order Management Viewer", "Agent", "Operations Manager"

_SEES = (
    "orders.view_account",
    "orders.view_ordersummary",
    "orders.view_orderitemsummary",
    "orders.view_paymentsummary",
    "orders.view_deliverygroup",
    "cancellations.view_changeorder",
    "cancellations.view_changeorderitem",
    "cancellations.view_refund",
)
_CANCELS = (*_SEES, "cancellations.cancel_order_items")
_MANAGES = (
    *_CANCELS,
    "cancellations.view_cancellationreason",
    "cancellations.add_cancellationreason",
    "cancellations.change_cancellationreason",
    "cancellations.view_bundlepolicy",
    "cancellations.change_bundlepolicy",
    "auth.view_user",
    "auth.add_user",
    "auth.change_user",
    "auth.view_group",
)
RIGHTS = {VIEWER: _SEES, AGENT: _CANCELS, MANAGER: _MANAGES}

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
    """Receiver of ``post_migrate`` for this app, whose permissions exist by then.

    A group gets its rights when it is created; what a later version adds comes by migration.
    """
    if not _is_migrated(kwargs.get("apps", apps)):
        return
    for name, rights in RIGHTS.items():
        group, is_new = Group.objects.using(using).get_or_create(name=name)
        if is_new:
            group.permissions.add(*_permissions(rights, using))
    user, is_new = get_user_model().objects.using(using).get_or_create(username=SYSTEM_USER)
    if is_new:
        user.set_unusable_password()
        user.save(using=using, update_fields=["password"])
        user.groups.add(Group.objects.using(using).get(name=AGENT))
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


def _permissions(rights: tuple[str, ...], using: str) -> list[Permission]:
    wanted = Q()
    for right in rights:
        app, codename = right.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.using(using).filter(wanted))
