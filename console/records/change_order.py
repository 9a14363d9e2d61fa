"""What a change order's page says: the order before it and after it, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from django.utils.translation import gettext

from cancellations.acts.undo import Reversal
from cancellations.arithmetic.changes import Change, total_changes
from cancellations.arithmetic.dues import due_of
from cancellations.arithmetic.quotes import ITEM_AMOUNTS, Move, moves
from cancellations.explained import DueInWords, Unfolded, Unfolding, due_in_words
from cancellations.models import ChangeOrder, ChangeOrderItem
from cancellations.replay import last_of
from orders.arithmetic.amounts import Standing
from orders.arithmetic.money import Minor
from orders.arithmetic.parts import parts_moved
from orders.arithmetic.totals import totals_labels
from orders.fetching import fetch_parts
from orders.models import OrderItemSummary, OrderSummary
from orders.tree import TreeRow, bundle_lines, in_tree_order


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A line whose quantity or money was moved; ``item`` says why.

    Attributes:
        components: Its parts, one for each of the record's columns.
        moved_minor: What it took off the grand total or gave back to it, 0 or more.
        unfolded: How that adds up.
    """

    tree: TreeRow
    item: ChangeOrderItem
    quantity: Change
    components: tuple[Change, ...]
    moved_minor: Minor
    unfolded: Unfolded | None

    @property
    def line(self) -> OrderItemSummary:
        return self.tree.line


@dataclass(frozen=True, slots=True)
class ChangeOrderRecord:
    """A change order's page in figures.

    Attributes:
        columns: The components that any of its lines has.
        lines_left_alone: How many lines of the order it did not move.
        gives_back: Whether its amounts come back, or would if it were undone.
        due: Why its refund is not what was canceled; none where it refunds nothing by itself.
    """

    change_order: ChangeOrder
    columns: tuple[str, ...]
    lines: tuple[MovedLine, ...]
    totals: tuple[Change, ...]
    lines_left_alone: int
    gives_back: bool
    due: DueInWords | None = None


def read_change_order(order: OrderSummary) -> ChangeOrderRecord:
    """The record of the last of the change orders that ``order`` was fetched with.

    Raises:
        CannotBeReplayed: What it changed is not known; ``read_stored`` has what is.
    """
    last = last_of(order)
    change_order = last.change_order
    before, after = last.before, last.after
    record = _record(order, change_order, before, after, gives_back=change_order.gives_back)
    if last.quoted is None:
        return record
    return replace(record, due=due_in_words(due_of(before, after), order.currency))


def read_undo(order: OrderSummary, reversal: Reversal) -> ChangeOrderRecord:
    """What undoing a change order would give back, as a record of that change order.

    Args:
        order: With the lines of its tree; the change order comes with its items.
    """
    change_order, before, after = reversal.change_order, reversal.before, reversal.after
    return _record(order, change_order, before, after, gives_back=True)


def _record(
    order: OrderSummary,
    change_order: ChangeOrder,
    before: Standing,
    after: Standing,
    *,
    gives_back: bool,
) -> ChangeOrderRecord:
    order_lines = order.lines.all()
    items = {item.line.key: item for item in change_order.items.all()}
    moved = {move.line.key: move for move in moves(before, after, dict.fromkeys(items, 0))}
    shown = [name for name in ITEM_AMOUNTS if any(_has(name, move) for move in moved.values())]
    lines = [line for line in order_lines if line.key in items]
    fetch_parts(lines)  # with their names, which unfold
    tree = in_tree_order(lines, bundle_lines(order_lines))
    unfolding = Unfolding(before.currency, before.tax_locale)
    return ChangeOrderRecord(
        change_order=change_order,
        columns=tuple(gettext(ITEM_AMOUNTS[name]) for name in shown),
        lines=tuple(
            _moved_line(
                row, items[row.line.key], moved[row.line.key], (before, after), shown, unfolding
            )
            for row in tree
        ),
        totals=tuple(
            replace(total, label=gettext(total.label)) for total in total_changes(before, after)
        ),
        lines_left_alone=len(order_lines) - len(items),
        gives_back=gives_back,
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
    row: TreeRow,
    item: ChangeOrderItem,
    move: Move,
    step: tuple[Standing, Standing],
    components: Sequence[str],
    unfolding: Unfolding,
) -> MovedLine:
    before, after = (standing.lines[row.line.key].quantities.current for standing in step)
    return MovedLine(
        tree=row,
        item=item,
        quantity=Change(gettext("Quantity"), before, after),
        components=tuple(
            Change(
                gettext(ITEM_AMOUNTS[name]), getattr(move.before, name), getattr(move.after, name)
            )
            for name in components
        ),
        moved_minor=abs(move.off_the_total(step[0].tax_locale)),
        unfolded=unfolding.of_move(row.line, parts_moved(*step, row.line.key)),
    )
