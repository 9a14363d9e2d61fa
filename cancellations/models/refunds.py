"""Money on its way back because of change orders."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cancellations.models.change_orders import ChangeOrder
from orders.models import PaymentSummary


class Refund(models.Model):
    """Money going back over one payment summary because of one change order (domain.md §6).

    Until it is *succeeded* or *withdrawn* its amount is reserved on the payment.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        PROCESSING = "processing"
        SUCCEEDED = "succeeded"
        FAILED = "failed"
        UNKNOWN = "unknown"
        MANUAL = "manual"
        WITHDRAWN = "withdrawn"

    FREED = frozenset({Status.SUCCEEDED, Status.WITHDRAWN})
    """Nothing is reserved for these any more."""
    NEED_A_PERSON = frozenset({Status.FAILED, Status.UNKNOWN, Status.MANUAL})

    change_order = models.ForeignKey(ChangeOrder, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(PaymentSummary, on_delete=models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="refund_once_per_payment_and_change_order", fields=["change_order", "payment"]
            ),
            models.CheckConstraint(name="refund_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="refund_status_known",
                condition=Q(
                    status__in=[
                        "pending",
                        "processing",
                        "succeeded",
                        "failed",
                        "unknown",
                        "manual",
                        "withdrawn",
                    ]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change_order} over {self.payment}"
