"""What a change takes off an order and pays back (domain.md §3–§6): preview and commit alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cancellations.arithmetic.bundles import taken_by_cancel_all
from cancellations.arithmetic.delivery import groups_after
from cancellations.arithmetic.distribution import Amounts, Share, beyond_steps, distribute
from cancellations.arithmetic.releases import Release, releasable
from orders.arithmetic.amounts import Components, Line, Standing
from orders.arithmetic.funds import Payment
from orders.arithmetic.money import Currency, Minor
from orders.arithmetic.totals import Totals
from orders.arithmetic.words import gettext_noop


@dataclass(frozen=True, slots=True)
class Asked:
    """What a selection asks of one line: cancel ``quantity`` units, at least 1.

    Attributes:
        takes_children: A bundle that is named without any of its children takes the default ones.
    """

    key: str
    quantity: int
    refund_delivery: bool = False
    takes_children: bool = True


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
    """A change in numbers; amounts in minor units of ``currency``, all 0 or more.

    Attributes:
        moves: Every line whose quantity or money moves, in the order's sequence.
        after: The order as it would stand, with the refunds set aside and what is released.
        refund_due: The order's excess funds after the change.
        owed_before: What of it was owed already.
        shares: The refund per payment.
        releases: The authorizations that are given up.
        sends: What a payment's gateway can send, by the payment's key, where not any amount.
        beyond_steps: What of the unassigned is left over for that alone.
    """

    before: Standing
    after: Standing
    asked: tuple[Asked, ...]
    moves: tuple[Move, ...]
    refund_due: Minor
    owed_before: Minor
    shares: tuple[Share, ...]
    releases: tuple[Release, ...] = ()
    refund_fees: bool = False
    sends: Mapping[str, Amounts] = field(default_factory=dict)
    beyond_steps: Minor = 0

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
    def refunded(self) -> Minor:
        """What goes back over payments, of the refund due."""
        return sum(share.amount for share in self.shares)

    @property
    def unassigned(self) -> Minor:
        return self.refund_due - self.refunded


def everything_eligible(standing: Standing, *, refund_delivery: bool) -> tuple[Asked, ...]:
    """What Cancel All takes."""
    return tuple(
        Asked(key, quantity, refund_delivery) for key, quantity in taken_by_cancel_all(standing)
    )


def quote(
    standing: Standing,
    asked: Sequence[Asked],
    *,
    refund_fees: bool = False,
    sends: Mapping[str, Amounts] | None = None,
) -> Quote:
    """Price the cancellation of ``asked``, whose lines and quantities have been judged.

    Args:
        sends: What a payment's gateway can send, by the payment's key, where not any amount.
    """
    after = standing_after(standing, asked, refund_fees=refund_fees)
    quantities = {entry.key: entry.quantity for entry in asked}
    return with_refunds(
        standing, after, tuple(asked), quantities, refund_fees=refund_fees, sends=sends
    )


def with_refunds(
    before: Standing,
    after: Standing,
    asked: tuple[Asked, ...] = (),
    quantities: Mapping[str, int] | None = None,
    *,
    shares: tuple[Share, ...] | None = None,
    refund_fees: bool,
    sends: Mapping[str, Amounts] | None = None,
) -> Quote:
    """The refunds and releases of a change that leaves an order as ``after``.

    Args:
        shares: Those that a person chose; by the rules unless given.
    """
    due, sends, too_little = after.excess_funds, sends or {}, 0
    if shares is None:
        shares = distribute(due, after.payments, sends)
        too_little = beyond_steps(due, after.payments, sends)
    aside = _set_aside(after.payments, shares)
    after = after.with_money(payments=aside)  # guard: money set aside for refunds
    releases = releasable(after)
    return Quote(
        before=before,
        after=after.with_money(payments=_given_up(after.payments, releases)),
        asked=asked,
        moves=moves(before, after, quantities or {}),
        refund_due=due,
        owed_before=before.excess_funds,
        shares=shares,
        releases=releases,
        refund_fees=refund_fees,
        sends=sends,
        beyond_steps=too_little,
    )


def standing_after(
    standing: Standing, asked: Sequence[Asked], *, refund_fees: bool = False
) -> Standing:
    """The order as it would stand, with its delivery groups' use of the charges, and its fees."""
    lines = dict(standing.lines)
    for entry in asked:
        counters = lines[entry.key].quantities
        canceled = replace(counters, canceled=counters.canceled + entry.quantity)
        lines[entry.key] = replace(lines[entry.key], quantities=canceled)
    after = replace(standing, lines=lines)
    groups = groups_after(
        standing,
        after,
        moved={entry.key for entry in asked},
        flagged={entry.key for entry in asked if entry.refund_delivery},
    )
    after = replace(after, groups=groups)
    return without_fees(after) if refund_fees and not after.has_units else after


def without_fees(standing: Standing) -> Standing:
    """The order once all of its fees have left."""
    lines = {
        key: replace(line, released=True) if line.type == "fee" else line
        for key, line in standing.lines.items()
    }
    return replace(standing, lines=lines)


def moves(before: Standing, after: Standing, quantities: Mapping[str, int]) -> tuple[Move, ...]:
    """The lines that differ in any component, and those in ``quantities``."""
    return tuple(
        Move(line, quantities.get(key, 0), before.components[key], after.components[key])
        for key, line in after.lines.items()
        if key in quantities or before.components[key] != after.components[key]
    )


def _set_aside(payments: tuple[Payment, ...], shares: Sequence[Share]) -> tuple[Payment, ...]:
    amounts = {share.payment.key: share.amount for share in shares}
    return tuple(
        replace(payment, reserved=payment.reserved + amounts.get(payment.key, 0))
        for payment in payments
    )


def _given_up(payments: tuple[Payment, ...], releases: Sequence[Release]) -> tuple[Payment, ...]:
    amounts = {release.payment.key: release.amount for release in releases}
    return tuple(
        replace(
            payment,
            released=payment.released + amounts[payment.key],
            captured_at_release=payment.captured,
        )
        if payment.key in amounts
        else payment
        for payment in payments
    )
