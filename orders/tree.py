"""Lines in the sequence people read them: bundle children under their bundle."""

from collections.abc import Iterable
from dataclasses import dataclass

from orders.models import OrderItemSummary

LINES_A_PAGE = 200
"""Of more than that each page shows a part, and keeps nothing beside each line."""


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One line in its place. A child whose bundle is not among the rows stands on its own."""

    line: OrderItemSummary
    is_bundle: bool
    is_child: bool
    is_last_child: bool


def in_tree_order(
    lines: Iterable[OrderItemSummary], bundles: frozenset[int] = frozenset()
) -> tuple[TreeRow, ...]:
    """Rows for ``lines``, which come in the order's sequence.

    Args:
        bundles: Primary keys of further lines that are bundles, though no child of theirs is
            among ``lines``.
    """
    chosen = tuple(lines)
    present = {line.pk for line in chosen}
    children: dict[int, list[OrderItemSummary]] = {}
    for line in chosen:
        if line.bundle_id in present:
            children.setdefault(line.bundle_id or 0, []).append(line)
    rows: list[TreeRow] = []
    for line in chosen:
        if line.bundle_id in present:
            continue
        own = children.get(line.pk, [])
        rows.append(TreeRow(line, bool(own) or line.pk in bundles, False, False))
        rows += [TreeRow(child, False, True, child is own[-1]) for child in own]
    return tuple(rows)


def bundle_lines(lines: Iterable[OrderItemSummary]) -> frozenset[int]:
    """Primary keys of the lines that have children."""
    return frozenset(line.bundle_id for line in lines if line.bundle_id)
