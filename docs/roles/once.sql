-- Three roles, made once by a superuser: psql -f docs/roles/once.sql
-- "countermand" owns the tables, migrates and restores. "countermand_app" serves the pages and
-- the workers; it can drop no guard and empty no table. "countermand_prune" does as much, and deletes
-- audit entries that are too old. Then give each a way to sign in, such as \password countermand, and
-- make the database: CREATE DATABASE countermand OWNER countermand;

CREATE ROLE countermand LOGIN;
CREATE ROLE countermand_app LOGIN;
CREATE ROLE countermand_prune LOGIN IN ROLE countermand_app;

-- Behind a pooler in transaction mode the application cannot set these for itself.
ALTER ROLE countermand_app SET statement_timeout = '30s';
ALTER ROLE countermand_app SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE countermand_app SET lock_timeout = '10s';

-- To compile a query takes longer than any of the application's queries.
ALTER ROLE countermand_app SET jit = off;
