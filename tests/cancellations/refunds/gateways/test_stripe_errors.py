"""Which of Stripe's errors say for certain that nothing happened."""

import pytest
import stripe

from cancellations.refunds.gateways.stripe.answers import answer_of_error


def refused(code, status=400):
    error = {"type": "invalid_request_error", "code": code, "message": "No."}
    return stripe.InvalidRequestError(
        "No.", None, code, http_status=status, json_body={"error": error}
    )


@pytest.mark.parametrize(
    "code",
    ["charge_already_refunded", "charge_disputed", "amount_too_large", "balance_insufficient"],
)
def test_what_the_payment_does_not_allow_is_refused(code):
    answer = answer_of_error(refused(code), may_refuse=True)

    assert (answer.outcome, answer.code, answer.message) == ("refused", code, "No.")


@pytest.mark.parametrize(
    "code", ["lock_timeout", "rate_limit", "testmode_charges_only", "livemode_mismatch"]
)
def test_what_says_nothing_of_the_payment_leaves_a_doubt(code):
    assert answer_of_error(refused(code), may_refuse=True).outcome == "unknown"


@pytest.mark.parametrize("code", ["resource_missing", None])
def test_what_is_not_found_leaves_a_doubt(code):
    assert answer_of_error(refused(code, status=404), may_refuse=True).outcome == "unknown"


def test_a_question_that_is_refused_says_nothing_of_what_it_asked_about():
    error = refused("parameter_invalid_integer")

    assert answer_of_error(error, may_refuse=False).outcome == "unknown"
