"""What is told of change orders, to people: the customer, and colleagues."""

from __future__ import annotations

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cancellations.models.change_orders import LONGEST_NOTE, ChangeOrder
from cancellations.models.queue import Queued, QueuedQuerySet
from orders.models import OrderEvent, OrderSummary


class CustomerNotice(Queued):
    """An e-mail to the customer about one change order: one that it was made, one that it is paid.

    ``remark`` says why one was not sent: what the mail server said, or ``MAY_HAVE_BEEN_SENT``.
    """

    MAY_HAVE_BEEN_SENT = "may_have_been_sent"

    was_being_sent = False
    """Whether its claim found it so: its worker had died, and it is not to be sent again."""

    class Kind(models.TextChoices):
        CHANGED = "changed", pgettext_lazy("notice", "What was canceled")
        REFUNDED = "refunded", pgettext_lazy("notice", "Refunds have succeeded")

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("notice", "Waiting")
        SENDING = "sending", pgettext_lazy("notice", "Sending")
        SENT = "sent", pgettext_lazy("notice", "Sent")
        FAILED = "failed", pgettext_lazy("notice", "Failed")
        DROPPED = "dropped", pgettext_lazy("notice", "Dropped")

    change_order = models.ForeignKey(
        ChangeOrder,
        on_delete=models.PROTECT,
        related_name="customer_notices",
        verbose_name=_("change order"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True, default="")

    objects = QueuedQuerySet.as_manager()

    class Meta(Queued.Meta):
        verbose_name = _("customer notice")
        verbose_name_plural = _("customer notices")
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="customer_notice_once_per_kind", fields=["change_order", "kind"]
            ),
            models.CheckConstraint(
                name="customer_notice_status_known",
                condition=models.Q(status__in=["waiting", "sending", "sent", "failed", "dropped"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change_order}: {self.get_kind_display()}"

    @property
    def remark_in_words(self) -> str:
        """Why it was not sent, for people; "" where nothing is to be said."""
        if self.remark == self.MAY_HAVE_BEEN_SENT:
            return gettext("It may have been sent; it is not sent again.")
        if not self.remark:
            return ""
        return gettext("It was not sent: %(remark)s") % {"remark": self.remark}


class Unassigned(Queued):
    """What no payment could take of a change order's refund: told to people after the hold."""

    change_order = models.OneToOneField(
        ChangeOrder, on_delete=models.PROTECT, related_name="left_unassigned"
    )

    objects = QueuedQuerySet.as_manager()

    class Meta(Queued.Meta):
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.change_order)


class InternalNote(models.Model):
    """What an agent wrote on an order for colleagues; kept, never edited."""

    order = models.ForeignKey(OrderSummary, on_delete=models.PROTECT, related_name="internal_notes")
    event = models.OneToOneField(OrderEvent, on_delete=models.PROTECT, related_name="note")
    text = models.TextField(_("note"), validators=[MaxLengthValidator(LONGEST_NOTE)])

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.text
