"""What an order was paid with, and what of it is still there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.arithmetic.funds import Payment
from orders.arithmetic.money import Minor
from orders.models.loaded import Loaded
from orders.models.orders import OrderSummary


class PaymentSummary(Loaded):
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
    charged_back_minor = models.BigIntegerField(default=0)
    reserved_minor = models.BigIntegerField(default=0)
    released_minor = models.BigIntegerField(
        default=0, help_text=_("What of its authorization was released.")
    )
    captured_at_release_minor = models.BigIntegerField(
        null=True, help_text=_("What was captured when it was.")
    )
    reported_at = models.DateTimeField(
        null=True, help_text=_("When the last report on it that said when was of.")
    )
    full_refund_only = models.BooleanField(_("full refund only"), default=False)

    class Meta:
        verbose_name = _("payment summary")
        verbose_name_plural = _("payment summaries")
        ordering = ["position"]
        indexes = [
            models.Index(
                name="payment_by_reference",
                fields=["gateway_reference"],
                condition=~Q(gateway_reference=""),
            )
        ]
        constraints = [
            models.UniqueConstraint(name="payment_key_unique", fields=["order", "key"]),
            models.CheckConstraint(
                name="payment_amounts_not_negative",
                condition=Q(
                    authorized_minor__gte=0,
                    captured_minor__gte=0,
                    refunded_elsewhere_minor__gte=0,
                    refunded_here_minor__gte=0,
                    charged_back_minor__gte=0,
                    reserved_minor__gte=0,
                    released_minor__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="payment_released_with_what_was_captured",
                condition=Q(released_minor=0, captured_at_release_minor__isnull=True)
                | Q(released_minor__gt=0, captured_at_release_minor__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.method

    @property
    def figures(self) -> Payment:
        """The payment as arithmetic."""
        return Payment(
            key=self.key,
            method=self.method,
            authorized=self.authorized_minor,
            captured=self.captured_minor,
            refunded_here=self.refunded_here_minor,
            refunded_elsewhere=self.refunded_elsewhere_minor,
            charged_back=self.charged_back_minor,
            reserved=self.reserved_minor,
            full_refund_only=self.full_refund_only,
            released=self.released_minor,
            captured_at_release=self.captured_at_release_minor,
        )

    @property
    def refunded_minor(self) -> Minor:
        return self.figures.refunded

    @property
    def refundable_minor(self) -> Minor:
        return self.figures.refundable
