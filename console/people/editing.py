"""Who may edit whom: nobody gives a right that they do not have themselves."""

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet

from cancellations.seeds import SYSTEM_USER


def may_edit_user(editor: User, user: User) -> bool:
    """Nobody edits who may do more than they may; only superusers edit the system user."""
    if editor.is_superuser:
        return True
    if user.is_superuser or user.username == SYSTEM_USER:
        return False
    return not _beyond(editor, _rights_of(user)).exists()


def may_edit_group(editor: User, group: Group) -> bool:
    return editor.is_superuser or not _beyond(editor, group.permissions.all()).exists()


def groups_to_give(editor: User) -> QuerySet[Group]:
    """Groups that hold nothing beyond the editor's own rights."""
    if editor.is_superuser:
        return Group.objects.all()
    return Group.objects.exclude(permissions__in=_beyond(editor, Permission.objects.all()))


def rights_to_give(editor: User) -> QuerySet[Permission]:
    rights = Permission.objects.select_related("content_type")
    return rights if editor.is_superuser else rights.filter(pk__in=_rights_of(editor))


def _rights_of(user: User) -> QuerySet[Permission]:
    """A user's own and groups' rights, whether or not they are active today."""
    return Permission.objects.filter(Q(user=user) | Q(group__user=user))


def _beyond(editor: User, rights: QuerySet[Permission]) -> QuerySet[Permission]:
    return rights.exclude(pk__in=_rights_of(editor))
