from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

HISTORY = ("cancellations_changeorder", "cancellations_changeorderitem")

REFUSE_REWRITING = """
CREATE FUNCTION history_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a change order is never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

CHECK_PAYMENT = """
CREATE FUNCTION payment_counters_match_refunds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    payment orders_paymentsummary%ROWTYPE;
    of_payment bigint;
    reserved bigint;
    refunded bigint;
BEGIN
    IF TG_TABLE_NAME = 'orders_paymentsummary' THEN
        of_payment := NEW.id;
    ELSE
        of_payment := NEW.payment_id;
    END IF;
    SELECT * INTO payment FROM orders_paymentsummary WHERE id = of_payment FOR UPDATE;
    SELECT coalesce(sum(amount_minor) FILTER (WHERE status NOT IN ('succeeded', 'withdrawn')), 0),
           coalesce(sum(amount_minor) FILTER (WHERE status = 'succeeded'), 0)
        INTO reserved, refunded
        FROM cancellations_refund WHERE payment_id = of_payment;
    IF payment.reserved_minor <> reserved OR payment.refunded_here_minor <> refunded THEN
        RAISE EXCEPTION 'payment % keeps % reserved and % refunded; its refunds say % and %',
            of_payment, payment.reserved_minor, payment.refunded_here_minor, reserved, refunded
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

REFUSE_MOVING_REFUNDS = """
CREATE FUNCTION refund_stays_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.payment_id <> OLD.payment_id
        OR NEW.change_order_id <> OLD.change_order_id OR NEW.amount_minor <> OLD.amount_minor
        OR NEW.created_at <> OLD.created_at
    THEN
        RAISE EXCEPTION 'a refund keeps its payment, its change order and its amount'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status IN ('succeeded', 'withdrawn') AND NEW.status <> OLD.status THEN
        RAISE EXCEPTION 'a refund that is % stays so', OLD.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

CHECK_ITEMS = """
CREATE FUNCTION items_make_up_their_change_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    change cancellations_changeorder%ROWTYPE;
    net bigint;
    tax bigint;
BEGIN
    SELECT * INTO change FROM cancellations_changeorder WHERE id = NEW.change_order_id;
    SELECT sum(line_amount_minor + line_adjustments_minor + order_adjustments_minor),
           sum(tax_minor)
        INTO net, tax
        FROM cancellations_changeorderitem WHERE change_order_id = NEW.change_order_id;
    IF tax <> change.tax_minor
        OR net <> change.product_minor + change.order_adjustments_minor + change.delivery_minor
    THEN
        RAISE EXCEPTION 'the items of change order % do not make up its totals', change.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""


def create_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL has the last word on history and on what payments set aside.

    Change orders are written once, and the items with them make up their totals. A payment's counters and its refunds must
    agree when a transaction commits: whoever writes one without the other is refused, and the
    payment's own check keeps both within what was captured.
    """
    if schema_editor.connection.vendor != "postgresql":
        return
    for function in (REFUSE_REWRITING, CHECK_PAYMENT, REFUSE_MOVING_REFUNDS, CHECK_ITEMS):
        schema_editor.execute(function, params=None)
    for table in HISTORY:
        schema_editor.execute(
            f"CREATE TRIGGER history_is_final BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION history_is_final()"
        )
    schema_editor.execute(
        "CREATE TRIGGER refund_stays_what_it_is BEFORE UPDATE OR DELETE ON cancellations_refund"
        " FOR EACH ROW EXECUTE FUNCTION refund_stays_what_it_is()"
    )
    schema_editor.execute(
        "CREATE CONSTRAINT TRIGGER items_make_up_their_change_order"
        " AFTER INSERT ON cancellations_changeorderitem"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        " EXECUTE FUNCTION items_make_up_their_change_order()"
    )
    for table, events in (
        ("cancellations_refund", "INSERT OR UPDATE"),
        ("orders_paymentsummary", "INSERT OR UPDATE OF reserved_minor, refunded_here_minor"),
    ):
        schema_editor.execute(
            f"CREATE CONSTRAINT TRIGGER payment_counters_match_refunds AFTER {events} ON {table}"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
            " EXECUTE FUNCTION payment_counters_match_refunds()"
        )


def drop_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "DROP FUNCTION history_is_final, payment_counters_match_refunds,"
            " refund_stays_what_it_is, items_make_up_their_change_order CASCADE"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_order_number_by_bytes"),
        ("cancellations", "0002_bundle_policy"),
    ]

    operations = [migrations.RunPython(create_triggers, drop_triggers)]
