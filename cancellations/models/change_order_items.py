"""What a change order did to each line that it moved; in the signs of ``change_orders.py``."""

from __future__ import annotations

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cancellations.arithmetic.quotes import ITEM_AMOUNTS, Move
from cancellations.models.change_orders import LONGEST_NOTE, ChangeOrder
from cancellations.models.reasons import CancellationReason
from orders.arithmetic.money import Minor
from orders.models import OrderItemSummary
from orders.models.loaded import Loaded


class ChangeOrderItem(Loaded):
    """One line whose quantity or money a change order moved (``OrderItemSummaryChange``).

    Of a reversal ``quantity`` counts what came back, and its amounts are positive.

    A line that only its bundle or its delivery group moved stands here with quantity 0 and
    no reason. ``reason_name`` keeps the name the reason had at the time.
    """

    class Type(models.TextChoices):
        CANCEL = "cancel", pgettext_lazy("kind", "Cancel")
        RETURN = "return", pgettext_lazy("kind", "Return")
        DELIVERY_CHARGE_ADJUSTMENT = "delivery_charge_adjustment", _("Delivery Charge Adjustment")
        FEE_ADJUSTMENT = "fee_adjustment", _("Fee Adjustment")

    change_order = models.ForeignKey(ChangeOrder, on_delete=models.PROTECT, related_name="items")
    line = models.ForeignKey(OrderItemSummary, on_delete=models.PROTECT, related_name="changes")
    type = models.CharField(_("type"), max_length=26, choices=Type)
    quantity = models.PositiveIntegerField(_("quantity"), default=0)
    reason = models.ForeignKey(
        CancellationReason, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason_name = models.CharField(_("reason name"), max_length=100, blank=True, default="")
    note = models.TextField(
        _("note"), blank=True, default="", validators=[MaxLengthValidator(LONGEST_NOTE)]
    )
    refund_delivery = models.BooleanField(_("refund delivery"), default=False)
    line_amount_minor = models.BigIntegerField()
    line_adjustments_minor = models.BigIntegerField()
    order_adjustments_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()

    class Meta:
        verbose_name = _("change order item")
        verbose_name_plural = _("change order items")
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="change_order_item_once_per_line", fields=["change_order", "line"]
            ),
            models.CheckConstraint(
                name="change_order_item_type_known",
                condition=Q(
                    type__in=["cancel", "return", "delivery_charge_adjustment", "fee_adjustment"]
                ),
            ),
            models.CheckConstraint(
                name="change_order_item_moves_units_of_products_alone",
                condition=Q(type__in=["cancel", "return"]) | Q(quantity=0),
            ),
            models.CheckConstraint(
                name="change_order_item_takes_off_or_gives_back",
                condition=Q(
                    tax_minor__lte=0,
                    line_amount_minor__lte=-F("line_adjustments_minor")
                    - F("order_adjustments_minor"),
                )
                | Q(
                    tax_minor__gte=0,
                    line_amount_minor__gte=-F("line_adjustments_minor")
                    - F("order_adjustments_minor"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line}"

    @property
    def columns(self) -> dict[str, Minor]:
        """Its amounts, to be compared with :func:`item_columns`."""
        return {column: getattr(self, column) for column in ITEM_COLUMNS}

    @property
    def net_minor(self) -> Minor:
        """The change of the amount before tax (gross orders: with it); 0 or negative."""
        return self.line_amount_minor + self.line_adjustments_minor + self.order_adjustments_minor


ITEM_COLUMNS = tuple(f"{name}_minor" for name in ITEM_AMOUNTS)


def item_columns(move: Move) -> dict[str, Minor]:
    """The columns of the item that keeps a moved line: what it lost is negative."""
    return dict(zip(ITEM_COLUMNS, move.amounts.values(), strict=True))
