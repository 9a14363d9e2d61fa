-- So many orders of a shop, ${orders} of them, with real distributions; the same ones whenever it is asked
-- for as many. The database is empty but for what migrations leave, and triggers are off.

CREATE FUNCTION pg_temp.chance(n bigint, salt int) RETURNS float8 LANGUAGE sql IMMUTABLE
    RETURN (hashint8extended(n, salt) & 9007199254740991) / 9007199254740992.0::float8;

-- One of a list, the first ones far more often than the last.
CREATE FUNCTION pg_temp.pick(list text[], n bigint, salt int, skew float8) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN list[1 + floor(cardinality(list) * power(pg_temp.chance(n, salt), skew))::int];


INSERT INTO auth_user
    (username, password, first_name, last_name, email, is_staff, is_active, is_superuser, date_joined)
SELECT 'bench-agent-' || n, '!', 'Agent', n::text, '', false, true, false, now()
FROM generate_series(1, 20) n;

CREATE TEMP TABLE agents AS
SELECT (row_number() OVER (ORDER BY id))::int AS number, id, username FROM auth_user
WHERE username LIKE 'bench-agent-%';


-- Accounts: twenty orders each; a name is common, or so rare that hardly anybody has it.
CREATE TEMP TABLE people AS
SELECT n,
    pg_temp.pick(${first_names}, n, 1, 1.6) AS first_name,
    CASE
        WHEN pg_temp.chance(n, 2) < 0.6 THEN pg_temp.pick(${last_names}, n, 3, 1.8)
        ELSE pg_temp.pick(${beginnings}, n, 4, 1.2) || pg_temp.pick(${endings}, n, 5, 1.2)
    END AS last_name
FROM generate_series(1, greatest(1, ${orders} / 20)) n;

INSERT INTO orders_account (id, number, name, email, named_at)
SELECT n, 'A-' || lpad((n * 7 % 9999991)::text, 7, '0'), first_name || ' ' || last_name,
    lower(translate(first_name || '.' || last_name, ' ''', '')) || n % 997 || '@'
        || pg_temp.pick(${domains}, n, 6, 1.5),
    ${until}
FROM people;

INSERT INTO orders_product (id, sku, name)
SELECT n,
    upper(left(pg_temp.pick(${things}, n, 10, 1), 3)) || '-' || lpad(n::text, 5, '0'),
    pg_temp.pick(${qualities}, n, 11, 1) || ' ' || pg_temp.pick(${things}, n, 10, 1)
        || ' ' || (n % 40 + 1)
FROM generate_series(1, greatest(50, least(5000, ${orders} / 20))) n;


-- Orders: evenly over three years. How far one has come goes by its age.
CREATE TEMP TABLE sold AS
WITH aged AS (
    SELECT n, 1095 * (1 - n / ${orders}::float8) + pg_temp.chance(n, 20) AS days
    FROM generate_series(1, ${orders}) n
)
SELECT n, days, ${until}::timestamptz - days * interval '1 day' AS ordered_at,
    CASE
        WHEN days < 2 THEN pg_temp.pick('{created,created,created,created,created,created,allocated,canceled}', n, 21, 1)
        WHEN days < 14 THEN pg_temp.pick('{created,created,allocated,allocated,allocated,partial,fulfilled,fulfilled,fulfilled,canceled}', n, 21, 1)
        WHEN pg_temp.chance(n, 21) < 0.015 THEN 'created'
        WHEN pg_temp.chance(n, 21) < 0.020 THEN 'partial'
        WHEN pg_temp.chance(n, 21) < 0.080 THEN 'canceled'
        WHEN pg_temp.chance(n, 21) < 0.120 THEN 'returned'
        ELSE 'fulfilled'
    END AS stage,
    CASE
        WHEN pg_temp.chance(n, 22) < 0.34 THEN 1 WHEN pg_temp.chance(n, 22) < 0.60 THEN 2
        WHEN pg_temp.chance(n, 22) < 0.78 THEN 3 WHEN pg_temp.chance(n, 22) < 0.88 THEN 4
        WHEN pg_temp.chance(n, 22) < 0.95 THEN 5
        ELSE 6 + floor(6 * pg_temp.chance(n, 23))::int
    END AS products,
    pg_temp.chance(n, 24) < 0.425 AS has_charge,
    pg_temp.chance(n, 25) AS luck,
    CASE WHEN pg_temp.chance(n, 26) < 0.9 THEN
        1 + floor((SELECT count(*) FROM people) * power(pg_temp.chance(n, 27), 1.3))::bigint
    END AS account,
    pg_temp.pick('{USD,USD,USD,USD,USD,USD,USD,USD,EUR,EUR,EUR,GBP,GBP,CAD,JPY,KWD}', n, 28, 1.5) AS currency
