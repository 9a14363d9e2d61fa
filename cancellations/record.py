"""What a change order's page says: the order before it and after it, line by line."""

from dataclasses import dataclass, fields
from itertools import pairwise

from cancellations.history import Replayed, as_imported, replay
from cancellations.models import ChangeOrder, ChangeOrderItem
from cancellations.quotes import Move, moves
from orders.amounts import Components, Totals
from orders.models import OrderItemSummary, OrderSummary
from orders.money import Minor
from orders.standing import as_it_stands
from orders.tree import TreeRow, bundle_lines, in_tree_order

_COMPONENTS = {
    "line_amount": "Amount",
    "line_adjustments": "Adjustments",
    "order_adjustments": "Order adjustments",
    "tax": "Tax",
}
_TOTALS = {
    "product": "Products",
    "order_adjustments": "Order adjustments",
    "delivery": "Delivery",
    "tax": "Tax",
    "grand_total": "Total",
}


@dataclass(frozen=True, slots=True)
class Change:
    """Units, or minor units of the order's currency, before a change order and after it."""

    label: str
    before: int
    after: int

    @property
    def by(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line whose quantity or money was moved; ``item`` says why.

    Attributes:
        components: Its parts, one for each of the record's columns.
        off_the_total_minor: What it took off the grand total, 0 or more.
    """

    tree: TreeRow
    item: ChangeOrderItem
    quantity: Change
    components: tuple[Change, ...]
    off_the_total_minor: Minor

    @property
    def line(self) -> OrderItemSummary:
        return self.tree.line


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """A change order's page in figures.

    Attributes:
        columns: The components that any of its lines has.
        lines_left_alone: How many lines of the order it did not move.
    """

    change_order: ChangeOrder
    columns: tuple[str, ...]
    lines: tuple[ChangedLine, ...]
    totals: tuple[Change, ...]
    lines_left_alone: int


def read_change_order(order: OrderSummary) -> ChangeRecord:
    """The record of the last of the change orders that ``order`` was fetched with."""
    lines = order.lines.all()
    imported = as_imported(as_it_stands(order), lines)
    *_, last = replay(imported, order.change_orders.all())
    items = {item.line.key: item for item in last.change_order.items.all()}
    moved = {
        move.line.key: move
        for move in moves(last.before, last.after, dict.fromkeys(items, 0))
        if move.line.key in items
    }
    shown = [name for name in _COMPONENTS if any(_has(move, name) for move in moved.values())]
    tree = in_tree_order([line for line in lines if line.key in moved], bundle_lines(lines))
    return ChangeRecord(
        change_order=last.change_order,
        columns=tuple(_COMPONENTS[name] for name in shown),
        lines=tuple(
            _changed_line(row, moved[row.line.key], items[row.line.key], last, shown)
            for row in tree
        ),
        totals=_total_changes(last),
        lines_left_alone=len(lines) - len(moved),
    )
