"""The current state of orders: facts, and the constraints that keep them true.

Money is in integer minor units of the order's currency (``…_minor``). Only acts write here:
``orders.imports`` and the services of ``cancellations``.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Count, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from orders.amounts import Totals
from orders.money import Minor
from orders.statuses import LineStatus, OrderStatus, Quantities


class Account(models.Model):
    """A customer; owns order summaries. Name and e-mail are those of the latest import."""

    number = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    email = models.CharField("e-mail", max_length=255, blank=True, default="")

    class Meta:
        ordering = ["name", "number"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("orders:account_record", args=[self.number])


class Product(models.Model):
    """Something sold, by its SKU. A line keeps the name it was sold under."""

    sku = models.CharField("SKU", max_length=255, unique=True)
    name = models.CharField(max_length=255)

    class Meta:
        ordering = ["sku"]

    def __str__(self) -> str:
        return self.name


class OrderSummaryQuerySet(models.QuerySet["OrderSummary"]):
    def for_list(self) -> OrderSummaryQuerySet:
        """What a row of the list view shows, newest first."""
        products = OrderItemSummary.objects.filter(
            order=OuterRef("pk"), type=OrderItemSummary.Type.PRODUCT
        )
        # Counted for the rows that are read, where a join would group the whole table.
        counted = products.order_by().values("order").annotate(count=Count("pk")).values("count")
        return (
            self.select_related("account")
            .annotate(line_count=Coalesce(Subquery(counted), 0))
            .order_by("-ordered_at", "-pk")
        )

    def with_everything(self) -> OrderSummaryQuerySet:
        """All that arithmetic and documents read of an order, in six queries."""
        return self.select_related("account").prefetch_related(
            *OrderSummary.read_by_arithmetic(), "delivery_groups"
        )


class OrderSummary(models.Model):
    """The current state of one order: the original order plus the sum of its change orders.

    Totals and status are derived from the lines and kept here for fast lists;
    ``verify_orders`` recomputes them.
    """

    class LifeCycle(models.TextChoices):
        MANAGED = "managed"
        UNMANAGED = "unmanaged"

    class TaxLocale(models.TextChoices):
        NET = "net"
        GROSS = "gross"

    order_number = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="order_summaries")
    ordered_at = models.DateTimeField("ordered")
    imported_at = models.DateTimeField(auto_now_add=True)
    currency = models.CharField(max_length=3)
    channel = models.CharField(max_length=255, blank=True, default="")
    life_cycle = models.CharField(max_length=9, choices=LifeCycle, default=LifeCycle.MANAGED)
    tax_locale = models.CharField(max_length=5, choices=TaxLocale, default=TaxLocale.NET)
    fingerprint = models.CharField(max_length=64, help_text="Of the imported document's content.")
    status = models.CharField(
        max_length=19, choices=[(status.value, status.value) for status in OrderStatus]
    )
    product_minor = models.BigIntegerField()
    order_adjustments_minor = models.BigIntegerField()
    delivery_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    grand_total_minor = models.BigIntegerField("total")

    objects = OrderSummaryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "order summaries"
        ordering = ["-ordered_at", "-pk"]
        indexes = [models.Index(F("ordered_at").desc(), F("id").desc(), name="order_newest_first")]
        constraints = [
            models.CheckConstraint(
                name="order_life_cycle_known", condition=Q(life_cycle__in=["managed", "unmanaged"])
            ),
            models.CheckConstraint(
                name="order_tax_locale_known", condition=Q(tax_locale__in=["net", "gross"])
            ),
            models.CheckConstraint(
                name="order_status_known",
                condition=Q(status__in=[status.value for status in OrderStatus]),
            ),
            models.CheckConstraint(name="order_tax_not_negative", condition=Q(tax_minor__gte=0)),
            models.CheckConstraint(
                name="order_grand_total_is_sum_of_totals",
                condition=Q(
                    tax_locale="net",
                    grand_total_minor=F("product_minor")
                    + F("order_adjustments_minor")
                    + F("delivery_minor")
                    + F("tax_minor"),
                )
                | Q(
                    tax_locale="gross",
                    grand_total_minor=F("product_minor")
                    + F("order_adjustments_minor")
                    + F("delivery_minor"),
                ),
            ),
            models.CheckConstraint(
                name="order_grand_total_not_negative", condition=Q(grand_total_minor__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return self.order_number

    def get_absolute_url(self) -> str:
        return reverse("orders:summary_record", args=[self.order_number])

    @staticmethod
    def read_by_arithmetic() -> tuple[str | Prefetch, ...]:
        """What to prefetch on an order before it is read into arithmetic."""
        lines = Prefetch("lines", OrderItemSummary.objects.for_reading())
        return lines, "lines__adjustments", "lines__taxes", "payments"

    @property
    def is_managed(self) -> bool:
        return self.life_cycle == self.LifeCycle.MANAGED

    @property
    def totals(self) -> Totals:
        return Totals(
            self.product_minor,
            self.order_adjustments_minor,
            self.delivery_minor,
            self.tax_minor,
            self.grand_total_minor,
        )


class DeliveryGroup(models.Model):
    """Items that share one delivery method and address, with what delivery refunds used up."""

    order = models.ForeignKey(
        OrderSummary, on_delete=models.CASCADE, related_name="delivery_groups"
    )
    key = models.CharField(max_length=64)
    position = models.PositiveIntegerField()
    method = models.CharField(max_length=255)
    deliver_to = models.CharField(max_length=255)
    address = models.CharField(max_length=1000)
    flagged_minor = models.BigIntegerField(
        default=0, help_text="Price canceled so far by rows that refund delivery (domain.md §5)."
    )
    released = models.BooleanField(
        default=False, help_text="The charge of a group of free items has left."
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="delivery_group_key_unique", fields=["order", "key"]),
            models.CheckConstraint(
                name="delivery_group_flagged_not_negative", condition=Q(flagged_minor__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} to {self.deliver_to}"


class OrderItemSummaryQuerySet(models.QuerySet["OrderItemSummary"]):
    def for_reading(self) -> OrderItemSummaryQuerySet:
        """In the order's own sequence, with product, delivery group and bundle line."""
        return self.select_related("product", "delivery_group").order_by("position")

    def eligible(self) -> OrderItemSummaryQuerySet:
        """Product lines of managed orders with something available to cancel."""
        return self.filter(
            type=OrderItemSummary.Type.PRODUCT,
            order__life_cycle=OrderSummary.LifeCycle.MANAGED,
            quantity_ordered__gt=F("quantity_canceled") + F("quantity_allocated"),
        )


