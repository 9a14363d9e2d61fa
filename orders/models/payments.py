"""What an order was paid with, and what of it is still there."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.arithmetic.money import Minor
from orders.models.orders import OrderSummary


class PaymentSummary(models.Model):
    """One payment method used on the order, and how much of it is still there.

    ``refunded_elsewhere_minor`` is what other systems report; ``refunded_here_minor`` and
    ``reserved_minor`` are kept under the order's lock as our refunds move (domain.md §6).
    """

    order = models.ForeignKey(OrderSummary, on_delete=models.CASCADE, related_name="payments")
    key = models.CharField(_("key"), max_length=64)
    position = models.PositiveIntegerField()
    method = models.CharField(_("method"), max_length=255)
    gateway = models.CharField(_("gateway"), max_length=255)
    gateway_reference = models.CharField(
        _("gateway reference"), max_length=255, blank=True, default=""
    )
    authorized_minor = models.BigIntegerField()
    captured_minor = models.BigIntegerField(default=0)
    refunded_elsewhere_minor = models.BigIntegerField(default=0)
    refunded_here_minor = models.BigIntegerField(default=0)
    reserved_minor = models.BigIntegerField(default=0)
    full_refund_only = models.BooleanField(_("full refund only"), default=False)

    class Meta:
        verbose_name = _("payment summary")
        verbose_name_plural = _("payment summaries")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="payment_key_unique", fields=["order", "key"]),
            models.CheckConstraint(
                name="payment_amounts_not_negative",
                condition=Q(
                    captured_minor__gte=0,
                    refunded_elsewhere_minor__gte=0,
                    refunded_here_minor__gte=0,
                    reserved_minor__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="payment_captured_within_authorized",
                condition=Q(captured_minor__lte=F("authorized_minor")),
            ),
            models.CheckConstraint(
                name="payment_refunded_and_reserved_within_captured",
                condition=Q(
                    captured_minor__gte=F("refunded_elsewhere_minor")
                    + F("refunded_here_minor")
                    + F("reserved_minor")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.method

    @property
    def refunded_minor(self) -> Minor:
        return self.refunded_elsewhere_minor + self.refunded_here_minor

    @property
    def refundable_minor(self) -> Minor:
        return max(0, self.captured_minor - self.refunded_minor - self.reserved_minor)
