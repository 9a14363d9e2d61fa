"""PostgreSQL has the last word: what raw SQL may not do, whoever sends it."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from cancellations.models import ChangeOrder, ChangeOrderItem, Refund, Release
from orders.models import (
    Adjustment,
    DeliveryGroup,
    OrderEvent,
    OrderItemSummary,
    OrderSummary,
    PaymentSummary,
    TaxLine,
)
from tests.benchmarks.measuring import PROJECT
from tests.support.builders import (
    adjustment,
    cancel,
    delivery_charge,
    delivery_group,
    imported,
    item,
    order_document,
    payment,
    report,
    select,
    select_all,
    settle,
    tax,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def canceled(agent):
    """An order captured in full, over two payments, of which one of 2 × 10.00 was canceled.

    An authorization was given up by it; of the second payment nothing went back.
    """
    order = imported(
        order_document(
            delivery_groups=[delivery_group(), delivery_group("G2")],
            items=[
                item("1", quantity=2, unit_price="10.00"),
                item("2", unit_price="1.00", adjustments=[adjustment("-2.00")], taxes=[tax("0")]),
                item("3", unit_price="0.00"),
                delivery_charge(unit_price="2.00"),
            ],
            payments=[
                payment("13.00"),
                payment("9.00", "P2", full_refund_only=True),
                payment("5.00", "P3", captured="0.00"),
            ],
        )
    )
    cancel(order, select(), by=agent)
    connection.check_constraints()
    return order


@pytest.fixture
def other():
    """Another order, of which nothing was canceled."""
    return imported()


def copied(model, source=None, *, keep_id=False, **changes):
    """SQL that inserts the rows of a model (or of a source like it) again, with changes."""
    fields = [f for f in model._meta.concrete_fields if keep_id or not f.primary_key]
    columns = [field.column for field in fields]
    values = ", ".join(changes.get(column, column) for column in columns)
    table = model._meta.db_table
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {source or table}"


def written_anew(model, **changes):
    """SQL that deletes the rows of a model and inserts them again, with changes."""
    deleted = f"WITH gone AS (DELETE FROM {model._meta.db_table} RETURNING *)"
    return f"{deleted} {copied(model, 'gone', keep_id=True, **changes)}"


LAST_CHANGE = "(SELECT * FROM cancellations_changeorder ORDER BY id DESC LIMIT 1) AS last"
LAST_EVENT = "(SELECT * FROM orders_orderevent ORDER BY id DESC LIMIT 1) AS last"
OF_P2 = "(SELECT id FROM orders_paymentsummary WHERE key = 'P2')"
OF_LINE_1 = "(SELECT id FROM orders_orderitemsummary WHERE key = '1')"
OF_LAST = "(SELECT max(id) FROM cancellations_changeorder)"
A_RETURN = (
    "INSERT INTO cancellations_changeorderitem"
    " (change_order_id, line_id, type, quantity, reason_name, note, refund_delivery,"
    " line_amount_minor, line_adjustments_minor, order_adjustments_minor, tax_minor)"
    " SELECT o.id, l.id, 'return', 1, '', '', false, -5, 0, 0, 0"
    " FROM cancellations_changeorder o, orders_orderitemsummary l WHERE l.key = '2'"
)
A_NEW_PAYMENT = copied(
    PaymentSummary,
    "(SELECT * FROM orders_paymentsummary WHERE key = 'P2') AS second",
    key="'P9'",
)
A_DISCOUNT = (
    "INSERT INTO orders_adjustment (line_id, name, scope, amount_minor)"
    " SELECT id, 'x', 'line', -1 FROM orders_orderitemsummary"
)
A_TAX = (
    "INSERT INTO orders_taxline (line_id, name, rate, amount_minor)"
    " SELECT id, 'x', '', 1 FROM orders_orderitemsummary"
)
A_REFUND_OVER_P2 = (
    copied(
        Refund,
        "(SELECT * FROM cancellations_refund LIMIT 1) AS one",
        payment_id=OF_P2,
        change_order_id=OF_LAST,
        amount_minor="900",
    )
    + "; UPDATE orders_paymentsummary SET reserved_minor = 900 WHERE key = 'P2'"
)
CLOSED = "SET CONSTRAINTS ALL IMMEDIATE; "

ATTEMPTS = {
    "cancel more than was ordered": "UPDATE orders_orderitemsummary SET quantity_canceled = 3",
    "cancel what is allocated": "UPDATE orders_orderitemsummary"
    " SET quantity_allocated = 1, quantity_canceled = 2",
    "set a counter back, to cancel the unit again": "UPDATE orders_orderitemsummary"
    " SET quantity_canceled = 0",
    "say that others canceled it": "UPDATE orders_orderitemsummary"
    " SET quantity_canceled_elsewhere = 1 WHERE key = '1'",
    "cancel without a change order": "UPDATE orders_orderitemsummary SET quantity_canceled = 2",
    "return without a change order": "UPDATE orders_orderitemsummary SET quantity_allocated = 1,"
    " quantity_fulfilled = 1, quantity_return_initiated = 1, quantity_returned = 1",
    "write lines anew, to cancel their units again": written_anew(
        OrderItemSummary, quantity_canceled="0"
    ),
    "write payments anew": written_anew(PaymentSummary),
    "keep another currency": "UPDATE orders_ordersummary SET currency_code = 'JPY'",
    "keep other places": "UPDATE orders_ordersummary SET currency_places = 0",
    "take taxes for included": "UPDATE orders_ordersummary SET tax_locale = 'gross',"
    " grand_total_minor = grand_total_minor - tax_minor",
    "give an order another number": "UPDATE orders_ordersummary SET order_number = 'X-9'",
    "come by another search path": "SET LOCAL search_path TO '';"
    " UPDATE public.orders_orderitemsummary SET quantity_canceled = 0",
    "come with events of one's own": "CREATE TEMP TABLE orders_orderevent ON COMMIT DROP AS"
    " SELECT * FROM public.orders_orderevent; UPDATE pg_temp.orders_orderevent SET is_open = true;"
    " UPDATE orders_paymentsummary SET captured_minor = captured_minor + 1000",
    "lower a total": "UPDATE orders_ordersummary"
    " SET product_minor = product_minor - 1, grand_total_minor = grand_total_minor - 1",
    "expect less from elsewhere": "UPDATE orders_ordersummary SET expected_elsewhere_minor = 1",
    "give goodwill": "UPDATE orders_ordersummary SET given_elsewhere_minor = 1",
    "count an event that is not there": "UPDATE orders_ordersummary SET events_written = 3",
    "release a delivery charge": "UPDATE orders_deliverygroup SET released = true",
    "use up a delivery charge": "UPDATE orders_deliverygroup SET flagged_minor = 1",
    "add a delivery group": copied(
        DeliveryGroup,
        "(SELECT * FROM orders_deliverygroup WHERE key = 'G2') AS second",
        key="'G9'",
    ),
    "add a line": copied(
        OrderItemSummary,
        "(SELECT * FROM orders_orderitemsummary WHERE key = '3') AS third",
        key="'9'",
    ),
    "order more units": "UPDATE orders_orderitemsummary SET quantity_ordered = 99",
    "raise a price": "UPDATE orders_orderitemsummary SET unit_price_micros = 99999",
    "raise a line": "UPDATE orders_orderitemsummary SET line_amount_minor = 99999",
    "move a line into a bundle": f"UPDATE orders_orderitemsummary SET bundle_id = {OF_LINE_1}"
    " WHERE key = '2'",
    "move a line out of its delivery group": "UPDATE orders_orderitemsummary"
    " SET delivery_group_id = NULL WHERE type = 'product'",
    "give lines other keys": "UPDATE orders_orderitemsummary SET key = 'x' || key",
    "give a line another id": "UPDATE orders_orderitemsummary SET id = id + 1000 WHERE key = '3'",
    "delete a line": "DELETE FROM orders_orderitemsummary WHERE key = '3'",
    "lower a discount": "UPDATE orders_adjustment SET amount_minor = -1",
    "move a discount to another line": f"UPDATE orders_adjustment SET line_id = {OF_LINE_1}",
    "delete a discount": "DELETE FROM orders_adjustment",
    "add a discount": A_DISCOUNT,
    "raise a tax": "UPDATE orders_taxline SET amount_minor = 1",
    "delete a tax": "DELETE FROM orders_taxline",
    "add a tax": A_TAX,
    "a tax below zero": A_TAX.replace("1 FROM", "-1 FROM"),
    "un-order units": "UPDATE orders_orderitemsummary SET quantity_ordered = 0",
    "a negative counter": "UPDATE orders_orderitemsummary SET quantity_returned = -1",
    "a negative price": "UPDATE orders_orderitemsummary SET unit_price_micros = -1",
    "add a payment": A_NEW_PAYMENT,
    "send money over another gateway": "UPDATE orders_paymentsummary SET gateway = 'mine'",
    "send money to another reference": "UPDATE orders_paymentsummary SET gateway_reference = 'me'",
    "refund in part what goes whole": "UPDATE orders_paymentsummary SET full_refund_only = false",
    "call a payment something else": "UPDATE orders_paymentsummary SET method = 'Cash'",
    "put payments in another sequence": "UPDATE orders_paymentsummary SET position = 9 - position",
    "capture more without a report": "UPDATE orders_paymentsummary"
    " SET captured_minor = captured_minor + 1000",
    "authorize more without a report": "UPDATE orders_paymentsummary SET authorized_minor = 9999",
    "unrefund elsewhere": "UPDATE orders_paymentsummary SET refunded_elsewhere_minor = 1",
    "charge back": "UPDATE orders_paymentsummary SET charged_back_minor = 1",
    "reserve more than was captured": "UPDATE orders_paymentsummary SET reserved_minor = 2001",
    "refund more than was captured": "UPDATE orders_paymentsummary SET refunded_here_minor = 1001",
    "free a reservation behind its refund": "UPDATE orders_paymentsummary SET reserved_minor = 0",
    "take a reservation for refunded": "UPDATE orders_paymentsummary"
    " SET reserved_minor = 0, refunded_here_minor = reserved_minor",
    "a negative reservation": "UPDATE orders_paymentsummary SET reserved_minor = -1",
    "take back what was released": "UPDATE orders_paymentsummary"
    " SET released_minor = 0, captured_at_release_minor = NULL",
    "change an event": "UPDATE orders_orderevent SET held_minor = held_minor + 1",
    "change the facts of an event": "UPDATE orders_orderevent SET facts = '{}'",
    "open an event": "UPDATE orders_orderevent SET is_open = true",
    "delete an event": "DELETE FROM orders_orderevent",
    "an event that leaves a gap": copied(OrderEvent, LAST_EVENT, sequence="4")
    + "; UPDATE orders_ordersummary SET events_written = 4",
    "an event that is not counted": copied(
        OrderEvent, LAST_EVENT, sequence="3", type="'exception_resolved'"
    ),
    "a second import": copied(OrderEvent, LAST_EVENT, sequence="3", type="'order_imported'")
    + "; UPDATE orders_ordersummary SET events_written = 3",
    "a cancellation without a change order": copied(OrderEvent, LAST_EVENT, sequence="3")
    + "; UPDATE orders_ordersummary SET events_written = 3",
    "an event that holds more": copied(
        OrderEvent,
        LAST_EVENT,
        sequence="3",
        type="'fulfillment_reported'",
        held_minor="held_minor + 1",
    )
    + "; UPDATE orders_ordersummary SET events_written = 3",
    "an event that lowers the total": copied(
        OrderEvent,
        LAST_EVENT,
        sequence="3",
        type="'fulfillment_reported'",
        grand_total_minor="grand_total_minor - 1",
    )
    + "; UPDATE orders_ordersummary SET events_written = 3,"
    " product_minor = product_minor - 1, grand_total_minor = grand_total_minor - 1",
    "an amendment that lowers the total": copied(
        OrderEvent,
        LAST_EVENT,
        sequence="3",
        type="'order_amended'",
        grand_total_minor="grand_total_minor - 1",
    )
    + "; UPDATE orders_ordersummary SET events_written = 3,"
    " product_minor = product_minor - 1, grand_total_minor = grand_total_minor - 1",
    "a report of goodwill that nobody gave": copied(
        OrderEvent,
        LAST_EVENT,
        sequence="3",
        type="'fulfillment_reported'",
        given_elsewhere_minor="100",
    )
    + "; UPDATE orders_ordersummary SET events_written = 3, given_elsewhere_minor = 100",
    "a second change order for one request": copied(ChangeOrder),
    "a change order without an event": copied(ChangeOrder, request_id="'forged'"),
    "change a change order": "UPDATE cancellations_changeorder SET grand_total_minor = 0",
    "delete a change order": "DELETE FROM cancellations_changeorder",
    "change an item of one": "UPDATE cancellations_changeorderitem SET quantity = 0",
    "delete an item of one": "DELETE FROM cancellations_changeorderitem",
    "add an item to a change order": A_RETURN,
    "raise a refund": "UPDATE cancellations_refund SET amount_minor = 1001",
    "delete a refund": "DELETE FROM cancellations_refund",
    "a refund of nothing": "UPDATE cancellations_refund SET amount_minor = 0",
    "succeed without counting": "UPDATE cancellations_refund SET status = 'processing';"
    " UPDATE cancellations_refund SET status = 'succeeded'",
    "succeed before it was sent": "UPDATE cancellations_refund SET status = 'succeeded';"
    " UPDATE orders_paymentsummary SET reserved_minor = 0, refunded_here_minor = reserved_minor",
    "withdraw without freeing": "UPDATE cancellations_refund SET status = 'withdrawn'",
    "withdraw without an event": "UPDATE cancellations_refund SET status = 'withdrawn';"
    " UPDATE orders_paymentsummary SET reserved_minor = 0",
    "refund over another payment": f"UPDATE cancellations_refund SET payment_id = {OF_P2}",
    "refund once more, over another payment": A_REFUND_OVER_P2,
    "date a refund back": "UPDATE cancellations_refund SET created_at = '2000-01-01'",
    "release less": "UPDATE cancellations_release SET amount_minor = 1",
    "delete a release": "DELETE FROM cancellations_release",
    "release what was never sent": "UPDATE cancellations_release SET status = 'succeeded'",
    "release another authorization": copied(Release, payment_id=OF_P2),
}
IN_AN_ACT = {
    "refund over another payment too": A_REFUND_OVER_P2,
    "refund over another payment once the event is closed": CLOSED + A_REFUND_OVER_P2,
    "open the event once it is closed": CLOSED + "UPDATE orders_orderevent SET is_open = true",
    "say that more was captured": "UPDATE orders_paymentsummary"
    " SET captured_minor = captured_minor + 1000",
    "give goodwill": "UPDATE orders_ordersummary SET given_elsewhere_minor = 100",
    "count one event more": "UPDATE orders_ordersummary SET events_written = 9",
    "make another change order": copied(ChangeOrder, LAST_CHANGE, request_id="'forged'"),
    "make a settlement": copied(
        ChangeOrder, LAST_CHANGE, request_id="'forged'", kind="'settlement'"
    ),
    "return something": A_RETURN,
    "bring a payment": A_NEW_PAYMENT,
    "bring a discount": A_DISCOUNT,
    "bring a tax": A_TAX,
    "call a payment something else": "UPDATE orders_paymentsummary SET method = 'Cash'",
    "begin with a refund that succeeded": copied(
        Refund,
        "(SELECT * FROM cancellations_refund LIMIT 1) AS one",
        payment_id=OF_P2,
        change_order_id=OF_LAST,
        status="'succeeded'",
    ),
    "cancel another unit": "UPDATE orders_orderitemsummary"
    " SET quantity_canceled = 1 WHERE key = '3'",
    "use up a delivery charge": "UPDATE orders_deliverygroup SET flagged_minor = 1000",
}
"""What is added to the transaction of a cancellation, whose event is open then."""


def everything():
    models = (
        OrderSummary,
        OrderEvent,
        DeliveryGroup,
        OrderItemSummary,
        Adjustment,
        TaxLine,
        PaymentSummary,
        ChangeOrder,
        ChangeOrderItem,
        Refund,
        Release,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


def execute(sql):
    """Run SQL up to what a commit would hold it against."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        connection.check_constraints()


