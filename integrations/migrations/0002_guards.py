from pathlib import Path

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from orders.guards import Guards

GUARDS = Guards(Path(__file__).with_name("guards.sql"))
WHAT_HAPPENED_BEFORE = """
INSERT INTO integrations_unpublished (source, about, part, order_sequence)
SELECT source, about, 0, order_sequence FROM (
    SELECT 'event' AS source, id AS about, sequence AS order_sequence, at FROM orders_orderevent
    UNION ALL
    SELECT 'opened', id, (
        SELECT max(sequence) FROM orders_orderevent e
        WHERE e.order_id = x.order_id AND e.at <= x.opened_at
    ), opened_at FROM cancellations_processexception x
    UNION ALL
    SELECT 'resolved', id, (
        SELECT max(sequence) FROM orders_orderevent e
        WHERE e.order_id = x.order_id AND e.at <= x.resolved_at
    ), resolved_at FROM cancellations_processexception x WHERE resolved_at IS NOT NULL
) happened ORDER BY at, order_sequence, about
"""


def drop_notes_of_sqlite(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Triggers that ``seeds.py`` makes, which would name a table that is no more."""
    if schema_editor.connection.vendor == "sqlite":
        for noted in ("event", "opening", "resolving"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {noted}_is_to_be_published")


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_guards"),
        ("cancellations", "0002_guards"),
        ("integrations", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, drop_notes_of_sqlite),
        migrations.RunPython(GUARDS.create, GUARDS.drop),
        migrations.RunSQL(WHAT_HAPPENED_BEFORE, migrations.RunSQL.noop),
    ]
