"""How orders are stored from documents: all rows of new ones, and what an amendment adds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import models

from orders.arithmetic.amounts import Standing
from orders.arithmetic.statuses import line_status
from orders.documents.order import (
    DeliveryGroupDocument,
    ItemDocument,
    OrderDocument,
    PaymentDocument,
)
from orders.models import (
    Account,
    Adjustment,
    DeliveryGroup,
    OrderEvent,
    OrderItemSummary,
    OrderSummary,
    PaymentSummary,
    Product,
    TaxLine,
)
from orders.standing import set_derived


def new_order(document: OrderDocument, standing: Standing) -> OrderSummary:
    """The row of an order that is not there yet, not saved.

    Args:
        standing: The order as the document has it.
    """
    order = OrderSummary(
        order_number=document.order_number,
        ordered_at=document.ordered_at,
        currency_code=document.currency,
        currency_places=document.unit.places,
        channel=document.channel,
        life_cycle=document.life_cycle,
        tax_locale=document.tax_locale,
        fingerprint=document.fingerprint,
        told_at=document.updated_at,
    )
    set_derived(order, standing)
    return order


def store_orders(
    orders: Sequence[OrderSummary],
    documents: Sequence[OrderDocument],
    events: Sequence[OrderEvent],
) -> None:
    """Store new orders with all that their documents, in the same sequence, say of them.

    Args:
        orders: Made by :func:`new_order`; sorted by number, so that imports do not wait in a ring.
        events: The first of each order, which everything else of it comes with.
    """
    set_accounts(orders, documents)
    OrderSummary.objects.bulk_create(orders)
    for order, event in zip(orders, events, strict=True):
        event.order_id = order.pk
    OrderEvent.objects.bulk_create(events)
    store_parts(
        [Parts.of(document, order) for order, document in zip(orders, documents, strict=True)]
    )


def set_accounts(orders: Sequence[OrderSummary], documents: Sequence[OrderDocument]) -> None:
    """Put accounts and the customers' own words on orders, without saving these."""
    accounts = _accounts(documents)
    for order, document in zip(orders, documents, strict=True):
        customer = document.account
        order.account = accounts[customer.number] if customer and customer.number else None
        order.customer_name = customer.name if customer else ""
        order.customer_email = customer.email if customer else ""


def name_by_newest_order(account: Account, *, but: OrderSummary) -> None:
    """Give an account back the name of its newest order, which ``but`` is no longer one of."""
    others = account.order_summaries.exclude(pk=but.pk).order_by("-ordered_at", "-pk")
    if newest := others.first():
        account.name, account.email = newest.customer_name, newest.customer_email
        account.named_at = newest.ordered_at
        account.save(update_fields=["name", "email", "named_at"])


@dataclass(frozen=True, slots=True)
class Parts:
    """What is stored of an order: all that its document has, or what it adds to it.

    Attributes:
        first: The positions from which lines, payments and groups are counted.
    """

    order: OrderSummary
    document: OrderDocument
    groups: Sequence[DeliveryGroupDocument]
    items: Sequence[ItemDocument]
    payments: Sequence[PaymentDocument]
    first: tuple[int, int, int] = (0, 0, 0)

    @classmethod
    def of(cls, document: OrderDocument, order: OrderSummary) -> "Parts":
        """All of a document."""
        return cls(order, document, document.delivery_groups, document.items, document.payments)


def store_parts(all_parts: Sequence[Parts]) -> None:
    """Store lines with their adjustments and taxes, delivery groups and payments."""
    products = _products(item for parts in all_parts for item in parts.items)
    groups = DeliveryGroup.objects.bulk_create(
        DeliveryGroup(order=parts.order, position=position, **group.model_dump())
        for parts in all_parts
        for position, group in enumerate(parts.groups, parts.first[0])
    )
    lines = _store_lines(
        all_parts, products, {(group.order_id, group.key): group for group in groups}
    )
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
            order=parts.order,
            position=position,
            key=payment.key,
            method=payment.method,
            gateway=payment.gateway,
            gateway_reference=payment.gateway_reference,
            authorized_minor=payment.authorized,
            captured_minor=payment.captured,
            refunded_elsewhere_minor=payment.refunded,
            charged_back_minor=payment.charged_back,
            full_refund_only=payment.full_refund_only,
            reported_at=parts.document.updated_at,
        )
        for parts in all_parts
        for position, payment in enumerate(parts.payments, parts.first[2])
    )


