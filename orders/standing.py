"""An order as it stands: its rows read into arithmetic, and what a change makes of them written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import TypeAlias

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects

from orders.arithmetic import amounts
from orders.arithmetic.facts import Reported
from orders.arithmetic.funds import Elsewhere, Payment
from orders.arithmetic.statuses import Quantities, line_status
from orders.fetching import fetch_parts, fetched
from orders.models import (
    Adjustment,
    DeliveryGroup,
    OrderItemSummary,
    OrderSummary,
    TaxLine,
)
from orders.models.totals import TOTALS_COLUMNS
from orders.rows import update_rows

DERIVED_FIELDS = (*TOTALS_COLUMNS, "status", "is_cancelable")
"""What an order summary keeps only for fast lists."""

_ELSEWHERE_FIELDS = tuple(f"{field.name}_elsewhere_minor" for field in fields(Elsewhere))

_PAYMENT_FIGURES = (
    "authorized",
    "captured",
    "refunded_here",
    "refunded_elsewhere",
    "charged_back",
    "reserved",
    "released",
    "captured_at_release",
)
"""What moves of a payment, as arithmetic calls it; its columns end in ``_minor``."""


def with_everything(orders: QuerySet[OrderSummary] | None = None) -> QuerySet[OrderSummary]:
    """Orders (all, or those given) with all that arithmetic and documents read, in six queries."""
    chosen = OrderSummary.objects.all() if orders is None else orders
    lines = Prefetch("lines", OrderItemSummary.objects.for_reading())
    related = ("lines__adjustments", "lines__taxes", "payments", "delivery_groups")
    return chosen.select_related("account").prefetch_related(lines, *related)


def as_it_stands(order: OrderSummary) -> amounts.Standing:
    """The order as arithmetic; what was not read yet is read now, without what only people look
    at: adjustments and taxes by one statement and without their names.
    """
    lines = OrderItemSummary.objects.select_related("delivery_group").order_by("position")
    prefetch_related_objects([order], Prefetch("lines", lines), "payments")
    lines = order.lines.all()
    known = {line.pk: own for line in lines if (own := _known_parts(line))}
    parts = known if len(known) == len(lines) else {**_read_parts(order), **known}
    for line in lines:
        vars(line)[_PARTS] = parts[line.pk]
    return _standing(order, parts)


def as_fetched(order: OrderSummary) -> amounts.Standing:
    """The same of an order that was fetched with everything; of another, line by line."""
    return _standing(order, {line.pk: _parts_of(line) for line in order.lines.all()})


_Parts: TypeAlias = tuple[tuple[tuple[amounts.Scope, int], ...], tuple[int, ...]]
"""A line's adjustments and taxes, in minor units."""

_PARTS = "_parts_as_sold"
"""Where a line keeps them: what it came with never changes."""


def _known_parts(line: OrderItemSummary) -> _Parts | None:
    if _PARTS in vars(line) or not {"adjustments", "taxes"} <= fetched(line).keys():
        return vars(line).get(_PARTS)
    return _parts_of(line)


def _read_parts(order: OrderSummary) -> Mapping[int, _Parts]:
    """The adjustments and taxes of every line of an order, in their sequence."""
    adjustments: dict[int, list[tuple[amounts.Scope, int]]] = defaultdict(list)
    taxes: dict[int, list[int]] = defaultdict(list)
    with connections[order._state.db or DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_ALL_PARTS, [order.pk, order.pk])
        for pk, of_tax, _, scope, amount in sorted(cursor.fetchall()):
            if of_tax:
                taxes[pk].append(amount)
            else:
                adjustments[pk].append((_scope(scope), amount))
    return {
        line.pk: (tuple(adjustments[line.pk]), tuple(taxes[line.pk])) for line in order.lines.all()
    }


def _parts_in(part: type[Model], of_tax: int, scope: str) -> str:
    table, lines = part._meta.db_table, OrderItemSummary._meta.db_table
    return (
        f"SELECT part.line_id, {of_tax}, part.id, {scope}, part.amount_minor FROM {table} part"
        f" JOIN {lines} line ON line.id = part.line_id WHERE line.order_id = %s"
    )


_ALL_PARTS = " UNION ALL ".join(
    (_parts_in(Adjustment, 0, "part.scope"), _parts_in(TaxLine, 1, "''"))
)
"""Every act asks it: Django would take longer to write it than PostgreSQL to answer."""


def _parts_of(line: OrderItemSummary) -> _Parts:
    own = fetched(line)
    if not {"adjustments", "taxes"} <= own.keys():
        fetch_parts([line])
    adjustments = [(_scope(each.scope), each.amount_minor) for each in own["adjustments"]]
    return tuple(adjustments), tuple([tax.amount_minor for tax in own["taxes"]])


def _scope(stored: str) -> amounts.Scope:
    return "order" if stored == Adjustment.Scope.ORDER else "line"


