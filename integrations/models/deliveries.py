"""Events on their way to endpoints: each a row that is its own queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cancellations.models.queue import Queued, QueuedQuerySet
from integrations.models.endpoints import Endpoint
from integrations.models.published import PublishedEvent
from orders.models import OrderSummary

AT_ONCE = 4
"""Hands of a worker that deliver to one endpoint at the same time; one that struggles gets one."""


class DeliveryQuerySet(QueuedQuerySet):
    def due(self, now: datetime, in_hand: Collection[Delivery] = ()) -> Self:
        """What may be delivered now: of an endpoint's deliveries about one order the first.

        Each endpoint has its own share of a worker's hands, so that one that is slow takes nothing
        from others.

        Args:
            in_hand: What the worker delivers now; those of one lease are in one hand.
        """
        leases = {(row.endpoint_id, row.lease) for row in in_hand}
        taken = Counter(endpoint for endpoint, _ in leases)
        shares = _shares(now, taken)
        return super().due(now).filter(pk__in=shares, status=Delivery.Status.WAITING)


def _shares(now: datetime, taken: Mapping[int, int]) -> list[int]:
    """What each endpoint may get of a worker, beside the hands that it has already."""
    waiting = Delivery.objects.filter(due_at__lte=now, endpoint=OuterRef("pk"))
    in_flight = Delivery.objects.filter(lease__isnull=False, due_at__gt=now)
    is_at_it = Exists(in_flight.filter(endpoint=OuterRef("pk")))
    endpoints = Endpoint.objects.filter(Exists(waiting), disabled_at__isnull=True)
    shares: list[int] = []
    for endpoint in endpoints.exclude(is_at_it, is_struggling=True).only("pk", "is_struggling"):
        room = (1 if endpoint.is_struggling else AT_ONCE) - taken.get(endpoint.pk, 0)
        if room > 0:
            heads = heads_of(endpoint.pk, now).values_list("pk", flat=True)
            shares += heads.order_by("due_at", "pk")[:room]
    return shares


def heads_of(endpoint: int, now: datetime) -> models.QuerySet[Delivery]:
    """Those that are due and that no other about the same order goes before."""
    others = Delivery.objects.filter(
        endpoint=endpoint, order=OuterRef("order"), due_at__isnull=False
    ).exclude(pk=OuterRef("pk"))
    before = Q(event__lt=OuterRef("event")) | Q(event=OuterRef("event"), pk__lt=OuterRef("pk"))
    in_flight = Q(lease__isnull=False, due_at__gt=now)
    due = Delivery.objects.filter(endpoint=endpoint, due_at__lte=now)
    return due.exclude(Exists(others.filter(before | in_flight)))


class Delivery(Queued):
    """One event on its way to one endpoint; without an event a test of the endpoint.

    Delivered at least once. ``order`` is the event's, by which deliveries keep their order.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
        DELIVERED = "delivered", pgettext_lazy("delivery", "Delivered")
        FAILED = "failed", pgettext_lazy("delivery", "Failed")

    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("endpoint")
    )
    event = models.ForeignKey(
        PublishedEvent,
        on_delete=models.CASCADE,
        null=True,
        related_name="deliveries",
        verbose_name=_("event"),
    )
    order = models.ForeignKey(OrderSummary, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = DeliveryQuerySet.as_manager()

    followers: Sequence[Delivery] = ()
    """Of one that is claimed: those that were claimed to be sent after it."""
    was_due_at: datetime | None = None
    """Of such a one: when it was due before."""

    class Meta(Queued.Meta):
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                name="delivery_due",
                fields=["endpoint", "due_at"],
                condition=Q(due_at__isnull=False),
            ),
            models.Index(
                name="delivery_in_its_order",
                fields=["endpoint", "order", "event"],
                condition=Q(due_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="delivery_once_per_event", fields=["endpoint", "event"]),
            models.CheckConstraint(
                name="delivery_waits_or_has_ended",
                condition=Q(status="waiting", due_at__isnull=False)
                | Q(status__in=["delivered", "failed"], due_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The ``webhook-id`` under which it is sent, the same at every try."""
        return self.event.name if self.event else f"test_{self.pk:08d}"


class DeliveryAttempt(models.Model):
    """One try of a delivery: what the receiver answered, or why it was not reached."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField(pgettext_lazy("when", "at"))
    status = models.PositiveIntegerField(_("answer"), null=True)
    remark = models.CharField(_("remark"), max_length=1100, blank=True, default="")
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("delivery attempt")
        verbose_name_plural = _("delivery attempts")
        ordering = ["pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.delivery} {self.status or self.remark}"

    @property
    def said(self) -> str:
        """The beginning of the receiver's answer; without one why it was not reached, in words."""
        if self.status or not self.remark:
            return self.remark
        words, bracket, name = self.remark.partition(" [")
        return f"{gettext(words)}{bracket}{name}"