FROM aged;

-- What was canceled or returned here, in a change order of its own: all of it, or a last line.
CREATE TEMP TABLE stories AS
SELECT sold.*,
    CASE currency WHEN 'JPY' THEN 0 WHEN 'KWD' THEN 3 ELSE 2 END AS places,
    CASE
        WHEN stage = 'canceled' AND luck < 0.7 THEN 'all'
        WHEN stage = 'returned' AND luck < 0.6 THEN 'return'
        WHEN stage IN ('created', 'fulfilled') AND products > 1 AND luck < 0.06 THEN 'last'
        ELSE ''
    END AS here
FROM sold;
DROP TABLE sold;
ANALYZE stories;

CREATE TEMP TABLE lines AS
SELECT n * 16 + place AS id, n AS order_id, place, stage, here, places,
    here = 'last' AND place = products AS goes,
    CASE WHEN pg_temp.chance(n * 16 + place, 30) < 0.8 THEN 1
        ELSE 2 + floor(4 * power(pg_temp.chance(n * 16 + place, 31), 2))::int END AS quantity,
    1 + floor((SELECT count(*) FROM orders_product)
        * power(pg_temp.chance(n * 16 + place, 32), 2))::bigint AS product_id
FROM stories, generate_series(1, products) place;

INSERT INTO orders_orderitemsummary (
    id, order_id, key, position, type, product_id, name, delivery_group_id, bundle_id,
    unit_price_micros, line_amount_minor, quantity_ordered, quantity_canceled,
    quantity_canceled_elsewhere, quantity_allocated, quantity_fulfilled,
    quantity_return_initiated, quantity_returned, quantity_returned_at_import,
    quantity_canceled_at_import, reported_canceled, reported_allocated, reported_fulfilled,
    reported_return_initiated, reported_returned, reported_at, released, came_with, status
)
SELECT line.id, order_id, place::text, place - 1, 'product', product_id, product.name, order_id,
    NULL, price * power(10, 6 - places)::bigint, price * quantity, quantity,
    canceled, canceled * elsewhere, moved, sent, back, back, back * (here = '')::int,
    canceled * elsewhere, canceled * elsewhere, moved, sent, back, back, NULL, false, 1,
    CASE
        WHEN canceled > 0 THEN 'canceled' WHEN back > 0 THEN 'returned'
        WHEN sent > 0 THEN 'fulfilled' WHEN moved > 0 THEN 'allocated' ELSE 'ordered'
    END
FROM lines line JOIN orders_product product ON product.id = product_id,
LATERAL (
    SELECT 199 + floor(30000 * power(pg_temp.chance(product_id, 33), 3))::bigint AS price,
        quantity * (stage = 'canceled' OR goes)::int AS canceled,
        (here = '')::int AS elsewhere,
        quantity * (stage IN ('allocated', 'fulfilled', 'returned') AND NOT goes
            OR stage = 'partial' AND place % 2 = 1)::int AS moved,
        quantity * (stage IN ('fulfilled', 'returned') AND NOT goes)::int AS sent,
        quantity * (stage = 'returned')::int AS back
) counters;
DROP TABLE lines;

