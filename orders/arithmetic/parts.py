"""How a line's money comes about: its parts as sold, what of each has gone, and what is left.

Nothing is reckoned twice: what is left are the components that acts write and totals add up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from orders.arithmetic.amounts import Components, Line, Scope, Standing
from orders.arithmetic.money import Minor
from orders.arithmetic.totals import TaxLocale


class Counted(Enum):
    """By what it is counted how much of a line's money has gone (domain.md §3–§5)."""

    UNITS = auto()
    BUNDLES = auto()
    """Units of its bundle, whose money a family shares."""
    PRICE = auto()
    """Of a delivery charge: what was canceled with its delivery, of what its group was sold for."""
    WHOLE = auto()
    """A fee, or what is left of a charge: all of it or nothing."""


@dataclass(frozen=True, slots=True)
class Gone:
    """How much of a line's money has gone, ``of`` how much."""

    gone: int
    of: int
    counted: Counted


@dataclass(frozen=True, slots=True)
class Part:
    """An amount and what has become of it, in minor units."""

    before: Minor
    after: Minor

    @property
    def by(self) -> Minor:
        """What it changed by: below 0 where it fell."""
        return self.after - self.before

    @property
    def off(self) -> Minor:
        """What of it has gone; below 0 where a discount has."""
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class Parts:
    """What a line's money is made up of, before something went and after it.

    Attributes:
        adjustments: As the line has them, each with its scope.
        net: The line amount with all of them.
        taxes: As the line has them; ``tax`` is what they add up to.
        total: What counts in the order's total: in *gross* orders the tax is in the net already.
        sold_net, sold_tax: The net and the tax as sold.
        gone: How much of it has gone after it, and before it.
    """

    line_amount: Part
    adjustments: tuple[tuple[Scope, Part], ...]
    net: Part
    taxes: tuple[Part, ...]
    tax: Part
    total: Part
    sold_net: Minor
    sold_tax: Minor
    gone: Gone
    gone_before: Gone

    @property
    def is_reduced(self) -> bool:
        """Whether anything of it has gone, at any time."""
        return bool(self.gone.gone or self.gone_before.gone)


def parts_left(standing: Standing, key: str) -> Parts:
    """A line from how it was sold to what is left of it."""
    line = standing.lines[key]
    gone = gone_of(standing, key)
    sold = Gone(0, gone.of, gone.counted)
    step = (_as_sold(line), standing.components[key])
    return _parts(line, step, (sold, gone), standing.tax_locale)


def parts_moved(before: Standing, after: Standing, key: str) -> Parts:
    """A line from right before a change to right after it."""
    step = (before.components[key], after.components[key])
    gone = (gone_of(before, key), gone_of(after, key))
    return _parts(after.lines[key], step, gone, after.tax_locale)


def gone_of(standing: Standing, key: str) -> Gone:
    """How much of a line's money has gone: what its components were left by."""
    gone, of = standing.share_gone(key)
    return Gone(gone, of, _counted(standing, standing.lines[key]))


def _counted(standing: Standing, line: Line) -> Counted:
    if line.is_product:
        return Counted.BUNDLES if line.bundle else Counted.UNITS
    if line.type == "fee" or standing.groups[line.group or ""].released:
        return Counted.WHOLE
    return Counted.PRICE if standing.price_of_group(line.group or "") else Counted.WHOLE


def _as_sold(line: Line) -> Components:
    return Components(line.line_amount, line.adjustments, sum(line.taxes), line.taxes)


def _parts(
    line: Line,
    step: tuple[Components, Components],
    gone: tuple[Gone, Gone],
    tax_locale: TaxLocale,
) -> Parts:
    was, now = step
    net, tax = Part(was.net, now.net), Part(was.tax, now.tax)
    return Parts(
        line_amount=Part(was.line_amount, now.line_amount),
        adjustments=tuple(
            (scope, Part(amount, left))
            for (scope, amount), (_, left) in zip(was.adjustments, now.adjustments, strict=True)
        ),
        net=net,
        taxes=tuple(Part(*pair) for pair in zip(was.taxes, now.taxes, strict=True)),
        tax=tax,
        total=sum_of([net, tax] if tax_locale == "net" else [net]),
        sold_net=line.net,
        sold_tax=sum(line.taxes),
        gone=gone[1],
        gone_before=gone[0],
    )


def sum_of(parts: Iterable[Part]) -> Part:
    """What several parts add up to."""
    summed = list(parts)
    return Part(sum(part.before for part in summed), sum(part.after for part in summed))
