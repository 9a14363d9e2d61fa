from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FUNCTIONS = (
    "history_is_final",
    "payment_counters_match_refunds",
    "refund_stays_what_it_is",
    "items_make_up_their_change_order",
    "counters_match_history",
    "refunds_within_what_is_due",
    "item_is_of_its_order",
    "change_order_has_items",
)


def fix_search_path(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Triggers look for their tables here, whatever the search path of who writes.

    pg_dump sets an empty one: what it wrote could not be restored into tables that exist.
    """
    _alter(schema_editor, "SET search_path FROM CURRENT")


def leave_search_path(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _alter(schema_editor, "RESET search_path")


def _alter(schema_editor: BaseDatabaseSchemaEditor, change: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for function in FUNCTIONS:
            schema_editor.execute(f"ALTER FUNCTION {function}() {change}")


class Migration(migrations.Migration):
    dependencies = [("cancellations", "0006_change_orders_have_items")]

    operations = [migrations.RunPython(fix_search_path, leave_search_path)]
