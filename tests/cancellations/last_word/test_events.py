"""What raw SQL may not do, whoever sends it: what happened to an order."""

import pytest

from orders.models import OrderEvent
from tests.cancellations.last_word.sql import LAST_EVENT, copied, each, event, refuses

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.postgresql]

ATTEMPTS = {
    "an event is never changed or deleted": {
        "change an event": "UPDATE orders_orderevent SET held_minor = held_minor + 1",
        "change the facts of an event": "UPDATE orders_orderevent SET facts = '{}'",
        "open an event": "UPDATE orders_orderevent SET is_open = true",
        "delete an event": "DELETE FROM orders_orderevent",
    },
    "does not follow on the one before": {
        "an event that leaves a gap": copied(OrderEvent, LAST_EVENT, sequence="4")
        + "; UPDATE orders_ordersummary SET events_written = 4",
        "an event that is not counted": copied(
            OrderEvent, LAST_EVENT, sequence="3", type="'exception_resolved'"
        ),
        "a second import": copied(OrderEvent, LAST_EVENT, sequence="3", type="'order_imported'")
        + "; UPDATE orders_ordersummary SET events_written = 3",
    },
    "does not say what the order and its payments come to": {
        "an event that holds more": copied(
            OrderEvent,
            LAST_EVENT,
            sequence="3",
            type="'fulfillment_reported'",
            held_minor="held_minor + 1",
        )
        + "; UPDATE orders_ordersummary SET events_written = 3",
        "a report of goodwill that nobody gave": copied(
            OrderEvent,
            LAST_EVENT,
            sequence="3",
            type="'fulfillment_reported'",
            given_elsewhere_minor="100",
        )
        + "; UPDATE orders_ordersummary SET events_written = 3, given_elsewhere_minor = 100",
    },
    "the lines of order": {
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
    },
    "event_type_known": {
        "an event of no type": event("foo"),
    },
    "what hangs on it": {
        "a cancellation without a change order": copied(OrderEvent, LAST_EVENT, sequence="3")
        + "; UPDATE orders_ordersummary SET events_written = 3",
        "resolve an exception and expect more": event(
            "exception_resolved",
            on_order="expected_elsewhere_minor = 100",
            expected_elsewhere_minor="100",
        ),
        "resolve an exception and have kept more": event(
            "exception_resolved",
            on_order="given_elsewhere_minor = -100",
            given_elsewhere_minor="-100",
        ),
        "resolve an exception and have more unpaid": event(
            "exception_resolved",
            on_order="unpaid_elsewhere_minor = 100",
            unpaid_elsewhere_minor="100",
        ),
        "expect nothing more and expect more": event(
            "nothing_more_expected",
            on_order="expected_elsewhere_minor = 100",
            expected_elsewhere_minor="100",
        ),
        "expect nothing more and keep what nobody owed": event(
            "nothing_more_expected",
            on_order="given_elsewhere_minor = -100",
            given_elsewhere_minor="-100",
        ),
        "expect nothing more and have more unpaid": event(
            "nothing_more_expected",
            on_order="unpaid_elsewhere_minor = 100",
            unpaid_elsewhere_minor="100",
        ),
        "resolve an exception and set more aside": event(
            "exception_resolved", held_minor="held_minor - 500"
        )
        + "UPDATE orders_paymentsummary SET reserved_minor = reserved_minor + 500 WHERE key = 'P1'",
        "expect nothing more and set more aside": event(
            "nothing_more_expected", held_minor="held_minor - 500"
        )
        + "UPDATE orders_paymentsummary SET reserved_minor = reserved_minor + 500 WHERE key = 'P1'",
    },
}
"""By what the database says to them."""


@each(ATTEMPTS)
def test_raw_sql_cannot(canceled, told, sql):
    refuses(sql, told)
