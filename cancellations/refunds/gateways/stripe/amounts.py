"""Stripe's amounts: in which unit it takes a currency, and in which steps.

Source: docs.stripe.com/currencies, *Zero-decimal currencies*, *Three-decimal currencies* and
*Special cases*, as of 2026. HUF and TWD are whole in payouts to the shop alone: charges and
refunds of both take two decimals. For refunds there is no least amount.
"""

from dataclasses import dataclass
from math import gcd

from cancellations.arithmetic.distribution import Amounts
from orders.arithmetic.money import Currency, Minor


@dataclass(frozen=True, slots=True)
class _Taken:
    """How Stripe takes a currency: with so many decimals, in whole steps of its smallest unit."""

    decimals: int
    step: int = 1


_USUAL = _Taken(2)
_ZERO_DECIMALS = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD JOD KWD OMR TND"
"""The last digit has to be 0."""
_WHOLE_WITH_TWO_DECIMALS = "ISK UGX"
"""Whole krónur and shillings, written as if there still were hundredths."""

_TAKEN = {
    **dict.fromkeys(_ZERO_DECIMALS.split(), _Taken(0)),
    **dict.fromkeys(_THREE_DECIMALS.split(), _Taken(3, step=10)),
    **dict.fromkeys(_WHOLE_WITH_TWO_DECIMALS.split(), _Taken(2, step=100)),
}


def amounts_at_stripe(currency: Currency) -> Amounts | None:
    """What can be sent of a currency, in our minor units; None where Stripe cannot name them.

    An order keeps the places that its currency had when it came, which may be others than
    Stripe's: ariary have two with us and none there.
    """
    taken = _TAKEN.get(currency.code, _USUAL)
    if currency.places > 2 and taken.decimals < 3:
        return None
    ours, theirs = int(10**currency.places), int(10**taken.decimals)
    step = taken.step * ours // gcd(taken.step * ours, theirs)
    return Amounts(step=step, smallest=step)


def to_stripe(amount: Minor, currency: Currency) -> int:
    """An amount of whole steps as Stripe takes it."""
    shifted, rest = divmod(amount * _units(currency), int(10**currency.places))
    if rest:
        raise ValueError(f"Stripe cannot name {amount} minor units of {currency}.")
    return shifted


def from_stripe(number: int, currency: Currency) -> Minor | None:
    """The amount that Stripe names; None where it is no whole number of our minor units."""
    amount, rest = divmod(number * int(10**currency.places), _units(currency))
    return None if rest else amount


def _units(currency: Currency) -> int:
    """Stripe's units in one of the currency."""
    return int(10 ** _TAKEN.get(currency.code, _USUAL).decimals)
