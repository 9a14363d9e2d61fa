"""What PostgreSQL guards by triggers: the SQL of an app's ``guards.sql``, run by its migration."""

import re
from dataclasses import dataclass
from pathlib import Path

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

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
