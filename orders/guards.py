"""What PostgreSQL alone has: an app's guards by triggers, and indexes, run by its migrations."""

import re
from dataclasses import dataclass
from pathlib import Path

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_INDEX = re.compile(r"^CREATE INDEX (\w+)", re.MULTILINE)
_FUNCTION = re.compile(r"^CREATE FUNCTION (\w+)\(", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Guards:
    """The functions and triggers of one file. SQLite has neither and is left as it is."""

    sql: Path

    def create(self, apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(self.sql.read_text(), params=None)

    def drop(self, apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """The functions, and with them their triggers; what they compare by may stay."""
        if schema_editor.connection.vendor == "postgresql":
            functions = ", ".join(_FUNCTION.findall(self.sql.read_text()))
            schema_editor.execute(f"DROP FUNCTION {functions} CASCADE")


@dataclass(frozen=True, slots=True)
class Indexes:
    """Indexes that only PostgreSQL has, those of one file; SQLite is left as it is."""

    sql: Path

    def create(self, apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(self.sql.read_text(), params=None)

    def drop(self, apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """What they compare by may stay."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX {', '.join(_INDEX.findall(self.sql.read_text()))}")
