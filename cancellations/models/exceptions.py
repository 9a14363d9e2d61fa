"""What happened and does not fit, and needs a person."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cancellations.models.change_orders import LONGEST_NOTE
from cancellations.models.refunds import Refund, Release
from orders.models import OrderItemSummary, OrderSummary, PaymentSummary

_RESOLVE = "resolve_exceptions"
RIGHT_TO_RESOLVE = f"cancellations.{_RESOLVE}"


IS_OPEN = ExpressionWrapper(Q(resolved_at__isnull=True), output_field=models.BooleanField())
"""Whether one is open, as the index has it by which the list is read."""


class ProcessExceptionQuerySet(models.QuerySet["ProcessException"]):
    def open(self) -> ProcessExceptionQuerySet:
        return self.filter(resolved_at__isnull=True)

    def urgent(self) -> ProcessExceptionQuerySet:
        """Of which an order needs attention; each refund that waits for a person has such a one."""
        return self.filter(severity=ProcessException.Severity.HIGH)

    def of_facts(self) -> ProcessExceptionQuerySet:
        """Of what was reported: not those that call a person to a refund or to what is owed."""
        return self.filter(refund__isnull=True, release__isnull=True).exclude(
            line__isnull=True, payment__isnull=True
        )


class ProcessException(models.Model):
    """Something reported that does not fit an order, or that failed (domain.md §2).

    It is about one line or one payment; of each category at most one is open for it, and facts
    that do not fit either take its place. ``facts`` are what was reported beside what is in
    effect, in counts and minor units. One that a later report resolved has no note.

    One of category *refund* may also be about one refund or release that a person has to see to,
    or, with neither payment, about what of the order's money no payment could take. One of
    category *records* is about the whole order, whose records are not what its events give.
    """

    class Category(models.TextChoices):
        FULFILLMENT = "fulfillment", _("Fulfilment")
        PAYMENT = "payment", _("Payment")
        REFUND = "refund", _("Refund")
        RECORDS = "records", _("Records")

    class Severity(models.TextChoices):
        HIGH = "high", pgettext_lazy("severity", "High")
        LOW = "low", pgettext_lazy("severity", "Low")

    order = models.ForeignKey(
        OrderSummary,
        on_delete=models.PROTECT,
        related_name="process_exceptions",
        verbose_name=pgettext_lazy("purchase", "order"),
    )
    category = models.CharField(_("category"), max_length=11, choices=Category)
    severity = models.CharField(_("severity"), max_length=4, choices=Severity)
    line = models.ForeignKey(
        OrderItemSummary, on_delete=models.PROTECT, null=True, related_name="+"
    )
    payment = models.ForeignKey(
        PaymentSummary, on_delete=models.PROTECT, null=True, related_name="+"
    )
    refund = models.ForeignKey(
        Refund, on_delete=models.PROTECT, null=True, related_name="process_exceptions"
    )
    release = models.ForeignKey(
        Release, on_delete=models.PROTECT, null=True, related_name="process_exceptions"
    )
    facts = models.JSONField()
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )
    note = models.TextField(
        _("note"), blank=True, default="", validators=[MaxLengthValidator(LONGEST_NOTE)]
    )

    objects = ProcessExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("process exception")
        verbose_name_plural = _("process exceptions")
        ordering = ["-opened_at", "-pk"]
        default_permissions = ("view",)
        indexes = [models.Index(IS_OPEN.desc(), F("id").desc(), name="exception_open_first")]
        permissions = [(_RESOLVE, "Can resolve process exceptions")]
        constraints = [
            models.UniqueConstraint(
                name="exception_open_once_per_line",
                fields=["line", "category"],
                condition=Q(resolved_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="exception_open_once_per_payment",
                fields=["payment", "category"],
                condition=Q(resolved_at__isnull=True, refund__isnull=True, release__isnull=True),
            ),
            models.UniqueConstraint(
                name="exception_open_once_per_refund",
                fields=["refund"],
                condition=Q(resolved_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="exception_open_once_per_release",
                fields=["release"],
                condition=Q(resolved_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="exception_open_once_for_what_is_unassigned",
                fields=["order"],
                condition=Q(resolved_at__isnull=True, category="refund", payment__isnull=True),
            ),
            models.UniqueConstraint(
                name="exception_open_once_for_records",
                fields=["order"],
                condition=Q(resolved_at__isnull=True, category="records"),
            ),
            models.CheckConstraint(
                name="exception_about_a_line_or_a_payment",
                condition=Q(category="fulfillment", line__isnull=False, payment__isnull=True)
                | Q(category="payment", line__isnull=True, payment__isnull=False)
                | Q(category="refund", line__isnull=True)
                | Q(category="records", line__isnull=True, payment__isnull=True),
            ),
            models.CheckConstraint(
                name="exception_about_a_refund_or_a_release",
                condition=Q(refund__isnull=True, release__isnull=True)
                | (
                    (Q(refund__isnull=True) ^ Q(release__isnull=True))
                    & Q(category="refund", payment__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="exception_resolved_by_someone",
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True, note="")
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} #{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    @property
    def is_urgent(self) -> bool:
        return self.severity == self.Severity.HIGH

    @property
    def about(self) -> str:
        """The key of the line or payment it is about; "" where it is about the order."""
        subject = self.line or self.payment
        return subject.key if subject else ""

    @property
    def instruction(self) -> Refund | Release | None:
        """The refund or release that waits for a person."""
        return self.refund or self.release
