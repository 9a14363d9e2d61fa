"""Is a key one change order, whichever ways it comes at once, and with whatever was agreed?"""

import json
import re
from functools import partial

import pytest
from django.test import Client

from cancellations.models import ChangeOrder, Refund
from orders.models import OrderItemSummary
from tests.integrations.api.conftest import Caller
from tests.proofs.sizes import RACE_ROUNDS
from tests.support.builders import UserFactory, imported, shirts
from tests.support.threads import at_once
from tests.support.wizard_run import WizardRun

CLIENTS = 16
LINES = [{"key": "1", "quantity": 1, "reason": "Changed Mind"}]
BUSY = 503

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def call(manager):
    return Caller(manager)


def path_of(order):
    return f"/orders/{order.order_number}/cancellations"


@pytest.mark.parametrize("number", range(RACE_ROUNDS))
def test_one_key_from_file_wizard_and_api_at_once(call, jsonl, run_command, number):
    order = imported(shirts())
    run = at_its_review(order)
    key = str(run.run)
    file = jsonl({"idempotency_key": key, "order_number": order.order_number, "items": LINES})
    agreed = run.reviewed()
    ways = {
        "wizard": partial(submitted, run, agreed),
        "api": lambda: call("POST", path_of(order), {"items": LINES}, Idempotency_Key=key),
        "file": lambda: run_command("cancel_orders", file),
    }
    acts = [ways[way] for way in ("wizard", "api", "file") for _ in range(4)]

    _backends, outcomes = at_once(*acts[number % 12 :], *acts[: number % 12])

    [made] = ChangeOrder.objects.all()
    assert {number for each in outcomes for number in told_by(each)} == {made.number}
    assert (made.request_id, Refund.objects.count()) == (key, 1)
    assert OrderItemSummary.objects.get(order=order, key="1").quantity_canceled == 1


@pytest.mark.parametrize("number", range(RACE_ROUNDS))
def test_of_many_who_agreed_to_the_same_one_gets_it(call, number):
    """Each under a key of its own: the others are told that the order has changed."""
    order = imported(shirts())
    agreed = call("POST", f"{path_of(order)}/preview", {"items": LINES}).json()["agreed"]
    body = {"items": LINES, "agreed": agreed}

    answers = asked(call, order, body, [f"K-{number}-{each}" for each in range(CLIENTS)])

    assert [each.status_code for each in answers].count(201) == ChangeOrder.objects.count() == 1
    others = {(each.status_code, each.json().get("type")) for each in answers} - {(201, None)}
    assert others <= {(409, "changed"), (BUSY, "busy")}


@pytest.mark.parametrize("number", range(RACE_ROUNDS))
@pytest.mark.parametrize("with_agreed", [True, False])
def test_one_key_of_many_clients_is_one_change_order(call, number, with_agreed):
    order = imported(shirts())
    preview = call("POST", f"{path_of(order)}/preview", {"items": LINES}).json()
    body = {"items": LINES} | ({"agreed": preview["agreed"]} if with_agreed else {})

    answers = asked(call, order, body, ["K"] * CLIENTS)

    [made] = ChangeOrder.objects.all()
    assert {each.status_code for each in answers} <= {201, 200, BUSY}
    assert [each.status_code for each in answers].count(201) <= 1
    told = [each.json()["number"] for each in answers if each.status_code != BUSY]
    assert set(told) == {made.number}


def at_its_review(order):
    """A run of the wizard that selected what the file and the calls do."""
    client = Client()
    client.force_login(UserFactory(agent=True))
    run = WizardRun(client, order.order_number)
    run.select("1")
    run.explain({"1": 1})
    return run


def submitted(run, agreed):
    """Submit once more, from another window of the same session; gives where it ends."""
    window = Client()
    window.cookies = run.client.cookies
    other = WizardRun(window, run.order_number, run=run.run)
    form = {run.current_step: "review", "review-agreed": agreed}
    return window.post(other.url("review"), form, follow=True)


def asked(call, order, body, keys):
    one = partial(call, "POST", path_of(order), body)
    _backends, answers = at_once(*(partial(one, Idempotency_Key=key) for key in keys))
    return answers


def told_by(outcome):
    """The numbers that a way told of: a call, a file's results, or the wizard's finish page."""
    if hasattr(outcome, "lines"):
        return [each["change_order"] for each in outcome.lines if each.get("change_order")]
    assert outcome.status_code in (200, 201, BUSY), outcome.content
    if outcome.headers["Content-Type"].startswith("text/html"):
        return set(re.findall("CO-[0-9]{8}", outcome.content.decode()))
    return [json.loads(outcome.content)["number"]] if outcome.status_code != BUSY else []
