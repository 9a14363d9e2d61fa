"""What is removed in time, by settings: ended sessions, gateways' bodies, and old audit entries."""

from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction

from cancellations.refunds.forgetting import bodies_before, forget_bodies
from cancellations.seeds import SYSTEM_USER
from console.audit.recording import record
from console.models import AuditEntry, AuditKind
from console.people.sessions import remove_worth_nothing, worth_nothing

AUDIT, BODIES, SESSIONS = "audit", "attempts", "sessions"
"""What is removed, as entries and the command name it."""


def to_prune(now: datetime) -> dict[str, int]:
    """How much of each would go now; what is kept for ever is left out."""
    counts = {SESSIONS: sum(1 for _ in worth_nothing(now))}
    if before := _limit(settings.KEEP_BODIES_DAYS, now):
        counts[BODIES] = bodies_before(before).count()
    if before := _limit(settings.KEEP_AUDIT_DAYS, now):
        counts[AUDIT] = AuditEntry.objects.filter(at__lt=before).count()
    return counts


def prune(now: datetime) -> dict[str, int]:
    """Remove what is too old, each kind in a transaction with the entry that says so."""
    removed = {SESSIONS: _remove_sessions(now)}
    if before := _limit(settings.KEEP_BODIES_DAYS, now):
        with transaction.atomic():
            removed[BODIES] = forget_bodies(before)
            _tell(BODIES, before, removed[BODIES])
    if before := _limit(settings.KEEP_AUDIT_DAYS, now):
        with transaction.atomic():
            old = AuditEntry.objects.filter(at__lt=before)
            removed[AUDIT] = old.count()
            _tell(AUDIT, before, removed[AUDIT])  # before the first goes: the guard looks for it
            old.delete()
    return removed


def _remove_sessions(now: datetime) -> int:
    """Sessions that are worth nothing, and what is listed of them for their users."""
    removed = remove_worth_nothing(now)
    if apps.is_installed("allauth.usersessions"):
        from allauth.usersessions.models import UserSession

        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return removed


def _limit(days: int, now: datetime) -> datetime | None:
    return now - timedelta(days=days) if days else None


def _tell(about: str, before: datetime, rows: int) -> None:
    if rows:
        by = User.objects.get(username=SYSTEM_USER)
        record(AuditKind.PRUNED, about=about, by=by, before=before.isoformat(), rows=rows)
