"""The one lock: an act on an order holds its row, so acts on one order follow each other.

Nothing else is ever locked first. What an act decides on is read after the lock.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import (
    DeadlockDetected,
    LockNotAvailable,
    QueryCanceled,
    SerializationFailure,
)

from orders.models import OrderSummary

LONGEST_WAIT_SECONDS = 5
LONGEST_STATEMENT_SECONDS = 30

_CONTENTION = (LockNotAvailable, DeadlockDetected, SerializationFailure, QueryCanceled)


class OrderBusy(Exception):
    """Someone else is changing this order, and did not finish in time."""

    message = "Someone else is changing this order; nothing was changed. Try again."


class UnknownOrder(Exception):
    """No order summary has this number."""

    message = "There is no order summary with this number."


@contextmanager
def locked_order(order_number: str) -> Iterator[OrderSummary]:
    """A transaction that begins with the order's row locked; nothing else is read yet.

    Raises:
        UnknownOrder: There is no such order.
        OrderBusy: The lock could not be had in time; nothing was written.
    """
    try:
        with transaction.atomic():
            yield _lock(order_number)
    except OperationalError as error:
        if is_contention(error):
            raise OrderBusy from error
        raise


def is_contention(error: Exception) -> bool:
    """Whether the database gave up because of others at work, and wrote nothing.

    A lost connection or a full disk is none: what became of a COMMIT is not known then.
    """
    if isinstance(error.__cause__, sqlite3.OperationalError):
        return "locked" in str(error)
    return isinstance(error.__cause__, _CONTENTION)


def _lock(order_number: str) -> OrderSummary:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LONGEST_WAIT_SECONDS}s'")
            cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST_STATEMENT_SECONDS}s'")
    order = OrderSummary.objects.select_for_update().filter(order_number=order_number).first()
    if order is None:
        raise UnknownOrder
    return order
