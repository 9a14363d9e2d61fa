"""What waits for a second person before it is done."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cancellations.models.change_orders import LONGEST_NOTE, ChangeOrder
from cancellations.models.queue import Queued, QueuedQuerySet
from orders.models import OrderSummary

_APPROVE = "approve_change_orders"
RIGHT_TO_APPROVE = f"cancellations.{_APPROVE}"


class ApprovalStatus(models.TextChoices):
    """Where it stands; whatever is no longer requested stays what it is."""

    REQUESTED = "requested", pgettext_lazy("approval", "Requested")
    APPROVED = "approved", pgettext_lazy("approval", "Approved")
    REFUSED = "refused", pgettext_lazy("approval", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("approval", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("approval", "Expired")


class Approval(Queued):
    """A cancellation or settlement above what one person does alone, asked of a second one.

    ``content`` is what was asked, as its fingerprint names it; ``agreed`` the signed review that
    it was asked on, ``amount_minor`` what is at stake in it. It is decided once, by somebody else
    than asked; withdrawn by whoever asked; expired when the review no longer holds, which is looked
    at when it is due. ``told_at`` is when those who may approve were written to.
    """

    Status = ApprovalStatus

    order = models.ForeignKey(
        OrderSummary,
        on_delete=models.PROTECT,
        related_name="approvals",
        verbose_name=pgettext_lazy("purchase", "order"),
    )
    kind = models.CharField(_("kind"), max_length=21, choices=ChangeOrder.Kind)
    request_id = models.CharField(_("request id"), max_length=200)
    fingerprint = models.CharField(max_length=80)
    content = models.JSONField(_("what was asked"))
    agreed = models.TextField(_("review"))
    amount_minor = models.BigIntegerField(_("amount"))
    status = models.CharField(
        _("status"), max_length=9, choices=ApprovalStatus, default=ApprovalStatus.REQUESTED
    )
    requested_at = models.DateTimeField(_("requested"), auto_now_add=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("requested by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    note = models.TextField(
        _("note"), blank=True, default="", validators=[MaxLengthValidator(LONGEST_NOTE)]
    )
    told_at = models.DateTimeField(null=True)
    change_order = models.OneToOneField(
        ChangeOrder, on_delete=models.PROTECT, null=True, related_name="approval"
    )

    objects = QueuedQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["-requested_at", "-pk"]
        default_permissions = ("view",)
        permissions = [(_APPROVE, "Can approve what needs a second person")]
        indexes = [
            *Queued.Meta.indexes,
            models.Index(
                name="approval_requested", fields=["order"], condition=Q(status="requested")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="approval_requested_once",
                fields=["order", "request_id"],
                condition=Q(status="requested"),
            ),
            models.CheckConstraint(
                name="approval_kind_known", condition=Q(kind__in=("cancellation", "settlement"))
            ),
            models.CheckConstraint(
                name="approval_status_known", condition=Q(status__in=ApprovalStatus.values)
            ),
            models.CheckConstraint(
                name="approval_decided_by_someone",
                condition=Q(status="requested", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(status="requested") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="approval_by_a_second_person",
                condition=~Q(status__in=("approved", "refused")) | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="approval_makes_a_change_order",
                condition=Q(status="approved", change_order__isnull=False)
                | (~Q(status="approved") & Q(change_order__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def is_requested(self) -> bool:
        return self.status == ApprovalStatus.REQUESTED
