"""The columns for the totals of an order or of a change order, in one place."""

from __future__ import annotations

from dataclasses import fields

from django.db import models

from orders.arithmetic.money import Minor
from orders.arithmetic.totals import Totals
from orders.models.loaded import Loaded


class KeepsTotals(Loaded):
    """A row that keeps :class:`Totals`, in minor units: one column for each of its fields."""

    product_minor = models.BigIntegerField()
    order_adjustments_minor = models.BigIntegerField()
    delivery_minor = models.BigIntegerField()
    fees_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    grand_total_minor = models.BigIntegerField()

    class Meta:
        abstract = True

    @property
    def totals(self) -> Totals:
        return Totals(*(getattr(self, column) for column in TOTALS_COLUMNS))

    def set_totals(self, totals: Totals) -> None:
        """Put ``totals`` on the row, without saving it."""
        for column, amount in as_columns(totals).items():
            setattr(self, column, amount)


def as_columns(totals: Totals) -> dict[str, Minor]:
    """The columns' values for ``totals``."""
    return {f"{field.name}_minor": getattr(totals, field.name) for field in fields(totals)}


TOTALS_COLUMNS = tuple(as_columns(Totals()))
