"""The auditors' page: what it shows, and what goes out as a file."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from console.audit import page as audit_page
from console.audit.recording import record
from console.models import AuditEntry, AuditKind
from console.spreadsheets import as_text
from orders import keyset
from tests.support.builders import UserFactory
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

AUDIT, EXPORT = "/audit/", "/audit/export/"


@pytest.fixture
def some(audit_client, auditor):
    """An entry each of three kinds by two people."""
    lauren = UserFactory(username="lauren")
    record(AuditKind.REASON, about="Other", by=lauren, act="changed", retired=[False, True])
    record(AuditKind.MONEY, about="00001401", by=lauren, event="order_settled", sequence=2)
    record(AuditKind.GROUP, about="Agent", by=auditor, act="given", rights=["a.b", "c.d"])


def shown(response):
    return [(entry.kind, entry.about) for entry in response.context["page"].rows]


def rows_of(response):
    return list(csv.reader(b"".join(response.streaming_content).decode("utf-8-sig").splitlines()))


def test_it_shows_what_happened_in_words(audit_client, some):
    page = audit_client.get(AUDIT)

    assert shown(page)[:3] == [("group", "Agent"), ("money", "00001401"), ("reason", "Other")]
    assertContains(page, "Changed · Retired: no → yes")
    assertContains(page, "Given · Rights: a.b, c.d")
    assertContains(page, "What was owed refunded · Event: 2")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=money", [("money", "00001401")]),
        ("who=lauren", [("money", "00001401"), ("reason", "Other")]),
        ("about=Other", [("reason", "Other")]),
        ("kind=reason&who=lauren&about=00001401", []),
        ("who=Lauren", []),
    ],
)
def test_it_is_narrowed_by_kind_person_and_subject(audit_client, some, query, found):
    assert shown(audit_client.get(f"{AUDIT}?{query}")) == found


def test_it_is_narrowed_by_days(without_triggers, audit_client, some):
    at = timezone.now() - timedelta(days=10)
    old = AuditEntry.objects.create(kind=AuditKind.SIGNED_IN, about="old", at=at)

    day = at.date()
    before, after = day - timedelta(days=1), day + timedelta(days=1)

    assert shown(audit_client.get(f"{AUDIT}?since={day}&until={day}")) == [("signed_in", "old")]
    assert shown(audit_client.get(f"{AUDIT}?until={before}")) == []
    assert ("signed_in", "old") not in shown(audit_client.get(f"{AUDIT}?since={after}"))
    assert old.pk


@pytest.mark.parametrize(
    "query",
    [
        "kind=nonsense",
        "since=nonsense",
        "until=0001-01-01",
        "until=9999-12-31",
        "who=%00",
        f"about={'x' * 300}",
        "after=x",
        f"after={'9' * 30}",
    ],
)
def test_what_it_does_not_understand(audit_client, some, query):
    assert audit_client.get(f"{AUDIT}?{query}").status_code == 400


@pytest.mark.budget
def test_pages_follow_each_other_and_take_two_statements(audit_client, some, monkeypatch):
    monkeypatch.setattr(keyset, "PAGE_SIZE", 2)
    first = audit_client.get(f"{AUDIT}?who=lauren")
    record(AuditKind.REASON, about="x", by=UserFactory(username="x"))

    with counted_statements() as few:
        audit_client.get(AUDIT)
    for _ in range(3):
        record(AuditKind.REASON, about="x")
    with counted_statements() as many:
        audit_client.get(AUDIT)

    assert first.context["page"].next_query == ""
    assert len(few) == len(many)


def test_an_export_is_what_the_list_was_narrowed_to_and_is_written_down(
    audit_client, some, monkeypatch
):
    monkeypatch.setattr(audit_page, "CHUNK", 1)

    taken = audit_client.post(EXPORT, {"who": "lauren"})
    heading, *rows = rows_of(taken)

    assert heading == ["When", "Kind", "Who", "About", "What", "Address"]
    assert [row[1:5] for row in rows] == [
        ["Cancellation reason", "lauren", "Other", "Changed · Retired: no → yes"],
        ["Act on refunds", "lauren", "00001401", "What was owed refunded · Event: 2"],
    ]
    exported = AuditEntry.objects.get(kind=AuditKind.EXPORTED)
    assert (exported.actor_name, exported.facts) == ("auditor", {"asked": ["who=lauren"]})


def test_an_export_of_nonsense_leads_back(audit_client):
    response = audit_client.post(EXPORT, {"since": "x", "who": "lauren"})

    assertRedirects(response, f"{AUDIT}?who=lauren&since=x", target_status_code=400)
    assert not AuditEntry.objects.filter(kind=AuditKind.EXPORTED).exists()


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_no_cell_is_a_formula(audit_client, formula):
    record(AuditKind.REASON, about=formula)

    rows = audit_client.post(EXPORT, {"kind": "reason"})

    assert b"'" + formula.encode() in b"".join(rows.streaming_content)
    assert as_text("1 = 1") == "1 = 1"


def test_the_page_offers_the_export_of_what_it_shows(audit_client, some):
    page = audit_client.get(f"{AUDIT}?who=lauren&since=2020-01-02")

    assertContains(page, '<input type="hidden" name="who" value="lauren">', html=True)
    assertContains(page, '<input type="hidden" name="since" value="2020-01-02">', html=True)
    assertContains(page, f'href="{AUDIT}"')
