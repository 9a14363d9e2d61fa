from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

CHECK_LINE = """
CREATE FUNCTION counters_match_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line orders_orderitemsummary%ROWTYPE;
    of_line bigint;
    canceled bigint;
    returned bigint;
BEGIN
    IF TG_TABLE_NAME = 'orders_orderitemsummary' THEN
        of_line := NEW.id;
    ELSE
        of_line := NEW.line_id;
    END IF;
    SELECT * INTO line FROM orders_orderitemsummary WHERE id = of_line FOR UPDATE;
    SELECT coalesce(sum(quantity) FILTER (WHERE type = 'cancel'), 0),
           coalesce(sum(quantity) FILTER (WHERE type = 'return'), 0)
        INTO canceled, returned
        FROM cancellations_changeorderitem WHERE line_id = of_line;
    IF line.quantity_canceled <> canceled
        OR line.quantity_returned - line.quantity_returned_at_import <> returned
    THEN
        RAISE EXCEPTION 'line % keeps % canceled and % returned since the import;'
            ' its change orders say % and %', of_line, line.quantity_canceled,
            line.quantity_returned - line.quantity_returned_at_import, canceled, returned
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

COUNTERS = ("quantity_canceled", "quantity_returned", "quantity_returned_at_import")

MOMENTS = (
    (
        "orders_orderitemsummary",
        f"UPDATE OF {', '.join(COUNTERS)}",
        " OR ".join(f"NEW.{counter} <> OLD.{counter}" for counter in COUNTERS),
    ),
    (
        "orders_orderitemsummary",
        "INSERT",
        "NEW.quantity_canceled <> 0 OR NEW.quantity_returned <> NEW.quantity_returned_at_import",
    ),
    ("cancellations_changeorderitem", "INSERT", "NEW.quantity <> 0"),
)


def create_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL has the last word on what was canceled: as much as change orders say.

    Else a counter set back would let the same unit be canceled again.
    """
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(CHECK_LINE, params=None)
    for table, event, condition in MOMENTS:
        schema_editor.execute(
            f"CREATE CONSTRAINT TRIGGER counters_match_history_{event.split()[0].lower()}"
            f" AFTER {event} ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
            f" WHEN ({condition}) EXECUTE FUNCTION counters_match_history()"
        )


def drop_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION counters_match_history CASCADE")


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0003_originals_are_final"),
        ("cancellations", "0003_history_is_final"),
    ]

    operations = [migrations.RunPython(create_triggers, drop_triggers)]
