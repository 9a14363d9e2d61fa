-- What PostgreSQL has the last word on: history, and the money that goes back because of it.
-- As in the guards of orders: tables in the schema public, names looked for in pg_temp last.

-- Change orders and their items are written once. Who erases a customer takes the notes away, while
-- an event of the order says so, and nothing else.
CREATE FUNCTION is_being_erased(of_order bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
    SELECT EXISTS (
        SELECT FROM orders_orderevent
        WHERE order_id = of_order AND is_open AND type = 'customer_erased'
    )
$$;

CREATE FUNCTION history_is_final() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    of_order bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.note = 'erased' THEN
        IF TG_TABLE_NAME = 'cancellations_changeorder' THEN
            of_order := OLD.order_id;
        ELSE
            SELECT order_id INTO of_order FROM cancellations_changeorder
                WHERE id = OLD.change_order_id;
        END IF;
        OLD.note := 'erased';
        IF NEW IS NOT DISTINCT FROM OLD AND public.is_being_erased(of_order) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a change order is never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- guard: the triggers on history
CREATE TRIGGER history_is_final BEFORE UPDATE OR DELETE ON cancellations_changeorder
    FOR EACH ROW EXECUTE FUNCTION history_is_final();
CREATE TRIGGER history_is_final BEFORE UPDATE OR DELETE ON cancellations_changeorderitem
    FOR EACH ROW EXECUTE FUNCTION history_is_final();


-- What people wrote on an order for each other is written once too, with the event that tells of it.
CREATE FUNCTION notes_are_final() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.text = 'erased' THEN
        OLD.text := 'erased';
        IF NEW IS NOT DISTINCT FROM OLD AND public.is_being_erased(NEW.order_id) THEN
            RETURN NEW;
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'an internal note is never changed or deleted'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM orders_orderevent event
        WHERE event.id = NEW.event_id AND event.order_id = NEW.order_id AND event.is_open
            AND event.type = 'note_written'
    ) THEN
        RAISE EXCEPTION 'an internal note of order % comes without its event', NEW.order_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

-- guard: internal notes are final
CREATE TRIGGER notes_are_final BEFORE INSERT OR UPDATE OR DELETE ON cancellations_internalnote
    FOR EACH ROW EXECUTE FUNCTION notes_are_final();


-- What waits for a second person is asked and decided once each, with an event that tells of it; what
-- was asked stays. What is approved makes the change order that was asked for.
CREATE FUNCTION approvals_are_decided_once() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    erased cancellations_approval%ROWTYPE;
    looked_at cancellations_approval%ROWTYPE;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an approval is never deleted'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        erased := OLD;
        IF NEW.content = '{"erased": true}' THEN erased.content := NEW.content; END IF;
        IF NEW.agreed = 'erased' THEN erased.agreed := NEW.agreed; END IF;
        IF NEW.note = 'erased' THEN erased.note := NEW.note; END IF;
        IF NEW IS NOT DISTINCT FROM erased AND public.is_being_erased(NEW.order_id) THEN
            RETURN NEW;
        END IF;
        looked_at := OLD;
        looked_at.due_at := NEW.due_at;
        looked_at.lease := NEW.lease;
        looked_at.tries := NEW.tries;
        looked_at.told_at := NEW.told_at;
        IF NEW IS NOT DISTINCT FROM looked_at AND OLD.status = 'requested' THEN
            RETURN NEW;
        END IF;
        IF OLD.status <> 'requested' OR NEW.status = 'requested'
            OR (NEW.id, NEW.order_id, NEW.kind, NEW.request_id, NEW.fingerprint, NEW.content,
                NEW.agreed, NEW.amount_minor, NEW.requested_at, NEW.requested_by_id)
                IS DISTINCT FROM
               (OLD.id, OLD.order_id, OLD.kind, OLD.request_id, OLD.fingerprint, OLD.content,
                OLD.agreed, OLD.amount_minor, OLD.requested_at, OLD.requested_by_id)
        THEN
            RAISE EXCEPTION 'what was asked of a second person stays, and is decided once'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF NEW.status <> 'requested' THEN
        RAISE EXCEPTION 'an approval is requested first'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM orders_orderevent event
        WHERE event.order_id = NEW.order_id AND event.is_open AND event.type = 'second_person'
            AND event.facts ->> 'decision' = NEW.status
    ) OR NEW.status = 'approved' AND NOT EXISTS (
        SELECT FROM cancellations_changeorder change
        WHERE change.id = NEW.change_order_id AND change.order_id = NEW.order_id
            AND (change.kind, change.request_id, change.fingerprint)
                = (NEW.kind, NEW.request_id, NEW.fingerprint)
    ) THEN
        RAISE EXCEPTION 'approval % is % without its event or its change order', NEW.id, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

