"""Tells whether anything was written."""

import hashlib
from functools import cache

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, models

from console.models import AuditEntry, RecentlyViewed
from integrations.models import ApiToken

# Sessions and what was viewed are written by every visit, sign-ins that fail are counted and
# audited; the others by migrations alone.
UNWATCHED = (
    Session,
    UserSession,
    AccessAttempt,
    AuditEntry,
    RecentlyViewed,
    Permission,
    ContentType,
    Group.permissions.through,
)

COUNTED = {User: {"last_login"}, ApiToken: {"asked", "minute", "last_used_at"}}


def fingerprint() -> tuple[int, str]:
    """How many rows all tables but the sessions' hold, and a checksum of their values.

    Signing in leaves its time with the user, a call is counted with its token; that alone is no
    change.
    """
    with connection.cursor() as cursor:
        cursor.execute(_statement())
        rows = sorted(cursor.fetchall())
    return len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()


@cache
def _statement() -> str:
    """One statement for all tables, for speed: every row of them as text."""
    watched = [m for m in apps.get_models(include_auto_created=True) if m not in UNWATCHED]
    return " UNION ALL ".join(map(_rows_as_text, watched))


def _rows_as_text(model: type[models.Model]) -> str:
    quoted = connection.ops.quote_name
    columns = [
        f.column for f in model._meta.concrete_fields if f.name not in COUNTED.get(model, ())
    ]
    texts = [f"coalesce(CAST({quoted(column)} AS text), 'NULL')" for column in columns]
    values = " || '|' || ".join(texts)
    return f"SELECT '{model._meta.db_table}', {values} FROM {quoted(model._meta.db_table)}"
