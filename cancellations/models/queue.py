"""Rows that are their own queue: what has to be done, and who is at it (see ``work.py``)."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.loaded import Loaded

IS_IN_FLIGHT = models.ExpressionWrapper(
    models.Q(due_at__isnull=False), output_field=models.BooleanField()
)
"""Whether anything more is done about a row without a person, as an index has it."""


class QueuedQuerySet(models.QuerySet):
    def due(self, now: datetime) -> Self:
        """What is to be worked on now, the longest waiting first."""
        return self.filter(due_at__lte=now).order_by("due_at", "pk")


class Queued(Loaded):
    """A row that is worked on when it is due.

    Who claims it puts ``due_at`` off by a lease and marks it with a ``lease`` of its own: if it
    dies, the row is due again after that. ``tries`` counts claims since the row was last put in
    the queue by an act, but for those in which it went with another and came to no try. Without
    ``due_at`` it is not in the queue.
    """

    due_at = models.DateTimeField(_("due"), null=True)
    lease = models.UUIDField(null=True)
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                name="%(class)s_due",
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
            )
        ]

    @property
    def claimed_by(self) -> UUID:
        """The lease of one that is claimed."""
        assert self.lease is not None
        return self.lease


class Worker(models.Model):
    """A process that works on the queues, for those who ask whether one is alive."""

    name = models.CharField(max_length=255, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        ordering = ["-seen_at"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
