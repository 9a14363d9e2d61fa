"""What happened to an order: one row for every act and report, and nothing else tells."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.loaded import Loaded
from orders.models.orders import OrderSummary


class EventType(models.TextChoices):
    """Which act or report; what an event of it may move, ``guards.sql`` holds it to."""

    IMPORTED = "order_imported", _("Order imported")
    AMENDED = "order_amended", _("Order amended")
    CANCELED = "items_canceled", _("Items canceled")
    SETTLED = "order_settled", _("What was owed refunded")
    REPORTED = "fulfillment_reported", _("Fulfilment reported")
    NOTHING_MORE_EXPECTED = "nothing_more_expected", _("Nothing more expected elsewhere")
    EXCEPTION_RESOLVED = "exception_resolved", _("Exception resolved")
    UNDONE = "change_order_undone", _("Change order undone")
    GATEWAY_ANSWERED = "gateway_answered", _("Gateway answered")
    PERSON_DECIDED = "person_decided", _("Decided by a person")
    LEFT_TO_PEOPLE = "left_to_people", _("Left to people")
    NOTE_WRITTEN = "note_written", _("Note written")
    CUSTOMER_NOTIFIED = "customer_notified", _("Customer notified")
    CUSTOMER_ERASED = "customer_erased", _("Customer erased")
    SECOND_PERSON = "second_person", _("Approval")


class OrderEvent(Loaded):
    """One act on an order, or one report about it, written in its transaction. Immutable.

    ``sequence`` counts an order's events from 1 without a gap, under the order's lock. ``facts``
    are keys, counts and amounts in minor units: no names and no addresses. The ``…_minor``
    columns are what the order came to after it (domain.md §6), which the next event follows on;
    ``held_minor`` is below 0 when more went back than was captured. ``request_id`` is the
    reporting system's own name of what it reports, ``fingerprint`` that of its content.

    What an act writes because of an event, it writes after it: PostgreSQL opens an event for its
    own transaction, and takes nothing that comes without one (``guards.sql``).
    """

    Type = EventType

    order = models.ForeignKey(OrderSummary, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    type = models.CharField(max_length=21, choices=Type)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    request_id = models.CharField(max_length=200, blank=True, default="")
    fingerprint = models.CharField(max_length=80, blank=True, default="")
    facts = models.JSONField(default=dict)
    grand_total_minor = models.BigIntegerField()
    held_minor = models.BigIntegerField()
    expected_elsewhere_minor = models.BigIntegerField()
    given_elsewhere_minor = models.BigIntegerField()
    unpaid_elsewhere_minor = models.BigIntegerField()
    is_open = models.BooleanField(
        default=False, editable=False, help_text=_("While it is written; PostgreSQL sets it.")
    )

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["order", "sequence"]
        default_permissions = ("view",)
        indexes = [
            models.Index(name="event_open", fields=["order"], condition=Q(is_open=True)),
        ]
        constraints = [
            models.UniqueConstraint(name="event_sequence_unique", fields=["order", "sequence"]),
            models.UniqueConstraint(
                name="event_reported_once",
                fields=["order", "request_id"],
                condition=~Q(request_id=""),
            ),
            models.CheckConstraint(name="event_type_known", condition=Q(type__in=EventType.values)),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} #{self.sequence} {self.type}"