-- guard: approvals are decided once
CREATE TRIGGER approvals_are_decided_once BEFORE INSERT OR UPDATE OR DELETE
    ON cancellations_approval
    FOR EACH ROW EXECUTE FUNCTION approvals_are_decided_once();


-- A change order hangs on an event of its order that is open, of a type that makes its kind.
CREATE FUNCTION change_order_comes_with_its_event() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM orders_orderevent event
        WHERE event.id = NEW.event_id AND event.order_id = NEW.order_id AND event.is_open
            AND CASE NEW.kind
                WHEN 'cancellation' THEN event.type = 'items_canceled'
                WHEN 'settlement' THEN event.type = 'order_settled'
                WHEN 'reversal' THEN event.type = 'change_order_undone'
                    AND event.facts -> 'change_order' = to_jsonb(NEW.undoes_id)
                    AND EXISTS (
                        SELECT FROM cancellations_changeorder undone
                        WHERE undone.id = NEW.undoes_id AND undone.order_id = NEW.order_id
                            AND undone.kind IN ('cancellation', 'settlement')
                    )
                ELSE event.type IN ('fulfillment_reported', 'order_amended')
            END
    ) THEN
        RAISE EXCEPTION 'a % of order % comes without an event that makes it',
            NEW.kind, NEW.order_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- guard: change orders come with their event
CREATE TRIGGER change_order_comes_with_its_event AFTER INSERT ON cancellations_changeorder
    FOR EACH ROW EXECUTE FUNCTION change_order_comes_with_its_event();


-- Its items come with it, are lines of its own order, and are what its kind is made of: units are
-- returned by a return, canceled for a reason by us, and left alone by a settlement. A reversal
-- gives back, anything else takes off.
CREATE FUNCTION items_come_with_their_change_order() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    strange record;
BEGIN
    SELECT written.line_id, written.change_order_id INTO strange
    FROM written
    JOIN cancellations_changeorder change ON change.id = written.change_order_id
    JOIN orders_orderevent event ON event.id = change.event_id
    JOIN orders_orderitemsummary line ON line.id = written.line_id
    WHERE NOT event.is_open
        OR line.order_id <> change.order_id
        OR written.type <> CASE
            WHEN change.kind = 'return' THEN 'return'
            WHEN line.type = 'product' THEN 'cancel'
            WHEN line.type = 'fee' THEN 'fee_adjustment'
            ELSE 'delivery_charge_adjustment'
        END
        OR written.quantity > 0 AND (line.type <> 'product' OR change.kind = 'settlement')
        OR written.quantity > 0 AND change.kind = 'cancellation'
            AND (written.reason_id IS NULL OR written.reason_name = '')
        OR change.kind = 'reversal' AND (
            written.tax_minor < 0 OR written.line_amount_minor
                + written.line_adjustments_minor + written.order_adjustments_minor < 0
        )
        OR change.kind <> 'reversal' AND (
            written.tax_minor > 0 OR written.line_amount_minor
                + written.line_adjustments_minor + written.order_adjustments_minor > 0
        )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'line % is not of the order of change order %, or no item of it',
            strange.line_id, strange.change_order_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- guard: items come with their change order
CREATE TRIGGER items_come_with_their_change_order AFTER INSERT ON cancellations_changeorderitem
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION items_come_with_their_change_order();