@pytest.mark.parametrize("sql", ATTEMPTS.values(), ids=ATTEMPTS)
def test_raw_sql_cannot(canceled, sql):
    before = everything()

    with pytest.raises(IntegrityError):
        execute(sql)

    assert everything() == before


@pytest.mark.parametrize("sql", IN_AN_ACT.values(), ids=IN_AN_ACT)
def test_raw_sql_cannot_in_the_transaction_of_an_act(canceled, agent, sql):
    cancel(canceled, select("2", 1), by=agent)
    before = everything()

    with pytest.raises(IntegrityError):
        execute(sql)

    assert everything() == before


def test_a_transaction_may_hold_several_acts(canceled, agent, manager):
    cancel(canceled, select("2", 1), by=agent)
    report(canceled, payments=[{"key": "P3", "captured": "1.00"}])
    settle(canceled, by=manager)
    connection.check_constraints()

    assert canceled.events.filter(is_open=False).count() == 5


def test_a_payment_stays_with_its_order(canceled, other):
    with pytest.raises(IntegrityError, match="never changed"):
        PaymentSummary.objects.update(order=other)


def test_originals_may_be_written_as_they_are(canceled):
    before = everything()

    for model in (OrderSummary, DeliveryGroup, OrderItemSummary, Adjustment, PaymentSummary):
        for row in model.objects.all():
            row.save()

    assert everything() == before


