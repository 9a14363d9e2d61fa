"""Payments whose figures do not fit are taken with a process exception (domain.md §2, §6)."""

import pytest

from cancellations.models import Refund
from orders.models import PaymentSummary
from tests.support.builders import (
    cancel,
    carried_out,
    imported,
    item,
    minor,
    payment,
    select,
    select_all,
)
from tests.support.reports import line, money, paid, report

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_money_set_aside_may_be_uncaptured_with_an_exception(
    order, record, agent, exceptions, verified
):
    cancel(order, select_all(), by=agent)

    record(money(captured="40.00"))

    taken = order.payments.get()
    assert (taken.captured_minor, taken.refundable_minor) == (minor("40.00"), 0)
    assert exceptions() == [
        (
            "payment",
            "P1",
            "high",
            "Captured: 40.00 USD; refunded: 0.00 USD; charged back: 0.00 USD; set aside for"
            " refunds: 41.00 USD. That is more than was captured.",
        )
    ]
    verified()


@pytest.mark.parametrize("figures", [{"refunded": "46.01"}, {"charged_back": "46.01"}])
def test_more_may_go_back_than_was_captured(order, record, exceptions, verified, figures):
    record(money(**figures))

    assert [found[:2] for found in exceptions()] == [("payment", "P1")]
    verified()
    record(money(captured="46.01"))
    assert exceptions() == []


def test_a_capture_after_its_release_is_taken_with_an_exception(record, agent, exceptions):
    order = imported(
        order_number="X-1", payments=[payment("20.00", captured="10.00", authorized="20.00")]
    )
    cancel(order, select(), by=agent)
    assert order.payments.get().released_minor == minor("10.00")

    record(money(captured="12.00"))

    assert order.payments.get().captured_minor == minor("12.00")
    assert exceptions() == [
        (
            "payment",
            "P1",
            "high",
            "12.00 USD is captured; it was 10.00 USD when the rest of the authorization was"
            " released.",
        )
    ]


def test_more_refunded_than_expected_beside_an_unfinished_refund_of_ours_is_for_a_person(
    order, record, agent, exceptions, verified
):
    cancel(order, select(), by=agent)

    record(money(refunded="10.25"))
    record(money(refunded="10.25"), money(refunded="0.00"))

    assert exceptions() == [
        (
            "refund",
            "P1",
            "high",
            "10.25 USD more was refunded elsewhere than was expected, while 10.25 USD of ours"
            " over this payment is not finished: it may be the same refund.",
        )
    ]
    verified()


def test_what_was_expected_or_goes_over_another_payment_is_nobodys_matter(
    record, agent, exceptions
):
    order = imported(
        order_number="X-1",
        items=[item(quantity=4, quantity_allocated=2, quantity_fulfilled=2)],
        payments=[payment("10.00", "P1"), payment("30.00", "P2")],
    )
    cancel(order, select(), by=agent)
    record(report(line(return_initiated=2, returned=2)))
    assert Refund.objects.get().payment.key == "P1"

    record(report(payments=[paid("P2", refunded="25.00")]))

    assert exceptions() == []
    assert PaymentSummary.objects.get(key="P2").refunded_elsewhere_minor == minor("25.00")


def test_a_finished_refund_of_ours_is_no_reason_to_ask(order, record, agent, exceptions):
    cancel(order, select(), by=agent)
    carried_out(Refund.objects.get())

    record(money(refunded="10.25"))

    assert exceptions() == []


def test_an_order_may_come_with_figures_that_do_not_fit(exceptions, verified):
    imported(payments=[payment("20.00", refunded="15.00", charged_back="6.00")])

    assert [found[:3] for found in exceptions()] == [("payment", "P1", "high")]
    verified()
