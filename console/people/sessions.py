"""Sessions: what a sign-in makes of one, and the page on which people end their own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cancellations.wizard.run import IN_SESSION
from console.audit.recording import record
from console.models import AuditKind
from console.people.gate import remember_what_is_to_do

KEPT_FOR = "kept_for"
"""Of a session that has ended: whose answers it holds (``config/sessions.py``)."""

SIGNED_IN_AT = "signed_in_at"
"""In a session: when its life began."""

AT_ONCE = 500
"""So many rows are deleted by one statement."""

ENDED = _("That session has ended.")
OTHERS_ENDED = _("All your other sessions have ended.")

BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrom": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS": "macOS",
    "Linux": "Linux",
}
"""What a browser's own description holds, and what people call it; the first that fits."""


@dataclass(frozen=True, slots=True)
class OwnSession:
    pk: int
    signed_in_at: datetime
    address: str
    browser: str
    is_this: bool


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in, each with *End*."""
    if request.method == "POST":
        return _end(request)
    found = UserSession.objects.purge_and_list(request.user)
    sessions = [_read(session) for session in found]
    sessions.sort(key=lambda session: (not session.is_this, session.signed_in_at))
    return render(request, "people/sessions.html", {"sessions": sessions})


def worth_nothing(now: datetime) -> Iterator[str]:
    """Keys of sessions that have ended, and hold nothing that anybody could come back to.

    What was typed is nobody's any more when a session could not live so long; strangers' type
    nothing, and theirs go at once.
    """
    for session in Session.objects.filter(expire_date__lte=now).iterator():
        is_old = session.expire_date <= now - settings.SESSION_LIFE
        if is_old or not any(name.startswith(IN_SESSION) for name in session.get_decoded()):
            yield session.session_key


def remove_worth_nothing(now: datetime) -> int:
    """Delete those; how many they were. One that began anew meanwhile stays."""
    keys, removed = list(worth_nothing(now)), 0
    for first in range(0, len(keys), AT_ONCE):
        some = Session.objects.filter(pk__in=keys[first : first + AT_ONCE], expire_date__lte=now)
        removed += some.delete()[0]
    return removed


def begin_session(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Receiver of ``user_logged_in``: what was typed before is theirs, or it is forgotten."""
    session = request.session
    session[SIGNED_IN_AT] = timezone.now().isoformat()
    if session.pop(KEPT_FOR, str(user.pk)) != str(user.pk):  # guard: nobody else's answers
        for name in [name for name in session.keys() if name.startswith(IN_SESSION)]:  # noqa: SIM118
            del session[name]
    remember_what_is_to_do(request, user)


@transaction.atomic
def end_all(sessions: Iterable[UserSession], *, of: User) -> None:
    """End sessions of somebody; that somebody did so is written down. Idempotent."""
    ended = list(sessions)
    for session in ended:
        session.end()
    if ended:
        name = of.get_username()
        record(AuditKind.SIGNED_OUT, about=name, act="ended", sessions=len(ended))


def _end(request: HttpRequest) -> HttpResponse:
    own = UserSession.objects.filter(user=request.user)
    assert isinstance(request.user, User)
    if "others" in request.POST:
        end_all((each for each in own if not each.is_current()), of=request.user)
        messages.success(request, OTHERS_ENDED)
        return redirect("usersessions_list")
    wanted = request.POST.get("end", "")
    pk = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else 0
    session = get_object_or_404(own, pk=pk)
    if session.is_current():
        end_sessions(request, [session])
        return redirect("sign_in")
    end_all([session], of=request.user)
    messages.success(request, ENDED)
    return redirect("usersessions_list")


def _read(session: UserSession) -> OwnSession:
    return OwnSession(
        pk=session.pk,
        signed_in_at=session.created_at,
        address=session.ip,
        browser=_browser(session.user_agent),
        is_this=session.is_current(),
    )


def _browser(description: str) -> str:
    browser = next((name for sign, name in BROWSERS.items() if sign in description), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in description), "")
    if not browser:
        return gettext("Another program")
    names = {"browser": browser, "system": system}
    return gettext("%(browser)s on %(system)s") % names if system else browser
