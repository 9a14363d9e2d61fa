"""What a quote must say aloud of bundles, delivery and fees (domain.md §4, §5)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cancellations.arithmetic.bundles import share_of, wanted_child_quantity
from cancellations.arithmetic.quotes import Move, Quote
from orders.arithmetic.amounts import Line
from orders.arithmetic.money import Minor
from orders.arithmetic.stories import Fate, units_by_fate


class Bite(StrEnum):
    """The rules that a quote must say aloud (domain.md §4, §5)."""

    CHILD_WITHOUT_BUNDLE = "child_without_bundle"
    CHILD_OF_INELIGIBLE_BUNDLE = "child_of_ineligible_bundle"
    NOT_PRORATED = "not_prorated"
    CHILD_STAYS = "child_stays"
    DELIVERY_STAYS = "delivery_stays"
    FEE_STAYS = "fee_stays"
    FEE_STAYS_WITH_UNITS = "fee_stays_with_units"


@dataclass(frozen=True, slots=True)
class Notice:
    """A rule that bites: on which line, delivery charge or fee, and the money concerned.

    Attributes:
        amount: Of a child that stays what its money takes off the order, said once.
        about: The child that does not go with its bundle.
        fate: What has become of ``units`` of it.
        is_all: Whether nothing of the child goes, and all that stays has the same fate.
    """

    bite: Bite
    line: Line
    amount: Minor = 0
    about: Line | None = None
    fate: Fate | None = None
    units: int = 0
    is_all: bool = False


def notices(quoted: Quote) -> tuple[Notice, ...]:
    """What the agent must read before submitting, in the order's sequence."""
    quantities = {entry.key: entry.quantity for entry in quoted.asked}
    found: list[Notice] = []
    for entry in quoted.asked:
        line = quoted.before.lines[entry.key]
        if line.bundle and line.bundle not in quantities:
            gone = quoted.before.available[line.bundle] < 1
            bite = Bite.CHILD_OF_INELIGIBLE_BUNDLE if gone else Bite.CHILD_WITHOUT_BUNDLE
            found.append(Notice(bite, line))
        if quoted.before.children_of(line.key):
            found += _bundle_notices(quoted, line, quantities)
    return (*found, *_deliveries_that_stay(quoted), *_fees_that_stay(quoted))


def _bundle_notices(quoted: Quote, bundle: Line, quantities: Mapping[str, int]) -> Iterator[Notice]:
    changed = any(
        quantities.get(child.key, 0)
        != wanted_child_quantity(child.quantities, bundle.quantities, quantities[bundle.key])
        for child in quoted.before.children_of(bundle.key)
    )
    if changed:
        yield Notice(Bite.NOT_PRORATED, bundle)
    for child in quoted.after.children_of(bundle.key):
        fates = _fates_of_missing(child, quoted.after.lines[bundle.key])
        is_all = len(fates) == 1 and child.key not in quantities
        amount = _off_the_total(quoted, child)
        for fate, units in fates.items():
            yield Notice(Bite.CHILD_STAYS, bundle, amount, child, fate, units, is_all)
            amount = 0


def _fates_of_missing(child: Line, bundle: Line) -> dict[Fate, int]:
    """What has become of the units that a child lacks of its share of the bundles canceled.

    Those that could still be canceled are counted first, those farthest away last: they
    belong to the bundles that stay.
    """
    gone = bundle.quantities.canceled
    missing = max(
        0, share_of(child.quantities, bundle.quantities, gone) - child.quantities.canceled
    )
    fates: dict[Fate, int] = {}
    for fate, number in units_by_fate(child.quantities).items():
        if fate is not Fate.CANCELED and (units := min(missing, number)):
            fates[fate] = units
            missing -= units
    return fates


def _off_the_total(quoted: Quote, line: Line) -> Minor:
    before, after = quoted.before, quoted.after
    move = Move(line, 0, before.components[line.key], after.components[line.key])
    return move.off_the_total(before.tax_locale)


def _deliveries_that_stay(quoted: Quote) -> Iterator[Notice]:
    """What a row that was not flagged leaves on groups of which this change takes the last unit."""
    touched = {quoted.before.lines[entry.key].group for entry in quoted.asked}
    for charge in quoted.after.lines.values():
        if charge.type == "delivery_charge" and charge.group in touched:
            left = _left(quoted, charge)
            if left > 0 and not quoted.after.has_units_in(charge.group or ""):
                yield Notice(Bite.DELIVERY_STAYS, charge, left)


def _fees_that_stay(quoted: Quote) -> Iterator[Notice]:
    """Fees that stay though they were to go, or though nothing else of the order is left."""
    if quoted.refund_fees != quoted.after.has_units:
        return
    bite = Bite.FEE_STAYS_WITH_UNITS if quoted.refund_fees else Bite.FEE_STAYS
    for fee in quoted.after.lines.values():
        if fee.type == "fee" and (left := _left(quoted, fee)) > 0:
            yield Notice(bite, fee, left)


def _left(quoted: Quote, line: Line) -> Minor:
    """What is left of a line's part of the total."""
    components = quoted.after.components[line.key]
    return components.net + (components.tax if quoted.after.tax_locale == "net" else 0)
