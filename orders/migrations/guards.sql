-- What PostgreSQL has the last word on: what an order came with, and what its events say of it.
-- The tables stand in the schema public. Every function looks for names in pg_catalog first, then
-- there, and in pg_temp last, whatever the search path of who writes; pg_dump sets an empty one. It
-- goes by indexes, for a plan that was made when tables were small would read them whole for ever.

-- Order numbers compare by bytes, as SQLite does, whatever the locale.
ALTER TABLE orders_ordersummary ALTER COLUMN order_number TYPE varchar(64) COLLATE "C";

-- A line that is deleted and written again, or one that orders more units, would let what was
-- canceled be canceled again; a payment with another reference would send money elsewhere.
-- Rows may be written as they are: only a difference is refused.
CREATE FUNCTION originals_are_final() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    RAISE EXCEPTION 'what an order came with is never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER originals_are_final_update
    BEFORE UPDATE OF
        id, order_number, ordered_at, imported_at, currency_code, currency_places, tax_locale,
        life_cycle
    ON orders_ordersummary FOR EACH ROW
    WHEN (
        (OLD.id, OLD.order_number, OLD.ordered_at, OLD.imported_at, OLD.currency_code,
         OLD.currency_places, OLD.tax_locale, OLD.life_cycle)
        IS DISTINCT FROM
        (NEW.id, NEW.order_number, NEW.ordered_at, NEW.imported_at, NEW.currency_code,
         NEW.currency_places, NEW.tax_locale, NEW.life_cycle)
    )
    EXECUTE FUNCTION originals_are_final();
CREATE TRIGGER originals_are_final_delete BEFORE DELETE ON orders_ordersummary
    FOR EACH ROW EXECUTE FUNCTION originals_are_final();

CREATE TRIGGER originals_are_final_update
    BEFORE UPDATE OF
        id, order_id, key, position
    ON orders_deliverygroup FOR EACH ROW
    WHEN (
        (OLD.id, OLD.order_id, OLD.key, OLD.position)
        IS DISTINCT FROM
        (NEW.id, NEW.order_id, NEW.key, NEW.position)
    )
    EXECUTE FUNCTION originals_are_final();
CREATE TRIGGER originals_are_final_delete BEFORE DELETE ON orders_deliverygroup
    FOR EACH ROW EXECUTE FUNCTION originals_are_final();

CREATE TRIGGER originals_are_final_update
    BEFORE UPDATE OF
        id, order_id, key, position, type, product_id, delivery_group_id, bundle_id,
        unit_price_micros, line_amount_minor, quantity_ordered, quantity_returned_at_import,
        quantity_canceled_at_import, came_with
    ON orders_orderitemsummary FOR EACH ROW
    WHEN (
        (OLD.id, OLD.order_id, OLD.key, OLD.position, OLD.type, OLD.product_id,
         OLD.delivery_group_id, OLD.bundle_id, OLD.unit_price_micros, OLD.line_amount_minor,
         OLD.quantity_ordered, OLD.quantity_returned_at_import,
         OLD.quantity_canceled_at_import, OLD.came_with)
        IS DISTINCT FROM
        (NEW.id, NEW.order_id, NEW.key, NEW.position, NEW.type, NEW.product_id,
         NEW.delivery_group_id, NEW.bundle_id, NEW.unit_price_micros, NEW.line_amount_minor,
         NEW.quantity_ordered, NEW.quantity_returned_at_import,
         NEW.quantity_canceled_at_import, NEW.came_with)
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

-- guard: what a payment goes by
CREATE TRIGGER originals_are_final_update
    BEFORE UPDATE OF
        id, order_id, key, gateway, gateway_reference, full_refund_only
    ON orders_paymentsummary FOR EACH ROW
    WHEN (
        (OLD.id, OLD.order_id, OLD.key, OLD.gateway, OLD.gateway_reference,
         OLD.full_refund_only)
        IS DISTINCT FROM
        (NEW.id, NEW.order_id, NEW.key, NEW.gateway, NEW.gateway_reference,
         NEW.full_refund_only)
    )
    EXECUTE FUNCTION originals_are_final();

CREATE TRIGGER originals_are_final_delete BEFORE DELETE ON orders_paymentsummary
    FOR EACH ROW EXECUTE FUNCTION originals_are_final();


-- An event is open in the transaction that writes it, and in no other: whatever is written because
-- of it comes while it is, and when it is held against the order it closes. It never changes.
CREATE FUNCTION events_are_final() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.is_open := true;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        OLD.is_open := false;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'an event is never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER events_open BEFORE INSERT ON orders_orderevent
    FOR EACH ROW EXECUTE FUNCTION events_are_final();

-- guard: the events are final
CREATE TRIGGER events_are_final BEFORE UPDATE OR DELETE ON orders_orderevent
    FOR EACH ROW EXECUTE FUNCTION events_are_final();


-- An order comes with its first event.
CREATE FUNCTION order_comes_with_its_import() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM orders_orderevent WHERE order_id = NEW.id AND sequence = 1) THEN
        RAISE EXCEPTION 'order % comes without an event that imports it', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- guard: orders come with their import
