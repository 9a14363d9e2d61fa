"""What a process exception says, in words: the facts that were reported, and what is in effect."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cancellations.models import ProcessException
from cancellations.models.refund_states import ByHand
from orders.arithmetic.money import Currency, Minor, show

_COUNTERS = {
    "allocated": gettext_lazy("allocated"),
    "fulfilled": gettext_lazy("fulfilled"),
    "return_initiated": gettext_lazy("return initiated"),
    "returned": gettext_lazy("returned"),
    "canceled": gettext_lazy("canceled elsewhere"),
}


AmountText: TypeAlias = Callable[[Minor, Currency], str]
"""How an amount is written."""


def in_document_form(amount: Minor, currency: Currency) -> str:
    """An amount as documents have it, with its currency."""
    return f"{show(amount, currency)} {currency}"


def message_of(exception: ProcessException, amount_text: AmountText = in_document_form) -> str:
    """What does not fit, in words.

    Args:
        amount_text: How amounts are written; pages have them as their reader does.
    """
    return " ".join(_sentences(exception, amount_text))


def headline_of(exception: ProcessException, amount_text: AmountText) -> str:
    """The first of what does not fit, for where there is little room."""
    return next(_sentences(exception, amount_text), "")


def _sentences(exception: ProcessException, amount_text: AmountText) -> Iterator[str]:
    facts, currency = exception.facts, exception.order.currency
    if exception.category == ProcessException.Category.FULFILLMENT:
        yield from _of_a_line(facts["reported"], facts["in_effect"])
        return
    if exception.category == ProcessException.Category.RECORDS:
        yield _of_records(facts["count"])
        return
    if "why" in facts:
        yield from _of_what_waits(facts, amount_text(facts["amount"], currency))
        return
    amounts = {
        name: amount_text(amount, currency) for name, amount in facts.items() if amount is not None
    }
    if exception.category == ProcessException.Category.PAYMENT:
        gone = facts["refunded_here"] + facts["refunded_elsewhere"]
        amounts["refunded"] = amount_text(gone, currency)
        yield from _of_a_payment(facts, gone, amounts)
    else:
        yield _of_a_refund(amounts)


def _of_a_line(reported: Mapping[str, int], in_effect: Mapping[str, int]) -> Iterator[str]:
    counted = {**in_effect, "canceled": in_effect["canceled_elsewhere"]}
    differing = {counter for counter in _COUNTERS if reported[counter] != counted[counter]}
    beyond = reported["fulfilled"] - counted["fulfilled"]
    if beyond > 0:
        yield _shipped(reported["fulfilled"], beyond, in_effect["canceled"])
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


def _of_records(count: int) -> str:
    words = ngettext(
        "%(number)d difference between its records and its events.",
        "%(number)d differences between its records and its events.",
        count,
    )
    return words % {"number": count}


def _shipped(shipped: int, beyond: int, canceled: int) -> str:
    """How many were shipped, and how many of them too many: canceled, or never ordered."""
    gone = min(beyond, canceled)
    parts = [_("%(number)d shipped") % {"number": shipped}]
    if gone == shipped == 1:
        parts.append(_("it had been canceled"))
    elif gone:
        words = ngettext(
            "%(number)d of them had been canceled", "%(number)d of them had been canceled", gone
        )
        parts.append(words % {"number": gone})
    if more := beyond - gone:
        words = ngettext(
            "%(number)d more than was ordered", "%(number)d more than were ordered", more
        )
        parts.append(words % {"number": more})
    return _("%(parts)s.") % {"parts": ", ".join(parts)}


def _of_a_payment(
    facts: Mapping[str, Any], gone: Minor, amounts: Mapping[str, str]
) -> Iterator[str]:
    if gone + facts["charged_back"] + facts["reserved"] > facts["captured"]:
        yield (
            _(
                "Captured: %(captured)s; refunded: %(refunded)s; charged back: %(charged_back)s;"
                " set aside for refunds: %(reserved)s. That is more than was captured."
            )
            % amounts
        )
    at_release = facts["captured_at_release"]
    if at_release is not None and facts["captured"] > at_release:
        yield (
            _(
                "%(captured)s is captured; it was %(captured_at_release)s when the rest of the"
                " authorization was released."
            )
            % amounts
        )


_WHY = {
    "failed": gettext_lazy("%(amount)s was refused."),
    "unknown": gettext_lazy("Whether %(amount)s has gone is not known: the gateway does not say."),
    "not_found": gettext_lazy(
        "Whether %(amount)s has gone is not known: the gateway does not find it."
    ),
    "other_amount": gettext_lazy(
        "The gateway tells of another amount or currency than %(amount)s: look it up there."
    ),
    "settling": gettext_lazy("%(amount)s was accepted long ago and has not ended yet."),
    "in_doubt": gettext_lazy(
        "%(amount)s waits: it may be what was reported as refunded elsewhere."
    ),
    "manual": gettext_lazy("%(amount)s has to be seen to by hand."),
    "paid_all_the_same": gettext_lazy(
        "The gateway has sent %(amount)s all the same: it may have gone twice."
    ),
    "failed_after_all": gettext_lazy("%(amount)s had succeeded, and has failed after all."),
    "unassigned": gettext_lazy("%(amount)s is owed, and no payment could take it."),
}
"""What a refund, a release or money waits for a person for, by the word in the facts."""


def _of_what_waits(facts: Mapping[str, Any], amount: str) -> Iterator[str]:
    yield str(_WHY[facts["why"]]) % {"amount": amount}
    if reason := facts.get("by_hand"):
        yield str(ByHand(reason).label)
    if remark := facts.get("remark"):
        yield _("The gateway says: %(remark)s") % {"remark": remark}


def _of_a_refund(amounts: Mapping[str, str]) -> str:
    """Of one that was opened before ``beyond_expected`` was kept, all that was refunded."""
    if "beyond_expected" in amounts:
        words = _(
            "%(beyond_expected)s more was refunded elsewhere than was expected, while %(reserved)s"
            " of ours over this payment is not finished: it may be the same refund."
        )
    else:
        words = _(
            "%(refunded_elsewhere)s was refunded elsewhere, more than was expected, while"
            " %(reserved)s of ours over this payment is not finished: it may be the same refund."
        )
    return words % amounts
