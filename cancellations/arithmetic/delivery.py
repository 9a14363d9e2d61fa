"""What refunds of delivery use up of the groups' charges, and what is left (domain.md §5)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from orders.arithmetic.amounts import Group, Standing
from orders.arithmetic.money import Minor


def groups_after(
    before: Standing, after: Standing, *, moved: Collection[str], flagged: Collection[str]
) -> dict[str, Group]:
    """Delivery groups after the lines ``moved`` lost units, of which some rows were flagged.

    A flagged bundle row moves its whole family, each line in its own group; a child's own flag
    moves nothing. Where a group is left without a unit and every row that moved units of it is
    flagged, whatever is left of its charges goes with it.
    """
    groups = dict(after.groups)
    touched: set[str] = set()
    for key in flagged:
        line = before.lines[key]
        for member in before.family(key):
            if member.group is None:
                continue
            touched.add(member.group)
            if not line.bundle:
                lost = before.components[member.key].net - after.components[member.key].net
                group = groups[member.group]
                groups[member.group] = replace(group, flagged=group.flagged + lost)
    for name in touched:
        if not after.has_units_in(name) and _all_flagged(before, name, moved, flagged):
            groups[name] = replace(groups[name], released=True)
    return groups


def _all_flagged(
    before: Standing, group: str, moved: Collection[str], flagged: Collection[str]
) -> bool:
    """Whether every row that moves units of the group is flagged; a child by its bundle's, too."""
    rows = (before.lines[key] for key in moved if before.lines[key].group == group)
    return all(row.key in flagged or row.bundle in flagged for row in rows)


def charges_of_rows(standing: Standing) -> dict[str, Minor]:
    """What is left of the charges for each product line's delivery, off the grand total.

    By the line's key, where anything is left; for a bundle of all groups of its family.
    """
    left = _charges_left(standing)
    found: dict[str, Minor] = {}
    for key, line in standing.lines.items():
        if line.is_product and (charge := _charges_with([key], standing, left)):
            found[key] = charge
    return found


def charges_left(standing: Standing) -> Minor:
    """What is left of all charges for the delivery of lines of which something can be canceled.

    Once for each group; a bundle stands for all groups of its family.
    """
    rows = [key for key, many in standing.available.items() if many]
    return _charges_with(rows, standing, _charges_left(standing))


def _charges_with(
    rows: Iterable[str], standing: Standing, left: Mapping[str | None, Minor]
) -> Minor:
    """Of the charges left by group those that flagged rows can use up, each once."""
    groups = {member.group for key in rows for member in standing.family(key)}
    return sum(left.get(group, 0) for group in groups)


def _charges_left(standing: Standing) -> dict[str | None, Minor]:
    """By delivery group; in gross orders the tax is in the net already."""
    left: dict[str | None, Minor] = {}
    for key, line in standing.lines.items():
        if line.type == "delivery_charge":
            parts = standing.components[key]
            worth = parts.net + (parts.tax if standing.tax_locale == "net" else 0)
            left[line.group] = left.get(line.group, 0) + worth
    return left
