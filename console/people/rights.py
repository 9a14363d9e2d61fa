"""The groups that every database has from the start, and what they may do.

Run after every ``migrate`` and flush. A group gets its rights when it is created: what people
changed stays changed.
"""

from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from cancellations.models import RIGHT_TO_CANCEL

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
_CANCELS = (*_SEES, RIGHT_TO_CANCEL)
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


def _is_migrated(state: Apps) -> bool:
    """Whether every model that groups have rights on is there: not after migrating backwards."""
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
    found = list(Permission.objects.using(using).filter(wanted).select_related("content_type"))
    names = {f"{right.content_type.app_label}.{right.codename}" for right in found}
    if missing := sorted(set(rights) - names):
        raise UnknownRight(f"no app defines the rights {', '.join(missing)}")
    return found
