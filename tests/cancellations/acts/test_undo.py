from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cancellations.acts.undo import (
    DOUBTFUL_LINE,
    NOT_OURS,
    NOT_THE_LAST,
    SENT,
    TOO_LATE,
    CannotBeUndone,
    UnknownChangeOrder,
    undo_change_order,
)
from cancellations.models import ChangeOrder, Refund
from cancellations.refunds.carrying_out import queue_of
from cancellations.selection import NotAllowed
from cancellations.work import claim
from tests.support.builders import (
    cancel,
    delivery_charge,
    fee,
    imported,
    item,
    minor,
    payment,
    report,
    select,
    select_all,
    settle,
)
from tests.support.threads import wait_until_blocked

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def figures(order):
    order.refresh_from_db()
    return (
        order.status,
        order.totals,
        [
            (line.quantity_canceled, line.status, line.released)
            for line in order.lines.order_by("pk")
        ],
        [(group.flagged_minor, group.released) for group in order.delivery_groups.all()],
        [payment.figures for payment in order.payments.all()],
    )


@pytest.fixture
def order(db):
    """Captured 40.00 of 48.00 over one payment; the other one only authorized."""
    return imported(
        items=[item(quantity=4), delivery_charge(unit_price="5.00"), fee()],
        payments=[payment("40.00"), payment("8.00", "P2", captured="0.00")],
    )


def undo(change_order, by, **changes):
    return undo_change_order(change_order_id=change_order.pk, by=by, **changes)


def test_undoing_gives_back_exactly_what_a_change_took(order, agent, verified):
    before = figures(order)
    for lines in (
        (select(quantity=1),),
        (select(quantity=3, refund_delivery=True),),
        (select_all(refund_delivery=True, refund_fees=True),),
    ):
        change_order = cancel(order, *lines, by=agent)
        assert figures(order) != before

        reversal = undo(change_order, agent).change_order

        assert figures(order) == before
        assert reversal.kind == ChangeOrder.Kind.REVERSAL
        assert reversal.undoes == change_order
        assert reversal.grand_total_minor == -change_order.grand_total_minor
        assert {refund.status for refund in change_order.refunds.all()} <= {"withdrawn"}
        assert {release.status for release in change_order.releases.all()} <= {"withdrawn"}
        verified()


def test_a_settlement_is_undone_with_its_delivery_and_fees(agent, manager, verified):
    order = imported(
        items=[item(quantity=1), delivery_charge(unit_price="5.00"), fee()],
        payments=[payment("18.00")],
    )
    cancel(order, select(), by=agent)
    before = figures(order)
    settlement = settle(order, by=manager, delivery_groups=("G1",), refund_fees=True)
    assert figures(order) != before

    undo(settlement, agent)

    assert figures(order) == before
    verified()


def test_undoing_twice_gives_the_same_reversal(order, agent):
    change_order = cancel(order, select(), by=agent)

    first, second = undo(change_order, agent), undo(change_order, agent)

    assert (first.is_repeat, second.is_repeat) == (False, True)
    assert first.change_order == second.change_order


def test_what_was_undone_can_be_canceled_again(order, agent, verified):
    undo(cancel(order, select(quantity=4), by=agent), agent)

    cancel(order, select(quantity=4), by=agent)

    assert Refund.objects.filter(status="pending").count() == 1
    verified()


def test_what_was_reported_meanwhile_stays(order, agent, verified):
    change_order = cancel(order, select(quantity=1), by=agent)
    report(
        order,
        {"key": "1", "quantity_allocated": 2, "quantity_fulfilled": 1},
        payments=[{"key": "P2", "captured": "3.00"}],
    )

    undo(change_order, agent)

    line = order.lines.get(key="1")
    assert (line.quantity_canceled, line.quantity_allocated, line.quantity_fulfilled) == (0, 2, 1)
    assert order.payments.get(key="P2").captured_minor == minor("3.00")
    verified()


def refused(change_order, by, **changes):
    with pytest.raises(CannotBeUndone) as refusal:
        undo(change_order, by, **changes)
    assert not ChangeOrder.objects.filter(kind="reversal", undoes=change_order).exists()
    return refusal.value.message


def test_after_the_hold_it_is_too_late(order, agent):
    change_order = cancel(order, select(), by=agent)

    assert refused(change_order, agent, now=change_order.held_until) == TOO_LATE
    assert undo(change_order, agent, now=change_order.held_until - timedelta(seconds=1))


def test_only_the_last_change_order_is_undone(order, agent):
    first, second = (cancel(order, select(), by=agent) for _ in range(2))

    assert refused(first, agent) == NOT_THE_LAST
    undo(second, agent)
    assert refused(first, agent) == NOT_THE_LAST


def test_a_reported_change_and_a_reversal_are_not_undone(order, agent):
    report(order, {"key": "1", "quantity_canceled": 1})
    reversal = undo(cancel(order, select(), by=agent), agent).change_order

    assert refused(ChangeOrder.objects.get(kind="reported_cancellation"), agent) == NOT_OURS
    assert refused(reversal, agent) == NOT_OURS


def test_what_was_sent_is_not_undone(order, agent, run_command):
    change_order = cancel(order, select(quantity=4), by=agent)
    Refund.objects.update(status="processing")

    assert refused(change_order, agent) == SENT


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_takes_a_refund_is_waited_for(order, agent):
    change_order = cancel(order, select(quantity=4), by=agent)

    def take_it():
        try:
            with transaction.atomic():
                assert claim(queue_of(Refund), now=change_order.held_until, most=1)
                holding.set()
                wait_until_blocked()
        finally:
            connection.close()

    holding = Event()
    worker = Thread(target=take_it)
    worker.start()
    assert holding.wait(20)
    assert refused(change_order, agent) == SENT
    worker.join()


def test_a_line_with_an_open_exception_does_not_come_back(order, agent):
    change_order = cancel(order, select(quantity=4), by=agent)
    report(
        order,
        {"key": "1", "quantity_allocated": 4, "quantity_fulfilled": 4},
    )

    assert refused(change_order, agent) == DOUBTFUL_LINE


def test_who_may_not_cancel_undoes_nothing(order, agent, viewer):
    change_order = cancel(order, select(), by=agent)

    with pytest.raises(NotAllowed):
        undo(change_order, viewer)


def test_there_is_nothing_to_undo_where_there_is_no_change_order(agent):
    with pytest.raises(UnknownChangeOrder):
        undo_change_order(change_order_id=999_999, by=agent, now=timezone.now())
