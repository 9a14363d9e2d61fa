"""What is left of every amount of an order, from its originals and counters (domain.md §3–§6).

The dataclasses here are an order as arithmetic sees it; models are read into them, and the
preview and the commit compute from the same ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from orders.arithmetic.availability import BundleRule, available_to_cancel
from orders.arithmetic.facts import NOTHING_REPORTED, Reported
from orders.arithmetic.funds import NOTHING_ELSEWHERE, Elsewhere, Payment, held
from orders.arithmetic.money import Currency, Minor, left, left_of_parts
from orders.arithmetic.statuses import OrderStatus, Quantities, order_status
from orders.arithmetic.totals import TaxLocale, Totals

Scope = Literal["line", "order"]
LineType = Literal["product", "delivery_charge", "fee"]


@dataclass(frozen=True, slots=True)
class Line:
    """One order product summary: its counters and its original amounts, in minor units.

    Attributes:
        reported: Its counters as last reported, in effect or not.
        released: A fee that has left.
    """

    key: str
    name: str
    type: LineType
    quantities: Quantities
    line_amount: Minor
    adjustments: tuple[tuple[Scope, Minor], ...] = ()
    taxes: tuple[Minor, ...] = ()
    bundle: str | None = None
    group: str | None = None
    reported: Reported = NOTHING_REPORTED
    released: bool = False

    @property
    def is_product(self) -> bool:
        return self.type == "product"

    @property
    def net(self) -> Minor:
        """The line amount as sold with all adjustments, as stored."""
        return self.line_amount + sum(amount for _, amount in self.adjustments)


@dataclass(frozen=True, slots=True)
class Group:
    """What delivery refunds have used up of a delivery group (domain.md §5).

    Attributes:
        flagged: F, the price canceled so far by rows that refund delivery.
        released: whatever was left of the charges has gone with the last unit.
    """

    key: str
    flagged: Minor = 0
    released: bool = False


@dataclass(frozen=True, slots=True)
class Components:
    """What is left of one line's parts, in minor units; ``taxes`` are the shares of ``tax``."""

    line_amount: Minor
    adjustments: tuple[tuple[Scope, Minor], ...]
    tax: Minor
    taxes: tuple[Minor, ...] = field(compare=False)

    @property
    def line_adjustments(self) -> Minor:
        return sum(amount for scope, amount in self.adjustments if scope == "line")

    @property
    def order_adjustments(self) -> Minor:
        return sum(amount for scope, amount in self.adjustments if scope == "order")

    @property
    def net(self) -> Minor:
        """The amount before tax (gross orders: with it), with all adjustments."""
        return self.line_amount + self.line_adjustments + self.order_adjustments


