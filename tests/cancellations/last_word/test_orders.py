"""What raw SQL may not do, whoever sends it: what an order came with, and what it comes to."""

import pytest

from orders.models import DeliveryGroup, OrderItemSummary, OrderSummary, PaymentSummary
from tests.cancellations.last_word.sql import (
    A_DISCOUNT,
    A_LINE,
    A_NEW_PAYMENT,
    A_TAX,
    OF_LINE_1,
    copied,
    each,
    event,
    refuses,
    written_anew,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.postgresql]

ATTEMPTS = {
    "line_canceled_and_allocated_within_ordered": {
        "cancel more than was ordered": "UPDATE orders_orderitemsummary SET quantity_canceled = 3",
        "cancel what is allocated": "UPDATE orders_orderitemsummary"
        " SET quantity_allocated = 1, quantity_canceled = 2",
    },
    "a line of order .* changes without an event": {
        "set a counter back, to cancel the unit again": "UPDATE orders_orderitemsummary"
        " SET quantity_canceled = 0",
        "say that others canceled it": "UPDATE orders_orderitemsummary"
        " SET quantity_canceled_elsewhere = 1 WHERE key = '1'",
        "cancel without a change order": "UPDATE orders_orderitemsummary"
        " SET quantity_canceled = 2 WHERE key = '1'",
        "return without a change order": "UPDATE orders_orderitemsummary"
        " SET quantity_allocated = 1,"
        " quantity_fulfilled = 1, quantity_return_initiated = 1, quantity_returned = 1"
        " WHERE key = '1'",
        "come by another search path": "SET LOCAL search_path TO '';"
        " UPDATE public.orders_orderitemsummary SET quantity_canceled = 0",
        "say that newer is known of lines": "UPDATE orders_orderitemsummary"
        " SET reported_at = '2999-01-01'",
        "say that others reported units canceled": "UPDATE orders_orderitemsummary"
        " SET reported_canceled = 1",
        "say that others reported units allocated": "UPDATE orders_orderitemsummary"
        " SET reported_allocated = 1",
        "say that others reported units fulfilled": "UPDATE orders_orderitemsummary"
        " SET reported_fulfilled = 1",
        "say that others reported units return initiated": "UPDATE orders_orderitemsummary"
        " SET reported_return_initiated = 1",
        "say that others reported units returned": "UPDATE orders_orderitemsummary"
        " SET reported_returned = 1",
    },
    "what an order came with is never changed or deleted": {
        "write lines anew, to cancel their units again": written_anew(
            OrderItemSummary, quantity_canceled="0"
        ),
        "write payments anew": written_anew(PaymentSummary),
        "keep another currency": "UPDATE orders_ordersummary SET currency_code = 'JPY'",
        "keep other places": "UPDATE orders_ordersummary SET currency_places = 0",
        "take taxes for included": "UPDATE orders_ordersummary SET tax_locale = 'gross',"
        " grand_total_minor = grand_total_minor - tax_minor",
        "give an order another number": "UPDATE orders_ordersummary SET order_number = 'X-9'",
        "order more units": "UPDATE orders_orderitemsummary SET quantity_ordered = 99",
        "raise a price": "UPDATE orders_orderitemsummary SET unit_price_micros = 99999",
        "raise a line": "UPDATE orders_orderitemsummary SET line_amount_minor = 99999",
        "move a line into a bundle": f"UPDATE orders_orderitemsummary SET bundle_id = {OF_LINE_1}"
        " WHERE key = '2'",
        "move a line out of its delivery group": "UPDATE orders_orderitemsummary"
        " SET delivery_group_id = NULL WHERE type = 'product'",
        "give lines other keys": "UPDATE orders_orderitemsummary SET key = 'x' || key",
        "give a line another id": "UPDATE orders_orderitemsummary"
        " SET id = id + 1000 WHERE key = '3'",
        "delete a line": "DELETE FROM orders_orderitemsummary WHERE key = '3'",
        "lower a discount": "UPDATE orders_adjustment SET amount_minor = -1",
        "move a discount to another line": f"UPDATE orders_adjustment SET line_id = {OF_LINE_1}",
        "delete a discount": "DELETE FROM orders_adjustment",
        "raise a tax": "UPDATE orders_taxline SET amount_minor = 1",
        "delete a tax": "DELETE FROM orders_taxline",
        "un-order units": "UPDATE orders_orderitemsummary SET quantity_ordered = 0",
        "send money over another gateway": "UPDATE orders_paymentsummary SET gateway = 'mine'",
        "send money to another reference": "UPDATE orders_paymentsummary"
        " SET gateway_reference = 'me'",
        "refund in part what goes whole": "UPDATE orders_paymentsummary"
        " SET full_refund_only = false",
        "make an order managed or unmanaged": "UPDATE orders_ordersummary"
        " SET life_cycle = 'unmanaged'",
        "date an import back": "UPDATE orders_ordersummary SET imported_at = '2000-01-01'",
        "put lines in another sequence": "UPDATE orders_orderitemsummary"
        " SET position = 9 - position",
        "put delivery groups in another sequence": "UPDATE orders_deliverygroup"
        " SET position = 9 - position",
        "sell another product": "UPDATE orders_orderitemsummary"
        " SET product_id = NULL WHERE key = '1'",
        "say that a line came later": "UPDATE orders_orderitemsummary SET came_with = 2",
    },
    "a payment of order .* changes without an event": {
        "come with events of one's own": "CREATE TEMP TABLE orders_orderevent ON COMMIT DROP AS"
        " SELECT * FROM public.orders_orderevent; UPDATE pg_temp.orders_orderevent"
        " SET is_open = true;"
        " UPDATE orders_paymentsummary SET captured_minor = captured_minor + 1000",
        "call a payment something else": "UPDATE orders_paymentsummary SET method = 'Cash'",
        "put payments in another sequence": "UPDATE orders_paymentsummary"
        " SET position = 9 - position",
        "capture more without a report": "UPDATE orders_paymentsummary"
        " SET captured_minor = captured_minor + 1000",
        "authorize more without a report": "UPDATE orders_paymentsummary"
        " SET authorized_minor = 9999",
        "unrefund elsewhere": "UPDATE orders_paymentsummary SET refunded_elsewhere_minor = 1",
        "charge back": "UPDATE orders_paymentsummary SET charged_back_minor = 1",
        "reserve more than was captured": "UPDATE orders_paymentsummary SET reserved_minor = 2001",
        "refund more than was captured": "UPDATE orders_paymentsummary"
        " SET refunded_here_minor = 1001",
        "free a reservation behind its refund": "UPDATE orders_paymentsummary"
        " SET reserved_minor = 0",
        "take back what was released": "UPDATE orders_paymentsummary"
        " SET released_minor = 0, captured_at_release_minor = NULL",
        "set nothing aside any more without an event": "UPDATE orders_paymentsummary"
        " SET reserved_minor = 0",
        "say that newer is known of payments": "UPDATE orders_paymentsummary"
        " SET reported_at = '2999-01-01'",
        "resolve an exception and capture more": event(
            "exception_resolved", held_minor="held_minor + 500"
        )
        + "UPDATE orders_paymentsummary SET captured_minor = captured_minor + 500 WHERE key = 'P1'",
        "expect nothing more and capture more": event(
            "nothing_more_expected", held_minor="held_minor + 500"
        )
        + "UPDATE orders_paymentsummary SET captured_minor = captured_minor + 500 WHERE key = 'P1'",
    },
    r"^order \d+ changes without an event": {
        "lower a total": "UPDATE orders_ordersummary"
        " SET product_minor = product_minor - 1, grand_total_minor = grand_total_minor - 1",
        "expect less from elsewhere": "UPDATE orders_ordersummary SET expected_elsewhere_minor = 1",
        "give goodwill": "UPDATE orders_ordersummary SET given_elsewhere_minor = 1",
        "count an event that is not there": "UPDATE orders_ordersummary SET events_written = 3",
        "give an order to another customer": "UPDATE orders_ordersummary SET account_id = NULL",
        "call a customer something else": "UPDATE orders_ordersummary SET customer_name = 'x'",
        "say that a customer has another address": "UPDATE orders_ordersummary"
        " SET customer_email = 'x'",
        "say that an order came otherwise": "UPDATE orders_ordersummary SET channel = 'x'",
        "keep another content": "UPDATE orders_ordersummary SET fingerprint = 'x'",
        "say that newer is known of an order": "UPDATE orders_ordersummary"
        " SET told_at = '2999-01-01'",
    },
    "delivery charges of order .* without an event": {
        "release a delivery charge": "UPDATE orders_deliverygroup SET released = true",
        "use up a delivery charge": "UPDATE orders_deliverygroup SET flagged_minor = 1",
    },
    "without an event that brings it": {
        "add a delivery group": copied(
            DeliveryGroup,
            "(SELECT * FROM orders_deliverygroup WHERE key = 'G2') AS second",
            key="'G9'",
        ),
        "add a line": A_LINE,
        "add a payment": A_NEW_PAYMENT,
        "amend an order with a line that came before": event("order_amended") + A_LINE,
    },
    "comes after its line": {
        "add a discount": A_DISCOUNT,
        "add a tax": A_TAX,
        "amend a line that was sold with a discount": event("order_amended") + A_DISCOUNT,
        "amend a line that was sold with a tax": event("order_amended") + A_TAX,
    },
    "tax_not_negative": {
        "a tax below zero": A_TAX.replace("1 FROM", "-1 FROM"),
    },
    "line_returned_never_less_than_at_import": {
        "a negative counter": "UPDATE orders_orderitemsummary SET quantity_returned = -1",
    },
    "payment_amounts_not_negative": {
        "a negative reservation": "UPDATE orders_paymentsummary SET reserved_minor = -1",
    },
    "without an event that imports it": {
        "import an order without an event": copied(OrderSummary, order_number="'F-1'"),
    },
}
"""By what the database says to them."""


@each(ATTEMPTS)
def test_raw_sql_cannot(canceled, told, sql):
    refuses(sql, told)
