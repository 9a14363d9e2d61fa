"""A quote in the words and rows of the wizard's pages; no amount is computed here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cancellations.arithmetic.changes import Change, total_changes
from cancellations.arithmetic.notices import Bite, Notice, notices
from cancellations.arithmetic.quotes import Quote
from cancellations.selection import SelectedLine
from cancellations.snapshots import Snapshot, SnapshotLine
from orders.arithmetic.money import Currency, Minor
from orders.formats import money_text
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
class Difference:
    """Something that moved between review and submit, in words."""

    what: str
    reviewed: str
    now: str


@dataclass(frozen=True, slots=True)
class Review:
    quote: Quote
    lines: tuple[ReceiptLine, ...]
    totals: tuple[Change, ...]
    delivery_warnings: tuple[str, ...]


def review(
    quoted: Quote, order_lines: Sequence[OrderItemSummary], asked: Sequence[SelectedLine]
) -> Review:
    """What the review page shows of a quote."""
    by_key = {line.key: line for line in order_lines}
    moves = {move.line.key: move for move in quoted.moves}
    selected = {line.key: line for line in asked}
    found = notices(quoted)
    said = _said_at_lines(found, quoted.currency)
    tree = in_tree_order([by_key[key] for key in moves], bundle_lines(order_lines))
    return Review(
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
        totals=total_changes(quoted.before, quoted.after),
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


def differences_since(
    reviewed: Snapshot, now: Snapshot, currency: Currency, methods: Mapping[str, str]
) -> tuple[Difference, ...]:
    """What differs between two snapshots, line by line and payment by payment.

    Args:
        methods: Payment methods by payment key.
    """
    rows = [
        _moved_line(was, is_now, currency)
        for key in dict.fromkeys([*reviewed.lines, *now.lines])
        if (was := reviewed.lines.get(key)) != (is_now := now.lines.get(key))
    ]
    for key in dict.fromkeys([*reviewed.refunds, *now.refunds]):
        then, here = reviewed.refunds.get(key, 0), now.refunds.get(key, 0)
        if then != here:
            rows.append(
                Difference(
                    f"Refund to {methods.get(key, key)}",
                    money_text(then, currency),
                    money_text(here, currency),
                )
            )
    if reviewed.unassigned != now.unassigned:
        rows.append(
            Difference(
                "Refund without a payment",
                money_text(reviewed.unassigned, currency),
                money_text(now.unassigned, currency),
            )
        )
    return tuple(rows)


def _words(notice: Notice, currency: Currency) -> str:
    """The sentences of domain.md §4 and §5."""
    amount = money_text(notice.amount, currency)
    match notice.bite:
        case Bite.CHILD_WITHOUT_BUNDLE:
            return f"Takes {amount} off the order: the bundle item is not selected."
        case Bite.CHILD_OF_INELIGIBLE_BUNDLE:
            return f"Takes {amount} off the order: the bundle item can no longer be canceled."
        case Bite.NOT_PRORATED:
            return "Refund is not prorated."
        case Bite.INCLUDES_CHILD_THAT_STAYS:
            name = notice.about.name if notice.about else ""
            if notice.units:
                are = "is" if notice.units == 1 else "are"
                return f"Includes {amount} for {name}, of which {notice.units} {are} not canceled."
            return f"Includes {amount} for {name}, which is not canceled."
        case Bite.DELIVERY_STAYS:
            return f"{amount} delivery stays on a group with nothing left."


def _moved_line(
    was: SnapshotLine | None, now: SnapshotLine | None, currency: Currency
) -> Difference:
    before, after = _line_words(was, currency), _line_words(now, currency)
    if before == after:
        after = f"{after}; made up of other amounts"
    return Difference(_name(was, now), before, after)


def _name(was: SnapshotLine | None, now: SnapshotLine | None) -> str:
    line = was or now
    return line.name if line else ""


def _line_words(line: SnapshotLine | None, currency: Currency) -> str:
    if line is None:
        return "not part of it"
    amount = f"{money_text(line.net, currency)} + {money_text(line.tax, currency)} tax"
    if line.available is None:
        return amount
    reason, note, refund_delivery = line.answers or ("", "", False)
    delivery = "delivery charge refunded" if refund_delivery else "delivery charge kept"
    answers = ", ".join(filter(None, (reason, note, delivery)))
    return f"{line.quantity} of {line.available} available, {amount}; {answers}"
