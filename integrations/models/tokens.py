"""By what other systems prove who they are: a token that acts as a user, and never as more."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

_IMPORT, _REPORT = "import_orders", "report_fulfillment"
RIGHT_TO_IMPORT = f"integrations.{_IMPORT}"
RIGHT_TO_REPORT = f"integrations.{_REPORT}"


class Scope(models.TextChoices):
    """What a token may be used for, as far as its user may do it."""

    ORDERS_READ = "orders:read", _("Read orders")
    ORDERS_WRITE = "orders:write", _("Import and amend orders")
    FULFILLMENT_WRITE = "fulfillment:write", _("Report fulfilment")
    CANCELLATIONS_PREVIEW = "cancellations:preview", _("Preview cancellations")
    CANCELLATIONS_WRITE = "cancellations:write", _("Cancel, settle and undo")
    REFUNDS_READ = "refunds:read", _("Read refunds and exceptions")
    REFUNDS_ACT = "refunds:act", _("Act on refunds and exceptions")
    EVENTS_READ = "events:read", _("Read the events feed")
    WEBHOOKS_MANAGE = "webhooks:manage", _("Manage webhook endpoints")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, now: datetime) -> ApiTokenQuerySet:
        """Those that open something: neither revoked nor run out, of a user who may sign in."""
        lasting = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        return self.filter(lasting, revoked_at__isnull=True, user__is_active=True)


class ApiToken(models.Model):
    """A token: its secret is kept as a digest only, and shown to nobody after it was made.

    ``prefix`` names it in lists and logs, and finds it. Within a minute of its own, counted from
    ``minute``, it may ask as often as the settings say; ``asked`` counts that.
    """

    Scope = Scope

    name = models.CharField(_("name"), max_length=100, help_text=_("Which system uses it."))
    prefix = models.CharField(_("prefix"), max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("acts as"),
    )
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    minute = models.BigIntegerField(default=0, editable=False)
    asked = models.PositiveIntegerField(default=0, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-pk"]
        default_permissions = ("view", "add", "change")
        permissions = [
            (_IMPORT, "Can import and amend orders through the API"),
            (_REPORT, "Can report fulfillment through the API"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (cmt_{self.prefix}…)"
