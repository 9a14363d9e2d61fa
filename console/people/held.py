"""The page on which managers release names and addresses that failed to sign in too often."""

from dataclasses import dataclass
from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from console.audit.coming_in import known_name
from console.audit.recording import record
from console.models import AuditKind
from console.people.throttle import AGAIN

RIGHT_TO_RELEASE = "axes.delete_accessattempt"
RELEASED = _("Released: they may try again at once.")


@dataclass(frozen=True, slots=True)
class Held:
    """A name or an address that waits.

    Attributes:
        field: By which of the two it is held, as axes calls it.
    """

    field: str
    value: str
    failures: int
    until: datetime

    @property
    def said(self) -> str:
        """Who it is, in words."""
        if not self.value.startswith(AGAIN):
            return self.value
        return gettext("%(name)s, signed in already") % {"name": self.value.removeprefix(AGAIN)}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(RIGHT_TO_RELEASE, raise_exception=True)
def held_sign_ins(request: HttpRequest) -> HttpResponse:
    """Who waits, by name and by address; *Release* forgets their failures."""
    if request.method != "POST":
        return render(request, "people/held.html", {"held": everything_held()})
    field, value = request.POST.get("field", ""), request.POST.get("value", "")
    if any((one.field, one.value) == (field, value) for one in everything_held()):
        _release(field, value)
    messages.success(request, RELEASED)
    return redirect("held_sign_ins")


@transaction.atomic
def _release(field: str, value: str) -> None:
    """Forget the failures; that somebody did so is written down."""
    AccessAttempt.objects.filter(**{field: value}).delete()
    about = known_name(value.removeprefix(AGAIN)) if field == "username" else value
    record(AuditKind.SIGN_IN_LOCKED, about=about, act="released")


def everything_held() -> list[Held]:
    """The names, and the addresses, that failed too often a short while ago."""
    return [
        *_held("username", settings.SIGN_IN_TRIES),
        *_held("ip_address", settings.SIGN_IN_TRIES_OF_ADDRESS),
    ]


def _held(field: str, limit: int) -> list[Held]:
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    lately = AccessAttempt.objects.filter(attempt_time__gte=since).exclude(**{field: None})
    counted = lately.values(field).annotate(
        failures=Sum("failures_since_start"), last=Max("attempt_time")
    )
    return [
        Held(field, row[field], row["failures"], row["last"] + settings.AXES_COOLOFF_TIME)
        for row in counted.filter(failures__gte=limit).order_by("-last")
    ]
