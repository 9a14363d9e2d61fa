"""What a quote must say aloud, and how children follow their bundle (domain.md §4, §5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cancellations.arithmetic.bundles import share_of
from cancellations.arithmetic.quotes import Move, Quote
from orders.arithmetic.amounts import Line
from orders.arithmetic.money import Minor


class Bite(StrEnum):
    """The rules on bundles and delivery that a quote must say aloud (domain.md §4, §5)."""

    CHILD_WITHOUT_BUNDLE = "child_without_bundle"
    CHILD_OF_INELIGIBLE_BUNDLE = "child_of_ineligible_bundle"
    NOT_PRORATED = "not_prorated"
    INCLUDES_CHILD_THAT_STAYS = "includes_child_that_stays"
    DELIVERY_STAYS = "delivery_stays"


@dataclass(frozen=True, slots=True)
class Notice:
    """A rule that bites: on which line or delivery charge, and the money concerned.

    Attributes:
        about: The child that stays, has shipped or came back.
        units: How many of it, when others of it are canceled in the same change.
    """

    bite: Bite
    line: Line
    amount: Minor = 0
    about: Line | None = None
    units: int | None = None


def notices(quoted: Quote) -> tuple[Notice, ...]:
    """What the agent must read before submitting, in the order's sequence."""
    quantities = {entry.key: entry.quantity for entry in quoted.asked}
    found: list[Notice] = []
    for entry in quoted.asked:
        line = quoted.before.lines[entry.key]
        if line.bundle and line.bundle not in quantities:
            bundle = quoted.before.lines[line.bundle].quantities
            gone = bundle.available_to_cancel < 1
            bite = Bite.CHILD_OF_INELIGIBLE_BUNDLE if gone else Bite.CHILD_WITHOUT_BUNDLE
            found.append(Notice(bite, line))
        if quoted.before.children_of(line.key):
            found += _bundle_notices(quoted, line, quantities)
    return (*found, *_deliveries_that_stay(quoted))


def _bundle_notices(quoted: Quote, bundle: Line, quantities: Mapping[str, int]) -> list[Notice]:
    children = quoted.before.children_of(bundle.key)
    changed = any(
        quantities.get(child.key)
        != share_of(child.quantities, bundle.quantities, quantities[bundle.key])
        for child in children
    )
    found = [Notice(Bite.NOT_PRORATED, bundle)] if changed else []
    before, after = quoted.before, quoted.after
    gone = after.lines[bundle.key].quantities
    for child in after.children_of(bundle.key):
        kept = share_of(child.quantities, gone, gone.canceled) - child.quantities.canceled
        move = Move(child, 0, before.components[child.key], after.components[child.key])
        money = move.off_the_total(before.tax_locale)
        if kept > 0 and money:
            of_many = kept if child.key in quantities else None
            bite = Bite.INCLUDES_CHILD_THAT_STAYS
            found.append(Notice(bite, bundle, money, about=child, units=of_many))
    return found


def _deliveries_that_stay(quoted: Quote) -> list[Notice]:
    """Charges left on groups of which this change takes the last unit."""
    touched = {quoted.before.lines[entry.key].group for entry in quoted.asked}
    return [
        Notice(Bite.DELIVERY_STAYS, charge, quoted.after.components[charge.key].net)
        for charge in quoted.after.lines.values()
        if not charge.is_product
        and charge.group in touched
        and quoted.after.components[charge.key].net > 0
        and not quoted.after.has_units_in(charge.group or "")
    ]
