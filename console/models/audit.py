"""Who came in, and what they did to accounts, rights, settings and money."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

RIGHT_TO_AUDIT = "console.view_auditentry"


class AuditKind(models.TextChoices):
    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    SIGN_IN_LOCKED = "sign_in_locked", _("Sign-in locked")
    SIGNED_OUT = "signed_out", _("Signed out")
    SECOND_FACTOR = "second_factor", _("Second factor")
    PASSWORD = "password", _("Password")
    ACCOUNT = "account", _("User account")
    GROUP = "group", _("Group of users")
    RIGHTS = "rights", _("Rights")
    REASON = "reason", _("Cancellation reason")
    POLICY = "policy", _("Bundle policy")
    MONEY = "money", _("Act on refunds")
    EXCEPTION = "exception", _("Exception resolved")
    EXPORTED = "exported", _("Export")
    ERASED = "erased", _("Customer erased")
    PRUNED = "pruned", _("Old records removed")
    OPENED = "opened", _("Customer’s record opened")
    CONNECTION = "connection", _("Connection of a machine")


class AuditEntry(models.Model):
    """One act of a person or command, written in its transaction. Immutable.

    ``actor_name`` is what the actor was called then, and stays when the account is gone;
    without an ``actor_id`` nobody had signed in, or no page was asked for. ``about`` names the
    account, group, order or setting it was about by its name or number, or the address that was
    released; ``address`` is the client's. ``facts`` are codes, counts and names of rights: no
    customer's data, no secrets.

    ``prune`` alone deletes entries, old ones, and writes one that says so (``guards.sql``).
    """

    Kind = AuditKind

    at = models.DateTimeField(pgettext_lazy("when", "at"), default=timezone.now)
    kind = models.CharField(_("kind"), max_length=20, choices=AuditKind)
    actor_id = models.BigIntegerField(null=True, db_index=True)
    actor_name = models.CharField(_("who"), max_length=150, blank=True, default="")
    about = models.CharField(
        pgettext_lazy("concerning", "about"), max_length=200, blank=True, default=""
    )
    address = models.GenericIPAddressField(_("address"), null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(name="audit_by_moment", fields=["at"]),
            models.Index(name="audit_by_kind", fields=["kind", "id"]),
            models.Index(name="audit_by_actor", fields=["actor_name", "id"]),
            models.Index(name="audit_by_subject", fields=["about", "id"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="audit_kind_known",
                condition=Q(kind__in=AuditKind.values),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}".strip()
