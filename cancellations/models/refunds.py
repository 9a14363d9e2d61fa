"""Money on its way back because of change orders."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cancellations.models.change_orders import ChangeOrder
from orders.arithmetic.money import Minor
from orders.models import PaymentSummary


class RefundStatus(models.TextChoices):
    """How far a refund has come, and what that means for its money and for people."""

    PENDING = "pending", _("Pending")
    PROCESSING = "processing", _("Processing")
    SETTLING = "settling", pgettext_lazy("refund", "Settling")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", pgettext_lazy("refund", "Unknown")
    MANUAL = "manual", pgettext_lazy("refund", "Manual")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @property
    def reserves_money(self) -> bool:
        """Whether the amount is still set aside on the payment."""
        return self not in (RefundStatus.SUCCEEDED, RefundStatus.WITHDRAWN)

    @property
    def needs_a_person(self) -> bool:
        return self in (RefundStatus.FAILED, RefundStatus.UNKNOWN, RefundStatus.MANUAL)


class Refund(models.Model):
    """Money going back over one payment summary because of one change order (domain.md §6).

    Its amount is reserved on the payment as long as ``status`` says so.
    """

    Status = RefundStatus

    NEED_A_PERSON = tuple(status for status in RefundStatus if status.needs_a_person)

    change_order = models.ForeignKey(
        ChangeOrder,
        on_delete=models.PROTECT,
        related_name="refunds",
        verbose_name=_("change order"),
    )
    payment = models.ForeignKey(
        PaymentSummary, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("payment")
    )
    amount_minor = models.BigIntegerField()
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="refund_once_per_payment_and_change_order", fields=["change_order", "payment"]
            ),
            models.CheckConstraint(name="refund_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="refund_status_known",
                condition=Q(status__in=RefundStatus.values),
            ),
        ]

    def __str__(self) -> str:
        said = {"change_order": self.change_order, "payment": self.payment}
        return gettext("%(change_order)s over %(payment)s") % said

    @property
    def reserved_minor(self) -> Minor:
        """What of it is set aside on the payment."""
        return self.amount_minor if RefundStatus(self.status).reserves_money else 0

    @property
    def succeeded_minor(self) -> Minor:
        """What of it has gone back."""
        return self.amount_minor if self.status == RefundStatus.SUCCEEDED else 0


class Release(models.Model):
    """What was left of an authorization, released because of one change order (domain.md §6).

    Carried out like a refund, in the same states; it moves no captured money.
    """

    Status = RefundStatus

    change_order = models.ForeignKey(
        ChangeOrder,
        on_delete=models.PROTECT,
        related_name="releases",
        verbose_name=_("change order"),
    )
    payment = models.ForeignKey(
        PaymentSummary, on_delete=models.PROTECT, related_name="releases", verbose_name=_("payment")
    )
    amount_minor = models.BigIntegerField()
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="release_once_per_payment_and_change_order", fields=["change_order", "payment"]
            ),
            models.CheckConstraint(name="release_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="release_status_known", condition=Q(status__in=RefundStatus.values)
            ),
        ]

    def __str__(self) -> str:
        said = {"change_order": self.change_order, "payment": self.payment}
        return gettext("%(change_order)s over %(payment)s") % said
