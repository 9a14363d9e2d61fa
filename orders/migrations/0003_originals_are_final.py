from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSE_REWRITING = """
CREATE FUNCTION originals_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what an order came with is never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

# What of a row stays as it was imported; of a payment the rest is reported anew.
KEPT = {
    "orders_ordersummary": (
        "id",
        "order_number",
        "ordered_at",
        "currency",
        "tax_locale",
        "fingerprint",
    ),
    "orders_deliverygroup": ("id", "order_id", "key"),
    "orders_orderitemsummary": (
        "id",
        "order_id",
        "key",
        "type",
        "delivery_group_id",
        "bundle_id",
        "unit_price_minor",
        "quantity_ordered",
        "quantity_returned_at_import",
    ),
    "orders_adjustment": ("id", "line_id", "name", "scope", "amount_minor"),
    "orders_taxline": ("id", "line_id", "name", "rate", "amount_minor"),
    "orders_paymentsummary": ("id", "order_id", "key"),
}


def create_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL has the last word on what change orders are reckoned from.

    Else a line that is deleted and written again, or one that orders more units, would let
    what was canceled be canceled again. Rows may be written as they are: only a difference
    is refused.
    """
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(REFUSE_REWRITING, params=None)
    for table, columns in KEPT.items():
        before, after = (
            ", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW")
        )
        schema_editor.execute(
            f"CREATE TRIGGER originals_are_final_update"
            f" BEFORE UPDATE OF {', '.join(columns)} ON {table} FOR EACH ROW"
            f" WHEN (({before}) IS DISTINCT FROM ({after}))"
            " EXECUTE FUNCTION originals_are_final()"
        )
        schema_editor.execute(
            f"CREATE TRIGGER originals_are_final_delete BEFORE DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION originals_are_final()"
        )


def drop_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION originals_are_final CASCADE")


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_order_number_by_bytes")]

    operations = [migrations.RunPython(create_triggers, drop_triggers)]
