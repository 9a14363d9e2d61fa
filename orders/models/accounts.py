"""Who orders, and what is sold."""

from __future__ import annotations

from django.db import models


class Account(models.Model):
    """A customer; owns order summaries. Name and e-mail are those of the latest import."""

    number = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    email = models.CharField("e-mail", max_length=255, blank=True, default="")

    class Meta:
        ordering = ["name", "number"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Something sold, by its SKU. A line keeps the name it was sold under."""

    sku = models.CharField("SKU", max_length=255, unique=True)
    name = models.CharField(max_length=255)

    class Meta:
        ordering = ["sku"]

    def __str__(self) -> str:
        return self.name