INSERT INTO orders_orderitemsummary (
    id, order_id, key, position, type, product_id, name, delivery_group_id, bundle_id,
    unit_price_micros, line_amount_minor, quantity_ordered, quantity_canceled,
    quantity_canceled_elsewhere, quantity_allocated, quantity_fulfilled,
    quantity_return_initiated, quantity_returned, quantity_returned_at_import,
    quantity_canceled_at_import, reported_canceled, reported_allocated, reported_fulfilled,
    reported_return_initiated, reported_returned, released, came_with, status
)
SELECT n * 16, n, 'D', products, 'delivery_charge', NULL, 'Delivery', n, NULL,
    495 * power(10, 6 - places)::bigint, 495, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, 1,
    'ordered'
FROM stories WHERE has_charge;

INSERT INTO orders_deliverygroup
    (id, order_id, key, position, method, deliver_to, address, flagged_minor, released)
SELECT story.n, story.n, 'G1', 0,
    pg_temp.pick('{Standard Ground,Express,Pick-up}', story.n, 40, 1.5),
    coalesce(first_name || ' ' || last_name, 'Guest'),
    1 + story.n % 400 || ' Market St, Springfield', 0, false
FROM stories story LEFT JOIN people ON people.n = account;


-- What orders come to follows from their lines.
CREATE TEMP TABLE sums AS
SELECT order_id, count(*) AS lines,
    sum(line_amount_minor) AS sold,
    coalesce(sum(line_amount_minor) FILTER (
        WHERE type = 'product' AND quantity_canceled + quantity_returned = 0
    ), 0) AS product,
    coalesce(sum(line_amount_minor) FILTER (
        WHERE quantity_canceled > quantity_canceled_elsewhere
            OR quantity_returned > quantity_returned_at_import
    ), 0) AS gone,
    coalesce(sum(line_amount_minor) FILTER (WHERE type = 'delivery_charge'), 0) AS delivery,
    bool_or(type = 'product' AND quantity_ordered > quantity_canceled + quantity_allocated)
        AS has_something_left,
    bool_or(quantity_allocated > 0) AS is_moving
FROM orders_orderitemsummary GROUP BY order_id;
ALTER TABLE sums ADD PRIMARY KEY (order_id);
ANALYZE sums;

INSERT INTO orders_paymentsummary (
    id, order_id, key, position, method, gateway, gateway_reference, authorized_minor,
    captured_minor, refunded_elsewhere_minor, refunded_here_minor, charged_back_minor,
    reserved_minor, released_minor, full_refund_only
)
SELECT n, n, 'P1', 0,
    pg_temp.pick('{Visa ending 1111,Mastercard ending 5454,PayPal,Gift card}', n, 50, 1.5),
    pg_temp.pick('{sandbox,sandbox,stripe,legacy}', n, 51, 1.5),
    'ch_' || left(md5(n::text), 20), sold,
    CASE WHEN here <> '' OR stage IN ('fulfilled', 'returned') THEN sold ELSE 0 END, 0, 0, 0, 0, 0,
    false
FROM stories JOIN sums ON order_id = n;


-- Change orders: what happened here, within two days after the order came, by one of the agents.
CREATE TEMP TABLE changes AS
SELECT row_number() OVER (ORDER BY least(ordered_at + luck * interval '2 days', ${until}), n) AS id,
    n AS order_id, here, gone, least(ordered_at + luck * interval '2 days', ${until}) AS at,
    agent.id AS agent_id, agent.username,
    CASE
        WHEN here = 'return' THEN ''
        WHEN days < 1 THEN 'pending'
        WHEN pg_temp.chance(n, 60) < 0.002 THEN 'failed'
        WHEN pg_temp.chance(n, 60) < 0.003 THEN 'unknown'
        WHEN pg_temp.chance(n, 60) < 0.005 THEN 'manual'
        WHEN pg_temp.chance(n, 60) < 0.010 THEN 'settling'
        ELSE 'succeeded'
    END AS refund
