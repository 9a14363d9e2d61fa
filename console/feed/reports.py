"""What reports, amendments and imports brought: counters of lines and figures of payments."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from console.feed.known import Known
from console.records.amendments import field_label
from orders.formats import number_text, sentence

MOST_DETAILS = 8
"""So many are shown of one event; the order itself has the others."""

_COUNTERS = ("allocated", "fulfilled", "return_initiated", "returned", "canceled")
_FIGURES = {
    "authorized": "authorized",
    "captured": "captured",
    "refunded_elsewhere": "refunded",
    "charged_back": "charged_back",
}
"""The fields of a payment's facts, and of its document."""


def reported(facts: Mapping[str, Any], known: Known) -> Iterator[SafeString]:
    """What a report says of each line and payment, as it gave it: absolute figures."""
    for key, line in facts["lines"].items():
        counted = line["reported"]
        told = [
            (field_label(f"quantity_{name}"), number_text(counted[name]))
            for name in _COUNTERS
            if counted[name]
        ]
        yield _about(known.line(key), told)
    for key, figures in facts["payments"].items():
        told = [
            (field_label(field), known.money(figures[name]))
            for name, field in _FIGURES.items()
            if figures[name]
        ]
        yield _about(known.payment(key), told)


def capped(details: Iterable[SafeString]) -> tuple[SafeString, ...]:
    """The first of them, and how many others there are."""
    found = tuple(details)
    others = len(found) - MOST_DETAILS
    if others <= 1:
        return found
    words = ngettext("and %(number)s more", "and %(number)s more", others)
    return (*found[:MOST_DETAILS], sentence(words, number=number_text(others)))


def _about(name: SafeString, told: Sequence[tuple[str, str]]) -> SafeString:
    each = [_("%(what)s %(amount)s") % {"what": what, "amount": amount} for what, amount in told]
    said = ", ".join(each) or _("nothing")
    return sentence(_("%(name)s: %(said)s"), name=name, said=said)
