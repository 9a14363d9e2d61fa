"""The pages on which managers take lost second factors away from people who may do less."""

from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from console.lists.columns import Column, Link, Moment, Narrow, Value
from console.lists.listing import Empty, Listing, search_field
from console.people.editing import people_to_edit
from console.people.factors import is_demanded_of
from console.people.sessions import end_all
from orders.keyset import COUNT_AT_MOST, Page, page_of
from orders.list_form import ListForm
from orders.places import Key, Ordering
from orders.search import every_word, in_any

RIGHT_TO_TAKE = "auth.change_user"
NOT_THEIRS = _(
    "You can’t take second factors away from this person: not your own, nor of anyone who may do"
    " as much as you."
)

keeps_people = permission_required(RIGHT_TO_TAKE, raise_exception=True)


def people_to_take_from(taker: User) -> QuerySet[User]:
    """Whoever the taker may edit, but never themselves."""
    return people_to_edit(taker).exclude(pk=taker.pk)  # guard: nobody takes their own factors


@require_safe
@never_cache
@keeps_people
def lost_second_factors(request: HttpRequest) -> HttpResponse:
    """Whose second factors one may take away, by name."""
    form = PeopleForm(request.GET)
    listing = _people_of(_taker(request))
    page = listing.page_of(form)
    context = {"listing": listing, "form": form, "page": page, "table": listing.table(page, form)}
    status = 400 if form.errors else 200
    return render(request, "console/lists/list.html", context | {"sums": ""}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_people
def lost_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """What one person has, and what follows; *Take away* leaves them none."""
    person = get_object_or_404(_with_factors(User.objects.all()), pk=pk)
    if not people_to_take_from(_taker(request)).filter(pk=pk).exists():
        raise PermissionDenied(NOT_THEIRS)
    if request.method != "POST":
        context = {"person": person, "has": what_they_have(person)}
        context["is_demanded"] = is_demanded_of(person)
        return render(request, "people/lost_factor.html", context)
    take_factors_away(request, person)
    told = gettext("%(name)s has no second factor now, and is signed out everywhere.")
    messages.success(request, told % {"name": person.get_username()})
    return redirect("lost_second_factors")


@transaction.atomic
def take_factors_away(request: HttpRequest, person: User) -> None:
    """Leave a person no second factor and no session; each that goes is audited. Idempotent."""
    for factor in Authenticator.objects.select_for_update().filter(user=person):
        factor.delete()
        authenticator_removed.send(
            sender=Authenticator, request=request, user=person, authenticator=factor
        )
    end_all(UserSession.objects.filter(user=person), of=person)


def what_they_have(person: User) -> str:
    """A person's second factors in words, from what is prefetched; or ""."""
    held = [factor.type for factor in _factors(person)]
    parts = []
    if Authenticator.Type.TOTP in held:
        parts.append(gettext("App with codes"))
    if passkeys := held.count(Authenticator.Type.WEBAUTHN):
        words = ngettext("%(count)d passkey", "%(count)d passkeys", passkeys)
        parts.append(words % {"count": passkeys})
    if Authenticator.Type.RECOVERY_CODES in held:
        parts.append(gettext("recovery codes"))
    return ", ".join(parts)


class PeopleForm(ListForm):
    ordering = Ordering((Key("username", str),), descending=False)
    count_words = ngettext_lazy("%(count)d person", "%(count)d people", "count")
    many_words = ngettext_lazy(
        "more than %(most)s person", "more than %(most)s people", COUNT_AT_MOST
    )

    q = search_field(_("Username or name"))


def _people_of(taker: User) -> Listing[User]:
    return Listing(
        heading=_("Lost second factors"),
        icon="shield-off",
        kicker=_("Whose you may take away"),
        help=_("Take away here what somebody lost, so that they can set up another one."),
        caption=_("People with second factors, by username"),
        columns=PEOPLE_COLUMNS,
        form=PeopleForm,
        page_of=partial(_page_of_people, taker),
        no_match=Empty(
            _("Nobody matches"),
            _("Try another spelling, or {link}."),
            link=_("see everyone"),
            leads_to="lost_second_factors",
        ),
        nothing_yet=Empty(
            _("Nobody here has a second factor"),
            _("Whoever adds an app with codes or a passkey is listed, if you may edit them."),
        ),
        previous=_("Previous"),
        next=_("Next"),
    )


def _page_of_people(taker: User, form: ListForm) -> Page[User]:
    people = people_to_take_from(taker).filter(pk__in=Authenticator.objects.values("user"))
    if q := form.answer("q"):
        names = ("username", "first_name", "last_name")
        people = people.filter(every_word(q, lambda word: in_any(word, *names)))
    return page_of(form, _with_factors(people), counted=people)


def _with_factors(people: QuerySet[User]) -> QuerySet[User]:
    return people.prefetch_related("authenticator_set")


def _factors(person: Any) -> list[Authenticator]:
    return list(person.authenticator_set.all())


def _last_used(person: User) -> Value:
    used = [factor.last_used_at for factor in _factors(person) if factor.last_used_at]
    return Moment(max(used)) if used else ""


def _link(person: User) -> Link:
    return Link(person.get_username(), reverse("lost_second_factor", args=[person.pk]))


def _taker(request: HttpRequest) -> User:
    taker = request.user
    assert isinstance(taker, User)
    return taker


PEOPLE_COLUMNS: tuple[Column[User], ...] = (
    Column("username", _("Username"), _link, sort="username"),
    Column("name", _("Name"), lambda person: person.get_full_name(), narrow=Narrow.END),
    Column("has", _("Second factors"), what_they_have, narrow=Narrow.WHOLE),
    Column("used", _("Last used"), _last_used, narrow=Narrow.WHOLE),
)
