import gc
import gzip
import json
import os
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from cancellations.models import (
    Approval,
    ChangeOrder,
    ChangeOrderItem,
    InternalNote,
    Refund,
    Release,
)
from console.models import AuditEntry
from orders.models import (
    Adjustment,
    DeliveryGroup,
    OrderEvent,
    OrderItemSummary,
    OrderSummary,
    PaymentSummary,
    TaxLine,
)
from tests.proofs.sizes import PROPERTY_EXAMPLES
from tests.support.builders import UserFactory, delivery_group, imported, payment
from tests.support.database import OF_THIS_RUN
from tests.support.databases import MIGRATED, migrate_once
from tests.support.emptying import can_be_emptied_by_copies, copy_what_is_there
from tests.support.wizard_run import WizardRun

# Tests make much and keep little of it: to look for garbage as often as Python does takes a
# fourteenth of their time.
gc.set_threshold(50_000, 20, 50)

# Examples take their time on a busy machine; none is wrong for being slow.
hypothesis.settings.register_profile("countermand", deadline=None, max_examples=PROPERTY_EXAMPLES)
hypothesis.settings.load_profile("countermand")
# A mutant is caught by any example: nobody reads the smallest.
hypothesis.settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=20,
    derandomize=True,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)

# What a browser asked for last may still be answered when the last test of a worker has ended.
OTHERS_LEAVE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

GUARDED = (
    OrderSummary,
    OrderEvent,
    DeliveryGroup,
    OrderItemSummary,
    Adjustment,
    TaxLine,
    PaymentSummary,
    ChangeOrder,
    ChangeOrderItem,
    InternalNote,
    Approval,
    Refund,
    Release,
    AuditEntry,
)


def pytest_collection_finish():
    """What was imported and collected stays to the end: nobody need look whether it is garbage."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Long ones that stand apart begin: none is left for the end, when other workers have done."""
    items.sort(key=lambda item: not (item.get_closest_marker("slow") and _stands_apart(item)))


def _stands_apart(item):
    """Whether it leaves alone the database of the tests, which has an order of its own."""
    opens = {"db", "transactional_db", "live_server"}
    return not (item.get_closest_marker("django_db") or opens & set(item.fixturenames))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Each worker's database begins as a copy of one that is migrated once."""
    if server := os.environ.get(OF_THIS_RUN):
        migrate_once(server)
        connection.settings_dict["TEST"]["TEMPLATE"] = MIGRATED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, which is emptied between tests that commit: its audit, too."""
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE console_auditentry DISABLE TRIGGER audit_is_never_emptied")
            if can_be_emptied_by_copies():
                copy_what_is_there()
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(OTHERS_LEAVE)
    # To drop a database that many tests have filled takes longer than a statement may.
    settings.DATABASE_PATIENCE = replace(settings.DATABASE_PATIENCE, statement=0)


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords():
    """Signing in is slow on purpose; tests sign in thousands of times."""
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[quick]):
        yield


@pytest.fixture
def viewer(db):
    return UserFactory(viewer=True)


@pytest.fixture
def agent(db):
    return UserFactory(agent=True)


@pytest.fixture
def manager(db):
    return UserFactory(manager=True)


@pytest.fixture
def approver(db):
    return UserFactory(approver=True)


@pytest.fixture
def jsonl(tmp_path):
    """Writes values (or lines as they are, as bytes) to a JSON Lines file; gives its path."""

    def write(*values, name: str = "file.jsonl") -> Path:
        lines = [v if isinstance(v, bytes) else json.dumps(v).encode() for v in values]
        content = b"".join(line + b"\n" for line in lines)
        path = tmp_path / name
        path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
        return path

    return write


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command left: its exit status and what it wrote where."""

    status: int
    output: str
    errors: str

    @property
    def lines(self) -> list[dict]:
        """The output read as JSON Lines."""
        return [json.loads(line) for line in self.output.splitlines()]


@pytest.fixture
def run_command():
    """Runs a management command as a shell would; gives what it left."""

    def run(name: str, *args, **options) -> Finished:
        output, errors = StringIO(), StringIO()
        status = 0
        try:
            call_command(name, *map(str, args), stdout=output, stderr=errors, **options)
        except CommandError as error:
            status = error.returncode
            errors.write(f"{error}\n")
        except SystemExit as end:
            status = end.code
        return Finished(status, output.getvalue(), errors.getvalue())

    return run


@pytest.fixture
def without_triggers(db):
    """Lets a test write what PostgreSQL's triggers refuse, as long as the test lasts."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in GUARDED:
                cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")


@pytest.fixture
def new_order(db):
    """Imports an order of these items, captured over one card unless payments are given."""

    def new(items, number="W-1", captured="1000.00", **changes):
        usual = {
            "order_number": number,
            "ordered_at": "2026-10-03T09:15:00Z",
            "delivery_groups": [
                delivery_group(method="Ground", deliver_to="Lauren", address="1 Market St")
            ],
            "items": items,
            "payments": [payment(captured, gateway_reference=f"ch_{number}")],
        }
        return imported(**{**usual, **changes})

    return new


@pytest.fixture
def agent_client(client, agent):
    client.force_login(agent)
    return client


@pytest.fixture
def new_run(agent_client):
    """Opens wizard runs in one agent's session."""

    def new(order_number="W-1", kind="cancel_items", **kwargs):
        return WizardRun(agent_client, order_number, kind, **kwargs)

    return new
