"""What an order holds: its lines with their adjustments and taxes."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from operator import attrgetter

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from orders.arithmetic.facts import Reported
from orders.arithmetic.statuses import LineStatus, Quantities
from orders.models.accounts import Product
from orders.models.delivery import DeliveryGroup
from orders.models.loaded import Loaded
from orders.models.orders import OrderSummary


class OrderItemSummaryQuerySet(models.QuerySet["OrderItemSummary"]):
    def with_sku(self) -> OrderItemSummaryQuerySet:
        """In the order's own sequence, with the ``sku`` of their product, "" without one."""
        return self.annotate(sku=Coalesce("product__sku", Value(""))).order_by("position")

    def for_reading(self) -> OrderItemSummaryQuerySet:
        """The same with a delivery group each."""
        return self.with_sku().select_related("delivery_group")

    def for_choosing(self) -> OrderItemSummaryQuerySet:
        """The same in two queries; lines share their delivery groups, of which there are few."""
        return self.with_sku().prefetch_related("delivery_group")


class OrderItemSummary(Loaded):
    """One line of an order (order product summary).

    ``quantity_ordered`` and the prices never change; the other counters do, under the
    order's lock. ``quantity_canceled`` counts every unit canceled, ``quantity_allocated``
    includes what is fulfilled. ``reported_…`` is what was last reported, in effect or not.
    """

    class Type(models.TextChoices):
        PRODUCT = "product", _("Product")
        DELIVERY_CHARGE = "delivery_charge", _("Delivery Charge")
        FEE = "fee", _("Fee")

    order = models.ForeignKey(OrderSummary, on_delete=models.CASCADE, related_name="lines")
    key = models.CharField(max_length=64)
    position = models.PositiveIntegerField()
    type = models.CharField(max_length=15, choices=Type, default=Type.PRODUCT)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=255)
    delivery_group = models.ForeignKey(
        DeliveryGroup, on_delete=models.PROTECT, null=True, related_name="lines"
    )
    bundle = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    unit_price_micros = models.BigIntegerField(
        help_text=_("In millionths of the currency's unit, as it was given.")
    )
    line_amount_minor = models.BigIntegerField(help_text=_("As sold, before adjustments."))
    quantity_ordered = models.PositiveIntegerField(_("quantity ordered"))
    quantity_canceled = models.PositiveIntegerField(_("quantity canceled"), default=0)
    quantity_canceled_elsewhere = models.PositiveIntegerField(
        default=0, help_text=_("Of the quantity canceled, what others canceled.")
    )
    quantity_allocated = models.PositiveIntegerField(_("quantity allocated"), default=0)
    quantity_fulfilled = models.PositiveIntegerField(_("quantity fulfilled"), default=0)
    quantity_return_initiated = models.PositiveIntegerField(
        _("quantity return initiated"), default=0
    )
    quantity_returned = models.PositiveIntegerField(_("quantity returned"), default=0)
    quantity_returned_at_import = models.PositiveIntegerField(
        default=0, help_text=_("Returned before the order came here: outside its original totals.")
    )
    quantity_canceled_at_import = models.PositiveIntegerField(
        default=0, help_text=_("Canceled before the order came here: outside its original totals.")
    )
    reported_canceled = models.PositiveIntegerField(default=0)
    reported_allocated = models.PositiveIntegerField(default=0)
    reported_fulfilled = models.PositiveIntegerField(default=0)
    reported_return_initiated = models.PositiveIntegerField(default=0)
    reported_returned = models.PositiveIntegerField(default=0)
    reported_at = models.DateTimeField(
        null=True, help_text=_("When the last report on it that said when was of.")
    )
    released = models.BooleanField(default=False, help_text=_("A fee that has left."))
    came_with = models.PositiveIntegerField(
        default=1, editable=False, help_text=_("The sequence of the event that brought it.")
    )
    status = models.CharField(
        _("status"),
        max_length=19,
        choices=[(status.value, _(status.label)) for status in LineStatus],
    )

    objects = OrderItemSummaryQuerySet.as_manager()

    sku: str
    """Its product's, on lines that were read with it."""

    class Meta:
        verbose_name = _("order product summary")
        verbose_name_plural = _("order product summaries")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="line_key_unique", fields=["order", "key"]),
            models.CheckConstraint(
                name="line_status_known",
                condition=Q(status__in=[status.value for status in LineStatus]),
            ),
            models.CheckConstraint(
                name="line_unit_price_not_negative",
                condition=Q(unit_price_micros__gte=0, line_amount_minor__gte=0),
            ),
            models.CheckConstraint(
                name="line_ordered_at_least_one", condition=Q(quantity_ordered__gte=1)
            ),
            models.CheckConstraint(
                name="line_returned_within_return_initiated",
                condition=Q(quantity_returned__lte=F("quantity_return_initiated")),
            ),
            models.CheckConstraint(
                name="line_return_initiated_within_fulfilled",
                condition=Q(quantity_return_initiated__lte=F("quantity_fulfilled")),
            ),
            models.CheckConstraint(
                name="line_fulfilled_within_allocated",
                condition=Q(quantity_fulfilled__lte=F("quantity_allocated")),
            ),
            models.CheckConstraint(
                name="line_canceled_and_allocated_within_ordered",
                condition=Q(quantity_ordered__gte=F("quantity_canceled") + F("quantity_allocated")),
            ),
            models.CheckConstraint(
                name="line_returned_never_less_than_at_import",
                condition=Q(quantity_returned_at_import__lte=F("quantity_returned")),
            ),
            models.CheckConstraint(
                name="line_canceled_elsewhere_within_canceled",
                condition=Q(
                    quantity_canceled_at_import__lte=F("quantity_canceled_elsewhere"),
                    quantity_canceled_elsewhere__lte=F("quantity_canceled"),
                ),
            ),
            models.CheckConstraint(
                name="line_is_product_or_plain_charge",
                condition=Q(type="product", released=False)
                | Q(
                    Q(type="delivery_charge", delivery_group__isnull=False, released=False)
                    | Q(type="fee", delivery_group__isnull=True),
                    bundle__isnull=True,
                    quantity_canceled=0,
                    quantity_allocated=0,
                ),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(name)s (line %(key)s)") % {"name": self.name, "key": self.key}

    @property
    def is_product(self) -> bool:
        return self.type == self.Type.PRODUCT

    @property
    def quantities(self) -> Quantities:
        return _quantities(*_counters(self))

    @property
    def reported(self) -> Reported:
        """The counters as last reported."""
        return _reported(*_last_reports(self))

    @property
    def quantity_current(self) -> int:
        return self.quantities.current

    @property
    def quantity_available(self) -> int:
        """Available to cancel by its own counters, whatever the bundle policy says."""
        return self.quantities.available_to_cancel


# Lines of an order have the same few counters, and pages ask for those of thousands.
_counters = attrgetter(*(f"quantity_{field.name}" for field in fields(Quantities)))
_last_reports = attrgetter(*(f"reported_{field.name}" for field in fields(Reported)))
_quantities = lru_cache(maxsize=4_096)(Quantities)
_reported = lru_cache(maxsize=4_096)(Reported)


class Adjustment(models.Model):
    """A discount (negative) or surcharge on one line, for its whole ordered quantity."""

    class Scope(models.TextChoices):
        LINE = "line", _("Line")
        ORDER = "order", pgettext_lazy("purchase", "Order")

    line = models.ForeignKey(OrderItemSummary, on_delete=models.CASCADE, related_name="adjustments")
    name = models.CharField(max_length=255)
    scope = models.CharField(max_length=5, choices=Scope)
    amount_minor = models.BigIntegerField()

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="adjustment_scope_known", condition=Q(scope__in=["line", "order"])
            )
        ]

    def __str__(self) -> str:
        return self.name


class TaxLine(models.Model):
    """One tax on one line, for its whole ordered quantity; the rate is for information."""

    line = models.ForeignKey(OrderItemSummary, on_delete=models.CASCADE, related_name="taxes")
    name = models.CharField(max_length=255)
    rate = models.CharField(max_length=19, blank=True, default="", help_text=_("As it was given."))
    amount_minor = models.BigIntegerField()

    class Meta:
        verbose_name = _("tax line")
        verbose_name_plural = _("tax lines")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="tax_not_negative", condition=Q(amount_minor__gte=0))
        ]

    def __str__(self) -> str:
        return self.name
