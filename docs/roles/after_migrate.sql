-- What the application may do, given by the owner after every migrate:
-- psql -U countermand -d countermand -f docs/roles/after_migrate.sql
-- Repeating it is harmless. What README lists under "What the database guards" stands here.

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO countermand_app;

DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT relname AS name, relname !~ '^(orders|cancellations)_' AS is_of_a_library
        FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            AND pg_has_role(relowner, 'USAGE')
    LOOP
        EXECUTE format('REVOKE ALL ON %I FROM countermand_app', found.name);
        EXECUTE format('GRANT SELECT ON %I TO countermand_app', found.name);
        -- Accounts, sessions, profiles, views of lists, the admin's log; who migrates is the owner.
        IF found.is_of_a_library AND found.name <> 'django_migrations' THEN
            EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I TO countermand_app', found.name);
        END IF;
        -- The audit is added to, and never rewritten.
        IF found.name = 'console_auditentry' THEN
            EXECUTE format('REVOKE UPDATE, DELETE ON %I FROM countermand_app', found.name);
        END IF;
    END LOOP;
END
$$;

GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO countermand_app;

GRANT INSERT, UPDATE, DELETE ON
    cancellations_bundlepolicy,
    cancellations_cancellationreason
    TO countermand_app;

GRANT INSERT ON
    cancellations_approval,
    cancellations_attempt,
    cancellations_changeorder,
    cancellations_changeorderitem,
    cancellations_customernotice,
    cancellations_gatewaynotice,
    cancellations_internalnote,
    cancellations_processexception,
    cancellations_refund,
    cancellations_release,
    cancellations_unassigned,
    cancellations_worker,
    orders_account,
    orders_adjustment,
    orders_deliverygroup,
    orders_orderevent,
    orders_orderitemsummary,
    orders_ordersummary,
    orders_paymentsummary,
    orders_product,
    orders_taxline
    TO countermand_app;

GRANT UPDATE ON
    cancellations_approval,
    cancellations_attempt,
    cancellations_changeorder,
    cancellations_changeorderitem,
    cancellations_customernotice,
    cancellations_internalnote,
    cancellations_processexception,
    cancellations_refund,
    cancellations_release,
    cancellations_unassigned,
    cancellations_worker,
    orders_account,
    orders_deliverygroup,
    orders_orderevent,
    orders_orderitemsummary,
    orders_ordersummary,
    orders_paymentsummary,
    orders_product
    TO countermand_app;

GRANT DELETE ON
    cancellations_worker
    TO countermand_app;

-- Whatever is too old goes by a timer's own role; the trigger lets nothing else go.
GRANT DELETE ON
    console_auditentry
    TO countermand_prune;
