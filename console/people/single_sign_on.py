"""Single sign-on over OpenID Connect: who comes from a provider, and which groups that gives."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from cancellations.seeds import SYSTEM_USER
from console.people.again_elsewhere import is_asked_again, proved_there
from console.people.discovery import ProviderSession

TWICE_AT_ONCE = _("You came in twice at once. Sign in once more.")


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """A provider's word makes users and gives groups; never a superuser, never the system user."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True

    def get_requests_session(self) -> ProviderSession:
        return ProviderSession()

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """Who is told no name is called by their e-mail address: no name is made up here."""
        user: User = super().populate_user(request, sociallogin, data)
        user.username = user.username or user.email
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Bring groups up to date, and know again whom the provider may know by name.

        Raises:
            ImmediateHttpResponse: They prove again who they are, or may be somebody who has an
                account here: nobody gets a second one.
        """
        if not sociallogin.is_existing and (known := _known_by_name(sociallogin)):
            sociallogin.connect(request, known)
        if sociallogin.is_existing:
            map_groups(sociallogin.user, sociallogin)
        if is_asked_again(sociallogin):
            raise ImmediateHttpResponse(proved_there(request, sociallogin))
        if not sociallogin.is_existing and _may_be_here(sociallogin.user):  # guard: one account
            raise _refusal(request)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """allauth takes a name away that nobody may have, and would number another one.

        Raises:
            ImmediateHttpResponse: Nobody may have the name, or they came in twice at once: the
                other one made the account by which they sign in now.
        """
        if not sociallogin.user.get_username():
            raise _refusal(request)
        try:
            with transaction.atomic():
                user: User = super().save_user(request, sociallogin, form)
        except IntegrityError as error:
            messages.info(request, TWICE_AT_ONCE)
            raise ImmediateHttpResponse(redirect("sign_in")) from error
        map_groups(user, sociallogin)
        return user


def map_groups(user: User, login: SocialLogin) -> None:
    """Give the groups that a provider's claim maps to, and take the others that it maps.

    Groups that the provider's configuration does not name are left as people set them.
    """
    config = _config_of(login)
    mapped: dict[str, str] = config["groups"]
    if not mapped or user.is_superuser:
        return
    claimed = _claimed(login, config["groups_claim"])
    given = {group for claim, group in mapped.items() if claim in claimed}
    taken = set(mapped.values()) - given
    user.groups.remove(*Group.objects.filter(name__in=taken))
    user.groups.add(*Group.objects.filter(name__in=given))
    user.is_staff = bool(given & set(config["staff_groups"]))
    user.save(update_fields=["is_staff"])


def answers_for_second_factor(request: HttpRequest) -> bool:
    """Whether this session came from a provider that is trusted to ask for one itself."""
    records = request.session.get("account_authentication_methods", [])
    trusted = {each["id"] for each in settings.OIDC_PROVIDERS if each["second_factor"]}
    return any(
        record.get("method") == "socialaccount" and record.get("provider") in trusted
        for record in records
    )


def _known_by_name(login: SocialLogin) -> User | None:
    """A user of ours by the name that the provider says, where its configuration allows that."""
    if not _config_of(login)["links_by_username"]:
        return None
    name = login.user.get_username()
    user = User.objects.filter(username=name).exclude(username__in=["", SYSTEM_USER]).first()
    return None if user is None or user.is_superuser else user


def _may_be_here(user: User) -> bool:
    """Whether an account has the name or the e-mail address of somebody who is new here."""
    same = Q(username__iexact=User.normalize_username(user.get_username()))
    if user.email:
        same |= Q(email__iexact=user.email) | Q(emailaddress__email__iexact=user.email)
    return User.objects.filter(same).exists()


def _refusal(request: HttpRequest) -> ImmediateHttpResponse:
    return ImmediateHttpResponse(render(request, "people/not_linked.html", status=403))


def _claimed(login: SocialLogin, claim: str) -> set[str]:
    """What the provider said, in the ID token or about the user; one text is a list of one."""
    told = login.account.extra_data
    claims: set[str] = set()
    for part in (told, told.get("id_token") or {}, told.get("userinfo") or {}):
        value = part.get(claim, [])
        claims |= {value} if isinstance(value, str) else {str(each) for each in value}
    return claims


def _config_of(login: SocialLogin) -> dict[str, Any]:
    by_id = {each["id"]: each for each in settings.OIDC_PROVIDERS}
    config: dict[str, Any] = by_id[login.account.provider]
    return config
