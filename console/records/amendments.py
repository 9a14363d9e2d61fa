"""How an order was amended: when, by whom, and in words what differed."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models.fields.json import KT
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cancellations.acts.change_orders import actor_name
from orders.formats import Text
from orders.models import OrderEvent, OrderSummary

MOST = 20
"""So many of the newest are shown: a nightly import may bring one a night; the export has all."""

_PATH = re.compile(r'(?P<list>\w+)\[(?P<key>"(?:[^"\\]|\\.)*")\](?:\.(?P<field>\w+))?')
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_WHOLE: dict[str, Text] = {
    "account": gettext_lazy("Customer"),
    "channel": gettext_lazy("Channel"),
}
_ONE: dict[str, Text] = {
    "delivery_groups": gettext_lazy("Delivery group %(which)s"),
    "items": gettext_lazy("Line %(which)s"),
    "payments": gettext_lazy("Payment %(which)s"),
}
_SEVERAL: dict[str, Text] = {
    "delivery_groups": gettext_lazy("Delivery groups %(which)s"),
    "items": gettext_lazy("Lines %(which)s"),
    "payments": gettext_lazy("Payments %(which)s"),
}
_FIELDS: dict[str, Text] = {
    "": gettext_lazy("additional"),
    "method": gettext_lazy("method"),
    "deliver_to": gettext_lazy("recipient"),
    "address": gettext_lazy("address"),
    "authorized": pgettext_lazy("amount", "authorized"),
    "captured": pgettext_lazy("amount", "captured"),
    "refunded": pgettext_lazy("amount", "refunded"),
    "charged_back": pgettext_lazy("amount", "charged back"),
    "quantity_allocated": pgettext_lazy("quantity", "allocated"),
    "quantity_fulfilled": pgettext_lazy("quantity", "fulfilled"),
    "quantity_return_initiated": pgettext_lazy("quantity", "return initiated"),
    "quantity_returned": pgettext_lazy("quantity", "returned"),
    "quantity_canceled": pgettext_lazy("quantity", "canceled"),
}


@dataclass(frozen=True, slots=True)
class AmendmentRow:
    """One amendment.

    Attributes:
        differed: What differed, such as "Lines 1, 3–5: allocated, fulfilled".
    """

    at: datetime
    by: str
    differed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Amendments:
    """The newest amendments of an order, newest first, and how many older ones it has."""

    rows: tuple[AmendmentRow, ...]
    older: int


def read_amendments(order: OrderSummary) -> Amendments:
    """The amendments of an order; of what happened only the fields that differed are read."""
    events = order.events.filter(type=OrderEvent.Type.AMENDED).order_by("-sequence")
    read = events.annotate(fields=KT("facts__fields")).select_related("by").defer("facts")
    rows = tuple(
        AmendmentRow(event.at, actor_name(event.by), _differed(event.fields))
        for event in read[:MOST]
    )
    return Amendments(rows, events.count() - MOST if len(rows) == MOST else 0)


def _differed(fields: str | None) -> tuple[str, ...]:
    """What differed, in words; nothing where that is not as acts write it."""
    try:
        return tuple(in_words(json.loads(fields or "")))
    except (LookupError, TypeError, ValueError):
        return ()


def field_label(field: str) -> str:
    """What a field of an item or payment is called in a list of those that differed."""
    return str(_FIELDS.get(field, field))


def in_words(paths: Iterable[str]) -> Iterator[str]:
    """What paths of an order name, entries of which the same differs together."""
    entries: dict[tuple[str, str], list[str]] = {}
    for path in paths:
        if found := _PATH.fullmatch(path):
            entry = (found["list"], json.loads(found["key"]))
            entries.setdefault(entry, []).append(found["field"] or "")
        else:
            yield str(_WHOLE.get(path, path))
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (name, key), fields in entries.items():
        alike.setdefault((name, tuple(fields)), []).append(key)
    for (name, differing), keys in alike.items():
        named = (_SEVERAL if len(keys) > 1 else _ONE)[name]
        yield _("%(entries)s: %(fields)s") % {
            "entries": str(named) % {"which": ", ".join(_together(keys))},
            "fields": ", ".join(field_label(field) for field in differing),
        }


def _together(keys: Iterable[str]) -> Iterator[str]:
    """Keys that are numbers ascending, those in a row as one (1, 3–5), then the others."""
    numbers = sorted(int(key) for key in keys if _NUMBER.fullmatch(key))
    yield from _ranges(numbers)
    yield from (key for key in keys if not _NUMBER.fullmatch(key))


def _ranges(numbers: list[int]) -> Iterator[str]:
    if not numbers:
        return
    first = last = numbers[0]
    for number in [*numbers[1:], 0]:
        if number == last + 1:
            last = number
            continue
        yield str(first) if first == last else f"{first}\N{EN DASH}{last}"
        first = last = number
