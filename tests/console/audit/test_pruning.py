"""What is removed in time, and who opened what."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from cancellations.models import Attempt
from config.environment import days_or_for_ever
from console.models import AuditEntry, AuditKind
from tests.support.builders import cancel, imported, select

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


def ago(days):
    return timezone.now() - timedelta(days=days)


def written_long_ago(days):
    """An audit entry of so many days ago, as only who disables the guard can write one."""
    guard = "ALTER TABLE console_auditentry {} TRIGGER audit_is_final"
    if connection.vendor == "postgresql":
        connection.cursor().execute(guard.format("DISABLE"))
    entry = AuditEntry.objects.create(kind=AuditKind.SIGNED_IN, at=ago(days))
    if connection.vendor == "postgresql":
        connection.cursor().execute(guard.format("ENABLE"))
    return entry


@pytest.fixture
def old(agent):
    """A session, an attempt and an entry that are old, and one of each that is not."""
    refund = cancel(imported(), select(), by=agent).refunds.get()
    for number, days in enumerate((100, 1)):
        Session.objects.create(session_key=f"s{number}", expire_date=ago(days - 50))
        Attempt.objects.create(
            refund=refund,
            call="send",
            lease=f"6f1c1f52-4a3e-4d87-9d2e-00000000000{number}",
            idempotency_key="k",
            began_at=ago(days),
            request={"amount": 1},
        )
        written_long_ago(days)


def test_what_is_too_old_goes_and_the_rest_stays(old, settings, run_command):
    settings.KEEP_AUDIT_DAYS, settings.KEEP_BODIES_DAYS = 90, 90

    counted = run_command("prune", "--dry-run").output
    assert Session.objects.count() == 2
    pruned = run_command("prune").output

    assert counted == "sessions: 1 would go\nattempts: 1 would go\naudit: 1 would go\n"
    assert pruned == "sessions: 1 removed\nattempts: 1 removed\naudit: 1 removed\n"
    assert [session.session_key for session in Session.objects.all()] == ["s1"]
    assert [attempt.request for attempt in Attempt.objects.all()] == [{}, {"amount": 1}]
    assert not AuditEntry.objects.filter(at__lt=ago(90)).exists()
    assert AuditEntry.objects.filter(kind="signed_in").count() == 1
    told = AuditEntry.objects.filter(kind="pruned").order_by("pk")
    assert [(entry.about, entry.facts["rows"]) for entry in told] == [("attempts", 1), ("audit", 1)]
    assert run_command("prune").output.count(": 0 removed") == 3


def test_for_ever_is_for_ever(old, run_command):
    assert run_command("prune").output == "sessions: 1 removed\n"

    assert AuditEntry.objects.filter(at__lt=ago(90)).exists()
    assert Attempt.objects.exclude(request={}).count() == 2


@pytest.mark.parametrize("days", [-1, 1, 89, 10**9])
def test_no_setting_lets_new_entries_go(days):
    with pytest.raises(Exception, match="for ever"):
        days_or_for_ever(90)(days)


@pytest.mark.parametrize("is_on", [True, False])
def test_who_opens_records_is_written_down_where_a_setting_asks_for_it(
    viewer_client, settings, agent, is_on
):
    settings.AUDIT_WHO_OPENS = is_on
    order = imported(order_number="2026/7", account={"number": "A-7", "name": "Rosalind"})
    made = cancel(order, select(), by=agent)

    for page in (
        "/order-summaries/",
        "/order-summaries/2026~2F7/",
        "/order-summaries/2026~2F7/feed/",
        "/accounts/A-7/",
        f"/change-orders/{made.number}/",
        f"/refunds/{made.refunds.get().pk}/",
        "/order-summaries/NONE/",
    ):
        viewer_client.get(page)

    opened = AuditEntry.objects.filter(kind="opened").order_by("pk").values_list("about", flat=True)
    all_of_them = ["2026/7", "2026/7", "A-7", made.number, str(made.refunds.get().pk)]
    assert list(opened) == (all_of_them if is_on else [])
