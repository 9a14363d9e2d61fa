"""What a document says of an order that is there already: what may differ, and what may not."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from orders.arithmetic.money import Currency, show, show_micros
from orders.documents.fields import Problem, spell
from orders.documents.order import (
    COUNTERS,
    FIGURES,
    DeliveryGroupDocument,
    ItemDocument,
    OrderDocument,
    PaymentDocument,
)

_AS_PLACED = ("ordered_at", "currency", "life_cycle", "tax_locale")
_AS_SOLD = ("type", "sku", "name", "quantity", "bundle", "delivery_group")
_AS_PAID = ("gateway", "gateway_reference", "full_refund_only")
_LISTS = ("delivery_groups", "items", "payments")

THE_ORDER = ("", "")
"""What is said of an order as a whole, beside its items and payments."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """How a document differs from what is known of an order, where it may.

    Attributes:
        fields: Paths of everything that differs, entries of lists by their keys: they tell of the
            order, in which a document's positions mean nothing. ``items["3"].quantity_allocated``.
        names: Whether a delivery group or a payment is called otherwise.
        lines: Known lines whose counters differ, by their keys.
        payments: Known payments whose figures differ, by their keys.
        added_groups: Additional delivery groups, with ``added_items`` and ``added_payments``.
    """

    fields: tuple[str, ...]
    names: bool
    lines: frozenset[str]
    payments: frozenset[str]
    added_groups: tuple[DeliveryGroupDocument, ...]
    added_items: tuple[ItemDocument, ...]
    added_payments: tuple[PaymentDocument, ...]


def as_news(
    known: OrderDocument, document: OrderDocument, *, stale: Collection[tuple[str, str]]
) -> OrderDocument:
    """The document as far as it is news: what is staler than what is known stays as known.

    One that does not say of what time it is cannot set anything back: its counters and figures
    only ever rise.

    Args:
        stale: Of what something newer is known: ("items", key), ("payments", key), ``THE_ORDER``.
    """
    news: dict[str, Any] = {}
    for name in ("items", "payments"):
        before = {entry.key: entry for entry in getattr(known, name)}
        news[name] = [
            _newest(name, entry, before.get(entry.key), document, stale)
            for entry in getattr(document, name)
        ]
    if THE_ORDER in stale:
        groups = {group.key: group for group in known.delivery_groups}
        news |= {"account": known.account, "channel": known.channel}
        news["delivery_groups"] = [
            groups.get(group.key, group) for group in document.delivery_groups
        ]
        methods = {payment.key: payment.method for payment in known.payments}
        news["payments"] = [
            payment.model_copy(update={"method": methods.get(payment.key, payment.method)})
            for payment in news["payments"]
        ]
    return document.model_copy(update=news)


def _newest(
    name: str,
    entry: Any,
    before: Any,
    document: OrderDocument,
    stale: Collection[tuple[str, str]],
) -> Any:
    """An item or payment with the newer ones of its own counters or figures and those known."""
    if before is None or (document.updated_at and (name, entry.key) not in stale):
        return entry
    moving = COUNTERS if name == "items" else FIGURES
    kept = {field: getattr(before, field) for field in moving}
    if document.updated_at is None:
        kept = {field: max(was, getattr(entry, field)) for field, was in kept.items()}
    return entry.model_copy(update=kept)


def amendment(known: OrderDocument, news: OrderDocument) -> Amendment:
    """Where a document differs in which :func:`refused_differences` found nothing.

    Args:
        known: The order as it was last told of.
        news: The document :func:`as_news`.
    """
    renamed = [
        name for name in ("account", "channel") if getattr(known, name) != getattr(news, name)
    ]
    called = [
        *_pairs("delivery_groups", ("method", "deliver_to", "address"), known, news),
        *_pairs("payments", ("method",), known, news),
    ]
    counted = list(_pairs("items", COUNTERS, known, news))
    figured = list(_pairs("payments", FIGURES, known, news))
    groups, items, payments = (_additional(name, known, news) for name in _LISTS)
    added = [*groups, *items, *payments]
    return Amendment(
        fields=(*renamed, *(each.field for each in (*called, *counted, *figured)), *added),
        names=bool(called),
        lines=frozenset(each.key for each in counted),
        payments=frozenset(each.key for each in figured),
        added_groups=tuple(groups.values()),
        added_items=tuple(items.values()),
        added_payments=tuple(payments.values()),
    )


def refused_differences(
    known: OrderDocument, document: OrderDocument, *, is_late: bool = False
) -> Iterator[Problem]:
    """What differs of an order as it was sold and paid: refused, with both values.

    Args:
        is_late: Something newer is known of the order: then it may not know of additions yet.
    """
    for name in _AS_PLACED:
        was, now = getattr(known, name), getattr(document, name)
        if was != now:
            yield Problem(name, _both(_written(now), _written(was)))
    for name in _LISTS:
        here = {entry.key for entry in getattr(document, name)}
        for entry in getattr(known, name):
            if entry.key not in here and not is_late:
                yield Problem(name, f"{entry.key!r} is gone, but the order has it")
    for each in _pairs("items", _AS_SOLD, known, document):
        yield Problem(each.path, _both(_written(each.now), _written(each.was)))
    for each in _pairs("items", ("adjustments", "taxes"), known, document):
        yield from _other_parts(each, known.unit)
    yield from _repriced(known, document)
    for each in _pairs("payments", _AS_PAID, known, document):
        yield Problem(each.path, _both(_written(each.now), _written(each.was)))
    yield from _entangled(known, document)


def _other_parts(lists: "_Pair", unit: Currency) -> Iterator[Problem]:
    """Adjustments or taxes of a line that differ: each field of them, where they are as many."""
    if len(lists.was) != len(lists.now):
        yield Problem(lists.path, _both(_written(lists.now), _written(lists.was)))
        return
    for position, (before, after) in enumerate(zip(lists.was, lists.now, strict=True)):
        for field in type(after).model_fields:
            values = (getattr(after, field), getattr(before, field))
            if values[0] != values[1]:
                shown = (
                    show(each, unit) if field == "amount" else _written(each) for each in values
                )
                yield Problem(f"{lists.path}[{position}].{field}", _both(*shown))


def _repriced(known: OrderDocument, document: OrderDocument) -> Iterator[Problem]:
    """Lines that were sold at another price."""
    unit = known.unit
    sold = {item.key: item for item in known.items}
    for position, item in enumerate(document.items):
        if (before := sold.get(item.key)) is None:
            continue
        if before.unit_price != item.unit_price:
            prices = (show_micros(each.unit_price, unit) for each in (item, before))
            yield Problem.at("items", position, "unit_price", message=_both(*prices))
        elif before.amount(unit) != item.amount(unit) and before.quantity == item.quantity:
            sums = (show(each.amount(unit), unit) for each in (item, before))
            yield Problem.at("items", position, "line_amount", message=_both(*sums))


def _entangled(known: OrderDocument, document: OrderDocument) -> Iterator[Problem]:
    """Additional items that would change what was sold: in its groups or bundles."""
    sold = {item.key for item in known.items}
    groups = {group.key for group in known.delivery_groups}
    for position, item in enumerate(document.items):
        if item.key in sold:
            continue
        if item.delivery_group in groups:
            message = "an additional item needs a delivery group of its own, or none"
            yield Problem.at("items", position, "delivery_group", message=message)
        if item.bundle in sold:
            message = "an additional item cannot join a bundle that is there already"
            yield Problem.at("items", position, "bundle", message=message)


class _Pair(NamedTuple):
    """A field of a known entry of a list that differs: where, of which entry, both values.

    ``path`` is the place in the document, ``field`` the same in the order, by the entry's key.
    """

    path: str
    field: str
    key: str
    was: Any
    now: Any


def _pairs(
    name: str, fields: Sequence[str], known: OrderDocument, document: OrderDocument
) -> Iterator[_Pair]:
    before = {entry.key: entry for entry in getattr(known, name)}
    for position, entry in enumerate(getattr(document, name)):
        if (known_entry := before.get(entry.key)) is None:
            continue
        for field in fields:
            was, now = getattr(known_entry, field), getattr(entry, field)
            if was != now:
                path = spell((name, position, field))
                yield _Pair(path, f"{_named(name, entry.key)}.{field}", entry.key, was, now)


def _additional(name: str, known: OrderDocument, document: OrderDocument) -> dict[str, Any]:
    """The entries of a list that are not known yet, as ``fields`` names them."""
    before = {entry.key for entry in getattr(known, name)}
    return {
        _named(name, entry.key): entry
        for entry in getattr(document, name)
        if entry.key not in before
    }


def _named(name: str, key: str) -> str:
    """An entry of a list by its key.

    >>> _named("items", "3")
    'items["3"]'
    """
    return f"{name}[{json.dumps(key, ensure_ascii=False)}]"


def _both(now: str, was: str) -> str:
    return f"is {now}, but the order has {was}"


def _written(value: Any) -> str:
    """A value as a document has it, short enough to be read."""
    if isinstance(value, list):
        return ", ".join(f"{entry.name!r}" for entry in value) or "none"
    if isinstance(value, datetime):
        return value.isoformat()
    return repr(value) if isinstance(value, str) else str(value)
