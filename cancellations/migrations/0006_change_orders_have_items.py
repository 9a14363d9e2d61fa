from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

CHECK_LINE = """
CREATE FUNCTION item_is_of_its_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM cancellations_changeorder change
        JOIN orders_orderitemsummary line ON line.order_id = change.order_id
        WHERE change.id = NEW.change_order_id AND line.id = NEW.line_id
    ) THEN
        RAISE EXCEPTION 'line % is not of the order of change order %',
            NEW.line_id, NEW.change_order_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

CHECK_CHANGE_ORDER = """
CREATE FUNCTION change_order_has_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM cancellations_changeorderitem WHERE change_order_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'change order % has no items', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""


def create_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL has the last word on what a change order is made of: items, and of its order.

    Without one, nothing would hold its totals, and so the refund it claims, to any line.
    """
    if schema_editor.connection.vendor != "postgresql":
        return
    for function in (CHECK_LINE, CHECK_CHANGE_ORDER):
        schema_editor.execute(function, params=None)
    schema_editor.execute(
        "CREATE TRIGGER item_is_of_its_order BEFORE INSERT ON cancellations_changeorderitem"
        " FOR EACH ROW EXECUTE FUNCTION item_is_of_its_order()"
    )
    schema_editor.execute(
        "CREATE CONSTRAINT TRIGGER change_order_has_items"
        " AFTER INSERT ON cancellations_changeorder"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        " EXECUTE FUNCTION change_order_has_items()"
    )


def drop_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION item_is_of_its_order, change_order_has_items CASCADE")


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0003_originals_are_final"),
        ("cancellations", "0005_refunds_within_what_is_due"),
    ]

    operations = [migrations.RunPython(create_triggers, drop_triggers)]
