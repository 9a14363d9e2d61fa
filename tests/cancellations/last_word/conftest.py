import pytest
from django.db import connection

from cancellations.models import ProcessException
from cancellations.refunds import gateways
from cancellations.refunds.gateways.sandbox.gateway import Sandbox
from cancellations.refunds.gateways.sandbox.ledger import MemoryLedger
from tests.cancellations.last_word.grants import GRANTS
from tests.support.builders import (
    adjustment,
    cancel,
    delivery_charge,
    delivery_group,
    imported,
    item,
    order_document,
    payment,
    select,
    tax,
)


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
    ProcessException.objects.create(
        order=order,
        category="payment",
        severity="high",
        payment=order.payments.get(key="P3"),
        facts={"captured": 1},
    )
    connection.check_constraints()
    return order


@pytest.fixture
def as_application(canceled, agent, manager, monkeypatch):
    """From here on the role is one that has the rights that the application needs, and no other."""
    monkeypatch.setitem(gateways._FACTORIES, "sandbox", lambda: Sandbox(MemoryLedger()))
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE application")
        for right, tables in GRANTS.items():
            cursor.execute(f"GRANT {right} ON {', '.join(tables)} TO application")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO application")
        cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO application")
        cursor.execute("SET LOCAL ROLE application")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
