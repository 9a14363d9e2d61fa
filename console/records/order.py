"""What the record page says of an order beyond its rows."""

from dataclasses import dataclass

from cancellations.history import with_items_and_refunds
from cancellations.models import ChangeOrder, Refund
from orders.arithmetic.amounts import TaxLocale, totals_labels
from orders.arithmetic.money import Minor
from orders.models import OrderItemSummary, OrderSummary
from orders.standing import as_it_stands
from orders.tree import TreeRow, bundle_lines, in_tree_order


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One line with what is left of its money, in minor units."""

    tree: TreeRow
    amount_minor: Minor
    tax_minor: Minor

    @property
    def line(self) -> OrderItemSummary:
        return self.tree.line


@dataclass(frozen=True, slots=True)
class Record:
    """An order's page in figures.

    Attributes:
        totals: Labels and amounts.
        owed_minor: Money held above what the order is worth: owed to the customer.
        change_orders: The order's change orders, newest first.
        why_not: Why nothing of the order can be canceled, or "".
    """

    rows: tuple[RecordRow, ...]
    refunded_minor: Minor
    totals: tuple[tuple[str, Minor], ...]
    owed_minor: Minor
    change_orders: list[ChangeOrder]
    why_not: str

    @property
    def refunds(self) -> list[Refund]:
        return [refund for change in self.change_orders for refund in change.refunds.all()]


def read_record(order: OrderSummary) -> Record:
    """The record of an order fetched ``with_everything()``."""
    standing = as_it_stands(order)
    lines = order.lines.all()
    return Record(
        rows=tuple(
            RecordRow(
                row,
                standing.components[row.line.key].net,
                standing.components[row.line.key].tax,
            )
            for row in in_tree_order(lines, bundle_lines(lines))
        ),
        refunded_minor=sum(payment.refunded for payment in standing.payments),
        totals=_totals(order, standing.tax_locale),
        owed_minor=standing.excess_funds,
        change_orders=list(with_items_and_refunds(order.change_orders.all()).order_by("-pk")),
        why_not=_why_not(order),
    )


def _totals(order: OrderSummary, tax_locale: TaxLocale) -> tuple[tuple[str, Minor], ...]:
    totals = order.totals
    return tuple(
        (label, getattr(totals, name)) for name, label in totals_labels(tax_locale).items()
    )


def _why_not(order: OrderSummary) -> str:
    return order.obstacle.sentence if order.obstacle else ""
