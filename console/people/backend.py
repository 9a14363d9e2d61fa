"""What a user may do, read in one statement: every page asks."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q


class RightsBackend(ModelBackend):
    """Django's own, but for rights of the user's own and of groups, which it reads apart."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = _rights_of(user_obj)
        rights: set[str] = user_obj._perm_cache
        return rights


def _rights_of(user: Any) -> set[str]:
    rights = Permission.objects.order_by()
    if not user.is_superuser:
        rights = rights.filter(Q(user=user) | Q(group__user=user)).distinct()
    named = rights.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in named}
