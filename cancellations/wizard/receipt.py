"""A quote as the wizards' pages show it, like a receipt; no amount is computed here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cancellations.arithmetic.changes import Change, total_changes
from cancellations.arithmetic.dues import due_of
from cancellations.arithmetic.notices import Bite, Notice, notices
from cancellations.arithmetic.quotes import Move, Quote
from cancellations.arithmetic.releases import kept_open
from cancellations.explained import DueInWords, Unfolded, Unfolding, due_in_words
from cancellations.selection import SelectedLine
from cancellations.wizard.line_pages import LinesPage, Wanted, page_of
from cancellations.wizard.review_rows import review_rows
from cancellations.wizard.sentences import words
from orders.arithmetic.money import Currency, Minor
from orders.arithmetic.parts import parts_moved
from orders.fetching import fetch_parts
from orders.models import OrderItemSummary
from orders.tree import TreeRow, bundle_lines, in_tree_order
from orders.which import WhichOne


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One moved line: what was asked of it, and what it takes off the total.

    Attributes:
        unfolded: How that adds up.
    """

    tree: TreeRow
    quantity: int
    asked: SelectedLine | None
    canceled_minor: Minor
    warnings: tuple[str, ...]
    unfolded: Unfolded | None

    @property
    def line(self) -> OrderItemSummary:
        return self.tree.line


@dataclass(frozen=True, slots=True)
class Warned:
    """What stays on the order, in words, and which choice on details would change it, if any."""

    text: str
    choice: str


@dataclass(frozen=True, slots=True)
class KeptOpen:
    """A payment whose authorization stays, in minor units: what is open, and needed of it."""

    method: str
    open_minor: Minor
    needed_minor: Minor


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a quote takes off the order line by line, and off its totals.

    Attributes:
        page: Which of its lines are shown; ``lines`` are those.
        due: Why the refund is not what is canceled.
        warnings: What is said of delivery charges and fees that stay.
        kept_open: The authorizations that stay.
        which: What tells lines from others like them, by primary key.
    """

    quote: Quote
    page: LinesPage
    lines: tuple[ReceiptLine, ...]
    totals: tuple[Change, ...]
    due: DueInWords
    warnings: tuple[Warned, ...]
    kept_open: tuple[KeptOpen, ...]
    which: Mapping[int, WhichOne] = field(default_factory=dict)

    @property
    def rows(self) -> SafeString:
        """The lines as the table's rows."""
        return review_rows(self)

    @property
    def page_minor(self) -> Minor:
        """What the lines that are shown take off the total."""
        return sum(line.canceled_minor for line in self.lines)


@dataclass(frozen=True, slots=True)
class AddedUp:
    """How the amount of what is chosen so far comes about, and the refund from it.

    Attributes:
        parts: Labels and amounts that add up to what is canceled; in *gross* orders the tax is
            in the others.
    """

    quote: Quote
    parts: tuple[tuple[str, Minor], ...]
    due: DueInWords


def added_up(quoted: Quote) -> AddedUp:
    """What unfolds of the running totals."""
    *parts, _total = total_changes(quoted.before, quoted.after)
    return AddedUp(
        quoted,
        tuple((_(part.label), part.off) for part in parts if part.by),
        due_in_words(due_of(quoted.before, quoted.after), quoted.currency),
    )


def receipt_of(
    quoted: Quote,
    order_lines: Sequence[OrderItemSummary],
    asked: Sequence[SelectedLine],
    wanted: Wanted | None = None,
    which: Mapping[int, WhichOne] | None = None,
) -> Receipt:
    """What the review page shows of a quote, its lines a page at a time.

    Args:
        wanted: Which page; the first if nothing is said.
        which: What tells lines from others like them, where that is shown.
    """
    by_key = {line.key: line for line in order_lines}
    moves = {move.line.key: move for move in quoted.moves}
    selected = {line.key: line for line in asked}
    found = notices(quoted)
    said = _said_at_lines(found, quoted.currency)
    tree = in_tree_order([by_key[key] for key in moves], bundle_lines(order_lines))
    page = page_of(tree, wanted or Wanted())
    fetch_parts(row.line for row in page.rows)  # with their names, which unfold
    unfolding = Unfolding(quoted.currency, quoted.before.tax_locale)
    return Receipt(
        quote=quoted,
        page=page,
        lines=tuple(
            _line(
                row,
                quoted,
                moves,
                selected.get(row.line.key),
                said.get(row.line.key, ()),
                unfolding,
            )
            for row in page.rows
        ),
        totals=tuple(
            replace(total, label=_(total.label))
            for total in total_changes(quoted.before, quoted.after)
        ),
        due=due_in_words(due_of(quoted.before, quoted.after), quoted.currency),
        warnings=tuple(
            Warned(words(notice, quoted.currency), _BESIDE_LINES[notice.bite])
            for notice in found
            if notice.bite in _BESIDE_LINES
        ),
        kept_open=tuple(
            KeptOpen(payment.method, payment.authorization_open, needed)
            for payment, needed in kept_open(quoted.after)
        ),
        which=which or {},
    )


def _line(
    row: TreeRow,
    quoted: Quote,
    moves: Mapping[str, Move],
    asked: SelectedLine | None,
    warnings: tuple[str, ...],
    unfolding: Unfolding,
) -> ReceiptLine:
    line = row.line
    move = moves[line.key]
    parts = parts_moved(quoted.before, quoted.after, line.key)
    return ReceiptLine(
        tree=row,
        quantity=move.quantity,
        asked=asked,
        canceled_minor=move.off_the_total(quoted.before.tax_locale),
        warnings=warnings,
        unfolded=unfolding.of_move(line, parts),
    )


def hints(quoted: Quote) -> Mapping[str, tuple[str, ...]]:
    """The bundle rules that bite, in words, by the key of the line they stand at."""
    return _said_at_lines(notices(quoted), quoted.currency)


_BESIDE_LINES = {
    Bite.DELIVERY_STAYS: "delivery",
    Bite.FEE_STAYS: "fees",
    Bite.FEE_STAYS_WITH_UNITS: "",
}
"""What is said of the order as a whole, and which choice on details it follows from."""


def _said_at_lines(found: Iterable[Notice], currency: Currency) -> Mapping[str, tuple[str, ...]]:
    said: dict[str, tuple[str, ...]] = {}
    for notice in found:
        if notice.bite not in _BESIDE_LINES:
            key = notice.line.key
            said[key] = (*said.get(key, ()), words(notice, currency))
    return said