def test_a_refund_that_succeeds_with_its_counters_goes_through(canceled):
    Refund.objects.update(status="processing")
    Refund.objects.update(status="succeeded")
    PaymentSummary.objects.filter(key="P1").update(reserved_minor=0, refunded_here_minor=1000)
    connection.check_constraints()

    assert PaymentSummary.objects.get(key="P1").refunded_minor == 1000


def test_every_function_looks_in_pg_temp_last():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace AND prosqlbody IS NULL"
        )
        settings = dict(cursor.fetchall())

    assert len(settings) > 15
    assert {name: found for name, found in settings.items() if found != SETTINGS} == {}


SETTINGS = ["search_path=pg_catalog, public, pg_temp", "enable_seqscan=off"]


@pytest.fixture
def as_application(canceled):
    """From here on the role is one that may look, insert and update, and nothing else."""
    tables = "ALL TABLES IN SCHEMA public TO application"
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE application")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE ON {tables}")
        cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO application")
        cursor.execute("SET LOCAL ROLE application")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.mark.usefixtures("as_application")
def test_a_role_without_rights_on_the_tables_cancels_and_settles(canceled, agent, manager):
    cancel(canceled, select_all(refund_delivery=True), by=agent)
    report(canceled, payments=[{"key": "P1", "captured": "15.00"}])
    settle(canceled, by=manager)

    connection.check_constraints()


