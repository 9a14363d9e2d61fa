"""Users and groups, edited by people who can give no right they do not have themselves."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, User
from django.db.models import ManyToManyField
from django.forms.models import ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from console.admin.reading import PlainQueries, PlainTexts
from console.people.deeds import why_the_name_is_final
from console.people.editing import groups_to_give, may_edit_group, may_edit_user, rights_to_give
from console.people.lost_factors import people_to_take_from, what_they_have
from console.people.passwords import note_given_password

admin.site.unregister([User, Group])
admin.site.unregister(
    # Ways in are their owners': nobody reads the secrets of others here, or adds one for them.
    [Authenticator, EmailAddress, UserSession, SocialAccount, SocialApp, SocialToken]
)


class KnowsItsAddress(admin.ModelAdmin):
    """Forms that post to their own page wherever they are shown: what was posted before somebody
    proved who they are is answered at the end of that (``console/people/gate.py``).
    """

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return super().changeform_view(request, object_id, form_url or request.path, extra_context)


@admin.register(User)
class UserAdmin(KnowsItsAddress, PlainTexts, PlainQueries, auth_admin.UserAdmin):
    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_edit_user(_editor(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        if not allowed or obj is None:
            return allowed
        return may_edit_user(_editor(request), obj) and not why_the_name_is_final(obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say why someone who acted is not deleted, on the page on which they are deactivated."""
        user = self.get_object(request, object_id)
        may_edit = user and self.has_change_permission(request, user)
        if user and may_edit and (reason := why_the_name_is_final(user)):
            self.message_user(request, reason, messages.ERROR)
            return redirect("admin:auth_user_change", user.pk)
        return super().delete_view(request, object_id, extra_context)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            note_given_password(obj, by=_editor(request))

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            note_given_password(User.objects.get(pk=id), by=_editor(request))
        return response

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Without the button to set a password for those who cannot, and why a name is final."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        (title, account), *others = fieldsets
        if not self.has_change_permission(request, obj):
            account = account | {"fields": ("username",)}
        elif people_to_take_from(_editor(request)).filter(pk=obj.pk).exists():
            account = account | {"fields": (*account["fields"], "second_factors")}
        return [(title, account | {"description": why_the_name_is_final(obj)}), *others]

    @admin.display(description=_("Second factors"))
    def second_factors(self, user: User) -> str:
        """What they have, and the way to take it away when it is lost."""
        if not (has := what_they_have(user)):
            return gettext("None")
        way = reverse("lost_second_factor", args=[user.pk])
        return format_html('{} <a href="{}">{}</a>', has, way, gettext("Lost?"))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = (*super().get_readonly_fields(request, obj), "second_factors")
        if obj and why_the_name_is_final(obj):  # guard: usernames are final
            fields = (*fields, "username")
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
class GroupAdmin(KnowsItsAddress, PlainTexts, PlainQueries, auth_admin.GroupAdmin):
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
