"""What is added to the transaction of a cancellation, whose event is open then, is refused too."""

import pytest

from cancellations.models import ChangeOrder, Refund
from tests.cancellations.last_word.sql import (
    A_DISCOUNT,
    A_NEW_PAYMENT,
    A_REFUND_OVER_P2,
    A_RETURN,
    A_TAX,
    LAST_CHANGE,
    OF_LAST,
    OF_P2,
    copied,
    each,
    refuses,
)
from tests.support.builders import cancel, select

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.postgresql]

CLOSED = "SET CONSTRAINTS ALL IMMEDIATE; "
ATTEMPTS = {
    "does not say what the order and its payments come to": {
        "refund over another payment too": A_REFUND_OVER_P2,
        "give goodwill": "UPDATE orders_ordersummary SET given_elsewhere_minor = 100",
    },
    "or too late for it": {
        "refund over another payment once the event is closed": CLOSED + A_REFUND_OVER_P2,
        "begin with a refund that succeeded": copied(
            Refund,
            "(SELECT * FROM cancellations_refund LIMIT 1) AS one",
            payment_id=OF_P2,
            change_order_id=OF_LAST,
            status="'succeeded'",
        ),
    },
    "an event is never changed or deleted": {
        "open the event once it is closed": CLOSED + "UPDATE orders_orderevent SET is_open = true",
    },
    "a payment of order .* changes without an event": {
        "say that more was captured": "UPDATE orders_paymentsummary"
        " SET captured_minor = captured_minor + 1000",
        "call a payment something else": "UPDATE orders_paymentsummary SET method = 'Cash'",
    },
    "does not follow on the one before": {
        "count one event more": "UPDATE orders_ordersummary SET events_written = 9",
    },
    "what hangs on it": {
        "make another change order": copied(ChangeOrder, LAST_CHANGE, request_id="'forged'"),
    },
    "without an event that makes it": {
        "make a settlement": copied(
            ChangeOrder, LAST_CHANGE, request_id="'forged'", kind="'settlement'"
        ),
    },
    "or no item of it": {
        "return something": A_RETURN,
    },
    "without an event that brings it": {
        "bring a payment": A_NEW_PAYMENT,
    },
    "comes after its line": {
        "bring a discount": A_DISCOUNT,
        "bring a tax": A_TAX,
    },
    "what line 3 of order": {
        "cancel another unit": "UPDATE orders_orderitemsummary"
        " SET quantity_canceled = 1 WHERE key = '3'",
    },
    "the lines of order": {
        "use up a delivery charge": "UPDATE orders_deliverygroup SET flagged_minor = 1000",
    },
    "its refunds and releases say": {
        "set aside over another payment": "UPDATE orders_paymentsummary"
        " SET reserved_minor = reserved_minor + CASE key WHEN 'P1' THEN -100 ELSE 100 END"
        " WHERE key IN ('P1', 'P2')",
        "take less for released": "UPDATE orders_paymentsummary SET released_minor = 400"
        " WHERE key = 'P3'",
    },
}
"""By what the database says to them."""


@each(ATTEMPTS)
def test_raw_sql_cannot(canceled, agent, told, sql):
    cancel(canceled, select("2", 1), by=agent)

    refuses(sql, told)
