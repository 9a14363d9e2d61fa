"""How what an order holds is delivered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.models.loaded import Loaded
from orders.models.orders import OrderSummary


class DeliveryGroup(Loaded):
    """Items that share one delivery method and address, with what delivery refunds used up."""

    order = models.ForeignKey(
        OrderSummary, on_delete=models.CASCADE, related_name="delivery_groups"
    )
    key = models.CharField(_("key"), max_length=64)
    position = models.PositiveIntegerField()
    method = models.CharField(_("method"), max_length=255)
    deliver_to = models.CharField(_("deliver to"), max_length=255)
    address = models.CharField(_("address"), max_length=1000)
    flagged_minor = models.BigIntegerField(
        default=0, help_text=_("Price canceled so far by rows that refund delivery (domain.md §5).")
    )
    released = models.BooleanField(
        default=False, help_text=_("Whatever was left of its charges has gone.")
    )

    class Meta:
        verbose_name = _("delivery group")
        verbose_name_plural = _("delivery groups")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="delivery_group_key_unique", fields=["order", "key"]),
            models.CheckConstraint(
                name="delivery_group_flagged_not_negative", condition=Q(flagged_minor__gte=0)
            ),
        ]

    def __str__(self) -> str:
        said = {"method": self.method, "deliver_to": self.deliver_to}
        return gettext("%(method)s to %(deliver_to)s") % said
