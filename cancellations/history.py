"""Orders with their change orders: read as many as there are, and replayed one by one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Prefetch, QuerySet

from cancellations.arithmetic.quotes import Asked, standing_after
from cancellations.models import ChangeOrder, ChangeOrderItem, Refund
from orders.arithmetic import amounts
from orders.arithmetic.statuses import Quantities
from orders.models import OrderItemSummary, OrderSummary
from orders.standing import with_everything

CHUNK = 25


@dataclass(frozen=True, slots=True)
class Replayed:
    """An order right before and right after one of its change orders.

    Only what follows from originals and change orders is of that time: lines, amounts and
    delivery groups. Payments are as they stand now, and nothing is allocated.
    """

    change_order: ChangeOrder
    before: amounts.Standing
    after: amounts.Standing


def with_items_and_refunds(change_orders: QuerySet[ChangeOrder]) -> QuerySet[ChangeOrder]:
    """All that pages and documents read of change orders, as they were made, in three queries."""
    return (
        change_orders.select_related("created_by")
        .prefetch_related(
            Prefetch("items", ChangeOrderItem.objects.select_related("line")),
            Prefetch("refunds", Refund.objects.select_related("payment")),
        )
        .order_by("pk")
    )


def orders_with_history(numbers: Sequence[str] | None = None) -> Iterator[OrderSummary]:
    """Orders by number (all, or those named), never more than a chunk of them in memory."""
    orders = _with_change_orders(ChangeOrder.objects.all()).order_by("order_number")
    if numbers:
        orders = orders.filter(order_number__in=numbers)
    last = ""
    while chunk := list(orders.filter(order_number__gt=last)[:CHUNK]):
        yield from chunk
        last = chunk[-1].order_number


def orders_with_history_until(change_order: int) -> QuerySet[OrderSummary]:
    """The order of a change order (by primary key) with its change orders up to that one."""
    until = ChangeOrder.objects.filter(pk__lte=change_order)
    return _with_change_orders(until).filter(change_orders=change_order)


def as_imported(
    standing: amounts.Standing, order_lines: Iterable[OrderItemSummary]
) -> amounts.Standing:
    """The order as imported, as far as money goes: only units returned before are gone."""
    returned = {line.key: line.quantity_returned_at_import for line in order_lines}
    return replace(
        standing,
        lines={
            key: replace(
                line, quantities=Quantities(line.quantities.ordered, returned=returned[key])
            )
            for key, line in standing.lines.items()
        },
        groups={key: amounts.Group(key) for key in standing.groups},
    )


def replay(imported: amounts.Standing, change_orders: Iterable[ChangeOrder]) -> Iterator[Replayed]:
    """What each change order of an order did to it, with the arithmetic that made it.

    Args:
        imported: The order before all of them.
        change_orders: All from the first on, as they were made, with their items.
    """
    before = imported
    for change_order in change_orders:
        after = _after(before, change_order)
        yield Replayed(change_order, before, after)
        before = after


def _with_change_orders(change_orders: QuerySet[ChangeOrder]) -> QuerySet[OrderSummary]:
    return with_everything().prefetch_related(
        Prefetch("change_orders", with_items_and_refunds(change_orders))
    )


def _after(before: amounts.Standing, change_order: ChangeOrder) -> amounts.Standing:
    moved = [item for item in change_order.items.all() if item.quantity]
    if change_order.kind == ChangeOrder.Kind.CANCELLATION:
        return standing_after(
            before, [Asked(item.line.key, item.quantity, item.refund_delivery) for item in moved]
        )
    lines = dict(before.lines)
    for item in moved:
        line = lines[item.line.key]
        returned = line.quantities.returned + item.quantity
        lines[item.line.key] = replace(line, quantities=replace(line.quantities, returned=returned))
    return replace(before, lines=lines)
