"""A quote as the wizards' pages show it, like a receipt; no amount is computed here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cancellations.arithmetic.changes import Change, total_changes
from cancellations.arithmetic.notices import Bite, Notice, notices
from cancellations.arithmetic.quotes import Quote
from cancellations.selection import SelectedLine
from orders.arithmetic.money import Currency, Minor
from orders.formats import isolated, money_text, sentence
from orders.models import OrderItemSummary
from orders.tree import TreeRow, bundle_lines, in_tree_order


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One moved line: what was asked of it, and what it takes off the total."""

    tree: TreeRow
    quantity: int
    asked: SelectedLine | None
    canceled_minor: Minor
    warnings: tuple[str, ...]

    @property
    def line(self) -> OrderItemSummary:
        return self.tree.line


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a quote takes off the order line by line, and off its totals."""

    quote: Quote
    lines: tuple[ReceiptLine, ...]
    totals: tuple[Change, ...]
    delivery_warnings: tuple[str, ...]


def receipt_of(
    quoted: Quote, order_lines: Sequence[OrderItemSummary], asked: Sequence[SelectedLine]
) -> Receipt:
    """What the review page shows of a quote."""
    by_key = {line.key: line for line in order_lines}
    moves = {move.line.key: move for move in quoted.moves}
    selected = {line.key: line for line in asked}
    found = notices(quoted)
    said = _said_at_lines(found, quoted.currency)
    tree = in_tree_order([by_key[key] for key in moves], bundle_lines(order_lines))
    return Receipt(
        quote=quoted,
        lines=tuple(
            ReceiptLine(
                row,
                moves[row.line.key].quantity,
                selected.get(row.line.key),
                moves[row.line.key].off_the_total(quoted.before.tax_locale),
                said.get(row.line.key, ()),
            )
            for row in tree
        ),
        totals=tuple(
            replace(total, label=_(total.label))
            for total in total_changes(quoted.before, quoted.after)
        ),
        delivery_warnings=tuple(
            _words(notice, quoted.currency)
            for notice in found
            if notice.bite is Bite.DELIVERY_STAYS
        ),
    )


def hints(quoted: Quote) -> Mapping[str, tuple[str, ...]]:
    """The bundle rules that bite, in words, by the key of the line they stand at."""
    return _said_at_lines(notices(quoted), quoted.currency)


def _said_at_lines(found: Iterable[Notice], currency: Currency) -> Mapping[str, tuple[str, ...]]:
    said: dict[str, tuple[str, ...]] = {}
    for notice in found:
        if notice.bite is not Bite.DELIVERY_STAYS:
            key = notice.line.key
            said[key] = (*said.get(key, ()), _words(notice, currency))
    return said


def _words(notice: Notice, currency: Currency) -> str:
    """The sentences of domain.md §4 and §5."""
    amount = money_text(notice.amount, currency)
    match notice.bite:
        case Bite.CHILD_WITHOUT_BUNDLE:
            words = _("Takes %(amount)s off the order: the bundle item is not selected.")
        case Bite.CHILD_OF_INELIGIBLE_BUNDLE:
            words = _("Takes %(amount)s off the order: the bundle item can no longer be canceled.")
        case Bite.NOT_PRORATED:
            words = _("Refund is not prorated.")
        case Bite.INCLUDES_CHILD_THAT_STAYS:
            return _includes_child(notice, amount)
        case Bite.DELIVERY_STAYS:
            words = _("%(amount)s delivery stays on a group with nothing left.")
    return sentence(words, amount=amount)


def _includes_child(notice: Notice, amount: str) -> str:
    name = notice.about.name if notice.about else ""
    if notice.units:
        words = ngettext(
            "Includes %(amount)s for %(name)s, of which %(units)d is not canceled.",
            "Includes %(amount)s for %(name)s, of which %(units)d are not canceled.",
            notice.units,
        )
    else:
        words = _("Includes %(amount)s for %(name)s, which is not canceled.")
    return sentence(words, amount=amount, name=isolated(name), units=notice.units)
