"""Where systems outside want to be told what happened."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cancellations.models.queue import Queued, QueuedQuerySet

_MANAGE = "manage_webhooks"
RIGHT_TO_MANAGE = f"integrations.{_MANAGE}"
LONGEST_ADDRESS = 2000


class Endpoint(Queued):
    """An address to which events are delivered, signed with a secret of its own.

    Secrets are stored encrypted (``events/secrets.py``). After a rotation the one before signs,
    too, until ``old_secret_until``. ``kept_by`` is who said last where it is told and of what: it
    is told of nothing that they may not see, and without ``types`` of all that they may see
    (``events/types.py``). ``is_struggling`` since a delivery failed: it gets one at a time then.
    ``disabled_times`` tells the events of being disabled apart. It is due while a mail about that
    is to be sent to its keeper.
    """

    class Disabled(models.TextChoices):
        BY_PERSON = "by_person", _("By a person")
        GONE = "gone", _("The receiver said that it is gone (410).")
        FAILED = "failed", _("A delivery failed for the last time.")

    address = models.CharField(_("address"), max_length=LONGEST_ADDRESS)
    description = models.CharField(_("description"), max_length=200, blank=True, default="")
    types = models.JSONField(_("types"), default=list, blank=True)
    secret = models.TextField()
    old_secret = models.TextField(blank=True, default="")
    old_secret_until = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(_("disabled"), null=True)
    disabled_why = models.CharField(max_length=9, blank=True, default="", choices=Disabled)
    disabled_times = models.PositiveIntegerField(default=0)
    is_struggling = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("kept by"),
    )

    objects = QueuedQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        ordering = ["pk"]
        default_permissions = ("view",)
        permissions = [(_MANAGE, "Can manage webhooks")]
        constraints = [
            models.CheckConstraint(
                name="endpoint_disabled_for_a_reason",
                condition=Q(disabled_at__isnull=True, disabled_why="")
                | (Q(disabled_at__isnull=False) & ~Q(disabled_why="")),
            )
        ]

    def __str__(self) -> str:
        return self.description or self.address

    @property
    def is_enabled(self) -> bool:
        return self.disabled_at is None
