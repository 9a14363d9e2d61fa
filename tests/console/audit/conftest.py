import pytest

from console.models import AuditEntry
from tests.support.builders import UserFactory


@pytest.fixture
def auditor(db):
    return UserFactory(username="auditor", auditor=True)


@pytest.fixture
def audit_client(client, auditor):
    client.force_login(auditor)
    return client


@pytest.fixture
def last_entries():
    """The newest entries of some kinds, oldest first, each as (kind, who, about, facts)."""

    def read(*kinds):
        entries = AuditEntry.objects.filter(kind__in=kinds).order_by("pk")
        return [(each.kind, each.actor_name, each.about, each.facts) for each in entries]

    return read