def _standing(order: OrderSummary, parts: Mapping[int, _Parts]) -> amounts.Standing:
    lines = order.lines.all()
    keys = {line.pk: line.key for line in lines}
    return amounts.Standing(
        currency=order.currency,
        tax_locale="gross" if order.tax_locale == OrderSummary.TaxLocale.GROSS else "net",
        lines={line.key: _line(line, keys, parts[line.pk]) for line in lines},
        groups={
            line.delivery_group.key: amounts.Group(
                line.delivery_group.key,
                line.delivery_group.flagged_minor,
                line.delivery_group.released,
            )
            for line in lines
            if line.delivery_group
        },
        payments=tuple(payment.figures for payment in order.payments.all()),
        elsewhere=order.elsewhere,
    )


def set_derived(order: OrderSummary, standing: amounts.Standing) -> None:
    """Put totals, status and the money elsewhere on the row, without saving it."""
    order.set_totals(standing.totals)
    order.status = standing.status
    order.is_cancelable = order.is_managed and standing.is_cancelable
    for field, column in zip(fields(Elsewhere), _ELSEWHERE_FIELDS, strict=True):
        setattr(order, column, getattr(standing.elsewhere, field.name))


def write_standing(
    order: OrderSummary, *, before: amounts.Standing, after: amounts.Standing
) -> None:
    """Write what became of an order: lines, groups, payments, totals, status, its last event.

    Only lines, delivery groups and payments that differ are written.

    Args:
        order: Locked, with its lines and payments as ``before`` was read from them.
    """
    lines = order.lines.all()
    _write_counters(lines, before, after)
    _write_groups({line.delivery_group for line in lines if line.delivery_group}, before, after)
    _write_payments(order, before.payments, after.payments)
    set_derived(order, after)
    order.save(update_fields=[*DERIVED_FIELDS, *_ELSEWHERE_FIELDS, "events_written"])


def _write_counters(
    lines: Iterable[OrderItemSummary], before: amounts.Standing, after: amounts.Standing
) -> None:
    changed, written = [], {"status"}
    for line in lines:
        was, now = before.lines[line.key], after.lines[line.key]
        if now == was:
            continue
        changed.append(line)
        for column, value in _moved_columns(was, now):
            setattr(line, column, value)
            written.add(column)
        line.status = line_status(now.quantities)
    update_rows(changed, sorted(written))


def _moved_columns(was: amounts.Line, now: amounts.Line) -> Iterator[tuple[str, int | bool]]:
    """What moved of a line, by its columns."""
    for counters, names in _COUNTERS.items():
        then, since = getattr(was, counters), getattr(now, counters)
        for name, column in () if since is then else names:
            if (value := getattr(since, name)) != getattr(then, name):
                yield column, value
    if now.released != was.released:
        yield "released", now.released


_COUNTERS = {
    "quantities": tuple((field.name, f"quantity_{field.name}") for field in fields(Quantities)),
    "reported": tuple((field.name, f"reported_{field.name}") for field in fields(Reported)),
}
"""What counts on a line, as arithmetic calls it; with the columns."""


def _write_groups(
    groups: set[DeliveryGroup], before: amounts.Standing, after: amounts.Standing
) -> None:
    changed = [group for group in groups if after.groups[group.key] != before.groups[group.key]]
    for group in changed:
        group.flagged_minor = after.groups[group.key].flagged
        group.released = after.groups[group.key].released
    update_rows(changed, ["flagged_minor", "released"])


def _write_payments(
    order: OrderSummary, before: Sequence[Payment], after: Sequence[Payment]
) -> None:
    rows = {row.key: row for row in order.payments.all()}
    changed = [(rows[now.key], now) for was, now in zip(before, after, strict=True) if now != was]
    for row, now in changed:
        for figure in _PAYMENT_FIGURES:
            setattr(row, f"{figure}_minor", getattr(now, figure))
    update_rows([row for row, _ in changed], [f"{figure}_minor" for figure in _PAYMENT_FIGURES])


def _line(line: OrderItemSummary, keys: dict[int, str], parts: _Parts) -> amounts.Line:
    adjustments, taxes = parts
    return amounts.Line(
        key=line.key,
        name=line.name,
        type=_TYPES[line.type],
        quantities=line.quantities,
        line_amount=line.line_amount_minor,
        adjustments=adjustments,
        taxes=taxes,
        bundle=keys[line.bundle_id] if line.bundle_id else None,
        group=line.delivery_group.key if line.delivery_group else None,
        reported=line.reported,
        released=line.released,
    )


_TYPES: dict[str, amounts.LineType] = {
    OrderItemSummary.Type.PRODUCT: "product",
    OrderItemSummary.Type.DELIVERY_CHARGE: "delivery_charge",
    OrderItemSummary.Type.FEE: "fee",
}
