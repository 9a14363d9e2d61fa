"""The gateway alone: what it makes of Stripe's answers."""

import json
from dataclasses import replace

import pytest

from cancellations.refunds.gateways import Asked, Kind, NoAnswer, NotConfigured
from cancellations.refunds.gateways.stripe.gateway import configured
from tests.proofs.stripe.conftest import KEY
from tests.proofs.stripe.proxy import Fault
from tests.support.builders import USD


def asked(reference, amount=1000, key="key-1", kind=Kind.REFUND, **changes):
    metadata = {"order_number": "T1", "change_order": "CO-1", "idempotency_key": key}
    return Asked(kind, key, reference, amount, USD, metadata=metadata, **changes)


def released(reference, key="key-1"):
    return asked(reference, key=key, kind=Kind.RELEASE)


def test_without_a_key_it_is_not_configured(settings):
    settings.STRIPE_API_KEY = ""
    with pytest.raises(NotConfigured):
        configured()


@pytest.mark.parametrize("by", ["intent", "charge"])
def test_a_payment_is_refunded_by_its_intent_or_its_charge(gateway, proxy, shop, new_intent, by):
    intent = new_intent()
    charge = shop.payment_intents.retrieve(intent).to_dict()["latest_charge"]["id"]
    reference = intent if by == "intent" else charge

    answer = gateway.refund(asked(reference))

    assert answer.outcome == "succeeded"
    assert (answer.amount, answer.currency) == (1000, "USD")
    assert proxy.refunds[answer.gateway_id]["charge"] == charge
    assert proxy.refunds[answer.gateway_id]["metadata"]["order_number"] == "T1"
    assert answer.answer["request_id"] == "req_of_the_proxy"


def test_one_key_refunds_once(gateway, proxy, new_intent):
    intent = new_intent()

    first, second = gateway.refund(asked(intent)), gateway.refund(asked(intent))

    assert first == second
    assert proxy.refunded() == {"key-1": [1000]}


def test_a_key_of_another_request_is_for_people(gateway, proxy, new_intent):
    intent = new_intent()
    gateway.refund(asked(intent))

    answer = gateway.refund(asked(intent, amount=999))

    assert (answer.outcome, answer.code) == ("unknown", "other_request")
    assert proxy.refunded() == {"key-1": [1000]}


@pytest.mark.parametrize(
    ("fault", "outcome", "code"),
    [
        (Fault.ERROR, "unknown", "APIError"),
        (Fault.STORED_ERROR, "unknown", "APIError"),
        (Fault.LOCKED, "unknown", "lock_timeout"),
        (Fault.BAD_GATEWAY, "unknown", "APIError"),
        (Fault.CUT_OFF, "unknown", "APIError"),
        (Fault.NO_REFUND, "unknown", "no_refund"),
        (Fault.WRONG_KEY, "unknown", "AuthenticationError"),
        (Fault.FORBIDDEN, "unknown", "PermissionError"),
        (Fault.DECLINED, "refused", "card_declined"),
        (Fault.SETTLES, "settling", ""),
        (Fault.FAILS, "refused", "lost_or_stolen_card"),
        (Fault.TWICE, "succeeded", ""),
    ],
)
def test_only_what_is_certain_counts_as_refused(gateway, proxy, new_intent, fault, outcome, code):
    intent = new_intent()
    proxy.plan.append(fault)

    answer = gateway.refund(asked(intent))

    assert (answer.outcome, answer.code) == (outcome, code)
    assert "sk_test" not in repr(answer)
    json.dumps([dict(answer.request), dict(answer.answer)])


@pytest.mark.parametrize("fault", [Fault.NOT_REACHED, Fault.NOT_ANSWERED, Fault.LATE])
def test_silence_leaves_a_doubt(gateway, proxy, new_intent, fault):
    intent = new_intent()
    proxy.plan.append(fault)

    with pytest.raises(NoAnswer):
        gateway.refund(asked(intent))

    assert proxy.seen["POST", "/v1/refunds"] == 1, "the library sends nothing again by itself"
    assert gateway.refund(asked(intent)).outcome == "succeeded"
    assert proxy.refunded() == {"key-1": [1000]}


def test_more_than_is_left_is_refused(gateway, new_intent):
    intent = new_intent()
    gateway.refund(asked(intent, amount=1500))

    answer = gateway.refund(asked(intent, amount=501, key="key-2"))

    assert answer.outcome == "refused"
    assert "greater than unrefunded amount" in answer.message


