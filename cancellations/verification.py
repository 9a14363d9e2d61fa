"""Compare an order summary with its original order plus its change orders (domain.md §3)."""

from collections.abc import Iterator

from cancellations.arithmetic.quotes import moves
from cancellations.history import Replayed, as_imported, replay
from cancellations.models import ChangeOrder
from cancellations.models.change_orders import item_columns
from orders.arithmetic import amounts
from orders.arithmetic.money import Currency, show
from orders.arithmetic.statuses import LineStatus, OrderStatus, line_status
from orders.models import OrderSummary
from orders.standing import as_it_stands


def differences(order: OrderSummary) -> Iterator[str]:
    """Each way in which the stored order differs from what its history gives.

    Args:
        order: Fetched ``with_everything()`` and ``change_orders`` with theirs.
    """
    stored = as_it_stands(order)
    replayed = as_imported(stored, order.lines.all())
    for step in replay(replayed, order.change_orders.all()):
        yield from _change_order_differences(step)
        replayed = step.after
    yield from _line_differences(order, replayed)
    yield from _group_differences(stored, replayed)
    yield from _payment_differences(order)
    yield from _differing("totals", order.totals, replayed.totals)
    yield from _differing("status", OrderStatus(order.status).label, stored.status.label)


def _change_order_differences(step: Replayed) -> Iterator[str]:
    change_order, before, after = step.change_order, step.before, step.after
    items = {item.line.key: item for item in change_order.items.all()}
    where = change_order.number
    moved = moves(before, after, {key: item.quantity for key, item in items.items()})
    yield from _differing(f"{where} lines", sorted(items), sorted(m.line.key for m in moved))
    for move in moved:
        if (item := items.get(move.line.key)) is not None:
            yield from _differing(f"{where} line {move.line.key}", item.columns, item_columns(move))
    yield from _differing(f"{where} totals", change_order.totals, after.totals - before.totals)
    yield from _refund_differences(change_order, after.currency)


def _refund_differences(change_order: ChangeOrder, currency: Currency) -> Iterator[str]:
    if change_order.unassigned_minor < 0:
        refunds = change_order.refund_due_minor - change_order.unassigned_minor
        yield (
            f"{change_order.number} refunds {show(refunds, currency)} of "
            f"{show(change_order.refund_due_minor, currency)} due"
        )


def _line_differences(order: OrderSummary, replayed: amounts.Standing) -> Iterator[str]:
    for line in order.lines.all():
        counters = replayed.lines[line.key].quantities
        where = f"line {line.key}"
        yield from _differing(f"{where} canceled", line.quantity_canceled, counters.canceled)
        yield from _differing(f"{where} returned", line.quantity_returned, counters.returned)
        yield from _differing(
            f"{where} status",
            LineStatus(line.status).label,
            line_status(line.quantities).label,
        )
        if broken := line.quantities.broken_rule():
            yield f"{where}: {broken}"


def _group_differences(stored: amounts.Standing, replayed: amounts.Standing) -> Iterator[str]:
    for key, group in stored.groups.items():
        yield from _differing(f"delivery group {key}", group, replayed.groups[key])


def _payment_differences(order: OrderSummary) -> Iterator[str]:
    refunds = [
        refund
        for change_order in order.change_orders.all()
        for refund in change_order.refunds.all()
    ]
    for payment in order.payments.all():
        own = [refund for refund in refunds if refund.payment_id == payment.pk]
        reserved = sum(refund.reserved_minor for refund in own)
        succeeded = sum(refund.succeeded_minor for refund in own)
        where = f"payment {payment.key}"
        yield from _differing(f"{where} reserved", payment.reserved_minor, reserved)
        yield from _differing(f"{where} refunded", payment.refunded_here_minor, succeeded)


def _differing(what: str, stored: object, recomputed: object) -> Iterator[str]:
    if stored != recomputed:
        yield f"{what}: stored {stored}, recomputed {recomputed}"