class OrderItemSummary(models.Model):
    """One line of an order (order product summary).

    ``quantity_ordered`` and the prices never change; the other counters do, under the
    order's lock. ``quantity_allocated`` includes what is fulfilled.
    """

    class Type(models.TextChoices):
        PRODUCT = "product"
        DELIVERY_CHARGE = "delivery_charge"

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
    unit_price_minor = models.BigIntegerField()
    quantity_ordered = models.PositiveIntegerField()
    quantity_canceled = models.PositiveIntegerField(default=0)
    quantity_allocated = models.PositiveIntegerField(default=0)
    quantity_fulfilled = models.PositiveIntegerField(default=0)
    quantity_return_initiated = models.PositiveIntegerField(default=0)
    quantity_returned = models.PositiveIntegerField(default=0)
    quantity_returned_at_import = models.PositiveIntegerField(
        default=0, help_text="Returned before the order came here: outside its original totals."
    )
    status = models.CharField(
        max_length=19, choices=[(status.value, status.value) for status in LineStatus]
    )

    objects = OrderItemSummaryQuerySet.as_manager()

    class Meta:
        verbose_name = "order product summary"
        verbose_name_plural = "order product summaries"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="line_key_unique", fields=["order", "key"]),
            models.CheckConstraint(
                name="line_status_known",
                condition=Q(status__in=[status.value for status in LineStatus]),
            ),
            models.CheckConstraint(
                name="line_unit_price_not_negative", condition=Q(unit_price_minor__gte=0)
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
                name="line_is_product_or_plain_delivery_charge",
                condition=Q(type="product", product__isnull=False)
                | Q(
                    type="delivery_charge",
                    delivery_group__isnull=False,
                    bundle__isnull=True,
                    quantity_canceled=0,
                    quantity_allocated=0,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (line {self.key})"

    @property
    def is_product(self) -> bool:
        return self.type == self.Type.PRODUCT

    @property
    def quantities(self) -> Quantities:
        return Quantities(
            ordered=self.quantity_ordered,
            canceled=self.quantity_canceled,
            allocated=self.quantity_allocated,
            fulfilled=self.quantity_fulfilled,
            return_initiated=self.quantity_return_initiated,
            returned=self.quantity_returned,
        )

    @property
    def quantity_current(self) -> int:
        return self.quantities.current

    @property
    def quantity_available(self) -> int:
        return self.quantities.available_to_cancel


class Adjustment(models.Model):
    """A discount (negative) or surcharge on one line, for its whole ordered quantity."""

    class Scope(models.TextChoices):
        LINE = "line"
        ORDER = "order"

    line = models.ForeignKey(OrderItemSummary, on_delete=models.CASCADE, related_name="adjustments")
    name = models.CharField(max_length=255)
    scope = models.CharField(max_length=5, choices=Scope)
    amount_minor = models.BigIntegerField()

    class Meta:
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
    rate = models.CharField(max_length=16, blank=True, default="", help_text="As it was given.")
    amount_minor = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="tax_not_negative", condition=Q(amount_minor__gte=0))
        ]

    def __str__(self) -> str:
        return self.name


