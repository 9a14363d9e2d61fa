import logging
import re

import pytest
from django.db import transaction

from cancellations.acts import change_orders
from cancellations.models import ChangeOrder
from tests.support.builders import (
    cancel,
    delivery_charge,
    imported,
    item,
    payment,
    select,
    shirts,
)
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def committing(caplog, django_capture_on_commit_callbacks):
    """What the writer logs once everything done in the block is committed."""

    def committing(act):
        caplog.set_level(logging.INFO, logger=change_orders.__name__)
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return [record.getMessage() for record in caplog.records]

    return committing


def test_a_cancellation_is_logged_once_it_is_committed(agent, committing):
    order = imported(shirts())

    said = committing(lambda: cancel(order, select(), by=agent))

    number = ChangeOrder.objects.get().number
    assert said == [
        f"{number} cancellation of {order.order_number} by {agent.username}: 103.95 USD"
    ]


def test_nothing_is_logged_before_the_commit(agent, caplog):
    caplog.set_level(logging.INFO)

    cancel(imported(shirts()), select(), by=agent)

    assert caplog.messages == []


def test_an_act_that_is_rolled_back_logs_nothing(agent, committing):
    order = imported(shirts())

    def act():
        with transaction.atomic():
            cancel(order, select(), by=agent)
            transaction.set_rollback(True)

    assert committing(act) == []
    assert not ChangeOrder.objects.exists()


def test_a_repeat_logs_nothing(agent, committing):
    order = imported(shirts())
    cancel(order, select(), by=agent, request_id="R")

    assert committing(lambda: cancel(order, select(), by=agent, request_id="R")) == []


def test_a_return_is_logged_and_a_report_without_one_is_not(committing, jsonl, run_command):
    imported(order_number="X-1", items=[item(quantity=4)])
    shipped = {"key": "1", "quantity_allocated": 4, "quantity_fulfilled": 4}
    returned = {"key": "1", "quantity_return_initiated": 1, "quantity_returned": 1}
    reports = [{"order_number": "X-1", "items": [entry]} for entry in (shipped, returned)]

    said = committing(lambda: run_command("record_fulfillment", jsonl(*reports)))

    assert said == [f"{ChangeOrder.objects.get().number} return of X-1 by batch: 10.00 USD"]


def test_yen_are_logged_without_places(agent, committing):
    order = imported(
        currency="JPY",
        items=[item(unit_price="1200", delivery_group=None)],
        payments=[payment("2400")],
        delivery_groups=[],
    )

    [said] = committing(lambda: cancel(order, select(), by=agent))

    assert said.endswith(": 1200 JPY")


def test_what_fails_after_the_commit_is_told_and_undoes_nothing(agent, committing, monkeypatch):
    def fail(change_order):
        raise RuntimeError

    monkeypatch.setattr(change_orders, "_after_commit", fail)
    order = imported(shirts())

    [said] = committing(lambda: cancel(order, select(), by=agent))

    assert "on_commit()" in said
    assert ChangeOrder.objects.count() == 1


def test_only_what_moved_is_written(agent):
    order = imported(items=[item("1"), item("2"), delivery_charge()])

    with counted_statements() as statements:
        cancel(order, select("1"), by=agent)

    [lines] = [sql for sql in statements if sql.startswith('UPDATE "orders_orderitemsummary"')]
    moved, left_alone = (order.lines.get(key=key).pk for key in ("1", "2"))
    assert re.search(rf"\b{moved}\b", lines)
    assert not re.search(rf"\b{left_alone}\b", lines)
    assert not [sql for sql in statements if sql.startswith('UPDATE "orders_deliverygroup"')]
