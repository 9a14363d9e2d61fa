"""What a change order's page says: the order before it and after it, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from django.utils.translation import gettext

from cancellations.arithmetic.changes import Change, total_changes
from cancellations.arithmetic.quotes import ITEM_AMOUNTS, Move, moves
from cancellations.models import ChangeOrder, ChangeOrderItem
from cancellations.replay import Replayed, last_of
from orders.arithmetic.money import Minor
from orders.arithmetic.totals import totals_labels
from orders.models import OrderItemSummary, OrderSummary
from orders.tree import TreeRow, bundle_lines, in_tree_order


@dataclass(frozen=True, slots=True)
class MovedLine:
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
class ChangeOrderRecord:
    """A change order's page in figures.

    Attributes:
        columns: The components that any of its lines has.
        lines_left_alone: How many lines of the order it did not move.
    """

    change_order: ChangeOrder
    columns: tuple[str, ...]
    lines: tuple[MovedLine, ...]
    totals: tuple[Change, ...]
    lines_left_alone: int


def read_change_order(order: OrderSummary) -> ChangeOrderRecord:
    """The record of the last of the change orders that ``order`` was fetched with.

    Raises:
        CannotBeReplayed: What it changed is not known; ``read_stored`` has what is.
    """
    order_lines = order.lines.all()
    last = last_of(order)
    items = {item.line.key: item for item in last.change_order.items.all()}
    moved = {
        move.line.key: move for move in moves(last.before, last.after, dict.fromkeys(items, 0))
    }
    shown = [name for name in ITEM_AMOUNTS if any(_has(name, move) for move in moved.values())]
    tree = in_tree_order(
        [line for line in order_lines if line.key in items], bundle_lines(order_lines)
    )
    return ChangeOrderRecord(
        change_order=last.change_order,
        columns=tuple(gettext(ITEM_AMOUNTS[name]) for name in shown),
        lines=tuple(
            _moved_line(row, items[row.line.key], moved[row.line.key], last, shown) for row in tree
        ),
        totals=tuple(
            replace(total, label=gettext(total.label))
            for total in total_changes(last.before, last.after)
        ),
        lines_left_alone=len(order_lines) - len(items),
    )


@dataclass(frozen=True, slots=True)
class StoredChangeOrder:
    """A change order as it was written, where what it changed cannot be replayed.

    Attributes:
        rows: Its lines in the sequence of the tree, each with what it took off.
        totals: Labels and amounts that the order's totals changed by.
    """

    change_order: ChangeOrder
    rows: tuple[tuple[TreeRow, ChangeOrderItem], ...]
    totals: tuple[tuple[str, Minor], ...]
    is_stored: ClassVar = True


def read_stored(order: OrderSummary) -> StoredChangeOrder:
    """The last of the change orders that ``order`` was fetched with, as it is stored."""
    *_, change_order = order.change_orders.all()
    items = {item.line.key: item for item in change_order.items.all()}
    order_lines = order.lines.all()
    tree = in_tree_order(
        [line for line in order_lines if line.key in items], bundle_lines(order_lines)
    )
    return StoredChangeOrder(
        change_order=change_order,
        rows=tuple((row, items[row.line.key]) for row in tree),
        totals=tuple(
            (gettext(label), getattr(change_order.totals, name))
            for name, label in totals_labels().items()
        ),
    )


def _has(component: str, move: Move) -> bool:
    return any(getattr(amounts, component) for amounts in (move.before, move.after))


def _moved_line(
    row: TreeRow, item: ChangeOrderItem, move: Move, step: Replayed, components: Sequence[str]
) -> MovedLine:
    key = row.line.key
    return MovedLine(
        tree=row,
        item=item,
        quantity=Change(
            gettext("Quantity"),
            step.before.lines[key].quantities.current,
            step.after.lines[key].quantities.current,
        ),
        components=tuple(
            Change(
                gettext(ITEM_AMOUNTS[name]), getattr(move.before, name), getattr(move.after, name)
            )
            for name in components
        ),
        off_the_total_minor=move.off_the_total(step.before.tax_locale),
    )
