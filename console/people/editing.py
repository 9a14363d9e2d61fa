"""Who may edit whom: those who may do less, and neither equals nor themselves."""

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet

from cancellations.acts.requests import KEEPING_ACCOUNTS
from cancellations.models import RIGHT_TO_APPROVE
from cancellations.seeds import SYSTEM_USER

ONLY_SUPERUSERS_GIVE = (*KEEPING_ACCOUNTS, RIGHT_TO_APPROVE)
"""Rights that make one an equal of those who keep accounts, or the second person.

Whoever made another keeper, or an approver, could act as two people.
"""


def may_edit_user(editor: User, user: User) -> bool:
    return people_to_edit(editor).filter(pk=user.pk).exists()


def people_to_edit(editor: User) -> QuerySet[User]:
    """Superusers edit everyone; others edit whoever may do less, and never themselves."""
    if editor.is_superuser:
        return User.objects.all()
    beyond = _out_of_reach(editor, Permission.objects.all())
    less = User.objects.exclude(user_permissions__in=beyond).exclude(groups__permissions__in=beyond)
    people = less.filter(is_superuser=False).exclude(username=SYSTEM_USER)
    return people.exclude(pk=editor.pk)  # guard: nobody edits themselves


def may_edit_group(editor: User, group: Group) -> bool:
    return editor.is_superuser or not _out_of_reach(editor, group.permissions.all()).exists()


def groups_to_give(editor: User) -> QuerySet[Group]:
    """Groups with nothing beyond the editor's rights, and none that makes one their equal."""
    if editor.is_superuser:
        return Group.objects.all()
    return Group.objects.exclude(permissions__in=_out_of_reach(editor, Permission.objects.all()))


def rights_to_give(editor: User) -> QuerySet[Permission]:
    rights = Permission.objects.select_related("content_type")
    if editor.is_superuser:
        return rights
    return rights.exclude(pk__in=_out_of_reach(editor, Permission.objects.all()))


def _rights_of(user: User) -> QuerySet[Permission]:
    """A user's own and groups' rights, whether or not they are active today."""
    return Permission.objects.filter(Q(user=user) | Q(group__user=user))


def _out_of_reach(editor: User, rights: QuerySet[Permission]) -> QuerySet[Permission]:
    """What of these rights the editor has not, or has as a keeper of accounts."""
    beyond = ~Q(pk__in=_rights_of(editor))
    for right in ONLY_SUPERUSERS_GIVE:  # guard: nobody edits equals
        app, codename = right.split(".")
        beyond |= Q(content_type__app_label=app, codename=codename)
    return rights.filter(beyond)
