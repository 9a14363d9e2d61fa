"""Who orders, and what is sold."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Account(models.Model):
    """A customer; owns order summaries. Name and e-mail are those of its newest order."""

    number = models.CharField(_("number"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=255)
    email = models.CharField(_("e-mail"), max_length=255, blank=True, default="")
    named_at = models.DateTimeField(
        help_text=_("When the order was placed that it has its name and e-mail from.")
    )

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["name", "number"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Something sold, by its SKU. A line keeps the name it was sold under."""

    sku = models.CharField(_("SKU"), max_length=255, unique=True)
    name = models.CharField(_("name"), max_length=255)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["sku"]

    def __str__(self) -> str:
        return self.name
