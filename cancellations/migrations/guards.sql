-- What PostgreSQL has the last word on: history, and what payments set aside because of it.
-- Every function finds its tables whatever the search path of who writes; pg_dump sets an empty one.

-- Change orders and their items are written once.
CREATE FUNCTION history_is_final() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'a change order is never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- guard: the triggers on history
CREATE TRIGGER history_is_final BEFORE UPDATE OR DELETE ON cancellations_changeorder
    FOR EACH ROW EXECUTE FUNCTION history_is_final();
CREATE TRIGGER history_is_final BEFORE UPDATE OR DELETE ON cancellations_changeorderitem
    FOR EACH ROW EXECUTE FUNCTION history_is_final();


-- Its items are lines of its own order ...
CREATE FUNCTION item_is_of_its_order() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
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

CREATE TRIGGER item_is_of_its_order BEFORE INSERT ON cancellations_changeorderitem
    FOR EACH ROW EXECUTE FUNCTION item_is_of_its_order();


-- ... and make up its totals.
CREATE FUNCTION items_make_up_their_change_order() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
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
            + change.fees_minor
    THEN
        RAISE EXCEPTION 'the items of change order % do not make up its totals', change.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER items_make_up_their_change_order
    AFTER INSERT ON cancellations_changeorderitem
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION items_make_up_their_change_order();


-- A line's counters are what its change orders say: a counter set back would let the same unit be
-- canceled again.
CREATE FUNCTION counters_match_history() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
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
    IF line.quantity_canceled - line.quantity_canceled_at_import <> canceled
        OR line.quantity_returned - line.quantity_returned_at_import <> returned
    THEN
        RAISE EXCEPTION 'line % keeps % canceled and % returned since the import;'
            ' its change orders say % and %', of_line, line.quantity_canceled - line.quantity_canceled_at_import,
            line.quantity_returned - line.quantity_returned_at_import, canceled, returned
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER counters_match_history_update
    AFTER UPDATE OF quantity_canceled, quantity_returned, quantity_returned_at_import
    ON orders_orderitemsummary DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (
        NEW.quantity_canceled <> OLD.quantity_canceled
        OR NEW.quantity_returned <> OLD.quantity_returned
        OR NEW.quantity_returned_at_import <> OLD.quantity_returned_at_import
    )
    EXECUTE FUNCTION counters_match_history();
CREATE CONSTRAINT TRIGGER counters_match_history_insert
    AFTER INSERT ON orders_orderitemsummary DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.quantity_canceled <> NEW.quantity_canceled_at_import OR NEW.quantity_returned <> NEW.quantity_returned_at_import)
    EXECUTE FUNCTION counters_match_history();
CREATE CONSTRAINT TRIGGER counters_match_history_insert
    AFTER INSERT ON cancellations_changeorderitem DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.quantity <> 0)
    EXECUTE FUNCTION counters_match_history();


-- A refund keeps what it is, and what has ended stays ended.
CREATE FUNCTION refund_stays_what_it_is() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
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

CREATE TRIGGER refund_stays_what_it_is BEFORE UPDATE OR DELETE ON cancellations_refund
    FOR EACH ROW EXECUTE FUNCTION refund_stays_what_it_is();


-- Refunds go over payments of their own order, up to what is due. A change order is there before
-- its refunds, and none of the rows compared changes later. An act makes its change order itself,
-- so its own lock on it never waits.
CREATE FUNCTION refunds_within_what_is_due() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
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

CREATE TRIGGER refunds_within_what_is_due AFTER INSERT ON cancellations_refund
    FOR EACH ROW EXECUTE FUNCTION refunds_within_what_is_due();


-- A payment's counters and its refunds agree when a transaction commits: whoever writes one
-- without the other is refused, and the payment's own check keeps both within what was captured.
CREATE FUNCTION payment_counters_match_refunds() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
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

CREATE CONSTRAINT TRIGGER payment_counters_match_refunds
    AFTER INSERT OR UPDATE ON cancellations_refund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION payment_counters_match_refunds();
CREATE CONSTRAINT TRIGGER payment_counters_match_refunds
    AFTER INSERT OR UPDATE OF reserved_minor, refunded_here_minor ON orders_paymentsummary
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION payment_counters_match_refunds();
