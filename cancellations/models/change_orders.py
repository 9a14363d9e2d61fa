"""Change orders: history that is written once, by the acts.

Amounts of a change are stored negative, in minor units of the order's currency; people read
them as positive "canceled" amounts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cancellations.models.numbers import number_of
from orders.arithmetic.money import Minor
from orders.models import OrderEvent, OrderSummary
from orders.models.totals import KeepsTotals

if TYPE_CHECKING:
    from cancellations.models.as_written import AsWritten

LONGEST_NOTE = 1000
_CANCEL = "cancel_order_items"
_SETTLE = "settle_orders"
RIGHT_TO_CANCEL = f"cancellations.{_CANCEL}"
RIGHT_TO_SETTLE = f"cancellations.{_SETTLE}"
_ERASE = "erase_customers"
RIGHT_TO_ERASE = f"cancellations.{_ERASE}"


class ChangeOrder(KeepsTotals):
    """One submitted cancellation, settlement or reversal, or what was reported. Immutable.

    ``request_id`` is the wizard's run or a document's idempotency key, ``fingerprint`` names
    the content asked for under it. ``refund_due_minor`` is the order's excess funds right
    after the change, ``owed_before_minor`` what of it was owed before. ``event`` is the act or
    report that made it, ``actor_name`` what its actor was called then. Until ``held_until`` its
    refunds and releases wait, and it can be undone: by the reversal that ``undoes`` it.
    """

    class Kind(models.TextChoices):
        CANCELLATION = "cancellation", _("Cancellation")
        SETTLEMENT = "settlement", _("Settlement")
        REVERSAL = "reversal", pgettext_lazy("kind", "Reversal")
        RETURN = "return", pgettext_lazy("kind", "Return")
        REPORTED_CANCELLATION = "reported_cancellation", _("Reported Cancellation")

        @property
        def is_ours(self) -> bool:
            """Whether we made it: not what others report to have done."""
            return self.can_be_undone or self == ChangeOrder.Kind.REVERSAL

        @property
        def can_be_undone(self) -> bool:
            """Whether we made it, and it did not undo another itself."""
            return self in (ChangeOrder.Kind.CANCELLATION, ChangeOrder.Kind.SETTLEMENT)

    as_written: AsWritten | None = None
    """For whoever made it right now: what it consists of, without reading it back."""

    order = models.ForeignKey(
        OrderSummary,
        on_delete=models.PROTECT,
        related_name="change_orders",
        verbose_name=pgettext_lazy("purchase", "order"),
    )
    event = models.ForeignKey(OrderEvent, on_delete=models.PROTECT, related_name="change_orders")
    kind = models.CharField(_("kind"), max_length=21, choices=Kind, default=Kind.CANCELLATION)
    request_id = models.CharField(_("request id"), max_length=200, db_index=True)
    fingerprint = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("created by"),
    )
    actor_name = models.CharField(_("actor"), max_length=301)
    note = models.TextField(
        _("note"),
        blank=True,
        default="",
        validators=[MaxLengthValidator(LONGEST_NOTE)],
        help_text=_("Of a settlement, which may have no items."),
    )
    undoes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="undone_by",
        verbose_name=_("undoes"),
    )
    held_until = models.DateTimeField(null=True)
    refund_due_minor = models.BigIntegerField(default=0)
    owed_before_minor = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("change order")
        verbose_name_plural = _("change orders")
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [
            (_CANCEL, "Can cancel order items"),
            (_SETTLE, "Can refund what is owed"),
            (_ERASE, "Can erase customers"),
        ]
        indexes = [
            models.Index(name="change_order_by_moment", fields=["created_at"]),
            models.Index(name="change_order_by_kind", fields=["kind", "id"]),
            models.Index(name="change_order_by_actor", fields=["actor_name", "id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="change_order_once_per_request",
                fields=["order", "request_id"],  # guard: the unique constraint
            ),
            models.CheckConstraint(
                name="change_order_kind_known",
                condition=Q(
                    kind__in=[
                        "cancellation",
                        "settlement",
                        "reversal",
                        "return",
                        "reported_cancellation",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="change_order_never_raises_the_total",
                condition=Q(grand_total_minor__lte=0, tax_minor__lte=0) | Q(kind="reversal"),
            ),
            models.CheckConstraint(
                name="change_order_reversal_undoes_another",
                condition=Q(kind="reversal", undoes__isnull=False)
                | (~Q(kind="reversal") & Q(undoes__isnull=True)),
            ),
            models.CheckConstraint(
                name="change_order_reversal_gives_back",
                condition=~Q(kind="reversal") | Q(grand_total_minor__gte=0, tax_minor__gte=0),
            ),
            models.CheckConstraint(
                name="change_order_owed_before_within_refund_due",
                condition=Q(owed_before_minor__gte=0, refund_due_minor__gte=F("owed_before_minor")),
            ),
            models.CheckConstraint(
                name="change_order_from_elsewhere_refunds_nothing",
                condition=Q(kind__in=["cancellation", "settlement"]) | Q(refund_due_minor=0),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return number_of(self.pk)

    @property
    def canceled_minor(self) -> Minor:
        """What left the grand total, as a positive amount."""
        return -self.grand_total_minor

    @property
    def gives_back(self) -> bool:
        """Whether it put back on the grand total what another had taken off."""
        return self.kind == ChangeOrder.Kind.REVERSAL

    @property
    def moved_minor(self) -> Minor:
        """What left the grand total, or came back by a reversal, as a positive amount."""
        return abs(self.grand_total_minor)

    @property
    def reversal(self) -> ChangeOrder | None:
        """The one that undid it; asks nothing of one fetched with ``undone_by``."""
        return getattr(self, "undone_by", None)

    @property
    def unassigned_minor(self) -> Minor:
        """What of the refund due no payment could take (domain.md §6)."""
        refunds = self.as_written.refunds if self.as_written else self.refunds.all()
        return self.refund_due_minor - sum(refund.amount_minor for refund in refunds)
