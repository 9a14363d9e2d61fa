"""What an order comes to now, as its pages show it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from cancellations.arithmetic.changes import totals_shown
from console.records.lines import Parts, named_order_adjustments, named_taxes
from orders.arithmetic.amounts import Standing
from orders.arithmetic.money import Minor
from orders.models import OrderSummary


def read_totals(order: OrderSummary, standing: Standing) -> Iterator[tuple[str, Minor, Parts]]:
    """A label and an amount each, the last of which the others add up to; and named parts of it."""
    for name, label in totals_shown(standing).items():
        yield _(label), getattr(order.totals, name), _parts(name, order, standing)


def _parts(name: str, order: OrderSummary, standing: Standing) -> Parts:
    """What the order's tax or discount is made up of by name; nothing where all has one."""
    by_name = {"tax": named_taxes, "order_adjustments": named_order_adjustments}
    if name not in by_name:
        return ()
    amounts: dict[str, Minor] = {}
    for line in order.lines.all():
        for part, share in by_name[name](line, standing):
            amounts[part] = amounts.get(part, 0) + share
    return tuple(amounts.items()) if len(amounts) > 1 else ()
