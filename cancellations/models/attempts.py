"""What was asked of gateways and what they answered, and what they told of themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cancellations.models.refunds import Refund, Release


class Attempt(models.Model):
    """One call of a gateway for a refund or release, written before it is made.

    One without an ``outcome`` was not recorded: whoever made it died, or is still at it.
    ``request`` and ``answer`` are kept without secrets and personal data.
    """

    class Call(models.TextChoices):
        SEND = "send", pgettext_lazy("gateway", "Send")
        LOOK_UP = "look_up", pgettext_lazy("gateway", "Look up")

    class Outcome(models.TextChoices):
        SUCCEEDED = "succeeded", _("Succeeded")
        SETTLING = "settling", pgettext_lazy("refund", "Settling")
        REFUSED = "refused", pgettext_lazy("gateway", "Refused")
        UNKNOWN = "unknown", pgettext_lazy("refund", "Unknown")
        NOT_FOUND = "not_found", pgettext_lazy("gateway", "Not found")

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, related_name="attempts")
    release = models.ForeignKey(
        Release, on_delete=models.PROTECT, null=True, related_name="attempts"
    )
    call = models.CharField(max_length=7, choices=Call)
    lease = models.UUIDField(unique=True)
    idempotency_key = models.CharField(max_length=64)
    began_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, default="")
    request = models.JSONField(default=dict)
    answer = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="attempt_of_a_refund_or_a_release",
                condition=Q(refund__isnull=True) ^ Q(release__isnull=True),
            ),
            models.CheckConstraint(
                name="attempt_outcome_known",
                condition=Q(
                    outcome__in=["", "succeeded", "settling", "refused", "unknown", "not_found"]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call} {self.idempotency_key}"


class GatewayNotice(models.Model):
    """What a gateway told of itself, by the gateway's own name of the notice: taken once."""

    gateway = models.CharField(max_length=255)
    notice_id = models.CharField(max_length=255)
    type = models.CharField(max_length=100)
    received_at = models.DateTimeField(auto_now_add=True)
    taken_as = models.CharField(max_length=100, help_text=_("What was made of it."))

    class Meta:
        verbose_name = _("gateway notice")
        verbose_name_plural = _("gateway notices")
        ordering = ["-pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="gateway_notice_taken_once", fields=["gateway", "notice_id"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.notice_id}"


class SandboxEntry(models.Model):
    """What the sandbox gateway really did under one key; only it writes here, beside our acts."""

    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=7)
    reference = models.CharField(max_length=255)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    paid = models.BooleanField(default=False)
    answer = models.CharField(max_length=9)
    about = models.CharField(max_length=400)
    settles_at_ms = models.BigIntegerField(null=True)
    asked = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("sandbox entry")
        verbose_name_plural = _("sandbox entries")
        ordering = ["pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.key
