"""Where personal data stands: the page that says so, and what the console's own models hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cancellations.models import RIGHT_TO_ERASE
from cancellations.personal_data import BODIES, GATEWAYS_WORDS, OF_AN_ACCOUNT, OF_AN_ORDER
from console.models import AuditEntry, DefaultView, Profile, RecentlyViewed, SavedView
from orders.formats import Text
from orders.models import Account

OF_PEOPLE_HERE: Mapping[type[Model], tuple[str, ...]] = {
    User: ("username", "first_name", "last_name", "email", "password"),
    AuditEntry: ("actor_name", "about", "address"),
    EmailAddress: ("email",),
    SocialAccount: ("uid", "extra_data"),
    Authenticator: ("data",),
    AccessAttempt: ("username", "ip_address", "user_agent"),
    UserSession: ("ip", "user_agent"),
    Session: ("session_data",),
    Profile: ("time_zone", "language"),
    RecentlyViewed: ("order_id", "viewed_at"),
}
"""Of those who work here. Sessions hold what is typed in wizards that are under way, too."""

_CALLED: Mapping[type[Model], Text] = {
    EmailAddress: _("e-mail addresses"),
    SocialAccount: _("accounts elsewhere"),
    Authenticator: _("second factors"),
    AccessAttempt: _("failed sign-ins"),
    UserSession: _("devices signed in"),
}
"""Where a library's own word is not translated, or not one that its readers know."""

FREE: Mapping[type[Model], tuple[str, ...]] = {
    AuditEntry: ("kind", "facts"),
    SavedView: ("list", "name", "query"),
    DefaultView: ("list", "ready_made"),
    Profile: ("density", "start"),
}

ERASED = _("Becomes “erased” when the customer is erased")
EMPTIED = _("Is emptied when the customer is erased")
KEPT = _("Stays: it says who did what")
ENDS = _("Goes with the session")
GOES = _("Goes with the user account")
_FATES: Mapping[type[Model], Text] = {
    Session: ENDS,
    UserSession: ENDS,
    Profile: GOES,
    RecentlyViewed: GOES,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A field that holds personal data, and what becomes of it."""

    record: str
    field: str
    fate: Text


def places() -> Iterator[Place]:
    """Every field that holds personal data, customers' first."""
    yield from _places(Account, OF_AN_ACCOUNT, ERASED)
    for texts in OF_AN_ORDER:
        yield from _places(texts.model, texts.fields, ERASED)
    yield from _places(GATEWAYS_WORDS[0], (GATEWAYS_WORDS[1],), ERASED)
    for bodies, fields in {model: names for model, _orders, names in BODIES}.items():
        yield from _places(bodies, fields, EMPTIED)
    for model, names in OF_PEOPLE_HERE.items():
        yield from _places(model, names, _FATES.get(model, KEPT))


def _places(model: type[Model], names: tuple[str, ...], fate: Text) -> Iterator[Place]:
    record = str(_CALLED.get(model, model._meta.verbose_name_plural))
    for name in names:
        yield Place(record, f"{model._meta.db_table}.{name}", fate)


@require_safe
@never_cache
@permission_required(RIGHT_TO_ERASE, raise_exception=True)
def personal_data(request: HttpRequest) -> HttpResponse:
    """Which fields of the database hold personal data, and what becomes of it."""
    return render(request, "console/erasing/personal_data.html", {"places": list(places())})
