"""The act that takes orders over from documents: each order whole, or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from django.db import DataError, models

from orders.arithmetic.statuses import line_status
from orders.documents.fields import Problem
from orders.documents.order import ItemDocument, OrderDocument, as_sold
from orders.locking import (
    OrderBusy,
    OrderRefused,
    begun_again_when_interrupted,
    locked_orders,
)
from orders.models import (
    Account,
    Adjustment,
    DeliveryGroup,
    OrderItemSummary,
    OrderSummary,
    PaymentSummary,
    Product,
    TaxLine,
)
from orders.standing import set_totals_and_status


class ImportOutcome(StrEnum):
    """What became of one order document."""

    IMPORTED = "imported"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    outcome: ImportOutcome
    problem: Problem | None = None


_EXISTS = Result(
    ImportOutcome.REFUSED, Problem("order_number", "exists with other content; nothing was changed")
)
_FAILED = Result(
    ImportOutcome.REFUSED, Problem("", "the database refused this order; nothing of it was stored")
)
_BUSY = Result(
    ImportOutcome.REFUSED,
    Problem("", "someone else is at work on it; nothing of it was stored. Import it again"),
)


def import_orders(documents: Sequence[OrderDocument], *, dry_run: bool = False) -> list[Result]:
    """Load a batch of orders in one transaction; the results are in the documents' order.

    An order whose number exists with the same content is skipped, with other content
    refused. When the database refuses the batch (another import took a number meanwhile,
    say), its orders are loaded one by one, so that one order's trouble is its own.
    """
    if dry_run:
        return _sort_out(documents, _fingerprints(documents))[0]
    try:
        return _import_batch(documents)
    except (OrderBusy, OrderRefused, DataError):
        return [_import_one(document) for document in documents]


def _import_one(document: OrderDocument) -> Result:
    """A batch of one, for which trouble is final."""
    try:
        [result] = _import_batch([document])
    except OrderBusy:
        return _BUSY
    except (OrderRefused, DataError):
        return _FAILED
    return result


@begun_again_when_interrupted
def _import_batch(documents: Sequence[OrderDocument]) -> list[Result]:
    with locked_orders(_numbers(documents)) as orders:
        known = {number: order.fingerprint for number, order in orders.items()}
        results, fresh = _sort_out(documents, known)
        if fresh:
            _store(fresh)
        return results


def _fingerprints(documents: Iterable[OrderDocument]) -> dict[str, str]:
    """Those of the orders that are there, by number, without a lock."""
    orders = OrderSummary.objects.filter(order_number__in=_numbers(documents))
    return dict(orders.values_list("order_number", "fingerprint"))


def _numbers(documents: Iterable[OrderDocument]) -> set[str]:
    return {document.order_number for document in documents}


def _sort_out(
    documents: Iterable[OrderDocument], known: dict[str, str]
) -> tuple[list[Result], list[tuple[OrderDocument, str]]]:
    """What becomes of each document, and those to store with their fingerprints.

    Args:
        known: Fingerprints by order number; takes in those of the documents.
    """
    results: list[Result] = []
    fresh: list[tuple[OrderDocument, str]] = []
    for document in documents:
        fingerprint = document.fingerprint
        if document.order_number not in known:
            known[document.order_number] = fingerprint
            fresh.append((document, fingerprint))
            results.append(Result(ImportOutcome.IMPORTED))
        elif document.is_what_is_named(known[document.order_number]):
            results.append(Result(ImportOutcome.SKIPPED))
        else:
            results.append(_EXISTS)
    return results, fresh


def _store(fresh: Sequence[tuple[OrderDocument, str]]) -> None:
    accounts = _accounts(document for document, _ in fresh)
    products = _products(document for document, _ in fresh)
    by_number = sorted(fresh, key=lambda each: each[0].order_number)
    orders = OrderSummary.objects.bulk_create(
        _order(document, fingerprint, accounts) for document, fingerprint in by_number
    )
    pairs = [(order, document) for order, (document, _) in zip(orders, by_number, strict=True)]
    groups = DeliveryGroup.objects.bulk_create(
        DeliveryGroup(order=order, position=position, **group.model_dump())
        for order, document in pairs
        for position, group in enumerate(document.delivery_groups)
    )
    lines = _store_lines(pairs, products, {(group.order_id, group.key): group for group in groups})
    Adjustment.objects.bulk_create(
        Adjustment(line=line, name=entry.name, scope=entry.scope, amount_minor=entry.amount)
        for line, item in lines
        for entry in item.adjustments
    )
    TaxLine.objects.bulk_create(
        TaxLine(line=line, name=tax.name, rate=tax.rate or "", amount_minor=tax.amount)
        for line, item in lines
        for tax in item.taxes
    )
    PaymentSummary.objects.bulk_create(
        PaymentSummary(
            order=order,
            position=position,
            key=payment.key,
            method=payment.method,
            gateway=payment.gateway,
            gateway_reference=payment.gateway_reference,
            authorized_minor=payment.authorized,
            captured_minor=payment.captured,
            refunded_elsewhere_minor=payment.refunded,
            full_refund_only=payment.full_refund_only,
        )
        for order, document in pairs
        for position, payment in enumerate(document.payments)
    )


def _order(
    document: OrderDocument, fingerprint: str, accounts: Mapping[str, Account]
) -> OrderSummary:
    order = OrderSummary(
        order_number=document.order_number,
        account=accounts[document.account.number],
        ordered_at=document.ordered_at,
        currency_code=document.currency,
        currency_places=document.unit.places,
        channel=document.channel,
        life_cycle=document.life_cycle,
        tax_locale=document.tax_locale,
        fingerprint=fingerprint,
    )
    set_totals_and_status(order, as_sold(document))
    return order


def _store_lines(
    pairs: Iterable[tuple[OrderSummary, OrderDocument]],
    products: Mapping[str, Product],
    groups: Mapping[tuple[int, str], DeliveryGroup],
) -> list[tuple[OrderItemSummary, ItemDocument]]:
    """Bundles and single lines first: children point at the row of their bundle."""
    bundles: dict[tuple[int, str], OrderItemSummary] = {}
    stored: list[tuple[OrderItemSummary, ItemDocument]] = []
    for children in (False, True):
        batch = [
            (_line(order, position, item, products, groups, bundles), item)
            for order, document in pairs
            for position, item in enumerate(document.items)
            if (item.bundle is not None) is children
        ]
        OrderItemSummary.objects.bulk_create(line for line, _ in batch)
        bundles = {(line.order_id, line.key): line for line, _ in batch}
        stored += batch
    return stored


def _line(
    order: OrderSummary,
    position: int,
    item: ItemDocument,
    products: Mapping[str, Product],
    groups: Mapping[tuple[int, str], DeliveryGroup],
    bundles: Mapping[tuple[int, str], OrderItemSummary],
) -> OrderItemSummary:
    return OrderItemSummary(
        order=order,
        position=position,
        key=item.key,
        type=item.type,
        product=products[item.sku] if item.sku else None,
        name=item.name,
        delivery_group=groups[order.pk, item.delivery_group] if item.delivery_group else None,
        bundle=bundles[order.pk, item.bundle] if item.bundle else None,
        unit_price_minor=item.unit_price,
        quantity_ordered=item.quantity,
        quantity_allocated=item.quantity_allocated,
        quantity_fulfilled=item.quantity_fulfilled,
        quantity_return_initiated=item.quantity_return_initiated,
        quantity_returned=item.quantity_returned,
        quantity_returned_at_import=item.quantity_returned,
        status=line_status(item.quantities),
    )


def _accounts(documents: Iterable[OrderDocument]) -> dict[str, Account]:
    """The documents' accounts; a name or e-mail that changed is taken over."""
    wanted = {
        document.account.number: Account(**document.account.model_dump()) for document in documents
    }
    return _upserted(Account, "number", ["name", "email"], wanted)


def _products(documents: Iterable[OrderDocument]) -> dict[str, Product]:
    wanted = {
        item.sku: Product(sku=item.sku, name=item.name)
        for document in documents
        for item in document.items
        if item.sku
    }
    return _upserted(Product, "sku", ["name"], wanted)


Row = TypeVar("Row", bound=models.Model)


def _upserted(
    model: type[Row], key: str, fields: list[str], wanted: Mapping[str, Row]
) -> dict[str, Row]:
    """Rows by key, written only where they are new or changed.

    Written in the order of their keys, so that two imports never wait for each other.
    """
    rows = dict(model._default_manager.in_bulk(list(wanted), field_name=key))

    def is_stored(name: str) -> bool:
        return name in rows and all(
            getattr(rows[name], field) == getattr(wanted[name], field) for field in fields
        )

    written = model._default_manager.bulk_create(
        [wanted[name] for name in sorted(wanted) if not is_stored(name)],
        update_conflicts=True,
        unique_fields=[key],
        update_fields=fields,
    )
    return rows | {getattr(row, key): row for row in written}