TABLES_OF_ONES_OWN = (
    "CREATE TEMP TABLE orders_orderevent ON COMMIT DROP AS"
    " SELECT * FROM public.orders_orderevent; UPDATE pg_temp.orders_orderevent SET is_open = true;"
    " CREATE TEMP TABLE orders_paymentsummary ON COMMIT DROP AS"
    " SELECT * FROM public.orders_paymentsummary;"
    " UPDATE pg_temp.orders_paymentsummary SET reserved_minor = 900 WHERE key = 'P2';"
)
WALK_AROUND = TABLES_OF_ONES_OWN + A_REFUND_OVER_P2.replace(
    "UPDATE orders_paymentsummary", "UPDATE public.orders_paymentsummary"
)


@pytest.mark.usefixtures("as_application")
def test_tables_of_the_same_name_do_not_lead_guards_astray(canceled):
    before = everything()

    with pytest.raises(IntegrityError):
        execute(WALK_AROUND)

    assert everything() == before


def test_they_would_if_guards_found_them_first(canceled):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER FUNCTION %s SET search_path = public', oid::regprocedure)"
            " FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        )
        cursor.execute(";".join(statement for (statement,) in cursor.fetchall()))

    execute(WALK_AROUND)

    assert Refund.objects.count() == 2


OWNER_MAY = {
    "rename lines, products and customers": "UPDATE orders_orderitemsummary SET name = 'x';"
    " UPDATE orders_product SET name = 'x'; UPDATE orders_account SET name = 'x';"
    " UPDATE orders_ordersummary SET customer_name = 'x'",
    "change how and where a group is delivered": "UPDATE orders_deliverygroup"
    " SET method = 'x', deliver_to = 'x', address = 'x'",
    "set statuses and life cycles": "UPDATE orders_ordersummary"
    " SET status = 'canceled', life_cycle = 'unmanaged'",
    "set what was allocated, shipped and sent back": "UPDATE orders_orderitemsummary"
    " SET quantity_allocated = 1, quantity_fulfilled = 1, quantity_return_initiated = 1"
    " WHERE key = '3'",
    "write exceptions": "UPDATE cancellations_processexception SET facts = '{}';"
    " DELETE FROM cancellations_processexception",
    "say that a refund on its way has succeeded or failed": "UPDATE cancellations_refund"
    " SET status = 'processing'; UPDATE cancellations_refund SET status = 'failed'",
    "report a capture": copied(
        OrderEvent,
        LAST_EVENT,
        sequence="3",
        type="'fulfillment_reported'",
        facts="'{}'",
        held_minor="held_minor + 100",
    )
    + "; UPDATE orders_ordersummary SET events_written = 3;"
    " UPDATE orders_paymentsummary SET captured_minor = captured_minor + 100 WHERE key = 'P1'",
    "say that nothing more is coming": copied(
        OrderEvent,
        LAST_EVENT,
        sequence="3",
        type="'nothing_more_expected'",
        facts="'{}'",
        given_elsewhere_minor="given_elsewhere_minor - 100",
    )
    + "; UPDATE orders_ordersummary SET events_written = 3,"
    " given_elsewhere_minor = given_elsewhere_minor - 100",
    "`TRUNCATE` tables": "TRUNCATE orders_account CASCADE",
    "disable or drop triggers": "ALTER TABLE orders_paymentsummary DISABLE TRIGGER ALL;"
    " DROP TRIGGER history_is_final ON cancellations_changeorder;"
    " UPDATE orders_paymentsummary SET captured_minor = 0;"
    " UPDATE cancellations_changeorder SET note = 'x'",
    "replace their functions": "CREATE OR REPLACE FUNCTION history_is_final() RETURNS trigger"
    " LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;"
    " UPDATE cancellations_changeorder SET note = 'x'",
}
"""What the README says that the tables' owner may still do, in its words."""


