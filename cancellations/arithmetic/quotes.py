"""What a selection takes off an order and pays back (domain.md §3–§6): preview and commit alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cancellations.arithmetic.distribution import Share, distribute
from orders.arithmetic.amounts import Components, Group, Line, Standing, Totals
from orders.arithmetic.money import Currency, Minor
from orders.arithmetic.words import gettext_noop


@dataclass(frozen=True, slots=True)
class Asked:
    """What a selection asks of one line: cancel ``quantity`` units, at least 1."""

    key: str
    quantity: int
    refund_delivery: bool = False


ITEM_AMOUNTS = {
    "line_amount": gettext_noop("Line amount"),
    "line_adjustments": gettext_noop("Line adjustments"),
    "order_adjustments": gettext_noop("Order adjustments"),
    "tax": gettext_noop("Tax"),
}
"""What a change order's item keeps of a moved line, by the names in ``Components``; labels."""


@dataclass(frozen=True, slots=True)
class Move:
    """A line whose quantity or money a change moves."""

    line: Line
    quantity: int
    before: Components
    after: Components

    @property
    def amounts(self) -> dict[str, Minor]:
        """What each of ``ITEM_AMOUNTS`` changed by: negative when it fell."""
        return {
            name: getattr(self.after, name) - getattr(self.before, name) for name in ITEM_AMOUNTS
        }

    @property
    def net(self) -> Minor:
        """What leaves the amount with its adjustments, 0 or more."""
        return self.before.net - self.after.net

    @property
    def tax(self) -> Minor:
        return self.before.tax - self.after.tax

    def off_the_total(self, tax_locale: str) -> Minor:
        """What leaves the grand total; in *gross* orders the tax is in the net already."""
        return self.net + (self.tax if tax_locale == "net" else 0)


@dataclass(frozen=True, slots=True)
class Quote:
    """A cancellation in numbers; amounts in minor units of ``currency``, all 0 or more.

    Attributes:
        moves: Every line whose quantity or money moves, in the order's sequence.
        after: The order as it would stand.
        refund_due: The order's excess funds after the change.
        owed_before: What of it was owed already.
        shares: The refund per payment.
    """

    before: Standing
    after: Standing
    asked: tuple[Asked, ...]
    moves: tuple[Move, ...]
    refund_due: Minor
    owed_before: Minor
    shares: tuple[Share, ...]

    @property
    def currency(self) -> Currency:
        return self.before.currency

    @property
    def change(self) -> Totals:
        """The change order's totals: negative."""
        return self.after.totals - self.before.totals

    @property
    def canceled(self) -> Minor:
        """What leaves the grand total."""
        return -self.change.grand_total

    @property
    def unassigned(self) -> Minor:
        return self.refund_due - sum(share.amount for share in self.shares)


def everything_eligible(standing: Standing, *, refund_delivery: bool) -> tuple[Asked, ...]:
    """All that is available of every product line: what Cancel All takes."""
    return tuple(
        Asked(line.key, line.quantities.available_to_cancel, refund_delivery)
        for line in standing.lines.values()
        if line.is_eligible
    )


def quote(standing: Standing, asked: Sequence[Asked]) -> Quote:
    """Price the cancellation of ``asked``, whose lines and quantities have been judged."""
    after = standing_after(standing, asked)
    due = after.excess_funds
    return Quote(
        before=standing,
        after=after,
        asked=tuple(asked),
        moves=moves(standing, after, {entry.key: entry.quantity for entry in asked}),
        refund_due=due,
        owed_before=standing.excess_funds,
        shares=distribute(due, standing.payments),
    )


def standing_after(standing: Standing, asked: Sequence[Asked]) -> Standing:
    """The order as it would stand, with its delivery groups' use of the charges."""
    lines = dict(standing.lines)
    for entry in asked:
        counters = lines[entry.key].quantities
        canceled = replace(counters, canceled=counters.canceled + entry.quantity)
        lines[entry.key] = replace(lines[entry.key], quantities=canceled)
    after = replace(standing, lines=lines)
    return replace(after, groups=_groups_after(standing, after, asked))


def moves(before: Standing, after: Standing, quantities: Mapping[str, int]) -> tuple[Move, ...]:
    """The lines that differ in any component, and those in ``quantities``."""
    return tuple(
        Move(line, quantities.get(key, 0), before.components[key], after.components[key])
        for key, line in after.lines.items()
        if key in quantities or before.components[key] != after.components[key]
    )


def _groups_after(before: Standing, after: Standing, asked: Sequence[Asked]) -> dict[str, Group]:
    """Delivery groups with the price that flagged rows moved (domain.md §5).

    A flagged bundle row moves its whole family, each line in its own group; a child's own
    flag moves nothing. A group of free items releases its charge when nothing of it is
    left after a change that flags one of its lines or their bundle.
    """
    groups = dict(after.groups)
    touched: set[str] = set()
    for entry in asked:
        line = before.lines[entry.key]
        if not entry.refund_delivery:
            continue
        for member in before.family(line.key):
            if member.group is None:
                continue
            touched.add(member.group)
            if not line.bundle:
                moved = before.components[member.key].net - after.components[member.key].net
                group = groups[member.group]
                groups[member.group] = replace(group, flagged=group.flagged + moved)
    for key in touched:
        if after.price_of_group(key) == 0 and not units_left(after, key):
            groups[key] = replace(groups[key], released=True)
    return groups


def units_left(standing: Standing, group: str) -> bool:
    return any(line.quantities.current > 0 for line in standing.members_of(group))
