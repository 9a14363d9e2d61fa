"""Why items are canceled, and the store's own words on bundles: what a manager sets."""

from __future__ import annotations

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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
    def current_text(self) -> str:
        """What agents are told today, or "" before anything was written."""
        return self.values_list("text", flat=True).first() or ""


class BundlePolicy(models.Model):
    """The store's own words on bundles, shown beside the rules of domain.md §4; one row."""

    text = models.TextField(_("text"), validators=[MaxLengthValidator(LONGEST_POLICY)])

    objects = BundlePolicyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("bundle policy")
        default_permissions = ("view", "change")
        constraints = [models.CheckConstraint(name="bundle_policy_only_one", condition=Q(pk=1))]

    def __str__(self) -> str:
        return gettext("Bundle policy")
