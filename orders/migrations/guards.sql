-- What PostgreSQL has the last word on: the originals that change orders are reckoned from.
-- Every function finds its tables whatever the search path of who writes; pg_dump sets an empty one.

-- Order numbers compare by bytes, as SQLite does, whatever the locale.
ALTER TABLE orders_ordersummary ALTER COLUMN order_number TYPE varchar(64) COLLATE "C";

-- A line that is deleted and written again, or one that orders more units, would let what was
-- canceled be canceled again. Rows may be written as they are: only a difference is refused.
CREATE FUNCTION originals_are_final() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'what an order came with is never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- Of a payment the rest is reported anew.
CREATE TRIGGER originals_are_final_update
    BEFORE UPDATE OF
        id, order_number, ordered_at, currency_code, currency_places, tax_locale
    ON orders_ordersummary FOR EACH ROW
    WHEN (
        (OLD.id, OLD.order_number, OLD.ordered_at, OLD.currency_code, OLD.currency_places, OLD.tax_locale)
        IS DISTINCT FROM
        (NEW.id, NEW.order_number, NEW.ordered_at, NEW.currency_code, NEW.currency_places, NEW.tax_locale)
    )
    EXECUTE FUNCTION originals_are_final();
CREATE TRIGGER originals_are_final_delete BEFORE DELETE ON orders_ordersummary
    FOR EACH ROW EXECUTE FUNCTION originals_are_final();

CREATE TRIGGER originals_are_final_update
    BEFORE UPDATE OF
        id, order_id, key
    ON orders_deliverygroup FOR EACH ROW
    WHEN (
        (OLD.id, OLD.order_id, OLD.key)
        IS DISTINCT FROM
        (NEW.id, NEW.order_id, NEW.key)
    )
    EXECUTE FUNCTION originals_are_final();
CREATE TRIGGER originals_are_final_delete BEFORE DELETE ON orders_deliverygroup
    FOR EACH ROW EXECUTE FUNCTION originals_are_final();

CREATE TRIGGER originals_are_final_update
    BEFORE UPDATE OF
        id, order_id, key, type, delivery_group_id, bundle_id, unit_price_micros, line_amount_minor,
        quantity_ordered, quantity_returned_at_import, quantity_canceled_at_import
    ON orders_orderitemsummary FOR EACH ROW
    WHEN (
        (OLD.id, OLD.order_id, OLD.key, OLD.type, OLD.delivery_group_id, OLD.bundle_id,
         OLD.unit_price_micros, OLD.line_amount_minor, OLD.quantity_ordered,
         OLD.quantity_returned_at_import, OLD.quantity_canceled_at_import)
        IS DISTINCT FROM
        (NEW.id, NEW.order_id, NEW.key, NEW.type, NEW.delivery_group_id, NEW.bundle_id,
         NEW.unit_price_micros, NEW.line_amount_minor, NEW.quantity_ordered,
         NEW.quantity_returned_at_import, NEW.quantity_canceled_at_import)
    )
    EXECUTE FUNCTION originals_are_final();
CREATE TRIGGER originals_are_final_delete BEFORE DELETE ON orders_orderitemsummary
    FOR EACH ROW EXECUTE FUNCTION originals_are_final();

CREATE TRIGGER originals_are_final_update
    BEFORE UPDATE OF
        id, line_id, name, scope, amount_minor
    ON orders_adjustment FOR EACH ROW
    WHEN (
        (OLD.id, OLD.line_id, OLD.name, OLD.scope, OLD.amount_minor)
        IS DISTINCT FROM
        (NEW.id, NEW.line_id, NEW.name, NEW.scope, NEW.amount_minor)
    )
    EXECUTE FUNCTION originals_are_final();
CREATE TRIGGER originals_are_final_delete BEFORE DELETE ON orders_adjustment
    FOR EACH ROW EXECUTE FUNCTION originals_are_final();

CREATE TRIGGER originals_are_final_update
    BEFORE UPDATE OF
        id, line_id, name, rate, amount_minor
    ON orders_taxline FOR EACH ROW
    WHEN (
        (OLD.id, OLD.line_id, OLD.name, OLD.rate, OLD.amount_minor)
        IS DISTINCT FROM
        (NEW.id, NEW.line_id, NEW.name, NEW.rate, NEW.amount_minor)
    )
    EXECUTE FUNCTION originals_are_final();
CREATE TRIGGER originals_are_final_delete BEFORE DELETE ON orders_taxline
    FOR EACH ROW EXECUTE FUNCTION originals_are_final();

CREATE TRIGGER originals_are_final_update
    BEFORE UPDATE OF
        id, order_id, key
    ON orders_paymentsummary FOR EACH ROW
    WHEN (
        (OLD.id, OLD.order_id, OLD.key)
        IS DISTINCT FROM
        (NEW.id, NEW.order_id, NEW.key)
    )
    EXECUTE FUNCTION originals_are_final();
CREATE TRIGGER originals_are_final_delete BEFORE DELETE ON orders_paymentsummary
    FOR EACH ROW EXECUTE FUNCTION originals_are_final();
