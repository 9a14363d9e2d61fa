-- What is to be told to the outside is noted where it happens: in its own transaction.
-- As in the guards of orders: tables in the schema public, names looked for in pg_temp last.

CREATE FUNCTION events_are_to_be_published() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO integrations_unpublished (source, about, part, order_sequence)
    SELECT 'event', written.id, 0, written.sequence FROM written ORDER BY written.id;
    RETURN NULL;
END $$;

CREATE TRIGGER events_are_to_be_published AFTER INSERT ON orders_orderevent
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION events_are_to_be_published();

-- An exception has no number in its order: it is told with that of the event it came with.
CREATE FUNCTION exception_is_to_be_published() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO integrations_unpublished (source, about, part, order_sequence)
    SELECT CASE TG_OP WHEN 'INSERT' THEN 'opened' ELSE 'resolved' END, NEW.id, 0, max(sequence)
    FROM orders_orderevent WHERE order_id = NEW.order_id;
    RETURN NULL;
END $$;

CREATE TRIGGER opening_is_to_be_published AFTER INSERT ON cancellations_processexception
    FOR EACH ROW EXECUTE FUNCTION exception_is_to_be_published();

CREATE TRIGGER resolving_is_to_be_published AFTER UPDATE ON cancellations_processexception
    FOR EACH ROW WHEN (OLD.resolved_at IS NULL AND NEW.resolved_at IS NOT NULL)
    EXECUTE FUNCTION exception_is_to_be_published();

-- What was published stays as it was told. It goes when the feed says that it is removed, and never
-- within the four days in which it may still be on its way to an endpoint.
CREATE FUNCTION published_is_final() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.published_at < transaction_timestamp() - interval '4 days'
        AND OLD.sequence <= (SELECT removed FROM integrations_feed WHERE id = 1)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a published event is never changed, and deleted only when it is too old'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- guard: what was published is final
CREATE TRIGGER published_is_final BEFORE UPDATE OR DELETE ON integrations_publishedevent
    FOR EACH ROW EXECUTE FUNCTION published_is_final();