FROM stories JOIN sums ON order_id = n
JOIN agents agent ON agent.number = 1 + floor(20 * power(pg_temp.chance(n, 61), 1.5))::int
WHERE here <> '';

INSERT INTO orders_orderevent (
    id, order_id, sequence, type, at, by_id, request_id, fingerprint, facts, grand_total_minor,
    held_minor, expected_elsewhere_minor, given_elsewhere_minor, unpaid_elsewhere_minor, is_open
)
SELECT n, n, 1, 'order_imported', ordered_at, 1, '', '', '{}', product + delivery + gone,
    captured_minor, 0, 0, 0, false
FROM stories JOIN sums ON order_id = n JOIN orders_paymentsummary payment ON payment.id = n;

INSERT INTO orders_orderevent (
    id, order_id, sequence, type, at, by_id, request_id, fingerprint, facts, grand_total_minor,
    held_minor, expected_elsewhere_minor, given_elsewhere_minor, unpaid_elsewhere_minor, is_open
)
SELECT ${orders} + change.id, order_id, 2,
    CASE here WHEN 'return' THEN 'fulfillment_reported' ELSE 'items_canceled' END, at, agent_id,
    '', '', '{}', product + delivery, captured_minor - change.gone, 0, 0, 0, false
FROM changes change JOIN sums USING (order_id)
JOIN orders_paymentsummary payment USING (order_id);

INSERT INTO cancellations_changeorder (
    id, product_minor, order_adjustments_minor, delivery_minor, fees_minor, tax_minor,
    grand_total_minor, order_id, event_id, kind, request_id, fingerprint, created_at,
    created_by_id, actor_name, note, refund_due_minor, owed_before_minor
)
SELECT id, -gone, 0, 0, 0, 0, -gone, order_id, ${orders} + id,
    CASE here WHEN 'return' THEN 'return' ELSE 'cancellation' END, 'bench-' || id, 'bench', at,
    agent_id, username, '', CASE WHEN refund = '' THEN 0 ELSE gone END, 0
FROM changes;

INSERT INTO cancellations_changeorderitem (
    id, change_order_id, line_id, type, quantity, reason_id, reason_name, note, refund_delivery,
    line_amount_minor, line_adjustments_minor, order_adjustments_minor, tax_minor
)
SELECT row_number() OVER (ORDER BY line.id), change.id, line.id,
    CASE here WHEN 'return' THEN 'return' ELSE 'cancel' END, line.quantity_ordered,
    reason.id, coalesce(reason.name, ''), '', false, -line.line_amount_minor, 0, 0, 0
FROM changes change JOIN orders_orderitemsummary line USING (order_id)
LEFT JOIN (
    SELECT row_number() OVER (ORDER BY position) AS number, id, name
    FROM cancellations_cancellationreason
) reason ON here <> 'return'
    AND reason.number = 1 + floor((SELECT count(*) FROM cancellations_cancellationreason)
        * power(pg_temp.chance(line.id, 62), 1.5))::int
WHERE line.quantity_canceled > line.quantity_canceled_elsewhere
    OR line.quantity_returned > line.quantity_returned_at_import;

INSERT INTO cancellations_refund (
    id, due_at, tries, change_order_id, payment_id, amount_minor, currency_code, currency_places,
    status, created_at, idempotency_key, gateway_id, by_hand, remark, paid_by, reference,
    attention_since, look_up_first
)
SELECT row_number() OVER (ORDER BY change.id),
    CASE WHEN refund IN ('pending', 'settling') THEN ${until} + interval '1 hour' END, 1,
    change.id, order_id, gone, ordered.currency_code, ordered.currency_places, refund, at,
    md5('refund' || change.id), '', '', '', '', '',
    CASE WHEN refund IN ('failed', 'unknown', 'manual') THEN at END, false
FROM changes change JOIN orders_ordersummary ordered ON ordered.id = change.order_id
WHERE refund <> '' AND gone > 0;

