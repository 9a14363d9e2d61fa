"""What a process exception says, in words: the facts that were reported, and what is in effect."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cancellations.models import ProcessException
from orders.arithmetic.money import Currency, Minor, show

_COUNTERS = {
    "allocated": gettext_lazy("allocated"),
    "fulfilled": gettext_lazy("fulfilled"),
    "return_initiated": gettext_lazy("return initiated"),
    "returned": gettext_lazy("returned"),
    "canceled": gettext_lazy("canceled elsewhere"),
}


def message_of(exception: ProcessException) -> str:
    """What does not fit; amounts in the document form of the order's currency."""
    facts, currency = exception.facts, exception.order.currency
    if exception.category == ProcessException.Category.FULFILLMENT:
        return " ".join(_of_a_line(facts["reported"], facts["in_effect"]))
    if exception.category == ProcessException.Category.PAYMENT:
        return " ".join(_of_a_payment(facts, currency))
    return _(
        "%(amount)s was refunded elsewhere, more than was expected, while %(ours)s of ours over"
        " this payment is not finished: it may be the same refund."
    ) % {
        "amount": _amount(facts["refunded_elsewhere"], currency),
        "ours": _amount(facts["reserved"], currency),
    }


def _of_a_line(reported: Mapping[str, int], in_effect: Mapping[str, int]) -> Iterator[str]:
    counted = {**in_effect, "canceled": in_effect["canceled_elsewhere"]}
    differing = {counter for counter in _COUNTERS if reported[counter] != counted[counter]}
    beyond = reported["fulfilled"] - counted["fulfilled"]
    if beyond > 0:
        yield ngettext(
            "%(shipped)d shipped, %(beyond)d of it had been canceled.",
            "%(shipped)d shipped, %(beyond)d of them had been canceled.",
            reported["fulfilled"],
        ) % {"shipped": reported["fulfilled"], "beyond": beyond}
        differing.discard("fulfilled")
        if reported["allocated"] == reported["fulfilled"]:
            differing.discard("allocated")
    for counter, label in _COUNTERS.items():
        if counter in differing:
            yield _("Reported as %(counter)s: %(reported)d; in effect: %(in_effect)d.") % {
                "counter": label,
                "reported": reported[counter],
                "in_effect": counted[counter],
            }


def _of_a_payment(facts: Mapping[str, Any], currency: Currency) -> Iterator[str]:
    gone = facts["refunded_here"] + facts["refunded_elsewhere"]
    if gone + facts["charged_back"] + facts["reserved"] > facts["captured"]:
        yield _(
            "Captured: %(captured)s; refunded: %(refunded)s; charged back: %(charged_back)s;"
            " set aside for refunds: %(reserved)s. That is more than was captured."
        ) % {
            "captured": _amount(facts["captured"], currency),
            "refunded": _amount(gone, currency),
            "charged_back": _amount(facts["charged_back"], currency),
            "reserved": _amount(facts["reserved"], currency),
        }
    at_release = facts["captured_at_release"]
    if at_release is not None and facts["captured"] > at_release:
        yield _(
            "%(captured)s is captured; it was %(at_release)s when the rest of the authorization was"
            " given up."
        ) % {
            "captured": _amount(facts["captured"], currency),
            "at_release": _amount(at_release, currency),
        }


def _amount(amount: Minor, currency: Currency) -> str:
    return f"{show(amount, currency)} {currency}"