@dataclass(frozen=True)
class Standing:
    """An order as it stands. ``lines`` and ``payments`` keep the order's own sequence.

    Attributes:
        bundle_rule: The store's, where someone asks what can be canceled.
    """

    currency: Currency
    tax_locale: TaxLocale
    lines: Mapping[str, Line]
    groups: Mapping[str, Group] = field(default_factory=dict)
    payments: tuple[Payment, ...] = ()
    elsewhere: Elsewhere = NOTHING_ELSEWHERE
    bundle_rule: BundleRule = BundleRule.ANY

    @cached_property
    def available(self) -> Mapping[str, int]:
        """How many more units of each product line can be canceled, when its order is managed."""
        lines = {
            key: (line.quantities, line.bundle)
            for key, line in self.lines.items()
            if line.is_product
        }
        return available_to_cancel(lines, self.bundle_rule)

    @cached_property
    def components(self) -> Mapping[str, Components]:
        """What is left of every line, by key."""
        return {key: self._components(line) for key, line in self.lines.items()}

    @cached_property
    def totals(self) -> Totals:
        """Sums of rounded parts, never rounded again."""
        amounts = {"product": 0, "delivery_charge": 0, "fee": 0}
        order_adjustments = tax = 0
        for key, line in self.lines.items():
            left_of = self.components[key]
            amounts[line.type] += left_of.line_amount + left_of.line_adjustments
            order_adjustments += left_of.order_adjustments
            tax += left_of.tax
        product, delivery, fees = amounts.values()
        grand_total = product + order_adjustments + delivery + fees
        if self.tax_locale == "net":
            grand_total += tax
        return Totals(product, order_adjustments, delivery, fees, tax, grand_total)

    @property
    def status(self) -> OrderStatus:
        return order_status(line.quantities for line in self.lines.values() if line.is_product)

    @property
    def is_cancelable(self) -> bool:
        """Whether a line has something left to cancel, by its own counters."""
        return any(
            line.is_product and line.quantities.available_to_cancel > 0
            for line in self.lines.values()
        )

    @property
    def held(self) -> Minor:
        """What the shop still has of the money, and has not set aside (§6)."""
        return held(self.payments)

    @property
    def to_keep(self) -> Minor:
        """What the shop may keep: the order's worth less what others gave beyond it (§6)."""
        return max(0, self.totals.grand_total - self.elsewhere.given)

    @property
    def balance(self) -> Minor:
        """Above 0: owed to the customer by us; below: not paid yet (§6)."""
        return self.held - self.to_keep - self.elsewhere.expected

    @property
    def excess_funds(self) -> Minor:
        """Owed to the customer by us (§6)."""
        return max(0, self.balance)

    @property
    def has_units(self) -> bool:
        """Whether any unit of any product line is still part of the order."""
        return any(line.is_product and line.quantities.current > 0 for line in self.lines.values())

    def has_units_in(self, group: str) -> bool:
        """The same of one delivery group."""
        return any(line.quantities.current > 0 for line in self.members_of(group))

    def with_money(
        self, *, payments: tuple[Payment, ...] | None = None, elsewhere: Elsewhere | None = None
    ) -> "Standing":
        """The same lines, not to be reckoned again, with other money beside them."""
        return self._keeping(
            _OF_LINES,
            payments=self.payments if payments is None else payments,
            elsewhere=self.elsewhere if elsewhere is None else elsewhere,
        )

    def with_other_counters(self, lines: Mapping[str, Line]) -> "Standing":
        """The order with lines of which no unit came or went: their money stays as it is."""
        return self._keeping(_OF_MONEY, lines=lines)

    def _keeping(self, reckoned: set[str], **other_parts: Any) -> "Standing":
        """With other parts that leave standing what of it was reckoned under these names."""
        other = replace(self, **other_parts)
        vars(other).update({name: vars(self)[name] for name in reckoned & vars(self).keys()})
        return other

    def family(self, key: str) -> tuple[Line, ...]:
        """The line and, when it is a bundle, its children."""
        return (self.lines[key], *self.children_of(key))

    def children_of(self, key: str) -> tuple[Line, ...]:
        return self._children.get(key, ())

    def members_of(self, group: str) -> tuple[Line, ...]:
        """The product lines of a delivery group."""
        return self._members.get(group, ())

    @cached_property
    def _children(self) -> Mapping[str, tuple[Line, ...]]:
        return _by((line.bundle, line) for line in self.lines.values())

    @cached_property
    def _members(self) -> Mapping[str, tuple[Line, ...]]:
        return _by((line.group, line) for line in self.lines.values() if line.is_product)

    @cached_property
    def _prices(self) -> Mapping[str, Minor]:
        """P of every delivery group: the price of its product lines as sold."""
        return {key: sum(line.net for line in lines) for key, lines in self._members.items()}

    def price_of_group(self, group: str) -> Minor:
        return self._prices.get(group, 0)

    def share_gone(self, key: str) -> tuple[int, int]:
        """How much of a line's money has gone, of how much: what its components are left by."""
        return self._share_gone(self.lines[key])

    def _components(self, line: Line) -> Components:
        gone, of = self._share_gone(line)
        if not gone:
            return Components(
                line.line_amount, line.adjustments, tax=sum(line.taxes), taxes=line.taxes
            )
        adjustments = tuple((scope, left(amount, gone, of)) for scope, amount in line.adjustments)
        return Components(
            line_amount=left(line.net, gone, of) - sum(amount for _, amount in adjustments),
            adjustments=adjustments,
            tax=left(sum(line.taxes), gone, of),
            taxes=left_of_parts(line.taxes, gone, of),
        )

    def _share_gone(self, line: Line) -> tuple[int, int]:
        """How much of a line's money has gone, of how much.

        Units of the line; of its bundle, whose money a family shares (§4); for a delivery
        charge the flagged price of its group; of a fee all or nothing (§5).
        """
        if line.is_product:
            owner = self.lines[line.bundle] if line.bundle else line
            return owner.quantities.gone, owner.quantities.ordered
        if line.type == "fee":
            return int(line.released), 1
        group = self.groups[line.group or ""]
        if group.released:
            return 1, 1
        price = self.price_of_group(group.key)
        return (group.flagged, price) if price else (0, 1)


_OF_MONEY = {"components", "totals", "_prices"}
_OF_LINES = {*_OF_MONEY, "available", "_children", "_members"}
"""What a standing has reckoned of its lines and groups; of that, what their money is."""


def _by(pairs: Iterable[tuple[str | None, Line]]) -> dict[str, tuple[Line, ...]]:
    """Lines gathered under their name; those without one are left out."""
    gathered: dict[str, list[Line]] = {}
    for name, line in pairs:
        if name is not None:
            gathered.setdefault(name, []).append(line)
    return {name: tuple(lines) for name, lines in gathered.items()}
