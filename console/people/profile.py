"""The page on which people say how they want the console."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from console.choices import NOT_A_CHOICE
from console.models import Density, Profile
from console.people.place import PLACE, remember_place
from console.people.starts import start_of, starts_for

SAVED = _("Your profile is saved.")
_ELSEWHERE = ("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")
"""Names that the database of time zones keeps for old programs."""


class ProfileForm(forms.ModelForm):
    """Every answer is one of a list."""

    time_zone = forms.ChoiceField(label=_("Time zone"))
    language = forms.ChoiceField(label=_("Language"))
    density = forms.ChoiceField(label=_("Rows of tables"), choices=Density.choices)
    start = forms.ChoiceField(label=_("Start with"))

    class Meta:
        model = Profile
        fields = ("time_zone", "language", "density", "start")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        starts = starts_for(self.instance.user)
        for name, choices in (
            ("time_zone", list(_zones(self.instance.time_zone))),
            ("language", list(settings.LANGUAGES)),
            ("start", [(code, start.label) for code, start in starts.items()]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        for field in self.fields.values():
            field.error_messages |= dict.fromkeys(("required", "invalid_choice"), NOT_A_CHOICE)


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """The page that somebody wants to start with."""
    code = request.session.get(PLACE, {}).get("start", "")
    return redirect(start_of(request.user, code).url())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    """Time zone, language, density and start; what is saved holds from the next page on."""
    assert isinstance(request.user, User)
    own = Profile.objects.filter(user=request.user).first() or _usual(request.user)
    form = ProfileForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        remember_place(request, form.save())
        messages.success(request, SAVED)
        return redirect("profile")
    status = 400 if request.method == "POST" else 200
    return render(request, "people/profile.html", {"form": form}, status=status)


def _usual(user: User) -> Profile:
    return Profile(user=user, time_zone=settings.TIME_ZONE, language=settings.LANGUAGE_CODE)


def _zones(own: str) -> Iterator[tuple[str, str]]:
    """The zones by name, with the one that was chosen, whatever it is called."""
    for name in sorted({*available_timezones(), own}):
        is_a_place = "/" in name and not name.startswith(_ELSEWHERE)
        if name and (is_a_place or name in ("UTC", own)):
            yield name, name.replace("_", " ")
