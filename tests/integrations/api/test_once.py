"""One key is one change order, whichever way it comes and however many come at once."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection

from cancellations.models import ChangeOrder
from orders.models import OrderItemSummary
from tests.support.builders import imported, shirts

CLIENTS = 16
LINES = [{"key": "1", "quantity": 1, "reason": "Changed Mind"}]


@pytest.mark.django_db
def test_what_a_file_canceled_is_answered_as_done(call, jsonl, capsys):
    order = imported(shirts())
    asked = {"idempotency_key": "K", "order_number": order.order_number, "items": LINES}
    call_command("cancel_orders", str(jsonl(asked)))
    made = json.loads(capsys.readouterr().out)["change_order"]
    path = f"/orders/{order.order_number}/cancellations"
    again = call("POST", path, {"items": LINES}, Idempotency_Key="K")
    assert (again.status_code, again.json()["number"]) == (200, made)
    assert ChangeOrder.objects.count() == 1


@pytest.mark.postgresql
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keys", [["K"], [f"K-{n}" for n in range(CLIENTS)]])
def test_clients_at_once(caller_of, integrator, keys):
    """Under one key one of them cancels; under many no unit is canceled twice."""
    order = imported(shirts())
    available = OrderItemSummary.objects.get(order=order, key="1").quantity_ordered
    call = caller_of(integrator)
    path = f"/orders/{order.order_number}/cancellations"

    def ask(number):
        try:
            key = keys[number % len(keys)]
            return call("POST", path, {"items": LINES}, Idempotency_Key=key)
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(ask, range(CLIENTS)))
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {200, 201, 409, 503}
    made = {answer.json()["number"] for answer in answers if answer.status_code in (200, 201)}
    canceled = OrderItemSummary.objects.get(order=order, key="1").quantity_canceled
    assert ChangeOrder.objects.count() == len(made) == canceled == min(len(keys), available)
