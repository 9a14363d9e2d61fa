"""What refunds of delivery use up of the groups' charges (domain.md §5)."""

from collections.abc import Collection
from dataclasses import replace

from orders.arithmetic.amounts import Group, Standing


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
        for member in (line,) if line.bundle else before.family(key):
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
    return all(
        row.key in flagged or (row.bundle in moved and row.bundle in flagged) for row in rows
    )
