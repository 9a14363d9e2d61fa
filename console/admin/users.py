"""Users and groups, edited by people who can give no right they do not have themselves."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import ManyToManyField, Q, QuerySet
from django.forms.models import ModelMultipleChoiceField
from django.http import HttpRequest

from cancellations.seeds import SYSTEM_USER
from console.admin.reading import PlainQueries

admin.site.unregister([User, Group])


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


@admin.register(User)
class UserAdmin(PlainQueries, auth_admin.UserAdmin):
    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_edit_user(_editor(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_edit_user(_editor(request), obj))

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Without the button to set a password for those who cannot."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [(None, {"fields": ("username",)}), *fieldsets[1:]]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        if _editor(request).is_superuser:
            return fields
        return (*fields, "is_superuser", "user_permissions")

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        give = groups_to_give if db_field.name == "groups" else rights_to_give
        kwargs["queryset"] = give(_editor(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(Group)
class GroupAdmin(PlainQueries, auth_admin.GroupAdmin):
    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_edit_group(_editor(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_edit_group(_editor(request), obj))

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest | None = None, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        kwargs["queryset"] = rights_to_give(_editor(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def _editor(request: HttpRequest | None) -> User:
    editor = request.user if request else None
    assert isinstance(editor, User)
    return editor
