"""What verify_orders notes: the exception of an order whose records are not what its events give.

Nothing happened to such an order, so no event tells of it; nobody but a person resolves it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import InternalError, ProgrammingError

from cancellations.history import orders_with_history
from cancellations.marks import mark_orders
from cancellations.models import ProcessException
from cancellations.verification import differences
from orders.locking import OrderBusy, OrderRefused, begun_again_when_interrupted, orders_free_now
from orders.models import OrderSummary

MOST_TOLD = 20
"""Differences of one order that its exception keeps; more are only counted."""

LONGEST_TOLD = 300

BUSY = "someone else is changing this order"


@dataclass(frozen=True, slots=True)
class Noted:
    """How an order differs; ``why_not`` says why there is no exception of it, or is ""."""

    differences: tuple[str, ...]
    why_not: str = ""


def note_differences(order: OrderSummary) -> Noted:
    """Open an exception for an order that differs, or give the open one newer facts.

    The order is verified once more under its lock: of an act that came between two readings
    nothing is left then. What a person resolved is not opened again by the same differences.
    An order that is locked, and a database that takes nothing, are waited for by nobody.

    Args:
        order: Fetched with its history, and found to differ.
    """
    try:
        return _note_under_lock(order)
    except OrderBusy:
        why_not = BUSY
    except (OrderRefused, InternalError, ProgrammingError) as error:
        why_not = str(error).strip() or OrderRefused.message
    return Noted(tuple(differences(order)), why_not)


@begun_again_when_interrupted
def _note_under_lock(order: OrderSummary) -> Noted:
    number = order.order_number
    with orders_free_now([number]) as free:
        if number not in free:
            raise OrderBusy
        (order,) = orders_with_history([number])
        found = tuple(differences(order))
        if found:
            _note(order, _facts(found))
        return Noted(found)


def _facts(found: Sequence[str]) -> dict[str, Any]:
    told = [difference[:LONGEST_TOLD] for difference in found[:MOST_TOLD]]
    return {"count": len(found), "differences": told}


def _note(order: OrderSummary, facts: dict[str, Any]) -> None:
    own = ProcessException.objects.filter(order=order, category=ProcessException.Category.RECORDS)
    last = own.order_by("-pk").first()
    if last is None or (not last.is_open and last.facts != facts):
        ProcessException.objects.create(
            order=order,
            category=ProcessException.Category.RECORDS,
            severity=ProcessException.Severity.HIGH,
            facts=facts,
        )
        mark_orders([order.pk])
    elif last.facts != facts:
        own.filter(pk=last.pk).update(facts=facts)
