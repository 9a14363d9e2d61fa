"""The lines of an order's page: their money and what became of their units, a page at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cancellations.explained import Unfolded, Unfolding
from console.records.units import what_became_of
from orders.arithmetic.amounts import Standing
from orders.arithmetic.money import Minor
from orders.arithmetic.parts import parts_left, sum_of
from orders.arithmetic.stories import Stretch, story_of
from orders.fetching import related_rows
from orders.formats import number_text
from orders.models import OrderItemSummary
from orders.tree import LINES_A_PAGE, TreeRow, bundle_lines, in_tree_order
from orders.which import WhichOne, which_ones

Parts: TypeAlias = tuple[tuple[str, Minor], ...]
"""Names and amounts that add up to another."""


NO_SUCH_PAGE = gettext_lazy("The page to show is not one of this list.")


class NoSuchPage(Exception):
    """The order has no line after which it would begin."""


class LinesForm(forms.Form):
    """From where on the lines are shown; it comes with the URL."""

    after = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=10**9,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), NO_SUCH_PAGE),
    )

    @property
    def place(self) -> int | None:
        """The position of the line after which the page begins; None for the first page."""
        return self.cleaned_data.get("after") if self.is_valid() else None


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line with what is left of its money, in minor units.

    Attributes:
        available: What can be canceled of it, by the bundle rule.
        taxes: The tax lines that share its tax, by name, where there is more than one.
        total_minor: What of it counts in the order's total.
        unfolded: How it adds up, where the row alone does not show it.
        which: What tells it from lines like it.
        story: Its units by what became of them; ``told`` says it in words.
    """

    tree: TreeRow
    available: int
    amount_minor: Minor
    tax_minor: Minor
    taxes: Parts
    total_minor: Minor
    unfolded: Unfolded | None
    which: WhichOne | None
    story: tuple[Stretch, ...]
    told: tuple[str, ...]

    @property
    def line(self) -> OrderItemSummary:
        return self.tree.line


@dataclass(frozen=True, slots=True)
class Sums:
    """What lines add up to, in minor units."""

    net: Minor
    tax: Minor
    total: Minor


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of an order's lines.

    Attributes:
        first, last: Which of the ``count`` lines it shows.
        earlier, later: The queries of its neighbours; None where there is none.
        own: What the lines of the page add up to; ``sums`` is what all of them do.
    """

    rows: tuple[OrderRow, ...]
    count: int
    first: int
    last: int
    earlier: str | None
    later: str | None
    own: Sums
    sums: Sums

    @property
    def is_part(self) -> bool:
        """Whether other pages show other lines."""
        return len(self.rows) < self.count

    @property
    def where(self) -> str:
        """Which lines it shows, in words."""
        said = {name: number_text(getattr(self, name)) for name in ("first", "last", "count")}
        return _("Lines %(first)s to %(last)s of %(count)s") % said


def read_lines(
    lines: Sequence[OrderItemSummary],
    standing: Standing,
    available: Mapping[int, int],
    *,
    after: int | None,
) -> Lines:
    """The page of an order's lines that begins after the line with this position.

    Raises:
        NoSuchPage: The order has no such line.
    """
    tree = in_tree_order(lines, bundle_lines(lines))
    start = _start(tree, after)
    shown = tree[start : start + LINES_A_PAGE]
    which = which_ones(lines)
    unfolding = Unfolding(standing.currency, standing.tax_locale)
    rows = tuple(_row(row, available, standing, which, unfolding) for row in shown)
    end = start + len(shown)
    return Lines(
        rows=rows,
        count=len(tree),
        first=start + 1,
        last=end,
        earlier=_query(tree, start - LINES_A_PAGE) if start else None,
        later=_query(tree, end) if end < len(tree) else None,
        own=_sums(standing, (row.line.key for row in shown)),
        sums=_all_of(standing),
    )


def _start(tree: Sequence[TreeRow], after: int | None) -> int:
    if after is None:
        return 0
    for place, row in enumerate(tree, 1):
        if row.line.position == after and place < len(tree):
            return place
    raise NoSuchPage


def _query(tree: Sequence[TreeRow], start: int) -> str:
    """Of the page that begins with this row."""
    return f"?after={tree[start - 1].line.position}" if start > 0 else "?"


def _sums(standing: Standing, keys: Iterable[str]) -> Sums:
    parts = [parts_left(standing, key) for key in keys]
    net, tax, total = (
        sum_of(getattr(each, name) for each in parts) for name in ("net", "tax", "total")
    )
    return Sums(net.after, tax.after, total.after)


def _all_of(standing: Standing) -> Sums:
    totals = standing.totals
    return Sums(totals.amount, totals.tax, totals.grand_total)


def _row(
    row: TreeRow,
    available: Mapping[int, int],
    standing: Standing,
    which: Mapping[int, WhichOne],
    unfolding: Unfolding,
) -> OrderRow:
    line = row.line
    parts = parts_left(standing, line.key)
    taxes = tuple(named_taxes(line, standing))
    return OrderRow(
        tree=row,
        available=available.get(line.pk, 0),
        amount_minor=parts.net.after,
        tax_minor=parts.tax.after,
        taxes=taxes if len(taxes) > 1 else (),
        total_minor=parts.total.after,
        unfolded=unfolding.of(line, parts),
        which=which.get(line.pk),
        story=story_of(line.quantities) if line.is_product else (),
        told=tuple(what_became_of(line.quantities)) if line.is_product else (),
    )


def named_taxes(line: OrderItemSummary, standing: Standing) -> Iterator[tuple[str, Minor]]:
    """What is left of each tax line of a line, by its name."""
    shares = standing.components[line.key].taxes
    for tax, share in zip(related_rows(line, "taxes"), shares, strict=True):
        yield tax.name, share


def named_order_adjustments(
    line: OrderItemSummary, standing: Standing
) -> Iterator[tuple[str, Minor]]:
    """The same of each adjustment that is a share of the order's."""
    shares = standing.components[line.key].adjustments
    for adjustment, (scope, share) in zip(related_rows(line, "adjustments"), shares, strict=True):
        if scope == "order":
            yield adjustment.name, share