-- Refunds come with their change order, over payments of its order, before anything was sent. What
-- is set aside on a payment stays within what it has left at that moment, whatever its own counters
-- say, and a payment that is refunded whole or not at all goes whole, unless a person who settles
-- chose this amount over it.
CREATE FUNCTION refunds_come_with_their_change_order() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    strange record;
BEGIN
    SELECT written.payment_id, written.change_order_id INTO strange
    FROM written
    JOIN cancellations_changeorder change ON change.id = written.change_order_id
    JOIN orders_orderevent event ON event.id = change.event_id
    JOIN orders_paymentsummary payment ON payment.id = written.payment_id
    JOIN orders_ordersummary ordered ON ordered.id = change.order_id
    WHERE NOT event.is_open
        OR payment.order_id <> change.order_id
        OR (written.currency_code, written.currency_places)
            <> (ordered.currency_code, ordered.currency_places)
        OR written.status NOT IN ('pending', 'manual')
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'payment % is not of the order of change order %, not in its currency,'
            ' or too late for it',
            strange.payment_id, strange.change_order_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT payment.id AS payment_id INTO strange
    FROM written
    JOIN orders_paymentsummary payment ON payment.id = written.payment_id
    JOIN cancellations_changeorder change ON change.id = written.change_order_id
    JOIN orders_orderevent event ON event.id = change.event_id
    CROSS JOIN LATERAL (
        SELECT payment.captured_minor - payment.refunded_elsewhere_minor
            - payment.charged_back_minor - sum(refund.amount_minor) AS minor
        FROM cancellations_refund refund
        WHERE refund.payment_id = payment.id AND refund.status <> 'withdrawn'
    ) still_left
    WHERE still_left.minor < 0
        OR payment.full_refund_only AND written.amount_minor <> payment.captured_minor
            AND (
                event.type = 'order_settled'
                AND event.facts -> 'chosen' -> payment.key = to_jsonb(written.amount_minor)
            ) IS NOT TRUE
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'payment % has less left than would go back over it, or goes back whole',
            strange.payment_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- guard: refunds within what a payment has left
CREATE TRIGGER refunds_come_with_their_change_order AFTER INSERT ON cancellations_refund
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refunds_come_with_their_change_order();


-- Releases come with their change order, too: authorizations of which nothing is needed any more,
-- each as a whole (domain.md §6). What the order needs, the open ones cover in their sequence.
CREATE FUNCTION releases_come_with_their_change_order() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    strange record;
BEGIN
    WITH authorization_of AS MATERIALIZED (
        SELECT change.id AS change_order_id, payment.id AS payment_id, open.minor,
            sum(open.minor) OVER (PARTITION BY change.id ORDER BY payment.position) - open.minor
                AS covered_before
        FROM (SELECT DISTINCT change_order_id FROM written) touched
        JOIN cancellations_changeorder change ON change.id = touched.change_order_id
        JOIN orders_paymentsummary payment ON payment.order_id = change.order_id
        CROSS JOIN LATERAL (
            SELECT greatest(0, payment.authorized_minor - payment.captured_minor
                - coalesce(sum(release.amount_minor), 0)) AS minor
            FROM cancellations_release release
            WHERE release.payment_id = payment.id AND release.status <> 'withdrawn'
                AND release.change_order_id <> change.id
        ) open
    )
    SELECT written.payment_id, written.change_order_id INTO strange
    FROM written
    JOIN cancellations_changeorder change ON change.id = written.change_order_id
    JOIN orders_orderevent event ON event.id = change.event_id
    JOIN orders_ordersummary ordered ON ordered.id = change.order_id
    LEFT JOIN authorization_of ON authorization_of.change_order_id = written.change_order_id
        AND authorization_of.payment_id = written.payment_id
    WHERE NOT event.is_open
        OR change.kind NOT IN ('cancellation', 'settlement')
        OR written.status NOT IN ('pending', 'manual')
        OR written.amount_minor IS DISTINCT FROM authorization_of.minor
        OR (written.currency_code, written.currency_places)
            <> (ordered.currency_code, ordered.currency_places)
        OR authorization_of.covered_before <
            greatest(0, event.grand_total_minor - event.given_elsewhere_minor)
            + event.expected_elsewhere_minor - greatest(0, event.held_minor)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'change order % gives up an authorization of payment % that may be needed',
            strange.change_order_id, strange.payment_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- guard: releases of what nobody needs
CREATE TRIGGER releases_come_with_their_change_order AFTER INSERT ON cancellations_release
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION releases_come_with_their_change_order();


