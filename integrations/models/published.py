"""What happened, as it is told to the outside: first noted, then published."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cancellations.models.queue import Queued, QueuedQuerySet
from orders.models import OrderSummary


class Source(models.TextChoices):
    """What something published was told by; ``about`` is that row's primary key."""

    EVENT = "event", _("Event")
    OPENED = "opened", _("Exception opened")
    RESOLVED = "resolved", _("Exception resolved")
    DISABLED = "disabled", _("Endpoint disabled")


class Unpublished(models.Model):
    """Something that was committed and that nobody has published yet.

    Triggers write it in the transaction of what it is about (``guards.sql``), so that it is
    there exactly when that is. The publisher takes it out in the transaction that publishes it.
    ``part`` tells apart what the same row has to tell more than once.
    """

    source = models.CharField(max_length=8, choices=Source)
    about = models.BigIntegerField()
    part = models.PositiveIntegerField(default=0)
    order_sequence = models.PositiveIntegerField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.source} {self.about}"


class Feed(Queued):
    """The one row that says how far the feed has come; whoever publishes holds its lock.

    It is its own queue: a worker that claims it publishes what waits. ``removed`` is the last
    sequence of what is kept no longer.
    """

    ONE = 1

    last = models.BigIntegerField(default=0)
    removed = models.BigIntegerField(default=0)

    objects = QueuedQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.removed + 1} … {self.last}"


class PublishedEvent(models.Model):
    """One event of the feed. Immutable; deleted only when it is too old.

    ``sequence`` counts without a gap, in the order of publishing. ``order_sequence`` is that of
    the order's event it tells of; several may share one. ``data`` holds numbers and amounts.
    """

    sequence = models.BigIntegerField(_("sequence"), primary_key=True)
    type = models.CharField(_("type"), max_length=40)
    source = models.CharField(max_length=8, choices=Source)
    about = models.BigIntegerField()
    part = models.PositiveIntegerField(default=0)
    order = models.ForeignKey(
        OrderSummary,
        on_delete=models.PROTECT,
        null=True,
        related_name="published_events",
        verbose_name=pgettext_lazy("purchase", "order"),
    )
    order_sequence = models.PositiveIntegerField(null=True)
    at = models.DateTimeField(pgettext_lazy("when", "at"))
    published_at = models.DateTimeField(_("published"), db_index=True)
    data = models.JSONField()

    class Meta:
        verbose_name = _("published event")
        verbose_name_plural = _("published events")
        ordering = ["sequence"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="published_once", fields=["source", "about", "part"]),
            models.CheckConstraint(
                name="published_with_its_order",
                condition=Q(source="disabled", order__isnull=True) | Q(order__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.type}"

    @property
    def name(self) -> str:
        """The id under which it is told, by feed and webhooks alike."""
        return f"evt_{self.sequence:08d}"
