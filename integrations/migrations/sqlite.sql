CREATE TRIGGER IF NOT EXISTS event_is_to_be_published AFTER INSERT ON orders_orderevent
BEGIN
    INSERT INTO integrations_unpublished (source, about, part, order_sequence)
    VALUES ('event', NEW.id, 0, NEW.sequence);
END;

CREATE TRIGGER IF NOT EXISTS opening_is_to_be_published AFTER INSERT ON cancellations_processexception
BEGIN
    INSERT INTO integrations_unpublished (source, about, part, order_sequence)
    SELECT 'opened', NEW.id, 0, max(sequence) FROM orders_orderevent WHERE order_id = NEW.order_id;
END;

CREATE TRIGGER IF NOT EXISTS resolving_is_to_be_published AFTER UPDATE ON cancellations_processexception
WHEN OLD.resolved_at IS NULL AND NEW.resolved_at IS NOT NULL
BEGIN
    INSERT INTO integrations_unpublished (source, about, part, order_sequence)
    SELECT 'resolved', NEW.id, 0, max(sequence) FROM orders_orderevent WHERE order_id = NEW.order_id;
END;