class PaymentSummary(models.Model):
    """One payment method used on the order, and how much of it is still there.

    ``refunded_elsewhere_minor`` is what other systems report; ``refunded_here_minor`` and
    ``reserved_minor`` are kept under the order's lock as our refunds move (domain.md §6).
    """

    order = models.ForeignKey(OrderSummary, on_delete=models.CASCADE, related_name="payments")
    key = models.CharField(max_length=64)
    position = models.PositiveIntegerField()
    method = models.CharField(max_length=255)
    gateway = models.CharField(max_length=255)
    gateway_reference = models.CharField(max_length=255, blank=True, default="")
    authorized_minor = models.BigIntegerField()
    captured_minor = models.BigIntegerField(default=0)
    refunded_elsewhere_minor = models.BigIntegerField(default=0)
    refunded_here_minor = models.BigIntegerField(default=0)
    reserved_minor = models.BigIntegerField(default=0)
    full_refund_only = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "payment summaries"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="payment_key_unique", fields=["order", "key"]),
            models.CheckConstraint(
                name="payment_amounts_not_negative",
                condition=Q(
                    captured_minor__gte=0,
                    refunded_elsewhere_minor__gte=0,
                    refunded_here_minor__gte=0,
                    reserved_minor__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="payment_captured_within_authorized",
                condition=Q(captured_minor__lte=F("authorized_minor")),
            ),
            models.CheckConstraint(
                name="payment_refunded_and_reserved_within_captured",
                condition=Q(
                    captured_minor__gte=F("refunded_elsewhere_minor")
                    + F("refunded_here_minor")
                    + F("reserved_minor")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.method

    @property
    def refunded_minor(self) -> Minor:
        return self.refunded_elsewhere_minor + self.refunded_here_minor

    @property
    def refundable_minor(self) -> Minor:
        return max(0, self.captured_minor - self.refunded_minor - self.reserved_minor)
