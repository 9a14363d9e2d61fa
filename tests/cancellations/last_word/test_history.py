"""What raw SQL may not do, whoever sends it: change orders, refunds and releases."""

import pytest

from cancellations.models import ChangeOrder, Release
from tests.cancellations.last_word.sql import (
    A_REFUND_OVER_P2,
    A_RETURN,
    AT_COMMIT,
    FAILED_AFTER_ALL,
    OF_P2,
    SUCCEEDED,
    change_order,
    copied,
    each,
    event,
    refund,
    refuses,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.postgresql]

ATTEMPTS = {
    "its refunds and releases say": {
        "take a reservation for refunded": "UPDATE orders_paymentsummary"
        " SET reserved_minor = 0, refunded_here_minor = reserved_minor",
        "succeed without counting": event("gateway_answered")
        + "UPDATE cancellations_refund SET status = 'processing';"
        " UPDATE cancellations_refund SET status = 'succeeded'",
        "withdraw without freeing": event("person_decided")
        + "UPDATE cancellations_refund SET status = 'withdrawn'",
        "take what was set aside for refunded": "UPDATE orders_paymentsummary"
        " SET refunded_here_minor = 400, reserved_minor = 600 WHERE key = 'P1'",
        "withdraw a release without its payment": event("person_decided")
        + "UPDATE cancellations_release SET status = 'withdrawn'",
    },
    "change_order_once_per_request": {
        "a second change order for one request": copied(ChangeOrder),
    },
    "without an event that makes it": {
        "a change order without an event": copied(ChangeOrder, request_id="'forged'"),
    },
    "a change order is never changed or deleted": {
        "change a change order": "UPDATE cancellations_changeorder SET grand_total_minor = 0",
        "delete a change order": "DELETE FROM cancellations_changeorder",
        "change an item of one": "UPDATE cancellations_changeorderitem SET quantity = 0",
        "delete an item of one": "DELETE FROM cancellations_changeorderitem",
    },
    "or no item of it": {
        "add an item to a change order": A_RETURN,
    },
    "keeps its payment, its change order and its amount": {
        "raise a refund": "UPDATE cancellations_refund SET amount_minor = 1001",
        "delete a refund": "DELETE FROM cancellations_refund",
        "a refund of nothing": "UPDATE cancellations_refund SET amount_minor = 0",
        "refund over another payment": f"UPDATE cancellations_refund SET payment_id = {OF_P2}",
        "date a refund back": "UPDATE cancellations_refund SET created_at = '2000-01-01'",
        "refund euros": "UPDATE cancellations_refund SET currency_code = 'EUR'",
        "release mills": "UPDATE cancellations_release SET currency_places = 3",
        "release less": "UPDATE cancellations_release SET amount_minor = 1",
        "delete a release": "DELETE FROM cancellations_release",
    },
    "what is pending never becomes failed": {
        "fail before it was sent": event("gateway_answered")
        + "UPDATE cancellations_refund SET status = 'failed'",
        "fail to release what was never sent": event("gateway_answered")
        + "UPDATE cancellations_release SET status = 'failed'",
    },
    "what is pending becomes succeeded without an event": {
        "succeed before it was sent": event("gateway_answered")
        + "UPDATE cancellations_refund SET status = 'succeeded';"
        " UPDATE orders_paymentsummary"
        " SET reserved_minor = 0, refunded_here_minor = reserved_minor",
        "release what was never sent": "UPDATE cancellations_release SET status = 'succeeded'",
    },
    "what is processing becomes succeeded without an event": {
        "succeed when what the event says has been looked at": event("gateway_answered")
        + "UPDATE cancellations_refund SET status = 'processing'; SET CONSTRAINTS ALL IMMEDIATE;"
        " UPDATE cancellations_refund SET status = 'succeeded'",
    },
    "what is processing becomes unknown without an event": {
        "lose sight of a refund": "UPDATE cancellations_refund SET status = 'processing';"
        " UPDATE cancellations_refund SET status = 'unknown'",
    },
    "only what was refused is sent under another key": {
        "send again under another key": "UPDATE cancellations_refund"
        " SET status = 'processing', idempotency_key = 'another'",
    },
    "or too late for it": {
        "refund once more, over another payment": A_REFUND_OVER_P2,
    },
    "gives up an authorization": {
        "release another authorization": copied(Release, payment_id=OF_P2),
    },
    "goes back whole": {
        "refund in part what goes whole in a cancellation, as if chosen": change_order(
            "items_canceled", "cancellation", facts='\'{"chosen": {"P2": 500}}\''
        )
        + refund("P2", 500),
        "refund in part what goes whole where another payment was chosen": change_order(
            "order_settled", "settlement", facts='\'{"chosen": {"P1": 500}}\''
        )
        + refund("P2", 500),
        "refund in part what goes whole where another amount was chosen": change_order(
            "order_settled", "settlement", facts='\'{"chosen": {"P2": 400}}\''
        )
        + refund("P2", 500),
        "refund in part what goes whole where nothing was chosen": change_order(
            "order_settled", "settlement", facts="'{\"chosen\": null}'"
        )
        + refund("P2", 500),
    },
    "what is succeeded becomes failed without an event": {
        "say that a refund which succeeded has failed": event("gateway_answered")
        + SUCCEEDED
        + AT_COMMIT
        + FAILED_AFTER_ALL,
        "say that a release which succeeded has failed": event("gateway_answered")
        + "UPDATE cancellations_release SET status = 'processing';"
        " UPDATE cancellations_release SET status = 'succeeded';"
        + AT_COMMIT
        + "UPDATE cancellations_release SET status = 'failed'",
    },
}
"""By what the database says to them."""


@each(ATTEMPTS)
def test_raw_sql_cannot(canceled, told, sql):
    refuses(sql, told)
