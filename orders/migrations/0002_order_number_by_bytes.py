from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def compare_by_bytes(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL shall sort order numbers as SQLite does, whatever its locale."""
    _collate(schema_editor, "C")


def compare_by_locale(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _collate(schema_editor, "default")


def _collate(schema_editor: BaseDatabaseSchemaEditor, collation: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE orders_ordersummary ALTER COLUMN order_number"
            f' TYPE varchar(64) COLLATE "{collation}"'
        )


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [migrations.RunPython(compare_by_bytes, compare_by_locale)]
