"""The rows of the select step: lines that can be canceled, and those that cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from orders.arithmetic.availability import WhyNot, why_not
from orders.models import OrderItemSummary
from orders.tree import TreeRow


@dataclass(frozen=True, slots=True)
class UnavailableRow:
    """One line that cannot be canceled, and why, in the reader's language."""

    line: OrderItemSummary
    why_not: WhyNot


def unavailable_rows(
    order_lines: Sequence[OrderItemSummary], available: Mapping[int, int]
) -> tuple[UnavailableRow, ...]:
    judged = (
        (
            line,
            why_not(line.quantities, line_type=line.type, available=available.get(line.pk, 0)),
        )
        for line in order_lines
    )
    return tuple(
        UnavailableRow(line, WhyNot(gettext(why.reason), gettext(why.instead)))
        for line, why in judged
        if why
    )


@dataclass(frozen=True, slots=True)
class SelectRow:
    """One eligible line with its checkbox."""

    tree: TreeRow
    name: str
    ticked: set[str] = field(repr=False)
    available: int
    hints: Sequence[str] = ()
    parts_elsewhere: Sequence[int] = ()
    """Of a bundle: its children that stand on other pages."""

    @property
    def line(self) -> OrderItemSummary:
        return self.tree.line

    @property
    def is_of_bundle(self) -> bool:
        """Whether a rule of bundles can bite here."""
        return self.tree.is_bundle or self.line.bundle_id is not None

    @property
    def id(self) -> str:
        return f"id_{self.name}_{self.line.pk}"

    @property
    def is_ticked(self) -> bool:
        return str(self.line.pk) in self.ticked
