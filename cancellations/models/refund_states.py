"""How far refunds and releases can come, by which ways, and why a person has to see to them."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RefundStatus(models.TextChoices):
    """How far a refund has come, and what that means for its money and for people.

    What is pending succeeds by a person alone, who knows that it went back elsewhere.
    """

    PENDING = "pending", _("Pending")
    PROCESSING = "processing", _("Processing")
    SETTLING = "settling", pgettext_lazy("refund", "Settling")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", pgettext_lazy("refund", "Unknown")
    MANUAL = "manual", pgettext_lazy("refund", "Manual")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @property
    def reserves_money(self) -> bool:
        """Whether the amount is still set aside on the payment."""
        return self not in (RefundStatus.SUCCEEDED, RefundStatus.WITHDRAWN)

    @property
    def needs_a_person(self) -> bool:
        return self in (RefundStatus.FAILED, RefundStatus.UNKNOWN, RefundStatus.MANUAL)

    def may_become(self, other: RefundStatus) -> bool:
        """Whether that is a way of domain.md §6; ``guards.sql`` knows the same ways."""
        return other in _WAYS[self]


_WAYS: Mapping[RefundStatus, frozenset[RefundStatus]] = {
    RefundStatus.PENDING: frozenset(
        {RefundStatus.PROCESSING, RefundStatus.SUCCEEDED, RefundStatus.WITHDRAWN}
    ),
    RefundStatus.PROCESSING: frozenset(
        {
            RefundStatus.SUCCEEDED,
            RefundStatus.SETTLING,
            RefundStatus.FAILED,
            RefundStatus.UNKNOWN,
            RefundStatus.MANUAL,
        }
    ),
    RefundStatus.SETTLING: frozenset({RefundStatus.SUCCEEDED, RefundStatus.FAILED}),
    RefundStatus.UNKNOWN: frozenset(
        {
            RefundStatus.PROCESSING,
            RefundStatus.SUCCEEDED,
            RefundStatus.SETTLING,
            RefundStatus.FAILED,
            RefundStatus.WITHDRAWN,
        }
    ),
    RefundStatus.MANUAL: frozenset({RefundStatus.SUCCEEDED, RefundStatus.WITHDRAWN}),
    RefundStatus.FAILED: frozenset(
        {RefundStatus.PENDING, RefundStatus.SUCCEEDED, RefundStatus.WITHDRAWN}
    ),
    RefundStatus.SUCCEEDED: frozenset({RefundStatus.FAILED}),
    RefundStatus.WITHDRAWN: frozenset(),
}


class ByHand(models.TextChoices):
    """Why a person has to pay out or release, and no gateway does."""

    GATEWAY = "gateway", _("This payment goes back by hand.")
    UNKNOWN_GATEWAY = "unknown_gateway", _("This gateway is not known here.")
    NOT_CONFIGURED = "not_configured", _("This gateway is not configured.")
    NO_REFERENCE = "no_reference", _("The payment has no reference at its gateway.")
    CURRENCY = "currency", _("The gateway does not take this currency.")
    STEP = "step", _("The gateway cannot send this amount: it takes whole steps only.")
    SMALLEST = "smallest", _("The amount is below the smallest that the gateway sends.")
    PARTIAL = "partial", _("The gateway refunds a payment as a whole only.")
    OVERDRAWN = "overdrawn", _("More is set aside or went back over it than was captured.")
    CANNOT_RELEASE = "cannot_release", _("The gateway cannot release authorizations.")
