"""The locks of the acts: what is decided is read after the lock, and acts follow each other.

One order of locking, for every act; nobody takes an earlier one while holding a later one:

1. order summaries, by number: an act on one order locks that one, an import all it finds;
2. on an import, what is new or changed, each by its key: accounts, products, order summaries;
3. what belongs to those orders: lines, delivery groups, payments, change orders, refunds.

Beside them foreign keys share locks on users and reasons, which no act changes.

The wait for an order's lock is bounded as a whole, by the time of its statement: PostgreSQL
counts a lock timeout anew for each lock that stands in a queue. A deadlock or a serialization
failure, which this order leaves to outsiders with SQL of their own, lets the act begin again.
"""

import logging
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import (
    DeadlockDetected,
    LockNotAvailable,
    QueryCanceled,
    SerializationFailure,
)
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random

from orders.models import OrderSummary

logger = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 5
LONGEST_STATEMENT_SECONDS = 30
ATTEMPTS = 3  # guard: beginning again


class OrderBusy(Exception):
    """Someone else is changing this order, and did not finish in time; nothing was written."""

    message = "Someone else is changing this order; nothing was changed. Try again."


class OrderRefused(Exception):
    """The database refused what an act wrote, for records that do not agree; nothing was."""

    message = "The database refused this change; nothing was changed. verify_orders may say why."


class Interrupted(OrderBusy):
    """The database ended the transaction in favor of another, and begun again it may succeed."""


class UnknownOrder(Exception):
    """No order summary has this number."""

    message = "There is no order summary with this number."


begun_again_when_interrupted = retry(
    retry=retry_if_exception_type(Interrupted),
    stop=stop_after_attempt(ATTEMPTS),
    wait=wait_random(max=0.1),
    reraise=True,
)
"""Decorates an act: interrupted, it begins again from its first lock, ``ATTEMPTS`` times in all."""


@contextmanager
def locked_order(order_number: str) -> Iterator[OrderSummary]:
    """A transaction that begins with the order's row locked; nothing else is read yet.

    Raises:
        UnknownOrder: There is no such order.
        OrderBusy: The lock could not be had in time; nothing was written.
        OrderRefused: The database refused what was written in it.
    """
    with _bounded_transaction():
        orders = OrderSummary.objects.select_for_update()  # guard: the lock
        order = orders.filter(order_number=order_number).first()
        if order is None:
            raise UnknownOrder
        _bound_statements(LONGEST_STATEMENT_SECONDS)
        yield order


@contextmanager
def locked_orders(order_numbers: Iterable[str]) -> Iterator[dict[str, OrderSummary]]:
    """The same for many: those of the orders that are there, by number.

    Raises:
        OrderBusy: A lock could not be had in time; nothing was written.
        OrderRefused: The database refused what was written in it.
    """
    with _bounded_transaction():
        orders = OrderSummary.objects.select_for_update().order_by("order_number")
        found = {
            order.order_number: order for order in orders.filter(order_number__in=order_numbers)
        }
        _bound_statements(LONGEST_STATEMENT_SECONDS)
        yield found


@contextmanager
def orders_free_now(order_numbers: Iterable[str]) -> Iterator[dict[str, OrderSummary]]:
    """The same for those that nobody else has locked: it waits for none, and leaves the others.

    Raises:
        OrderBusy: On SQLite, whose one writer somebody else was for too long.
        OrderRefused: The database refused what was written in it.
    """
    with _bounded_transaction():
        free = OrderSummary.objects.select_for_update(skip_locked=True)  # guard: free orders
        found = {
            order.order_number: order
            for order in free.filter(order_number__in=order_numbers).order_by("order_number")
        }
        _bound_statements(LONGEST_STATEMENT_SECONDS)
        yield found


def is_contention(error: Exception) -> bool:
    """Whether the database gave up because of others at work, and wrote nothing.

    A lost connection or a full disk is none: what became of a COMMIT is not known then.
    """
    if isinstance(error.__cause__, sqlite3.OperationalError):
        return "locked" in str(error)
    return isinstance(error.__cause__, LockNotAvailable | QueryCanceled) or _is_interruption(error)


@contextmanager
def _bounded_transaction() -> Iterator[None]:
    """A transaction whose waits are bounded, and whose contention is told as what it is.

    Only a transaction of its own can begin again: of one around it, more would be lost.
    """
    may_begin_again = not connection.in_atomic_block
    try:
        with transaction.atomic():
            _bound_statements(LONGEST_WAIT_SECONDS)
            yield
    except IntegrityError as error:
        logger.warning("the database refused what an act wrote", exc_info=error)
        raise OrderRefused from error
    except OperationalError as error:
        if may_begin_again and _is_interruption(error):
            raise Interrupted from error
        if is_contention(error):
            raise OrderBusy from error
        raise


def _bound_statements(seconds: float) -> None:
    """For this transaction alone; SQLite's wait for its one writer stands in the settings."""
    if connection.vendor == "postgresql":  # guard: the bound on waiting
        with connection.cursor() as cursor:
            cursor.execute(
                f"SET LOCAL lock_timeout = '{LONGEST_WAIT_SECONDS}s';"
                f"SET LOCAL statement_timeout = '{seconds}s'"
            )


def _is_interruption(error: Exception) -> bool:
    return isinstance(error.__cause__, DeadlockDetected | SerializationFailure)
