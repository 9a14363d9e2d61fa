"""The application's role, as docs/roles/ makes it: it serves everything, and undoes no guard."""

import pytest
from django.contrib.auth.models import User
from django.db import ProgrammingError, connection
from django.test import Client

from cancellations.models import ProcessException
from cancellations.refunds import gateways
from cancellations.refunds.gateways.sandbox.gateway import Sandbox
from cancellations.refunds.gateways.sandbox.ledger import MemoryLedger
from config.commands import trouble_of
from tests.benchmarks.measuring import PROJECT
from tests.cancellations.last_word.grants import GRANTS
from tests.cancellations.last_word.sql import execute
from tests.cancellations.last_word.test_owner import OWNER_MAY, every_act
from tests.console.audit.test_pruning import written_long_ago
from tests.support.builders import product
from tests.support.wizard_run import WizardRun

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.postgresql]

PASSWORD = "a long enough password"
PAGES = [
    "/order-summaries/",
    "/order-summaries/W-1/",
    "/accounts/",
    "/change-orders/",
    "/refunds/",
    "/process-exceptions/",
    "/admin/",
    "/admin/auth/user/",
    "/admin/orders/ordersummary/",
    "/readyz",
]


def run_sql(name):
    with connection.cursor() as cursor:
        cursor.execute((PROJECT / "docs/roles" / name).read_text())


@pytest.fixture
def as_role(canceled, agent, manager, monkeypatch):
    monkeypatch.setitem(gateways._FACTORIES, "sandbox", lambda: Sandbox(MemoryLedger()))
    ProcessException.objects.all().delete()  # one that no report could have opened
    run_sql("once.sql")
    run_sql("after_migrate.sql")
    run_sql("after_migrate.sql")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE countermand_app")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.mark.usefixtures("as_role")
def test_the_role_does_every_act(agent, manager):
    every_act(agent, manager)


def test_the_role_serves_the_pages_from_sign_in_to_finish(new_order, manager, as_role):
    new_order([product("1")])
    User.objects.filter(pk=manager.pk).update(is_staff=True)
    manager.refresh_from_db()
    manager.set_password(PASSWORD)
    manager.save()
    client = Client()

    client.post("/sign-in/", {"username": manager.username, "password": PASSWORD})
    client.force_login(manager)
    statuses = {page: client.get(page).status_code for page in PAGES}
    run = WizardRun(client, "W-1")
    run.select("1")
    run.explain({"1": 1})
    finished = run.submit()
    edited = client.post(f"/admin/auth/user/{manager.pk}/change/", {"username": "x"})

    assert statuses == dict.fromkeys(PAGES, 200)
    assert finished.url.endswith("/finish/")
    assert edited.status_code in (200, 302, 403)


@pytest.mark.usefixtures("as_role")
@pytest.mark.parametrize("sql", OWNER_MAY.values(), ids=OWNER_MAY)
def test_the_role_undoes_no_guard(sql):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        execute(sql)


@pytest.mark.usefixtures("as_role")
@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM orders_ordersummary",
        "DELETE FROM cancellations_changeorder",
        "DELETE FROM django_migrations",
        "CREATE TABLE mine ()",
        "SET session_replication_role = 'replica'",
    ],
)
def test_the_role_may_do_nothing_that_no_page_does(sql):
    with pytest.raises(ProgrammingError, match="permission denied"):
        execute(sql)


@pytest.mark.usefixtures("as_role")
def test_only_the_role_that_prunes_removes_old_entries_of_the_audit(settings, run_command):
    settings.KEEP_AUDIT_DAYS = 90
    execute("RESET ROLE")
    written_long_ago(100)
    execute("SET LOCAL ROLE countermand_app")

    with pytest.raises(ProgrammingError, match="permission denied") as refused:
        run_command("prune")
    line, status = trouble_of(refused.value)
    may_not = "the database's role may not do this: permission denied for table "
    assert (line, status) == (f"{may_not}console_auditentry", 1)
    execute("SET LOCAL ROLE countermand_prune")
    by_its_own = run_command("prune")

    assert (by_its_own.status, by_its_own.output.splitlines()[-1]) == (0, "audit: 1 removed")


@pytest.mark.usefixtures("as_role")
def test_the_role_that_prunes_rewrites_no_audit_and_undoes_no_guard():
    execute("SET LOCAL ROLE countermand_prune")

    for sql in (
        "UPDATE console_auditentry SET about = 'x'",
        "DELETE FROM orders_orderevent",
        "TRUNCATE console_auditentry",
        "ALTER TABLE console_auditentry DISABLE TRIGGER ALL",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            execute(sql)


@pytest.mark.usefixtures("as_role")
def test_the_role_has_the_rights_that_readme_lists():
    granted = {
        (right, table)
        for right, tables in GRANTS.items()
        for table in tables
        if table.startswith(("orders_", "cancellations_"))
    }
    kept = {"cancellations_bundlepolicy", "cancellations_cancellationreason"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privilege_type, table_name FROM information_schema.role_table_grants"
            " WHERE grantee = 'countermand_app' AND privilege_type <> 'SELECT'"
            " AND table_name ~ '^(orders|cancellations)_'"
        )
        found = {row for row in cursor.fetchall() if row[1] not in kept}

    assert found == granted