def _store_lines(
    all_parts: Sequence[Parts],
    products: Mapping[str, Product],
    groups: Mapping[tuple[int, str], DeliveryGroup],
) -> list[tuple[OrderItemSummary, ItemDocument]]:
    """Bundles and single lines first: children point at the row of their bundle."""
    bundles: dict[tuple[int, str], OrderItemSummary] = {}
    stored: list[tuple[OrderItemSummary, ItemDocument]] = []
    for children in (False, True):
        batch = [
            (_line(parts, position, item, products, groups, bundles), item)
            for parts in all_parts
            for position, item in enumerate(parts.items, parts.first[1])
            if (item.bundle is not None) is children
        ]
        OrderItemSummary.objects.bulk_create(line for line, _ in batch)
        bundles = {(line.order_id, line.key): line for line, _ in batch}
        stored += batch
    return stored


def _line(
    parts: Parts,
    position: int,
    item: ItemDocument,
    products: Mapping[str, Product],
    groups: Mapping[tuple[int, str], DeliveryGroup],
    bundles: Mapping[tuple[int, str], OrderItemSummary],
) -> OrderItemSummary:
    order = parts.order
    return OrderItemSummary(
        order=order,
        position=position,
        key=item.key,
        type=item.type,
        product=products[item.sku] if item.sku else None,
        name=item.name,
        delivery_group=groups[order.pk, item.delivery_group] if item.delivery_group else None,
        bundle=bundles[order.pk, item.bundle] if item.bundle else None,
        unit_price_micros=item.unit_price,
        line_amount_minor=item.amount(order.currency),
        quantity_ordered=item.quantity,
        quantity_canceled=item.quantity_canceled,
        quantity_canceled_elsewhere=item.quantity_canceled,
        quantity_canceled_at_import=item.quantity_canceled,
        quantity_allocated=item.quantity_allocated,
        quantity_fulfilled=item.quantity_fulfilled,
        quantity_return_initiated=item.quantity_return_initiated,
        quantity_returned=item.quantity_returned,
        quantity_returned_at_import=item.quantity_returned,
        reported_canceled=item.quantity_canceled,
        reported_allocated=item.quantity_allocated,
        reported_fulfilled=item.quantity_fulfilled,
        reported_return_initiated=item.quantity_return_initiated,
        reported_returned=item.quantity_returned,
        reported_at=parts.document.updated_at,
        status=line_status(item.quantities),
        came_with=order.events_written,
    )


def _accounts(documents: Iterable[OrderDocument]) -> dict[str, Account]:
    """The documents' accounts, each with name and e-mail of its newest order."""
    wanted: dict[str, Account] = {}
    for document in sorted(documents, key=lambda document: document.ordered_at):
        if document.account and document.account.number:
            number = document.account.number
            wanted[number] = Account(**document.account.model_dump(), named_at=document.ordered_at)
    numbers = sorted(wanted)
    Account.objects.bulk_create((wanted[number] for number in numbers), ignore_conflicts=True)
    locked = Account.objects.select_for_update().order_by("number")
    rows = {account.number: account for account in locked.filter(number__in=numbers)}
    renamed = [row for number, row in rows.items() if _is_renamed(row, wanted[number])]
    for row in renamed:
        newest = wanted[row.number]
        row.name, row.email, row.named_at = newest.name, newest.email, newest.named_at
    Account.objects.bulk_update(renamed, ["name", "email", "named_at"])
    return rows


def _is_renamed(row: Account, newest: Account) -> bool:
    told = (newest.named_at, newest.name, newest.email)
    return newest.named_at >= row.named_at and told != (row.named_at, row.name, row.email)


def _products(items: Iterable[ItemDocument]) -> dict[str, Product]:
    wanted = {item.sku: Product(sku=item.sku, name=item.name) for item in items if item.sku}
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
