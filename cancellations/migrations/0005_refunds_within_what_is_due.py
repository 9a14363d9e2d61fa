from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# An act makes its change order itself, so its own lock on it never waits.
CHECK_REFUND = """
CREATE FUNCTION refunds_within_what_is_due() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    change cancellations_changeorder%ROWTYPE;
    refunded bigint;
BEGIN
    SELECT * INTO change FROM cancellations_changeorder
        WHERE id = NEW.change_order_id FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT FROM orders_paymentsummary
        WHERE id = NEW.payment_id AND order_id = change.order_id
    ) THEN
        RAISE EXCEPTION 'payment % is not of the order of change order %',
            NEW.payment_id, NEW.change_order_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT sum(amount_minor) INTO refunded
        FROM cancellations_refund WHERE change_order_id = change.id;
    IF refunded > change.refund_due_minor THEN
        RAISE EXCEPTION 'change order % refunds % of % due',
            change.id, refunded, change.refund_due_minor
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""


def create_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL has the last word on refunds: over their own order's payments, up to what is due.

    A change order is there before its refunds, and none of the rows compared changes later.
    """
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(CHECK_REFUND, params=None)
    schema_editor.execute(
        "CREATE TRIGGER refunds_within_what_is_due AFTER INSERT ON cancellations_refund"
        " FOR EACH ROW EXECUTE FUNCTION refunds_within_what_is_due()"
    )


def drop_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION refunds_within_what_is_due CASCADE")


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0003_originals_are_final"),
        ("cancellations", "0004_counters_match_history"),
    ]

    operations = [migrations.RunPython(create_triggers, drop_triggers)]
