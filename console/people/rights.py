"""The groups that every database has from the start, and what they may do.

Run after every ``migrate`` and flush. A group gets its rights when it is created: what people
changed stays changed.
"""

from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q

from cancellations.models import (
    RIGHT_TO_ACT,
    RIGHT_TO_APPROVE,
    RIGHT_TO_CANCEL,
    RIGHT_TO_ERASE,
    RIGHT_TO_RESOLVE,
    RIGHT_TO_SETTLE,
)
from cancellations.seeds import SYSTEM_USER
from console.models import RIGHT_TO_AUDIT, RIGHT_TO_SHARE

VIEWER, AGENT, MANAGER = "Order Management Viewer", "Agent", "Operations Manager"
AUDITOR, APPROVER = "Auditor", "Approver"

_SEES = (
    "orders.view_account",
    "orders.view_ordersummary",
    "orders.view_orderitemsummary",
    "orders.view_paymentsummary",
    "orders.view_deliverygroup",
    "orders.view_orderevent",
    "cancellations.view_changeorder",
    "cancellations.view_changeorderitem",
    "cancellations.view_refund",
    "cancellations.view_release",
    "cancellations.view_processexception",
    "cancellations.view_attempt",
    "cancellations.view_internalnote",
    "cancellations.view_customernotice",
    "cancellations.view_approval",
)
_CANCELS = (*_SEES, RIGHT_TO_CANCEL)
_MANAGES = (
    *_CANCELS,
    RIGHT_TO_SETTLE,
    RIGHT_TO_RESOLVE,
    RIGHT_TO_ACT,
    RIGHT_TO_ERASE,
    RIGHT_TO_SHARE,
    "integrations.manage_webhooks",
    "cancellations.view_cancellationreason",
    "cancellations.add_cancellationreason",
    "cancellations.change_cancellationreason",
    "cancellations.view_bundlepolicy",
    "cancellations.change_bundlepolicy",
    "auth.view_user",
    "auth.add_user",
    "auth.change_user",
    "auth.view_group",
    "axes.view_accessattempt",
    "axes.delete_accessattempt",
)
_AUDITS = (*_SEES, RIGHT_TO_AUDIT)
_APPROVES = (*_SEES, RIGHT_TO_APPROVE)
RIGHTS = {
    VIEWER: _SEES,
    AGENT: _CANCELS,
    MANAGER: _MANAGES,
    AUDITOR: _AUDITS,
    APPROVER: _APPROVES,
}


class UnknownRight(LookupError):
    """A group is to have a right that no app of ours defines."""


def seed_groups(sender: object, using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate`` for our last app: by then every app's rights exist.

    Raises:
        UnknownRight: A right in ``RIGHTS`` is misspelled or its model is gone.
    """
    if not _is_migrated(kwargs.get("apps", apps)):
        return
    for name, rights in RIGHTS.items():
        group, is_new = Group.objects.using(using).get_or_create(name=name)
        if is_new:
            group.permissions.add(*_permissions(rights, using))
    _seed_system_user(using)


def _is_migrated(state: Apps) -> bool:
    """Whether what is done here can be written down: not after migrating backwards."""
    try:
        state.get_model("console", "AuditEntry")
    except LookupError:
        return False
    return True


def _seed_system_user(using: str) -> None:
    """Make the user that acts without one, an agent who may settle and erase; nobody signs in.

    One that was deactivated by hand is active again: all that comes in from outside needs it.
    """
    user, is_new = User.objects.using(using).get_or_create(username=SYSTEM_USER)
    if not user.is_active:
        user.is_active = True
        user.save(using=using, update_fields=["is_active"])
    if is_new:
        user.set_unusable_password()
        user.save(using=using, update_fields=["password"])
        user.groups.add(Group.objects.using(using).get(name=AGENT))
        user.user_permissions.add(*_permissions((RIGHT_TO_SETTLE, RIGHT_TO_ERASE), using))


def _permissions(rights: tuple[str, ...], using: str) -> list[Permission]:
    wanted = Q()
    for right in rights:
        app, codename = right.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    found = list(Permission.objects.using(using).filter(wanted).select_related("content_type"))
    names = {f"{right.content_type.app_label}.{right.codename}" for right in found}
    if missing := sorted(set(rights) - names):
        raise UnknownRight(f"no app defines the rights {', '.join(missing)}")
    return found
