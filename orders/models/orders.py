"""One order as it stands: its totals and its status follow from its lines."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.arithmetic.availability import BundleRule, Obstacle, available_to_cancel, obstacle
from orders.arithmetic.funds import Elsewhere
from orders.arithmetic.money import MOST_PLACES, Currency
from orders.arithmetic.statuses import OrderStatus
from orders.models.accounts import Account
from orders.models.totals import KeepsTotals

_NEWEST_FIRST = (F("ordered_at").desc(), F("id").desc())


class OrderSummary(KeepsTotals):
    """The current state of one order: the original order plus the sum of its change orders.

    Totals, status and ``is_cancelable`` are derived from the lines and kept here for fast lists,
    ``has_exceptions`` and ``needs_attention`` by whoever opens and resolves exceptions of it;
    ``verify_orders`` recomputes them.
    """

    class LifeCycle(models.TextChoices):
        MANAGED = "managed", _("Managed")
        UNMANAGED = "unmanaged", _("Unmanaged")

    class TaxLocale(models.TextChoices):
        NET = "net", pgettext_lazy("taxation", "Net")
        GROSS = "gross", pgettext_lazy("taxation", "Gross")

    order_number = models.CharField(_("order number"), max_length=64, unique=True)
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,  # order_of_account begins with it
        related_name="order_summaries",
        verbose_name=_("account"),
        help_text=_("None: a guest's order."),
    )
    customer_name = models.CharField(
        _("customer"), max_length=255, blank=True, default="", help_text=_("As the order came.")
    )
    customer_email = models.CharField(_("e-mail"), max_length=255, blank=True, default="")
    ordered_at = models.DateTimeField(pgettext_lazy("when", "ordered"))
    imported_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(
        null=True, help_text=_("Of what time the last document that said when was.")
    )
    currency_code = models.CharField(_("currency"), max_length=3)
    currency_places = models.PositiveSmallIntegerField(
        help_text=_("Digits after the point, as the currency had them when the order came.")
    )
    channel = models.CharField(_("channel"), max_length=255, blank=True, default="")
    life_cycle = models.CharField(
        _("life cycle"), max_length=9, choices=LifeCycle, default=LifeCycle.MANAGED
    )
    tax_locale = models.CharField(
        _("tax locale"), max_length=5, choices=TaxLocale, default=TaxLocale.NET
    )
    fingerprint = models.CharField(
        max_length=80, help_text=_("Of the content of the last document taken.")
    )
    expected_elsewhere_minor = models.BigIntegerField(
        default=0, help_text=_("P: what others took off the order and still have to pay back.")
    )
    given_elsewhere_minor = models.BigIntegerField(
        default=0, help_text=_("G: what others gave beyond what was owed; negative: what was kept.")
    )
    unpaid_elsewhere_minor = models.BigIntegerField(
        default=0, help_text=_("W: what others took off before anyone had paid for it.")
    )
    events_written = models.PositiveIntegerField(
        default=0, help_text=_("The sequence of its last event.")
    )
    status = models.CharField(
        _("status"),
        max_length=19,
        choices=[(status.value, _(status.label)) for status in OrderStatus],
    )
    is_cancelable = models.BooleanField(
        default=False,
        help_text=_("Managed, with something left to cancel by the counters of a line."),
    )
    has_exceptions = models.BooleanField(
        default=False, help_text=_("Something does not fit it, and is not resolved.")
    )
    needs_attention = models.BooleanField(
        default=False, help_text=_("Something of that is urgent.")
    )

    class Meta:
        verbose_name = _("order summary")
        verbose_name_plural = _("order summaries")
        ordering = ["-ordered_at", "-pk"]
        indexes = [
            models.Index(*_NEWEST_FIRST, name="order_newest_first"),
            models.Index("account", *_NEWEST_FIRST, name="order_of_account"),
            models.Index(name="order_by_status", fields=["status", "ordered_at", "id"]),
            models.Index(name="order_by_amount", fields=["currency_places", "grand_total_minor"]),
            models.Index(*_NEWEST_FIRST, name="order_cancelable", condition=Q(is_cancelable=True)),
            models.Index(
                *_NEWEST_FIRST, name="order_with_exceptions", condition=Q(has_exceptions=True)
            ),
            models.Index(
                *_NEWEST_FIRST, name="order_needs_attention", condition=Q(needs_attention=True)
            ),
            models.Index(
                name="order_by_total", fields=["currency_code", "grand_total_minor", "id"]
            ),
        ]
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
            models.CheckConstraint(
                name="order_currency_places_known", condition=Q(currency_places__lte=MOST_PLACES)
            ),
            models.CheckConstraint(name="order_tax_not_negative", condition=Q(tax_minor__gte=0)),
            models.CheckConstraint(
                name="order_grand_total_is_sum_of_totals",
                condition=Q(
                    tax_locale="net",
                    grand_total_minor=F("product_minor")
                    + F("order_adjustments_minor")
                    + F("delivery_minor")
                    + F("fees_minor")
                    + F("tax_minor"),
                )
                | Q(
                    tax_locale="gross",
                    grand_total_minor=F("product_minor")
                    + F("order_adjustments_minor")
                    + F("delivery_minor")
                    + F("fees_minor"),
                ),
            ),
            models.CheckConstraint(
                name="order_grand_total_not_negative", condition=Q(grand_total_minor__gte=0)
            ),
            models.CheckConstraint(
                name="order_expected_elsewhere_not_negative",
                condition=Q(expected_elsewhere_minor__gte=0, unpaid_elsewhere_minor__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.order_number

    @property
    def currency(self) -> Currency:
        return Currency(self.currency_code, self.currency_places)

    @property
    def elsewhere(self) -> Elsewhere:
        """The money that other systems move (domain.md §6)."""
        return Elsewhere(
            expected=self.expected_elsewhere_minor,
            given=self.given_elsewhere_minor,
            unpaid=self.unpaid_elsewhere_minor,
        )

    @property
    def is_managed(self) -> bool:
        return self.life_cycle == self.LifeCycle.MANAGED

    def available_to_cancel(self, rule: BundleRule) -> dict[int, int]:
        """How many units of each product line can be canceled, by primary key; reads its lines.

        Whether the order is managed is asked elsewhere.
        """
        lines = {
            line.pk: (line.quantities, line.bundle_id)
            for line in self.lines.all()
            if line.is_product
        }
        return available_to_cancel(lines, rule)

    def obstacle(
        self, rule: BundleRule, available: Mapping[int, int], *, to_all: bool = False
    ) -> Obstacle | None:
        """Why nothing of the order can be canceled, or None; reads its lines.

        Args:
            available: What :meth:`available_to_cancel` says of the rule.
            to_all: Asked for Cancel All, which takes whole bundles where the rule says so.
        """
        bundles = {line.pk: line.bundle_id for line in self.lines.all()}
        return obstacle(
            [(number, bundles[pk] is not None) for pk, number in available.items()],
            is_managed=self.is_managed,
            goes_with_bundle=to_all and rule is BundleRule.WHOLE_BUNDLES,
        )
