"""Why items are canceled, and the store's own words on bundles: what a manager sets."""

from __future__ import annotations

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.arithmetic.availability import BUNDLE_RULE_LABELS, BundleRule
from orders.models import OrderSummary

LONGEST_POLICY = 2000


class CancellationReasonQuerySet(models.QuerySet["CancellationReason"]):
    def active(self) -> CancellationReasonQuerySet:
        """What an agent may choose today."""
        return self.filter(retired=False)


class CancellationReason(models.Model):
    """Why an item is canceled; one in use can be retired, never deleted."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    needs_note = models.BooleanField(_("needs note"), default=False)
    retired = models.BooleanField(_("retired"), default=False)

    objects = CancellationReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("cancellation reason")
        verbose_name_plural = _("cancellation reasons")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def lacks_note(self, note: str) -> bool:
        """Whether this reason needs a note and ``note`` is none."""
        return self.needs_note and not note.strip()


class BundlePolicyQuerySet(models.QuerySet["BundlePolicy"]):
    def current(self) -> BundlePolicy:
        """What holds today; before anything was written, no words and any bundle."""
        return self.first() or BundlePolicy()

    def for_order(self, order: OrderSummary) -> BundlePolicy:
        """The same for an order with bundles, read with its lines; of another none is read."""
        has_bundles = any(line.bundle_id for line in order.lines.all())
        return self.current() if has_bundles else BundlePolicy()


class BundlePolicy(models.Model):
    """The store's own words on bundles, and how often one is available (domain.md §4); one row."""

    text = models.TextField(_("text"), validators=[MaxLengthValidator(LONGEST_POLICY)])
    rule = models.CharField(
        _("rule"),
        max_length=13,
        choices=[(rule.value, _(BUNDLE_RULE_LABELS[rule])) for rule in BundleRule],
        default=BundleRule.ANY.value,
    )

    objects = BundlePolicyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("bundle policy")
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(name="bundle_policy_only_one", condition=Q(pk=1)),
            models.CheckConstraint(
                name="bundle_policy_rule_known",
                condition=Q(rule__in=[rule.value for rule in BundleRule]),
            ),
        ]

    def __str__(self) -> str:
        return gettext("Bundle policy")

    @property
    def bundle_rule(self) -> BundleRule:
        return BundleRule(self.rule)
