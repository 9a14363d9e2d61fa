"""Amounts and currencies as people type them to narrow a list."""

from collections.abc import Callable
from decimal import Decimal
from math import ceil, floor
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.arithmetic.money import MOST_PLACES


class AmountField(forms.DecimalField):
    """An amount as people type it, in whole units and decimals of any currency."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=0,
            max_digits=15,
            decimal_places=MOST_PLACES,
            error_messages={"min_value": _("Enter an amount of 0 or more.")},
            **{"required": False} | kwargs,
        )


class CurrencyField(forms.RegexField):
    """A currency by its three letters, small ones too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            regex=r"^[A-Za-z]{3}\Z",
            max_length=3,
            error_messages={"invalid": _("Three letters, such as USD.")},
            **{"required": False} | kwargs,
        )


def at_least(amount: Decimal, column: str, *, places: str) -> Q:
    """Rows whose amount is that or more of their own currency, whichever it is.

    Args:
        column: Of the amounts in minor units.
        places: Of how many places each row's currency has.
    """
    return _in_minor_units(f"{column}__gte", amount, ceil, places)


def at_most(amount: Decimal, column: str, *, places: str) -> Q:
    return _in_minor_units(f"{column}__lte", amount, floor, places)


def _in_minor_units(
    lookup: str, amount: Decimal, rounded: Callable[[Decimal], int], places: str
) -> Q:
    """Of which an amount has as many as its currency has places."""
    wanted = Q()
    for number in range(MOST_PLACES + 1):
        wanted |= Q(**{places: number, lookup: rounded(amount.scaleb(number))})
    return wanted
