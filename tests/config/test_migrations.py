"""Databases that nobody prepared: an empty one is migrated, one of an earlier version refused."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass

import psycopg
import pytest
from django.db import connection

from config import health
from console.people.rights import RIGHTS
from tests.benchmarks.measuring import PROJECT
from tests.support.database import POSTGRESQL_SCHEMES
from tests.support.databases import migrated_database

GUARDED = ("orders", "cancellations", "integrations", "console")
GUARDS = [PROJECT / app / "migrations/guards.sql" for app in GUARDED]
TRIGGER = re.compile(r"CREATE (?:CONSTRAINT )?TRIGGER (\w+)\s[^;]*?\sON (\w+)")
RIGHTS_BY_GROUP = """
    SELECT name, count(*) FROM auth_group
    JOIN auth_group_permissions ON group_id = auth_group.id GROUP BY name
"""
MADE_BEFORE = "This database was made by an earlier version of Countermand"


@dataclass(frozen=True, slots=True)
class Database:
    """A database of its own, which starts as an empty one was migrated."""

    url: str

    @property
    def is_postgresql(self):
        return self.url.startswith(POSTGRESQL_SCHEMES)

    def migrate(self, *arguments):
        """Run it as a process, as whoever installs Countermand does."""
        subprocess.run(
            [sys.executable, "-W", "error", "manage.py", "migrate", "--verbosity=0", *arguments],
            cwd=PROJECT,
            env=os.environ | {"DATABASE_URL": self.url, "DEBUG": "1"},
            check=True,
        )

    def rows(self, statement):
        if self.is_postgresql:
            with psycopg.connect(self.url) as opened:
                return opened.execute(statement).fetchall()
        with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as opened:
            return opened.execute(statement).fetchall()

    @property
    def tables(self):
        """Those of our apps."""
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
        if self.is_postgresql:
            names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        return {name for (name,) in self.rows(names) if name.startswith(("orders", "cancell"))}

    @property
    def triggers(self):
        """Every trigger with its table; SQLite has none."""
        if not self.is_postgresql:
            return set()
        return set(
            self.rows(
                "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
            )
        )

    @property
    def functions(self):
        if not self.is_postgresql:
            return set()
        return set(
            self.rows(
                "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
                " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = oid AND deptype = 'e')"
            )
        )


@pytest.fixture(
    params=[
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("sqlite", marks=pytest.mark.long),
    ]
)
def database(request, tmp_path):
    server = os.environ["DATABASE_URL"] if request.param == "postgresql" else ""
    with migrated_database(server, "migrations", tmp_path) as url:
        yield Database(url)


@pytest.mark.slow
def test_an_empty_database_was_migrated(database):
    check_is_complete(database)


@pytest.mark.slow
@pytest.mark.long
def test_migrations_go_back_and_forth(database):
    database.migrate("orders", "zero")
    assert (database.tables, database.triggers, database.functions) == (set(), set(), set())

    database.migrate()
    check_is_complete(database)


def check_is_complete(database):
    """Every trigger is there that ``guards.sql`` makes, and what a database starts with."""
    guards = {found for path in GUARDS for found in TRIGGER.findall(path.read_text())}
    assert len(guards) > 20
    assert database.triggers == (guards if database.is_postgresql else set())
    assert dict(database.rows(RIGHTS_BY_GROUP)) == {
        name: len(rights) for name, rights in RIGHTS.items()
    }
    assert database.rows("SELECT count(*) FROM cancellations_cancellationreason") == [(7,)]
    assert database.rows("SELECT count(*) FROM cancellations_bundlepolicy") == [(1,)]
    assert database.rows("SELECT username FROM auth_user") == [("batch",)]


@pytest.mark.django_db
@pytest.mark.both_databases
@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE orders_ordersummary RENAME COLUMN currency_places TO currency",
        "ALTER TABLE orders_ordersummary ADD COLUMN currency varchar(3)",
        "ALTER TABLE cancellations_changeorder RENAME COLUMN owed_before_minor TO owed_minor",
        "ALTER TABLE cancellations_bundlepolicy RENAME TO cancellations_policy",
    ],
)
def test_a_database_of_an_earlier_version_is_told_from_one_of_today(
    client, run_command, settings, monkeypatch, change
):
    settings.DEBUG = True
    assert client.get("/readyz").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute(change)

    monkeypatch.setattr(health, "_known_schemas", set())

    ready = client.get("/readyz")
    demo = run_command("demo", "--no-serve")
    migrate = run_command("migrate", verbosity=0)

    assert (ready.status_code, ready.text.count("\n")) == (503, 1)
    assert ready.text.startswith(MADE_BEFORE)
    assert (demo.status, demo.output, demo.errors.count("\n")) == (1, "", 1)
    assert demo.errors.startswith(MADE_BEFORE)
    assert str(connection.settings_dict["NAME"]) in demo.errors
    assert migrate == demo
