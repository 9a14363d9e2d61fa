"""Refunds over gateways that send whole steps only, from review to verification."""

from dataclasses import replace

import pytest

from cancellations.arithmetic.distribution import Amounts
from cancellations.selection import SelectionRefused
from tests.support.builders import cancel, imported, item, minor, payment, select, settle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def whole_dollars(sandbox):
    """The sandbox sends whole dollars only, until it is told otherwise."""

    def able_to_send(step, smallest):
        able = replace(sandbox.capabilities, amounts=lambda currency: Amounts(step, smallest))
        sandbox.capabilities = able

    able_to_send(100, 100)
    return able_to_send


def an_order(**changes):
    return imported(items=[item(unit_price="10.25")], payments=[payment("20.50")], **changes)


def test_a_refund_goes_in_whole_steps_and_the_rest_is_not_owed_for_ever(
    agent, manager, whole_dollars, work, exceptions, verified
):
    change_order = cancel(an_order(), select(), by=agent)

    assert change_order.refund_due_minor == minor("10.25")
    assert change_order.refunds.get().amount_minor == minor("10.00")
    assert change_order.event.facts["steps"] == {"P1": [100, 100]}
    work()
    work(hours=1)
    assert exceptions() == []
    with pytest.raises(SelectionRefused, match="Nothing is owed"):
        settle(change_order.order, by=manager)
    verified()


def test_what_happened_is_replayed_with_the_steps_of_then(agent, whole_dollars, verified):
    cancel(an_order(), select(), by=agent)

    whole_dollars(1, 1)

    verified()


def test_what_can_be_sent_meanwhile_is_settled(agent, manager, whole_dollars, verified):
    order = cancel(an_order(), select(), by=agent).order
    whole_dollars(1, 1)

    settled = settle(order, by=manager)

    assert settled.refunds.get().amount_minor == minor("0.25")
    assert "steps" not in settled.event.facts
    verified()


def test_a_gateway_that_sends_single_cents_leaves_no_trace(agent, sandbox):
    assert "steps" not in cancel(an_order(), select(), by=agent).event.facts


def test_review_and_record_say_what_is_too_little_to_send(new_run, agent_client, whole_dollars):
    an_order(order_number="W-1")
    run = new_run()
    run.select("1")
    run.explain({"1": 1})

    assert "<strong>$0.25</strong> of it is too little" in run.get("review").text
    assert run.submit().status_code == 302
    record = agent_client.get("/order-summaries/W-1/").text
    assert "$0.25 of it is too little for the payment's gateway to send." in record
    assert "Refund what is owed" not in record
