"""Whatever auditors read goes through gettext."""

import pytest
from django.contrib.auth.models import Group

from console.audit.recording import record
from console.models import AuditKind
from console.people.rights import AUDITOR

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

FACTS = (
    {"act": "changed", "is_active": [True, False], "fields": ["email", "first_name", "text"]},
    {"act": "given", "rights": ["Agent"]},
    {"act": "taken", "rights": ["Agent"]},
    {"act": "linked", "provider": "USD"},
    {"act": "unlinked", "provider": "USD"},
    {"act": "ended", "sessions": 2},
    {"act": "released"},
    {"event": "person_decided", "decision": "mark_as_paid", "refund": 7, "sequence": 3},
    {"act": "deleted", "name": ["Other", ""], "needs_note": [False, True], "position": [1, 2]},
)


@pytest.fixture
def audits(reads, manager):
    manager.groups.add(Group.objects.get(name=AUDITOR))
    return reads


@pytest.mark.parametrize(
    ("url", "status", "shows"),
    [
        ("/audit/", 200, "Export as CSV"),
        ("/audit/?who=nobody", 200, "No entry matches"),
        ("/audit/?kind=nonsense", 400, "Choose a kind from the list."),
        ("/audit/?since=nonsense", 400, "Enter a valid date."),
        ("/audit/?until=9999-12-31", 400, "less than or equal to"),
        ("/audit/?after=x", 400, "These are the first rows."),
    ],
)
def test_the_audit(audits, url, status, shows):
    for kind in AuditKind:
        for facts in FACTS:
            record(kind, about="USD", **facts)

    left = audits(url, shows, status=status)

    assert [text for text in left if text != "127.0.0.1"] == []