-- A refund or release keeps what it is, and goes the way of its states alone (domain.md §6). But
-- for a claim, an event tells; and only what its gateway refused goes again under another key.
CREATE FUNCTION money_goes_its_way() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF TG_OP = 'DELETE'
        OR (NEW.id, NEW.payment_id, NEW.change_order_id, NEW.amount_minor, NEW.currency_code,
            NEW.currency_places, NEW.created_at)
            IS DISTINCT FROM
           (OLD.id, OLD.payment_id, OLD.change_order_id, OLD.amount_minor, OLD.currency_code,
            OLD.currency_places, OLD.created_at)
    THEN
        RAISE EXCEPTION 'a refund or release keeps its payment, its change order and its amount'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('pending', 'processing'), ('pending', 'succeeded'), ('pending', 'withdrawn'),
        ('processing', 'succeeded'), ('processing', 'settling'),
        ('processing', 'failed'), ('processing', 'unknown'), ('processing', 'manual'),
        ('settling', 'succeeded'), ('settling', 'failed'),
        ('unknown', 'processing'), ('unknown', 'succeeded'),
        ('unknown', 'settling'), ('unknown', 'failed'), ('unknown', 'withdrawn'),
        ('manual', 'succeeded'), ('manual', 'withdrawn'),
        ('failed', 'pending'), ('failed', 'succeeded'), ('failed', 'withdrawn'),
        ('succeeded', 'failed')
    ) THEN
        RAISE EXCEPTION 'what is % never becomes %', OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status <> OLD.status AND NEW.status <> 'processing' AND NOT EXISTS (
        SELECT FROM orders_orderevent event
        JOIN orders_paymentsummary payment ON payment.order_id = event.order_id
        WHERE payment.id = NEW.payment_id AND event.is_open AND CASE
            WHEN NEW.status = 'withdrawn'
                THEN event.type IN ('person_decided', 'change_order_undone')
            WHEN OLD.status = 'pending' THEN event.type = 'person_decided'
            ELSE event.type IN ('person_decided', 'gateway_answered', 'left_to_people')
        END
    ) THEN
        RAISE EXCEPTION 'what is % becomes % without an event', OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.idempotency_key <> OLD.idempotency_key
        AND (OLD.status, NEW.status) <> ('failed', 'pending')
    THEN
        RAISE EXCEPTION 'only what was refused is sent under another key'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.reference <> OLD.reference AND NOT (
        NEW.status <> OLD.status AND NEW.status = 'succeeded'
        OR NEW.reference = 'erased' AND public.is_being_erased(
            (SELECT order_id FROM orders_paymentsummary WHERE id = NEW.payment_id))
    ) THEN
        RAISE EXCEPTION 'a reference is written when its person says that it was paid'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

-- guard: refunds go their way
CREATE TRIGGER money_goes_its_way BEFORE UPDATE OR DELETE ON cancellations_refund
    FOR EACH ROW EXECUTE FUNCTION money_goes_its_way();

-- guard: releases go their way
CREATE TRIGGER money_goes_its_way BEFORE UPDATE OR DELETE ON cancellations_release
    FOR EACH ROW EXECUTE FUNCTION money_goes_its_way();


-- A payment's counters and its refunds and releases agree when a transaction commits: whoever
-- writes one without the other is refused. What is set aside, and what then becomes of it, comes
-- with an event, and all payments of its order are looked at once for it. All figures are read in
-- one statement: whoever changes them has locked the payment by it.
CREATE FUNCTION check_counters_of_payments(of_payments bigint[]) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    strange record;
BEGIN
    SELECT payment.*, refunds.reserved, refunds.refunded, releases.released INTO strange
    FROM orders_paymentsummary payment
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount_minor)
                   FILTER (WHERE status NOT IN ('succeeded', 'withdrawn')), 0) AS reserved,
               coalesce(sum(amount_minor) FILTER (WHERE status = 'succeeded'), 0) AS refunded
        FROM cancellations_refund WHERE payment_id = payment.id
    ) refunds
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount_minor), 0) AS released
        FROM cancellations_release WHERE payment_id = payment.id AND status <> 'withdrawn'
    ) releases
    WHERE payment.id = ANY (of_payments)
        AND (payment.reserved_minor, payment.refunded_here_minor, payment.released_minor)
            IS DISTINCT FROM (refunds.reserved, refunds.refunded, releases.released)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'payment % keeps % reserved, % refunded and % released;'
            ' its refunds and releases say %, % and %', strange.id,
            strange.reserved_minor, strange.refunded_here_minor, strange.released_minor,
            strange.reserved, strange.refunded, strange.released
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;

