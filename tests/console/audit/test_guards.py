"""PostgreSQL has the last word on the audit, and on the names in it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from console.audit.recording import record
from console.models import AuditEntry, AuditKind
from tests.support.builders import UserFactory, cancel, imported, select

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.postgresql]

OLD = timezone.now() - timedelta(days=400)


def execute(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.fixture
def old_entry():
    """An entry of long ago, as only who disables triggers can write one."""
    execute("ALTER TABLE console_auditentry DISABLE TRIGGER audit_is_final")
    entry = AuditEntry.objects.create(kind=AuditKind.SIGNED_IN, at=OLD)
    execute("ALTER TABLE console_auditentry ENABLE TRIGGER audit_is_final")
    return entry


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE console_auditentry SET actor_name = 'someone else'",
        "DELETE FROM console_auditentry",
        "TRUNCATE console_auditentry",
    ],
)
def test_the_audit_is_never_changed_deleted_or_emptied(old_entry, sql):
    execute("ALTER TABLE console_auditentry ENABLE TRIGGER audit_is_never_emptied")

    with pytest.raises(IntegrityError, match=r"never emptied|never changed"):
        execute(sql)

    assert AuditEntry.objects.filter(pk=old_entry.pk, actor_name="").exists()


def test_nobody_writes_into_the_past():
    entry = AuditEntry.objects.create(kind=AuditKind.SIGNED_IN, at=OLD)

    entry.refresh_from_db()

    assert entry.at > timezone.now() - timedelta(minutes=5)


def test_who_says_what_goes_and_until_when_may_delete_just_that(old_entry):
    new = record(AuditKind.SIGNED_IN)
    record(AuditKind.PRUNED, about="audit", before=(OLD + timedelta(days=1)).isoformat())

    execute("DELETE FROM console_auditentry WHERE id = %s", old_entry.pk)
    with pytest.raises(IntegrityError):
        execute("DELETE FROM console_auditentry WHERE id = %s", new.pk)

    assert not AuditEntry.objects.filter(pk=old_entry.pk).exists()


@pytest.mark.parametrize(
    ("about", "before"),
    [("audit", OLD), ("sessions", timezone.now()), ("audit", OLD - timedelta(days=1))],
)
def test_nothing_else_goes(old_entry, about, before):
    record(AuditKind.PRUNED, about=about, before=before.isoformat())

    with pytest.raises(IntegrityError):
        execute("DELETE FROM console_auditentry WHERE id = %s", old_entry.pk)


def test_nothing_goes_within_ninety_days_whatever_is_said():
    entry = record(AuditKind.SIGNED_IN)
    record(AuditKind.PRUNED, about="audit", before="2999-01-01T00:00:00+00:00")

    with pytest.raises(IntegrityError):
        execute("DELETE FROM console_auditentry WHERE id = %s", entry.pk)


RENAME = "UPDATE auth_user SET username = 'x' WHERE id = %s"
DELETE = "DELETE FROM auth_user WHERE id = %s"


@pytest.mark.parametrize("deed", ["canceled", "signed in"])
@pytest.mark.parametrize("sql", [RENAME, DELETE])
def test_whoever_history_names_keeps_the_name(client, agent, deed, sql):
    if deed == "canceled":
        cancel(imported(), select(), by=agent)
    else:
        client.force_login(agent)
    agent.groups.clear()

    with pytest.raises(IntegrityError, match="history names"):
        execute(sql, agent.pk)


def test_whoever_did_nothing_is_renamed_and_deleted():
    user = UserFactory()

    execute(RENAME, user.pk)
    execute(DELETE, user.pk)