CREATE CONSTRAINT TRIGGER order_comes_with_its_import
    AFTER INSERT ON orders_ordersummary DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION order_comes_with_its_import();


-- Delivery groups and payments come with an order or with an amendment ...
CREATE FUNCTION comes_with_its_order() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    strange bigint;
BEGIN
    SELECT touched.order_id INTO strange FROM (SELECT DISTINCT order_id FROM written) touched
    WHERE NOT EXISTS (
        SELECT FROM orders_orderevent event
        WHERE event.order_id = touched.order_id AND event.is_open
            AND event.type IN ('order_imported', 'order_amended')
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% of order % comes without an event that brings it', TG_TABLE_NAME, strange
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER comes_with_its_order AFTER INSERT ON orders_deliverygroup
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION comes_with_its_order();
-- guard: payments come with their order
CREATE TRIGGER comes_with_its_order AFTER INSERT ON orders_paymentsummary
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION comes_with_its_order();


-- ... and so do lines, which keep which event brought them: while that one is open, and never
-- again, their adjustments and taxes come.
CREATE FUNCTION line_comes_with_its_event() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    strange bigint;
BEGIN
    SELECT touched.order_id INTO strange FROM (
        SELECT DISTINCT order_id, came_with FROM written
    ) touched
    WHERE NOT EXISTS (
        SELECT FROM orders_orderevent event
        WHERE event.order_id = touched.order_id AND event.sequence = touched.came_with
            AND event.is_open AND event.type IN ('order_imported', 'order_amended')
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a line of order % comes without an event that brings it', strange
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER line_comes_with_its_event AFTER INSERT ON orders_orderitemsummary
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION line_comes_with_its_event();


-- Lines are looked up one by one: hashed, all of them would be for each part of an import.
CREATE FUNCTION comes_with_its_line() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off
    SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    strange bigint;
BEGIN
    SELECT touched.order_id INTO strange FROM (
        SELECT DISTINCT line.order_id, line.came_with
        FROM written JOIN orders_orderitemsummary line ON line.id = written.line_id
    ) touched
    WHERE NOT EXISTS (
        SELECT FROM orders_orderevent event
        WHERE event.order_id = touched.order_id AND event.sequence = touched.came_with
            AND event.is_open
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% of order % comes after its line', TG_TABLE_NAME, strange
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- guard: discounts come with their line
CREATE TRIGGER comes_with_its_line AFTER INSERT ON orders_adjustment
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION comes_with_its_line();

-- guard: taxes come with their line
CREATE TRIGGER comes_with_its_line AFTER INSERT ON orders_taxline
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION comes_with_its_line();


-- The figures of an order, of its lines, delivery groups and payments move while an event of it is
-- open, which is held against them afterwards. So does what was told of it, by whom and when.
CREATE FUNCTION order_moves_with_an_event() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM orders_orderevent WHERE order_id = NEW.id AND is_open
    ) THEN
        RAISE EXCEPTION 'order % changes without an event', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.customer_name, OLD.customer_email) IS DISTINCT FROM
        (NEW.customer_name, NEW.customer_email)
        AND NOT EXISTS (
            SELECT FROM orders_orderevent
            WHERE order_id = NEW.id AND is_open AND (
                type IN ('order_imported', 'order_amended')
                OR type = 'customer_erased' AND NEW.customer_name IN ('', 'erased', OLD.customer_name)
                    AND NEW.customer_email IN ('', 'erased', OLD.customer_email)
            )
        )
    THEN
        RAISE EXCEPTION 'the customer of order % is renamed by no event', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- guard: the figures of an order
CREATE TRIGGER order_moves_with_an_event AFTER UPDATE ON orders_ordersummary FOR EACH ROW
    WHEN (
        (OLD.product_minor, OLD.order_adjustments_minor, OLD.delivery_minor, OLD.fees_minor,
         OLD.tax_minor, OLD.grand_total_minor, OLD.expected_elsewhere_minor,
         OLD.given_elsewhere_minor, OLD.unpaid_elsewhere_minor, OLD.events_written,
         OLD.account_id, OLD.customer_name, OLD.customer_email, OLD.channel, OLD.told_at,
         OLD.fingerprint)
        IS DISTINCT FROM
        (NEW.product_minor, NEW.order_adjustments_minor, NEW.delivery_minor, NEW.fees_minor,
         NEW.tax_minor, NEW.grand_total_minor, NEW.expected_elsewhere_minor,
         NEW.given_elsewhere_minor, NEW.unpaid_elsewhere_minor, NEW.events_written,
         NEW.account_id, NEW.customer_name, NEW.customer_email, NEW.channel, NEW.told_at,
         NEW.fingerprint)
    )
    EXECUTE FUNCTION order_moves_with_an_event();


CREATE FUNCTION lines_move_with_an_event() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    strange bigint;
BEGIN
    SELECT touched.order_id INTO strange FROM (
        SELECT DISTINCT was.order_id FROM was JOIN now USING (id)
        WHERE (was.quantity_canceled, was.quantity_canceled_elsewhere, was.quantity_returned,
               was.released, was.reported_at, was.reported_canceled, was.reported_allocated,
               was.reported_fulfilled, was.reported_return_initiated, was.reported_returned)
            IS DISTINCT FROM
              (now.quantity_canceled, now.quantity_canceled_elsewhere, now.quantity_returned,
               now.released, now.reported_at, now.reported_canceled, now.reported_allocated,
               now.reported_fulfilled, now.reported_return_initiated, now.reported_returned)
    ) touched
    WHERE NOT EXISTS (
        SELECT FROM orders_orderevent event
        WHERE event.order_id = touched.order_id AND event.is_open
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a line of order % changes without an event', strange
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- guard: the counters of lines
CREATE TRIGGER lines_move_with_an_event AFTER UPDATE ON orders_orderitemsummary
    REFERENCING OLD TABLE AS was NEW TABLE AS now
    FOR EACH STATEMENT EXECUTE FUNCTION lines_move_with_an_event();


CREATE FUNCTION groups_move_with_an_event() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    strange bigint;
BEGIN
    SELECT touched.order_id INTO strange FROM (
        SELECT DISTINCT was.order_id FROM was JOIN now USING (id)
        WHERE (was.flagged_minor, was.released) IS DISTINCT FROM (now.flagged_minor, now.released)
    ) touched
    WHERE NOT EXISTS (
        SELECT FROM orders_orderevent event
        WHERE event.order_id = touched.order_id AND event.is_open
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'delivery charges of order % move without an event', strange
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER groups_move_with_an_event AFTER UPDATE ON orders_deliverygroup
    REFERENCING OLD TABLE AS was NEW TABLE AS now
    FOR EACH STATEMENT EXECUTE FUNCTION groups_move_with_an_event();


-- A refund that succeeds turns what was set aside into what went back, which needs no event. What
-- others say of a payment, reports and amendments change alone; what it is called and where it
-- stands, amendments.
CREATE FUNCTION payments_move_with_an_event() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    strange bigint;
BEGIN
    SELECT was.order_id INTO strange FROM was JOIN now USING (id)
    WHERE (
        (was.released_minor, was.captured_at_release_minor,
         was.refunded_here_minor + was.reserved_minor)
        IS DISTINCT FROM
        (now.released_minor, now.captured_at_release_minor,
         now.refunded_here_minor + now.reserved_minor)
        AND NOT EXISTS (
            SELECT FROM orders_orderevent event
            WHERE event.order_id = was.order_id AND event.is_open
        )
    ) OR (
        (was.authorized_minor, was.captured_minor, was.refunded_elsewhere_minor,
         was.charged_back_minor, was.reported_at)
        IS DISTINCT FROM
        (now.authorized_minor, now.captured_minor, now.refunded_elsewhere_minor,
         now.charged_back_minor, now.reported_at)
        AND NOT EXISTS (
            SELECT FROM orders_orderevent event
            WHERE event.order_id = was.order_id AND event.is_open
                AND event.type IN ('fulfillment_reported', 'order_amended')
        )
    ) OR (
        (was.method, was.position) IS DISTINCT FROM (now.method, now.position)
        AND NOT EXISTS (
            SELECT FROM orders_orderevent event
            WHERE event.order_id = was.order_id AND event.is_open AND event.type = 'order_amended'
        )
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a payment of order % changes without an event', strange
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- guard: the figures of payments
CREATE TRIGGER payments_move_with_an_event AFTER UPDATE ON orders_paymentsummary
    REFERENCING OLD TABLE AS was NEW TABLE AS now
    FOR EACH STATEMENT EXECUTE FUNCTION payments_move_with_an_event();


-- What is left of an amount of which so much of so much has gone, to the minor unit; halves round
-- away from zero. Whole numbers alone, so that nothing is rounded twice.
CREATE FUNCTION what_is_left(amount numeric, gone numeric, of numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE
    RETURN amount - sign(amount) * div(2 * abs(amount) * gone + of, 2 * of);


-- What the lines of an order come to: the share of its units that has gone is gone of a product's
-- money (of its bundle's, where it has one), the flagged share of the prices of its delivery group
-- of a delivery charge, and all or nothing of a fee. In plpgsql, of which a session keeps the plan:
-- every event asks. A plan that was made while the tables were small must do when they have grown:
-- lines are looked up one by one, and no whole table is hashed.
CREATE FUNCTION what_lines_come_to(
    of_order bigint, OUT net numeric, OUT tax numeric
) LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off
    SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    WITH sold AS (
        SELECT line.*,
            line.line_amount_minor + (
                SELECT coalesce(sum(amount_minor), 0) FROM orders_adjustment
                WHERE line_id = line.id
            ) AS net,
            (
                SELECT coalesce(sum(amount_minor), 0) FROM orders_taxline
                WHERE line_id = line.id
            ) AS tax
        FROM orders_orderitemsummary line WHERE line.order_id = of_order
    ),
    price AS (
        SELECT delivery_group_id, sum(net) AS minor FROM sold
        WHERE type = 'product' GROUP BY delivery_group_id
    ),
    parts AS (
        SELECT sold.net, sold.tax,
            CASE
                WHEN sold.type = 'product' THEN
                    coalesce(bundle.quantity_canceled, sold.quantity_canceled)
                    + coalesce(bundle.quantity_returned, sold.quantity_returned)
                WHEN sold.type = 'fee' THEN sold.released::int
                WHEN delivery.released THEN 1
                WHEN price.minor > 0 THEN delivery.flagged_minor
                ELSE 0
            END AS gone,
            CASE
                WHEN sold.type = 'product' THEN
                    coalesce(bundle.quantity_ordered, sold.quantity_ordered)
                WHEN sold.type = 'delivery_charge' AND NOT delivery.released AND price.minor > 0
                    THEN price.minor
                ELSE 1
            END AS of
        FROM sold
        LEFT JOIN orders_orderitemsummary bundle ON bundle.id = sold.bundle_id
        LEFT JOIN orders_deliverygroup delivery ON delivery.id = sold.delivery_group_id
        LEFT JOIN price ON price.delivery_group_id = sold.delivery_group_id
    )
    SELECT coalesce(sum(public.what_is_left(net::numeric, gone::numeric, of::numeric)), 0),
           coalesce(sum(public.what_is_left(tax::numeric, gone::numeric, of::numeric)), 0)
    INTO net, tax FROM parts;
END $$;


-- Events are counted from 1, the import, without a gap; the last one says what its order, its lines
-- and its payments come to when a transaction commits.
CREATE FUNCTION events_say_what_their_order_is() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    ordered orders_ordersummary%ROWTYPE;
    held numeric;
    elsewhere numeric;
    net numeric;
    tax numeric;
BEGIN
    UPDATE orders_orderevent SET is_open = false WHERE id = NEW.id AND is_open;
    SELECT * INTO ordered FROM orders_ordersummary WHERE id = NEW.order_id;
    IF (NEW.sequence = 1) <> (NEW.type = 'order_imported')
        OR NEW.sequence > 1 AND NOT EXISTS (
            SELECT FROM orders_orderevent
            WHERE order_id = NEW.order_id AND sequence = NEW.sequence - 1
        )
        OR NEW.sequence > ordered.events_written
        OR NOT EXISTS (
            SELECT FROM orders_orderevent
            WHERE order_id = NEW.order_id AND sequence = ordered.events_written
        )
    THEN
        RAISE EXCEPTION 'event % of order % does not follow on the one before, or is not counted',
            NEW.sequence, NEW.order_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.sequence < ordered.events_written THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(captured_minor - refunded_elsewhere_minor - refunded_here_minor
                        - charged_back_minor - reserved_minor), 0),
           coalesce(sum(refunded_elsewhere_minor), 0)
        INTO held, elsewhere
        FROM orders_paymentsummary WHERE order_id = NEW.order_id;
    SELECT * INTO net, tax FROM what_lines_come_to(NEW.order_id);
    IF ordered.tax_minor <> tax
        OR ordered.grand_total_minor <> net + tax * (ordered.tax_locale = 'net')::int
    THEN
        RAISE EXCEPTION 'the lines of order % come to % with % tax; it says % with %',
            NEW.order_id, net, tax, ordered.grand_total_minor, ordered.tax_minor
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.grand_total_minor, NEW.held_minor, NEW.expected_elsewhere_minor,
        NEW.given_elsewhere_minor, NEW.unpaid_elsewhere_minor)
        IS DISTINCT FROM
       (ordered.grand_total_minor, held, ordered.expected_elsewhere_minor,
        ordered.given_elsewhere_minor, ordered.unpaid_elsewhere_minor)
        OR NEW.given_elsewhere_minor > elsewhere
    THEN
        RAISE EXCEPTION 'event % of order % does not say what the order and its payments come to',
            NEW.sequence, NEW.order_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- guard: the last event is the order
CREATE CONSTRAINT TRIGGER events_say_what_their_order_is
    AFTER INSERT ON orders_orderevent DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION events_say_what_their_order_is();