CREATE FUNCTION payment_counters_match_refunds() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF TG_TABLE_NAME = 'orders_orderevent' THEN
        UPDATE orders_orderevent SET is_open = false WHERE id = NEW.id AND is_open;
        PERFORM public.check_counters_of_payments(
            ARRAY(SELECT id FROM orders_paymentsummary WHERE order_id = NEW.order_id));
    ELSE
        PERFORM public.check_counters_of_payments(ARRAY[NEW.id]);
    END IF;
    RETURN NULL;
END $$;

-- guard: counters of payments match their refunds
CREATE CONSTRAINT TRIGGER payment_counters_match_refunds
    AFTER INSERT ON orders_orderevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION payment_counters_match_refunds();

-- guard: what is set aside goes back with a refund
CREATE CONSTRAINT TRIGGER payment_counters_match_refunds
    AFTER UPDATE ON orders_paymentsummary
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.refunded_here_minor <> NEW.refunded_here_minor)
    EXECUTE FUNCTION payment_counters_match_refunds();


-- What hangs on an event is what it says, when a transaction commits: a cancellation or settlement
-- takes its own total off the order, is due what is held above what is to be kept and is expected
-- elsewhere, and sets at most that aside; nothing else refunds, and only an amendment brings more.
-- Who resolves an exception moves nothing; who expects nothing more gives up what is expected. An
-- undo gives back what its change order had set aside, a person what of one refund is withdrawn.
CREATE FUNCTION history_is_what_its_event_says() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    was orders_orderevent%ROWTYPE;
    made record;
    ours boolean := NEW.type IN ('items_canceled', 'order_settled');
    refunded numeric;
    given_back numeric := 0;
    moves_little boolean := NEW.type NOT IN (
        'order_imported', 'order_amended', 'fulfillment_reported', 'items_canceled',
        'order_settled'
    );
BEGIN
    UPDATE orders_orderevent SET is_open = false WHERE id = NEW.id AND is_open;
    SELECT * INTO was FROM orders_orderevent
        WHERE order_id = NEW.order_id AND sequence = NEW.sequence - 1;
    SELECT count(*) AS change_orders, coalesce(sum(grand_total_minor), 0) AS total,
           coalesce(sum(refund_due_minor), 0) AS due, coalesce(sum(owed_before_minor), 0) AS owed
        INTO made FROM cancellations_changeorder WHERE event_id = NEW.id;
    SELECT coalesce(sum(refund.amount_minor), 0) INTO refunded
        FROM cancellations_refund refund
        JOIN cancellations_changeorder change ON change.id = refund.change_order_id
        WHERE change.event_id = NEW.id;
    IF NEW.type = 'change_order_undone' THEN
        SELECT coalesce(sum(refund.amount_minor), 0) INTO given_back
            FROM cancellations_refund refund
            JOIN cancellations_changeorder reversal
                ON reversal.undoes_id = refund.change_order_id
            WHERE reversal.event_id = NEW.id AND refund.status = 'withdrawn';
    ELSIF NEW.type = 'person_decided' AND NEW.facts ->> 'now' = 'withdrawn' THEN
        SELECT coalesce(sum(refund.amount_minor), 0) INTO given_back
            FROM cancellations_refund refund
            JOIN orders_paymentsummary payment ON payment.id = refund.payment_id
            WHERE refund.id = (NEW.facts ->> 'refund')::bigint AND refund.status = 'withdrawn'
                AND payment.order_id = NEW.order_id;
    END IF;
    IF NEW.type = 'change_order_undone' AND made.change_orders <> 1 OR ours AND (
        made.change_orders <> 1
        OR NEW.held_minor <> was.held_minor - refunded
        OR (NEW.expected_elsewhere_minor, NEW.given_elsewhere_minor, NEW.unpaid_elsewhere_minor)
            IS DISTINCT FROM
           (was.expected_elsewhere_minor, was.given_elsewhere_minor, was.unpaid_elsewhere_minor)
        OR made.owed <> greatest(0, was.held_minor - was.expected_elsewhere_minor
            - greatest(0, was.grand_total_minor - was.given_elsewhere_minor))
        OR made.due <> greatest(0, was.held_minor - NEW.expected_elsewhere_minor
            - greatest(0, NEW.grand_total_minor - NEW.given_elsewhere_minor))
    ) OR refunded > made.due
        OR NEW.type NOT IN ('order_imported', 'order_amended')
            AND NEW.grand_total_minor <> was.grand_total_minor + made.total
        OR moves_little AND (NEW.held_minor, NEW.unpaid_elsewhere_minor)
                IS DISTINCT FROM (was.held_minor + given_back, was.unpaid_elsewhere_minor)
        OR moves_little AND NEW.type <> 'nothing_more_expected'
            AND (NEW.expected_elsewhere_minor, NEW.given_elsewhere_minor)
                IS DISTINCT FROM (was.expected_elsewhere_minor, was.given_elsewhere_minor)
        OR NEW.type = 'nothing_more_expected' AND (
            NEW.expected_elsewhere_minor <> 0
            OR NEW.given_elsewhere_minor NOT IN (
                was.given_elsewhere_minor,
                was.given_elsewhere_minor - was.expected_elsewhere_minor
            )
        )
    THEN
        RAISE EXCEPTION 'event % of order % does not say what hangs on it: % due, % refunded, % total',
            NEW.sequence, NEW.order_id, made.due, refunded, made.total
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- guard: refund due and refunds
CREATE CONSTRAINT TRIGGER history_is_what_its_event_says
    AFTER INSERT ON orders_orderevent DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION history_is_what_its_event_says();