def test_what_was_refunded_whole_is_refused(gateway, new_intent):
    intent = new_intent()
    gateway.refund(asked(intent, amount=2000))

    answer = gateway.refund(asked(intent, key="key-2"))

    assert (answer.outcome, answer.code) == ("refused", "charge_already_refunded")


@pytest.mark.parametrize("reference", ["pi_of_others", "ch_of_others"])
def test_a_payment_that_the_key_does_not_find_leaves_a_doubt(gateway, proxy, reference):
    for answer in (
        gateway.refund(asked(reference)),
        gateway.look_up(asked(reference)),
        gateway.release(released(reference, key="key-2")),
        gateway.look_up(released(reference)),
    ):
        assert (answer.outcome, answer.code) == ("unknown", "resource_missing")


def test_a_reference_that_is_none_of_stripes_is_refused_unsent(gateway, proxy):
    for call in (gateway.refund, gateway.release, gateway.look_up):
        assert (call(asked("1234")).outcome, call(asked("1234")).code) == ("refused", "reference")
    assert not proxy.seen


def test_it_is_looked_up_by_its_name_or_by_our_key(gateway, proxy, new_intent):
    intent = new_intent()
    for number in range(12):
        gateway.refund(asked(intent, amount=10, key=f"key-{number}"))
    known = gateway.refund(asked(intent, key="wanted"))

    by_key = gateway.look_up(asked(intent, key="wanted"))
    by_name = gateway.look_up(asked(intent, key="forgotten", gateway_id=known.gateway_id))

    for found in (by_key, by_name):
        assert (found.outcome, found.gateway_id) == ("succeeded", known.gateway_id)
        assert (found.amount, found.currency) == (1000, "USD")
    assert gateway.look_up(asked(intent, key="never")).outcome == "not_found"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("succeeded", "succeeded"),
        ("pending", "settling"),
        ("requires_action", "settling"),
        ("failed", "refused"),
        ("canceled", "refused"),
        ("of_the_future", "unknown"),
        (None, "unknown"),
    ],
)
def test_the_status_of_a_refund_says_how_far_it_is(gateway, proxy, new_intent, status, outcome):
    intent = new_intent()
    known = gateway.refund(asked(intent))
    proxy.statuses[known.gateway_id] = {"status": status}

    assert gateway.look_up(asked(intent)).outcome == outcome
    named = replace(asked(intent), gateway_id=known.gateway_id)
    assert gateway.look_up(named).outcome == outcome


def test_an_authorization_is_released(gateway, proxy, new_intent):
    intent = new_intent(capture=0)
    assert gateway.look_up(released(intent)).outcome == "not_found"

    assert gateway.release(released(intent)).outcome == "succeeded"
    assert gateway.release(released(intent)).outcome == "succeeded"

    assert proxy.released == {intent}
    assert gateway.look_up(released(intent)).outcome == "succeeded"
    assert gateway.release(released(intent, key="key-2")).outcome == "succeeded"


def test_a_capture_of_a_part_gave_up_the_rest(gateway, proxy, shop, new_intent):
    intent = new_intent(capture=1500)
    charge = shop.payment_intents.retrieve(intent).to_dict()["latest_charge"]["id"]

    for reference in (intent, charge):
        assert gateway.look_up(released(reference)).outcome == "succeeded"
        assert gateway.release(released(reference, key=reference)).outcome == "succeeded"
    assert proxy.released == set()
    assert proxy.refunded() == {}


def test_a_charge_that_is_not_captured_is_released_by_its_intent(gateway, proxy, shop, new_intent):
    intent = new_intent(capture=0)
    charge = shop.payment_intents.retrieve(intent).to_dict()["latest_charge"]["id"]
    assert gateway.look_up(released(charge)).outcome == "not_found"

    assert gateway.release(released(charge)).outcome == "succeeded"
    assert proxy.released == {intent}


def test_silence_on_a_release_leaves_a_doubt(gateway, proxy, new_intent):
    intent = new_intent(capture=0)
    proxy.plan.append(Fault.NOT_ANSWERED)

    with pytest.raises(NoAnswer):
        gateway.release(released(intent))

    assert gateway.look_up(released(intent)).outcome == "succeeded"


def test_nothing_is_kept_that_names_a_person_or_a_key(gateway, proxy, new_intent):
    answer = gateway.refund(asked(new_intent()))

    kept = json.dumps([dict(answer.request), dict(answer.answer)])
    assert KEY not in kept
    assert set(answer.request) == {
        "call",
        "idempotency_key",
        "payment_intent",
        "amount",
        "metadata",
    }
    assert {"id", "status", "amount", "currency"} <= set(answer.answer)
    assert not {"metadata", "payment_method", "balance_transaction"} & set(answer.answer)
