"""Tokens in the admin: listed without secrets, made and revoked; never changed or deleted."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from integrations.api.tokens import make_token, revoke
from integrations.models import ApiToken, Scope
from orders.formats import moment_text
from orders.texts import check_line

LONGEST_LIST = 50


class TokenForm(forms.ModelForm):
    """What a token is for; nobody makes one that may do more than they may themselves."""

    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    expires_at = forms.DateTimeField(
        label=_("Expires"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text=_("Without a date it never expires."),
    )

    class Meta:
        model = ApiToken
        fields = ("name", "user", "scopes", "expires_at")
        help_texts = {
            "user": _("It may do what this user may do at the time, and nothing more."),
        }

    by: User
    """Who makes it; the admin's page says so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "user" in self.fields:
            self.fields["user"].queryset = User.objects.filter(is_active=True)  # type: ignore[attr-defined]
            self.fields["name"].validators.append(check_line)

    def clean_user(self) -> User:
        user: User = self.cleaned_data["user"]
        may_more = user.get_all_permissions() - self.by.get_all_permissions()
        if may_more and not self.by.is_superuser:  # guard: no token above its maker
            raise forms.ValidationError(_("This user may do more than you may."))
        return user

    def clean_expires_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["expires_at"]
        if at and at <= timezone.now():
            raise forms.ValidationError(_("Choose a time to come."))
        return at


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    form = TokenForm
    list_display = ("name", "spelled", "user", "for_what", "expires", "last_used", "standing")
    list_select_related = ("user",)
    list_per_page = LONGEST_LIST
    show_full_result_count = False
    sortable_by = ()
    actions = ("revoke_tokens",)
    fields = ("name", "user", "scopes", "expires_at")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The list is read as it is: nothing in its address asks for a part of it."""
        return False

    def get_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        if obj is None:
            return self.fields
        return ("name", "spelled", "user", "for_what", "expires", "last_used", "standing")

    def get_readonly_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        return () if obj is None else self.get_fields(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        """Whoever may change tokens revokes them from the list; none is rewritten."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def get_form(
        self, request: HttpRequest, obj: ApiToken | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        assert issubclass(form, TokenForm)
        form.by = _editor(request)
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Without the buttons that save and go on: what follows shows the token."""
        others = {"show_save_and_add_another": False, "show_save_and_continue": False}
        more = others | (extra_context or {})
        return super().changeform_view(request, object_id, form_url or request.path, more)

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        """Make the token; its text goes into the answer of this request, and nowhere else."""
        made = make_token(
            name=obj.name,
            user=obj.user,
            scopes={Scope(each) for each in obj.scopes},
            expires_at=obj.expires_at,
            by=_editor(request),
        )
        obj.pk, obj.prefix = made.token.pk, made.token.prefix
        request.made_token = made  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("The token, this once"),
            "token": obj,
            "text": request.made_token.text,  # type: ignore[attr-defined]
        }
        answer = TemplateResponse(request, "admin/integrations/apitoken/made.html", context)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @admin.action(description=_("Revoke the chosen tokens"), permissions=["change"])
    def revoke_tokens(self, request: HttpRequest, queryset: "QuerySet[ApiToken]") -> None:
        unrevoked = list(queryset.filter(revoked_at__isnull=True))
        for token in unrevoked:
            revoke(token, by=_editor(request))
        said = ngettext(
            "%(count)d token is revoked.", "%(count)d tokens are revoked.", len(unrevoked)
        )
        self.message_user(request, said % {"count": len(unrevoked)}, messages.SUCCESS)

    @admin.display(description=_("Prefix"))
    def spelled(self, token: ApiToken) -> str:
        return f"cmt_{token.prefix}…"

    @admin.display(description=_("Scopes"))
    def for_what(self, token: ApiToken) -> str:
        return ", ".join(token.scopes)

    @admin.display(description=_("Expires"))
    def expires(self, token: ApiToken) -> str:
        return moment_text(token.expires_at) if token.expires_at else gettext("Never")

    @admin.display(description=_("Last used"))
    def last_used(self, token: ApiToken) -> str:
        return moment_text(token.last_used_at) if token.last_used_at else gettext("Never")

    @admin.display(description=_("Standing"))
    def standing(self, token: ApiToken) -> str:
        if token.revoked_at:
            return gettext("Revoked %(at)s") % {"at": moment_text(token.revoked_at)}
        if token.expires_at and token.expires_at <= timezone.now():
            return gettext("Run out")
        return gettext("In use") if token.user.is_active else gettext("Its user may not sign in")


def _editor(request: HttpRequest) -> User:
    editor = request.user
    assert isinstance(editor, User)
    return editor