-- The items of a change order make up its totals, and one that cancels takes units.
CREATE FUNCTION items_make_up_their_change_order() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    strange bigint;
BEGIN
    UPDATE orders_orderevent SET is_open = false WHERE id = NEW.id AND is_open;
    SELECT change.id INTO strange
    FROM cancellations_changeorder change
    JOIN orders_ordersummary ordered ON ordered.id = change.order_id
    LEFT JOIN LATERAL (
        SELECT coalesce(sum(line_amount_minor + line_adjustments_minor + order_adjustments_minor),
                        0) AS net,
            coalesce(sum(tax_minor), 0) AS tax,
            coalesce(sum(quantity), 0) AS quantity
        FROM cancellations_changeorderitem WHERE change_order_id = change.id
    ) items ON true
    WHERE change.event_id = NEW.id AND (
        items.tax <> change.tax_minor
        OR items.net <> change.product_minor + change.order_adjustments_minor
            + change.delivery_minor + change.fees_minor
        OR change.grand_total_minor <>
            items.net + items.tax * (ordered.tax_locale = 'net')::int
        OR items.quantity = 0 AND change.kind NOT IN ('settlement', 'reversal')
    )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the items of change order % do not make up its totals', strange
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- guard: items make up their change order
CREATE CONSTRAINT TRIGGER items_make_up_their_change_order
    AFTER INSERT ON orders_orderevent DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION items_make_up_their_change_order();


-- The counters of an order's lines are what its change orders say: a counter set back would let the
-- same unit be canceled again. Looked at once an order, after the last of its events.
CREATE FUNCTION counters_match_history() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    strange text;
BEGIN
    UPDATE orders_orderevent SET is_open = false WHERE id = NEW.id AND is_open;
    IF EXISTS (
        SELECT FROM orders_orderevent WHERE order_id = NEW.order_id AND sequence > NEW.sequence
    ) THEN
        RETURN NULL;
    END IF;
    SELECT line.key INTO strange
    FROM orders_orderitemsummary line
    LEFT JOIN (
        SELECT item.line_id,
            sum(item.quantity * CASE change.kind WHEN 'reversal' THEN -1 ELSE 1 END)
                FILTER (WHERE item.type = 'cancel') AS canceled,
            sum(item.quantity) FILTER (WHERE change.kind = 'reported_cancellation') AS elsewhere,
            sum(item.quantity) FILTER (WHERE item.type = 'return') AS returned
        FROM cancellations_changeorder change
        JOIN cancellations_changeorderitem item ON item.change_order_id = change.id
        WHERE change.order_id = NEW.order_id
        GROUP BY item.line_id
    ) told ON told.line_id = line.id
    WHERE line.order_id = NEW.order_id AND (
        line.quantity_canceled
            <> line.quantity_canceled_at_import + coalesce(told.canceled, 0)
        OR line.quantity_canceled_elsewhere
            <> line.quantity_canceled_at_import + coalesce(told.elsewhere, 0)
        OR line.quantity_returned
            <> line.quantity_returned_at_import + coalesce(told.returned, 0)
    )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'what line % of order % keeps as canceled or returned is not what its'
            ' change orders say', strange, NEW.order_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- guard: counters of lines match history
CREATE CONSTRAINT TRIGGER counters_match_history
    AFTER INSERT ON orders_orderevent DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION counters_match_history();