@pytest.mark.parametrize(("said", "sql"), OWNER_MAY.items(), ids=OWNER_MAY)
def test_what_the_owner_may_still_do(canceled, said, sql):
    assert said in " ".join((PROJECT / "README.md").read_text().split())

    execute(sql)


@pytest.mark.usefixtures("as_application")
@pytest.mark.parametrize(
    "sql", [sql for sql in OWNER_MAY.values() if sql.startswith(("TRUNCATE", "ALTER", "CREATE"))]
)
def test_only_the_owner_may_undo_the_guards(sql):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        execute(sql)


def order_of(lines):
    """So many lines of two, each with an adjustment and a tax, over two payments."""
    items = [
        item(f"{number}", unit_price="1.00", adjustments=[adjustment("-0.50")], taxes=[tax("0.10")])
        for number in range(lines)
    ]
    return order_document(items=items)


def rows_read(act):
    """How many rows the database reads for an act, with all that is checked at its commit."""
    counted = "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables"
    with connection.cursor() as cursor:
        cursor.execute(counted)
        [[before]] = cursor.fetchall()
        act()
        connection.check_constraints()
        cursor.execute(counted)
        [[after]] = cursor.fetchall()
    return after - before


def test_guards_look_once_an_order_not_once_a_row(agent):
    few, many = order_of(200), order_of(2000)
    imported_rows, canceled_rows = [], []
    imported(order_of(2))

    for document in (few, many):
        imported_rows.append(rows_read(lambda document=document: imported(document)))
        order = OrderSummary.objects.get(order_number=document["order_number"])
        canceled_rows.append(rows_read(lambda order=order: cancel(order, select_all(), by=agent)))

    for of_few, of_many in (imported_rows, canceled_rows):
        assert of_many < 15 * of_few
