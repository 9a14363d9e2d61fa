"""What a report makes of payments, and of what we owe (domain.md §6)."""

import pytest

from cancellations.acts.record_fulfillment import raise_refunded_elsewhere
from cancellations.models import ProcessException
from tests.support.builders import cancel, imported, item, minor, payment, select, system_user
from tests.support.reports import line, money, report

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_captures_and_refunds_elsewhere_are_taken_over(record):
    order = imported(order_number="X-1", payments=[payment("20.00", captured="0")])

    record(money(captured="20.00", refunded="4.00"))

    taken = order.payments.get()
    assert (taken.captured_minor, taken.refunded_elsewhere_minor) == (2000, 400)
    assert (taken.refundable_minor, taken.authorized_minor) == (1600, 2000)


def test_more_than_was_authorized_is_captured_without_a_word(order, record, verified):
    finished = record(money(authorized="10.00", captured="46.00"), money(captured="50.00"))

    assert finished.output == "2 recorded, 0 refused\n"
    taken = order.payments.get()
    assert (taken.authorized_minor, taken.captured_minor) == (minor("10.00"), minor("50.00"))
    assert not ProcessException.objects.exists()
    verified()


def test_a_chargeback_is_taken_over_and_can_be_refunded_no_more(order, record, agent):
    record(money(charged_back="40.00"))
    change_order = cancel(order, select(), by=agent)

    assert order.payments.get().charged_back_minor == minor("40.00")
    assert change_order.refund_due_minor == 0


def test_captures_after_a_cancellation_leave_what_is_owed_to_the_next_change(record, agent):
    order = imported(order_number="X-1", payments=[payment("20.00", captured="0")])
    cancel(order, select(), by=agent)

    record(money(captured="20.00"))
    second = cancel(order, select(), by=agent)

    assert second.refund_due_minor == minor("20.00")
    assert second.owed_before_minor == minor("10.00")


def test_refunds_elsewhere_stand_beside_our_own(order, record, agent):
    cancel(order, select(), by=agent)

    record(money(refunded="3.00"))

    taken = order.payments.get()
    assert (taken.reserved_minor, taken.refunded_elsewhere_minor) == (minor("10.25"), 300)


def test_a_return_whose_refund_runs_elsewhere_is_not_paid_out_again(record, agent):
    """The coat of 80.00 of domain.md §6."""
    coat = item("1", quantity=1, unit_price="80.00", quantity_allocated=1, quantity_fulfilled=1)
    scarves = item("2", quantity=2, unit_price="30.00")
    order = imported(order_number="X-1", items=[coat, scarves])

    record(report(line(return_initiated=1, returned=1)))
    first = cancel(order, select("2"), by=agent)
    record(money(refunded="80.00"))
    second = cancel(order, select("2"), by=agent)

    dues = [change_order.refund_due_minor for change_order in (first, second)]
    assert dues == [minor("30.00"), minor("30.00")]


def test_goodwill_given_elsewhere_is_not_taken_from_the_next_refund(order, record, agent):
    record(money(refunded="10.00"))

    order.refresh_from_db()
    assert order.given_elsewhere_minor == minor("10.00")
    assert cancel(order, select(), by=agent).refund_due_minor == minor("10.25")


def test_amounts_are_read_in_the_orders_currency(record):
    yen = item(unit_price="1500")
    order = imported(
        order_number="X-1", currency="JPY", items=[yen], payments=[payment("3000", captured="0")]
    )

    record(money(captured="3000"))

    assert order.payments.get().captured_minor == 3000


def test_what_is_raised_under_a_name_is_raised_once(order, verified):
    for _ in range(2):
        raise_refunded_elsewhere(order, "P1", minor("5.00"), event="re_1", by=system_user())

    assert order.payments.get().refunded_elsewhere_minor == minor("5.00")
    verified()
