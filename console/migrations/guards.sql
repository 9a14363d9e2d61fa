-- What PostgreSQL has the last word on: who did what, and what they are called in it.
-- As in the guards of orders: tables in the schema public, names looked for in pg_temp last.

-- An audit entry is written once, at the moment that the database has. Old ones go when an entry of
-- the same transaction says that they are pruned, and until when; none goes within 90 days.
CREATE FUNCTION audit_is_final() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.at := transaction_timestamp();
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND OLD.at < transaction_timestamp() - interval '90 days' AND EXISTS (
        SELECT FROM console_auditentry pruned
        WHERE pruned.at = transaction_timestamp() AND pruned.kind = 'pruned'
            AND pruned.about = 'audit' AND OLD.at < (pruned.facts ->> 'before')::timestamptz
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'an audit entry is never changed, and deleted by prune alone'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- guard: the audit is final
CREATE TRIGGER audit_is_final BEFORE INSERT OR UPDATE OR DELETE ON console_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_is_final();

CREATE FUNCTION audit_is_never_emptied() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    RAISE EXCEPTION 'the audit is never emptied'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- guard: the audit is never emptied
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON console_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_never_emptied();


-- Whoever history names keeps the name it has there, and is not deleted. What hangs on an account
-- by a foreign key keeps it from being deleted anyway; the audit outlives accounts, and has none.
CREATE FUNCTION names_in_history_are_final() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.username = OLD.username THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM orders_orderevent WHERE by_id = OLD.id)
        OR EXISTS (SELECT FROM cancellations_changeorder WHERE created_by_id = OLD.id)
        OR EXISTS (SELECT FROM cancellations_processexception WHERE resolved_by_id = OLD.id)
        OR EXISTS (SELECT FROM console_auditentry WHERE actor_id = OLD.id)
        OR EXISTS (SELECT FROM django_admin_log WHERE user_id = OLD.id)
    THEN
        RAISE EXCEPTION 'history names user %, who is neither renamed nor deleted', OLD.username
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

-- guard: names in history are final
CREATE TRIGGER names_in_history_are_final BEFORE UPDATE OF username OR DELETE ON auth_user
    FOR EACH ROW EXECUTE FUNCTION names_in_history_are_final();
