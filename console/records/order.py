"""What an order's page says beyond its rows, and whether its reader may cancel any of it."""

from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from cancellations.acts.requests import may_cancel
from cancellations.history import with_items_and_refunds
from cancellations.models import BundlePolicy, ChangeOrder, Refund
from orders.arithmetic.amounts import TaxLocale, totals_labels
from orders.arithmetic.money import Minor
from orders.models import OrderItemSummary, OrderSummary
from orders.standing import as_it_stands
from orders.tree import TreeRow, bundle_lines, in_tree_order


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line with what is left of its money, in minor units."""

    tree: TreeRow
    amount_minor: Minor
    tax_minor: Minor

    @property
    def line(self) -> OrderItemSummary:
        return self.tree.line


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order's page in figures.

    Attributes:
        totals: Labels and amounts.
        owed_minor: Money held above what the order is worth: owed to the customer.
        change_orders: The order's change orders, newest first.
        refunds: Of all of them, in the same sequence.
        why_not: Why the reader cannot cancel anything of the order, or "".
    """

    rows: tuple[OrderRow, ...]
    refunded_minor: Minor
    totals: tuple[tuple[str, Minor], ...]
    owed_minor: Minor
    change_orders: tuple[ChangeOrder, ...]
    refunds: tuple[Refund, ...]
    why_not: str


def read_order(order: OrderSummary, *, reader: AbstractBaseUser | AnonymousUser) -> OrderRecord:
    """The record of an order fetched ``with_everything()``."""
    standing = as_it_stands(order)
    lines = order.lines.all()
    change_orders = with_items_and_refunds(order.change_orders.all()).order_by("-pk")
    return OrderRecord(
        rows=tuple(
            OrderRow(
                row,
                standing.components[row.line.key].net,
                standing.components[row.line.key].tax,
            )
            for row in in_tree_order(lines, bundle_lines(lines))
        ),
        refunded_minor=sum(payment.refunded for payment in standing.payments),
        totals=_totals(order, standing.tax_locale),
        owed_minor=standing.excess_funds,
        change_orders=tuple(change_orders),
        refunds=tuple(refund for change in change_orders for refund in change.refunds.all()),
        why_not=_why_not(order) or _why_not_by(reader),
    )


def _totals(order: OrderSummary, tax_locale: TaxLocale) -> tuple[tuple[str, Minor], ...]:
    totals = order.totals
    return tuple(
        (_(label), getattr(totals, name)) for name, label in totals_labels(tax_locale).items()
    )


def _why_not(order: OrderSummary) -> str:
    obstacle = order.obstacle(BundlePolicy.objects.for_order(order).bundle_rule)
    return _(obstacle.sentence) if obstacle else ""


def _why_not_by(reader: AbstractBaseUser | AnonymousUser) -> str:
    if may_cancel(reader):
        return ""
    return _("You may look at orders. Canceling needs the right to cancel order items.")
