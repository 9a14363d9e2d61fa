"""What README says may still be written, and by whom."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from cancellations.acts.approve import withdraw_approval
from cancellations.acts.cancel import preview_cancellation
from cancellations.acts.erase_customer import Customer, erase_customer
from cancellations.acts.exceptions import resolve_exception
from cancellations.acts.expect_nothing_more import expect_nothing_more
from cancellations.acts.submit import ask_second_person
from cancellations.acts.take_order import ImportOutcome, import_orders
from cancellations.acts.undo import undo_change_order
from cancellations.acts.write_note import write_note
from cancellations.queues import queues
from cancellations.refunds.gateways.notices import DisputeTold, Notice
from cancellations.refunds.notices import take_notice
from cancellations.snapshots import Snapshot
from cancellations.work import Done, claim
from cancellations.worker import Draining
from console.models import AuditEntry
from orders.documents.order import read_order
from orders.models import OrderEvent, PaymentSummary
from tests.benchmarks.measuring import PROJECT
from tests.cancellations.last_word.grants import GRANTS
from tests.cancellations.last_word.sql import (
    FAILED_AFTER_ALL,
    LAST_EVENT,
    SUCCEEDED,
    copied,
    event,
    execute,
)
from tests.support.builders import (
    adjustment,
    cancel,
    delivery_charge,
    imported,
    item,
    minor,
    order_document,
    payment,
    report,
    request,
    select,
    settle,
    system_user,
    tax,
)
from tests.support.long_forms import some_of
from tests.support.reports import returned

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.postgresql]

README = " ".join((PROJECT / "README.md").read_text().split())
ANYONE_MAY = {
    "rename lines, change products and accounts": "UPDATE orders_orderitemsummary SET name = 'x';"
    " UPDATE orders_product SET name = 'x', sku = sku || 'x';"
    " UPDATE orders_account SET name = 'x', email = 'x', number = number || 'x'",
    "change how and where a group is delivered": "UPDATE orders_deliverygroup"
    " SET method = 'x', deliver_to = 'x', address = 'x'",
    "set statuses": "UPDATE orders_ordersummary SET status = 'canceled';"
    " UPDATE orders_orderitemsummary SET status = 'canceled'",
    "set what was allocated, shipped and sent back": "UPDATE orders_orderitemsummary"
    " SET quantity_allocated = 1, quantity_fulfilled = 1, quantity_return_initiated = 1"
    " WHERE key = '3'",
    "write exceptions": "UPDATE cancellations_processexception SET facts = '{}';"
    " INSERT INTO cancellations_processexception"
    " (order_id, category, severity, payment_id, facts, opened_at, note)"
    " SELECT order_id, 'refund', severity, payment_id, facts, opened_at, ''"
    " FROM cancellations_processexception",
    "say that a refund or release on its way has succeeded or failed": event("gateway_answered")
    + "; ".join(
        f"UPDATE cancellations_{kind} SET status = '{status}'"
        for kind in ("refund", "release")
        for status in ("processing", "failed")
    ),
    "let one that failed be tried again": event("gateway_answered")
    + "; ".join(
        f"UPDATE cancellations_refund SET status = '{status}'"
        for status in ("processing", "failed", "pending")
    ),
    "withdraw a refund that was not sent": event(
        "person_decided",
        held_minor="held_minor + 1000",
        facts="(SELECT jsonb_build_object('refund', id, 'now', 'withdrawn')"
        " FROM cancellations_refund)",
    )
    + "UPDATE cancellations_refund SET status = 'withdrawn';"
    " UPDATE orders_paymentsummary SET reserved_minor = 0",
    "report a capture": event("fulfillment_reported", held_minor="held_minor + 100")
    + "UPDATE orders_paymentsummary SET captured_minor = captured_minor + 100 WHERE key = 'P1'",
    "report that a refund which succeeded has failed after all": event("gateway_answered")
    + SUCCEEDED
    + FAILED_AFTER_ALL,
    "bring a payment with any gateway reference and any sum captured": event(
        "order_amended", held_minor="held_minor + 900"
    )
    + copied(
        PaymentSummary,
        "(SELECT * FROM orders_paymentsummary WHERE key = 'P2') AS second",
        key="'P9'",
        gateway_reference="'me'",
    ),
    "say that nothing more is coming": event(
        "fulfillment_reported",
        on_order="expected_elsewhere_minor = 100",
        expected_elsewhere_minor="100",
    )
    + copied(
        OrderEvent,
        LAST_EVENT,
        sequence="4",
        type="'nothing_more_expected'",
        expected_elsewhere_minor="0",
        given_elsewhere_minor="-100",
    )
    + "; UPDATE orders_ordersummary SET events_written = 4, expected_elsewhere_minor = 0,"
    " given_elsewhere_minor = -100",
}
OWNER_MAY = {
    "`TRUNCATE` tables": "TRUNCATE orders_account CASCADE",
    "disable or drop triggers": "ALTER TABLE orders_paymentsummary DISABLE TRIGGER ALL;"
    " DROP TRIGGER history_is_final ON cancellations_changeorder;"
    " UPDATE orders_paymentsummary SET captured_minor = 0;"
    " UPDATE cancellations_changeorder SET note = 'x'",
    "replace their functions": "CREATE OR REPLACE FUNCTION history_is_final() RETURNS trigger"
    " LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;"
    " UPDATE cancellations_changeorder SET note = 'x'",
}
"""In the words of README."""


@pytest.mark.parametrize(("said", "sql"), ANYONE_MAY.items(), ids=ANYONE_MAY)
def test_what_anyone_who_may_write_may_still_write(as_application, said, sql):
    assert said in README

    execute(sql)


@pytest.mark.parametrize(("said", "sql"), OWNER_MAY.items(), ids=OWNER_MAY)
def test_what_the_owner_may_still_do(canceled, said, sql):
    assert said in README

    execute(sql)


@pytest.mark.usefixtures("as_application")
@pytest.mark.parametrize("sql", OWNER_MAY.values(), ids=OWNER_MAY)
def test_only_the_owner_may_undo_the_guards(sql):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        execute(sql)


def test_readme_names_the_rights_of_the_applications_role():
    for right, tables in GRANTS.items():
        names = ", ".join(f"`{name}`" for name in sorted(tables))
        assert f"{right} on {names}" in README


def test_readme_names_every_table_of_the_console_that_pages_write():
    written = README.split("Coming in, people’s own")[1].split("besides:")[0]
    for model in {*apps.get_app_config("console").get_models()} - {AuditEntry}:
        assert f"`{model._meta.db_table}`" in written


def every_act(agent, manager):
    """Each of them, and what sends refunds and releases."""
    document = order_document(
        items=[
            item("1", sku="SKU-NEW", adjustments=[adjustment("-1.00")], taxes=[tax("1.00")]),
            delivery_charge(),
        ],
        payments=[payment("27.99"), payment("5.00", "P2", captured="0.00")],
    )
    order = imported(document)
    _with_a_second_person(order, agent)
    cancel(order, select(), by=agent)
    late = {"key": "P2", "captured": "5.00"}
    report(order, returned(1), payments=[late])
    settle(order, by=manager, delivery_groups=("G1",))
    order.refresh_from_db()
    expect_nothing_more(
        order_number=order.order_number,
        shop_keeps_it=True,
        agreed=order.expected_elsewhere_minor,
        by=manager,
    )
    exception = order.process_exceptions.get()
    resolve_exception(exception_id=exception.pk, note="Called", by=manager)
    write_note(order_number=order.order_number, text="Called", request_id="note-1", by=agent)
    [result] = import_orders([read_order({**document, "channel": "Shop"})], by=system_user())
    assert result.outcome is ImportOutcome.AMENDED, result.problems
    _carry_out(agent)
    order.account.refresh_from_db()
    erase_customer(customer=Customer(account=order.account.number), by=manager)


def _with_a_second_person(order, agent):
    asked = request(order, select(), request_id="asked")
    judged = preview_cancellation(request=asked, by=agent)
    agreed = Snapshot.of(judged.quote, judged.lines)
    approval = ask_second_person(request=asked, agreed=agreed, by=agent)
    withdraw_approval(approval_id=approval.pk, by=agent)


def _carry_out(agent):
    """Undo what was canceled, and carry out what was not; with money that nothing could take."""
    order = imported(
        account={"number": "A-7", "name": "Ada", "email": "ada@example.com"},
        payments=[payment("20.00", full_refund_only=True), payment("2.00", "P2")],
    )
    with override_settings(CUSTOMER_NOTICES=True, DEFAULT_FROM_EMAIL="shop@example.com"):
        undo_change_order(change_order_id=cancel(order, select(), by=agent).pk, by=agent)
        cancel(order, select(), by=agent)
        later = timezone.now() + timedelta(hours=1)
        for queue in queues():
            for row in claim(queue, now=later, most=10):
                queue.record([Done(row, queue.work(row, lambda: later))], lambda: later)
    with transaction.atomic():
        Draining(queues(), hands=1)._note_alive()
    lost = DisputeTold("du_1", False, ("ch_P2",), lambda currency: minor("1.00"), "USD")
    take_notice(gateway="sandbox", notice=Notice("evt_1", "dispute", lost))
    with transaction.atomic():
        connection.check_constraints()


@pytest.mark.usefixtures("as_application")
def test_the_applications_role_does_every_act(agent, manager):
    every_act(agent, manager)


@pytest.mark.parametrize(
    ("right", "table"),
    some_of(((right, table) for right, tables in GRANTS.items() for table in tables), every=6),
)
def test_the_applications_role_has_no_right_that_no_act_needs(
    as_application, agent, manager, right, table
):
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"REVOKE {right} ON {table} FROM application")
        cursor.execute("SET LOCAL ROLE application")

    with pytest.raises(ProgrammingError, match=f"permission denied for table {table}"):
        every_act(agent, manager)
