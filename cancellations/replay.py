"""Orders taken from how they were sold through all that happened to them, event by event."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from cancellations.arithmetic.beginnings import as_sold, without
from cancellations.happened import HAPPENED, Happened, Replayed, amended, undone
from orders.fetching import related_rows
from orders.models import OrderEvent, OrderSummary
from orders.standing import as_fetched


class CannotBeReplayed(Exception):
    """The facts of an event are not those of its type, or a change order follows from none."""


def replay(order: OrderSummary) -> Iterator[Happened]:
    """What each event of an order made of it, with the arithmetic that made it.

    Args:
        order: Fetched with its history; it ends with the last of the change orders fetched, or
            with the last event when all were.

    Raises:
        CannotBeReplayed: When it comes to such an event.
    """
    try:
        yield from _replayed(order)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CannotBeReplayed from error


def _replayed(order: OrderSummary) -> Iterator[Happened]:
    sold = as_sold(as_fetched(order))
    change_orders = defaultdict(list)
    for change_order in related_rows(order, "change_orders"):
        change_orders[change_order.event_id].append(change_order)
    standing = without(sold, *_additions(related_rows(order, "events")))
    made: dict[int, Replayed] = {}
    for event in related_rows(order, "events"):
        own = tuple(change_orders[event.pk])
        if event.type == OrderEvent.Type.AMENDED:
            happened = amended(standing, event, own, sold)
        elif event.type == OrderEvent.Type.UNDONE:
            happened = undone(standing, event, own, made)
        else:
            happened = HAPPENED[OrderEvent.Type(event.type)](standing, event, own)
        yield happened
        made |= {step.change_order.pk: step for step in happened.changes}
        standing = happened.after


def _additions(events: Iterable[OrderEvent]) -> tuple[set[str], set[str]]:
    """The keys of the lines and payments that amendments brought."""
    lines: set[str] = set()
    payments: set[str] = set()
    for event in events:
        if event.type == OrderEvent.Type.AMENDED:
            lines |= event.facts["added"]["lines"].keys()
            payments |= event.facts["added"]["payments"].keys()
    return lines, payments


def last_of(order: OrderSummary) -> Replayed:
    """What the last of the change orders that an order was fetched with did to it.

    Raises:
        CannotBeReplayed: It does not follow from the order's events.
    """
    *_, last = related_rows(order, "change_orders")
    for happened in replay(order):
        for step in happened.changes:
            if step.change_order.pk == last.pk:
                return step
    raise CannotBeReplayed
