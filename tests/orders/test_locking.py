"""Acts that the database interrupts begin again, a bounded number of times."""

import sqlite3
from threading import Event, Thread

import pytest
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from orders.locking import ATTEMPTS, OrderBusy, begun_again_when_interrupted, locked_order
from orders.models import OrderSummary, PaymentSummary
from tests.support.builders import cancel, imported, select
from tests.support.threads import wait_until_blocked

pytestmark = [pytest.mark.slow, pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def failing():
    """An act that meets these causes of an OperationalError in turn, and how often it began."""

    def failing(*causes):
        order = imported()
        begun = []

        @begun_again_when_interrupted
        def act():
            with locked_order(order.order_number):
                begun.append(order)
                if len(begun) <= len(causes):
                    raise OperationalError(str(cause := causes[len(begun) - 1])) from cause
                return "done"

        return act, begun

    return failing


@pytest.mark.parametrize("cause", [DeadlockDetected, SerializationFailure])
def test_an_interrupted_act_begins_again(failing, cause):
    act, begun = failing(cause())

    assert act() == "done"
    assert len(begun) == 2


def test_an_act_that_is_always_interrupted_leaves_the_order_busy(failing):
    act, begun = failing(*[DeadlockDetected()] * 99)

    with pytest.raises(OrderBusy):
        act()
    assert len(begun) == ATTEMPTS


@pytest.mark.parametrize(
    "cause", [LockNotAvailable(), sqlite3.OperationalError("database is locked")]
)
def test_a_wait_that_was_long_enough_is_not_repeated(failing, cause):
    act, begun = failing(cause)

    with pytest.raises(OrderBusy):
        act()
    assert len(begun) == 1


def test_within_a_transaction_around_it_an_act_does_not_begin_again(failing):
    act, begun = failing(DeadlockDetected())

    with pytest.raises(OrderBusy), transaction.atomic():
        act()
    assert len(begun) == 1


def test_other_trouble_is_told_as_what_it_is(failing):
    act, _ = failing(sqlite3.OperationalError("disk I/O error"))

    with pytest.raises(OperationalError, match="disk I/O error"):
        act()


def look_for_deadlocks_after(seconds):
    """How long this connection waits before it looks, once; whoever looks first ends its act."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('deadlock_timeout', %s, false)", [f"{seconds}s"])


@pytest.fixture
def loses_deadlocks():
    """Lets this connection look in good time, when the others are sure to wait."""
    look_for_deadlocks_after(3)
    yield
    look_for_deadlocks_after(1)


@pytest.mark.postgresql
def test_a_submit_that_loses_a_deadlock_cancels_all_the_same(agent, loses_deadlocks):
    order = imported()

    def take_the_payment_first():
        look_for_deadlocks_after(60)
        try:
            with transaction.atomic():
                PaymentSummary.objects.select_for_update().get(order=order)
                holding.set()
                wait_until_blocked()
                OrderSummary.objects.select_for_update().get(pk=order.pk)
        finally:
            connection.close()

    holding = Event()
    outsider = Thread(target=take_the_payment_first)
    outsider.start()
    assert holding.wait(20)
    begun = []
    with connection.execute_wrapper(
        lambda execute, sql, *rest: (begun.append(sql), execute(sql, *rest))[1]
    ):
        change_order = cancel(order, select(), by=agent)
    outsider.join()

    assert change_order.refunds.get().amount_minor == 1000
    assert sum("FOR UPDATE" in sql for sql in begun) == 2
