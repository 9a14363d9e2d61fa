"""The totals of an order or of a change order, and what people call them (domain.md §3)."""

from dataclasses import dataclass, field, fields
from typing import Literal

from orders.arithmetic.money import Minor
from orders.arithmetic.words import gettext_noop

TaxLocale = Literal["net", "gross"]


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals of an order, or (negative) of a change order, in minor units.

    Rows keep each in a column of its name (``orders.models.totals``), documents write each
    under its name, and pages show each under its label.
    """

    product: Minor = field(default=0, metadata={"label": gettext_noop("Products")})
    order_adjustments: Minor = field(
        default=0, metadata={"label": gettext_noop("Order adjustments")}
    )
    delivery: Minor = field(default=0, metadata={"label": gettext_noop("Delivery")})
    fees: Minor = field(default=0, metadata={"label": gettext_noop("Fees")})
    tax: Minor = field(default=0, metadata={"label": gettext_noop("Tax")})
    grand_total: Minor = field(default=0, metadata={"label": gettext_noop("Total")})

    @property
    def amount(self) -> Minor:
        """All of them before tax (gross orders: with it)."""
        return self.product + self.order_adjustments + self.delivery + self.fees

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def __sub__(self, other: "Totals") -> "Totals":
        return Totals(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(self)))


def totals_labels(tax_locale: TaxLocale = "net") -> dict[str, str]:
    """The labels of :class:`Totals` by field; in *gross* orders the tax is in the others."""
    labels = {total.name: str(total.metadata["label"]) for total in fields(Totals)}
    if tax_locale == "gross":
        labels["tax"] = gettext_noop("Tax (included above)")
    return labels
