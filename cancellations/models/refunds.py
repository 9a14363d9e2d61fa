"""What a payment's gateway is told to do because of change orders: refund, or release."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cancellations.models.change_orders import ChangeOrder
from cancellations.models.queue import IS_IN_FLIGHT, Queued, QueuedQuerySet
from cancellations.models.refund_states import ByHand, RefundStatus
from orders.arithmetic.money import Currency, Minor
from orders.models import PaymentSummary

_ACT = "act_on_refunds"
RIGHT_TO_ACT = f"cancellations.{_ACT}"


def new_key() -> str:
    """A new idempotency key."""
    return uuid4().hex


class InstructionQuerySet(QueuedQuerySet):
    def for_carrying_out(self) -> InstructionQuerySet:
        """With all that a gateway is told."""
        return self.select_related("payment", "change_order__order")

    def needing_a_person(self) -> InstructionQuerySet:
        """Those that wait for a person now: not within the hold, nor while tries go on."""
        return self.filter(attention_since__isnull=False)


WAITS_FOR_A_PERSON = ExpressionWrapper(
    Q(attention_since__isnull=False), output_field=models.BooleanField()
)
"""Whether one does, as the index has it by which the list is read."""


class Instruction(Queued):
    """What the gateway of one payment is told to do because of one change order.

    Sent under ``idempotency_key``, first at ``first_sent_at``: the same one until the gateway has
    definitely refused it. ``gateway_id`` is the gateway's own name of it, ``reference`` that of
    the person who paid by hand. ``by_hand`` says why a person has to, ``paid_by`` how it succeeded
    where that was not its gateway's doing, ``remark`` what the gateway said last, or who ended it.
    While a person has to act an exception is open for it, since ``attention_since``.
    """

    class PaidBy(models.TextChoices):
        HAND = "hand", _("By hand")
        ELSEWHERE = "elsewhere", _("Elsewhere")

    Status = RefundStatus
    ByHand = ByHand

    step: object = None
    attempt: Any = None
    """What its claim decided to do next, and the call that it announced, if it did."""

    change_order = models.ForeignKey(
        ChangeOrder,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("change order"),
    )
    payment = models.ForeignKey(
        PaymentSummary,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("payment"),
    )
    amount_minor = models.BigIntegerField()
    currency_code = models.CharField(
        _("currency"), max_length=3, help_text=_("Its order's, kept here to be looked for.")
    )
    currency_places = models.PositiveSmallIntegerField()
    status = models.CharField(
        _("status"), max_length=10, choices=RefundStatus, default=RefundStatus.PENDING
    )
    created_at = models.DateTimeField(auto_now_add=True)
    idempotency_key = models.CharField(max_length=64, unique=True, default=new_key)
    first_sent_at = models.DateTimeField(null=True)
    gateway_id = models.CharField(_("gateway id"), max_length=255, blank=True, default="")
    by_hand = models.CharField(max_length=20, blank=True, default="", choices=ByHand)
    remark = models.CharField(_("remark"), max_length=500, blank=True, default="")
    paid_by = models.CharField(max_length=9, blank=True, default="", choices=PaidBy)
    reference = models.CharField(_("reference"), max_length=200, blank=True, default="")
    attention_since = models.DateTimeField(_("needs attention since"), null=True)
    look_up_first = models.BooleanField(
        default=False, help_text=_("A person wants to know first what became of it.")
    )

    objects = InstructionQuerySet.as_manager()

    class Meta(Queued.Meta):
        abstract = True
        indexes = [
            *Queued.Meta.indexes,
            models.Index(
                name="%(class)s_needs_attention",
                fields=["attention_since"],
                condition=Q(attention_since__isnull=False),
            ),
            models.Index(
                WAITS_FOR_A_PERSON.desc(),
                IS_IN_FLIGHT.desc(),
                F("id").desc(),
                name="%(class)s_as_listed",
            ),
            models.Index(
                F("currency_code"),
                WAITS_FOR_A_PERSON.desc(),
                IS_IN_FLIGHT.desc(),
                F("id").desc(),
                name="%(class)s_of_a_currency",
            ),
            models.Index(fields=["currency_places", "amount_minor"], name="%(class)s_by_amount"),
            models.Index(
                name="%(class)s_by_gateway_id",
                fields=["gateway_id"],
                condition=~Q(gateway_id=""),
            ),
        ]
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="%(class)s_once_per_payment_and_change_order",
                fields=["change_order", "payment"],
            ),
            models.CheckConstraint(name="%(class)s_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="%(class)s_status_known", condition=Q(status__in=RefundStatus.values)
            ),
        ]

    def __str__(self) -> str:
        said = {"change_order": self.change_order, "payment": self.payment}
        return gettext("%(change_order)s over %(payment)s") % said

    @property
    def currency(self) -> Currency:
        return Currency(self.currency_code, self.currency_places)

    @property
    def is_release(self) -> bool:
        return isinstance(self, Release)

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is to be done about it, as far as anyone knows."""
        return self.status in (RefundStatus.SUCCEEDED, RefundStatus.WITHDRAWN)


class Refund(Instruction):
    """Money going back over one payment summary because of one change order (domain.md §6).

    Its amount is reserved on the payment as long as ``status`` says so.
    """

    class Meta(Instruction.Meta):
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        permissions = [(_ACT, "Can act on refunds")]

    @property
    def reserved_minor(self) -> Minor:
        """What of it is set aside on the payment."""
        return self.amount_minor if RefundStatus(self.status).reserves_money else 0

    @property
    def succeeded_minor(self) -> Minor:
        """What of it has gone back."""
        return self.amount_minor if self.status == RefundStatus.SUCCEEDED else 0


class Release(Instruction):
    """What was left of an authorization, released because of one change order (domain.md §6).

    Carried out like a refund, in the same states; it moves no captured money.
    """

    class Meta(Instruction.Meta):
        verbose_name = _("release")
        verbose_name_plural = _("releases")
