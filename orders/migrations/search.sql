-- How orders, accounts and products are found by a part of a text, and orders by their channel: as
-- the console's lists ask (orders/search.py), which compare in capitals. PostgreSQL goes by trigrams,
-- of which every role may make the extension whose database it is.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What waits in the list of an index is read by every search: it is kept short.
CREATE INDEX order_texts ON orders_ordersummary USING gin (
    upper(order_number::text) gin_trgm_ops,
    upper(customer_name::text) gin_trgm_ops,
    upper(customer_email::text) gin_trgm_ops
) WITH (gin_pending_list_limit = 512);

CREATE INDEX account_texts ON orders_account USING gin (
    upper(number::text) gin_trgm_ops, upper(name::text) gin_trgm_ops, upper(email::text) gin_trgm_ops
) WITH (gin_pending_list_limit = 512);

CREATE INDEX line_names ON orders_orderitemsummary USING gin (upper(name::text) gin_trgm_ops)
    WITH (gin_pending_list_limit = 512);

CREATE INDEX product_by_beginning_of_sku ON orders_product (upper(sku::text) text_pattern_ops);

CREATE INDEX order_by_channel ON orders_ordersummary
    (upper(channel::text), ordered_at DESC, id DESC);

-- How common a word is decides whether an index of texts is read or the newest orders are.
ALTER INDEX order_texts ALTER COLUMN 1 SET STATISTICS 1000;
ALTER INDEX order_texts ALTER COLUMN 2 SET STATISTICS 1000;
ALTER INDEX order_texts ALTER COLUMN 3 SET STATISTICS 1000;
ALTER INDEX account_texts ALTER COLUMN 1 SET STATISTICS 1000;
ALTER INDEX account_texts ALTER COLUMN 2 SET STATISTICS 1000;
ALTER INDEX account_texts ALTER COLUMN 3 SET STATISTICS 1000;
ALTER INDEX line_names ALTER COLUMN 1 SET STATISTICS 1000;