UPDATE orders_paymentsummary payment SET
    reserved_minor = CASE WHEN status = 'succeeded' THEN 0 ELSE amount_minor END,
    refunded_here_minor = CASE WHEN status = 'succeeded' THEN amount_minor ELSE 0 END
FROM cancellations_refund refund WHERE refund.payment_id = payment.id;


-- Exceptions: of each refund that waits for a person, and of a report in fifty; most are resolved.
INSERT INTO cancellations_processexception (
    id, order_id, category, severity, payment_id, refund_id, facts, opened_at, note
)
SELECT row_number() OVER (ORDER BY refund.id), order_id, 'refund', 'high', payment_id, refund.id,
    jsonb_build_object('status', status, 'why', status, 'remark', '', 'by_hand', '',
        'amount', amount_minor),
    attention_since, ''
FROM cancellations_refund refund JOIN orders_paymentsummary payment ON payment.id = payment_id
WHERE attention_since IS NOT NULL;

INSERT INTO cancellations_processexception (
    id, order_id, category, severity, line_id, facts, opened_at, resolved_at, resolved_by_id, note
)
SELECT ${orders} + n, n, 'fulfillment', CASE WHEN pg_temp.chance(n, 70) < 0.4 THEN 'high' ELSE 'low' END,
    n * 16 + 1,
    jsonb_build_object('reported', counters, 'in_effect', counters),
    ordered_at + interval '1 day',
    CASE WHEN is_resolved THEN ordered_at + interval '2 days' END, CASE WHEN is_resolved THEN 1 END,
    CASE WHEN is_resolved THEN 'Seen to.' ELSE '' END
FROM stories, LATERAL (SELECT pg_temp.chance(n, 71) < 0.93 AS is_resolved) state,
    jsonb_build_object('ordered', 1, 'canceled', 0, 'allocated', 1, 'fulfilled', 1,
        'return_initiated', 0, 'returned', 0, 'canceled_elsewhere', 0) counters
WHERE pg_temp.chance(n, 72) < 0.02;

INSERT INTO orders_ordersummary (
    id, product_minor, order_adjustments_minor, delivery_minor, fees_minor, tax_minor,
    grand_total_minor, order_number, account_id, customer_name, customer_email, ordered_at,
    imported_at, currency_code, currency_places, channel, life_cycle, tax_locale, fingerprint,
    expected_elsewhere_minor, given_elsewhere_minor, unpaid_elsewhere_minor, events_written,
    status, is_cancelable, has_exceptions, needs_attention
)
SELECT story.n, product, 0, delivery, 0, 0, product + delivery, lpad(story.n::text, 8, '0'),
    account,
    coalesce(customer.name, pg_temp.pick(${first_names}, story.n, 80, 1.6) || ' '
        || pg_temp.pick(${last_names}, story.n, 81, 1.8)),
    coalesce(customer.email, 'guest' || story.n || '@' || pg_temp.pick(${domains}, story.n, 82, 1.5)),
    ordered_at, ordered_at, currency, places,
    pg_temp.pick('{Web,Web,Web,App,App,Phone,Store}', story.n, 83, 1),
    life_cycle, 'net', 'bench', 0, 0, 0, 1 + (here <> '')::int,
    CASE stage WHEN 'partial' THEN CASE WHEN has_something_left THEN 'partially_allocated' ELSE 'allocated' END
        ELSE stage END,
    has_something_left AND life_cycle = 'managed',
    urgent IS NOT NULL, coalesce(urgent, false)
FROM stories story JOIN sums ON sums.order_id = story.n
LEFT JOIN orders_account customer ON customer.id = account
LEFT JOIN (
    SELECT order_id, bool_or(severity = 'high') AS urgent FROM cancellations_processexception
    WHERE resolved_at IS NULL GROUP BY order_id
) calls ON calls.order_id = story.n,
LATERAL (
    SELECT CASE WHEN pg_temp.chance(story.n, 84) < 0.01 THEN 'unmanaged' ELSE 'managed' END
) kind (life_cycle)
ORDER BY story.n;

DROP TABLE agents, people, stories, sums, changes;
