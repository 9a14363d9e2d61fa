"""How orders are stored from documents: all rows of new ones, and what an amendment adds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Model

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
from orders.rows import insert, insert_rows, new_keys, update_rows
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
    all_parts = [
        Parts.of(document, order) for order, document in zip(orders, documents, strict=True)
    ]
    keys = new_keys({OrderSummary: len(orders), **_counts(all_parts)})
    for order, event, key in zip(orders, events, keys[OrderSummary], strict=True):
        order.pk = event.order_id = key
    insert(OrderSummary, orders)
    insert(OrderEvent, events)
    _store(all_parts, keys)


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
    _store(all_parts, new_keys(_counts(all_parts)))


def _counts(all_parts: Sequence[Parts]) -> dict[type[Model], int]:
    """How many rows there will be of what others point at."""
    return {
        DeliveryGroup: sum(len(parts.groups) for parts in all_parts),
        OrderItemSummary: sum(len(parts.items) for parts in all_parts),
    }


def _store(all_parts: Sequence[Parts], keys: Mapping[type[Model], Iterator[int]]) -> None:
    products = _products(item for parts in all_parts for item in parts.items)
    groups: list[_Row] = []
    lines: list[_Row] = []
    adjustments: list[_Row] = []
    taxes: list[_Row] = []
    for parts in all_parts:
        own_groups = {group.key: next(keys[DeliveryGroup]) for group in parts.groups}
        own_lines = {item.key: next(keys[OrderItemSummary]) for item in parts.items}
        groups += _groups(parts, own_groups)
        lines += _lines(parts, own_lines, own_groups, products)
        for item in parts.items:
            line = own_lines[item.key]
            adjustments += [(line, part.name, part.scope, part.amount) for part in item.adjustments]
            taxes += [(line, tax.name, tax.rate or "", tax.amount) for tax in item.taxes]
    insert_rows(DeliveryGroup, _GROUP, groups)
    insert_rows(OrderItemSummary, _LINE, lines)
    insert_rows(Adjustment, ("line_id", "name", "scope", "amount_minor"), adjustments)
    insert_rows(TaxLine, ("line_id", "name", "rate", "amount_minor"), taxes)
    insert_rows(PaymentSummary, _PAYMENT, [row for parts in all_parts for row in _payments(parts)])


_Row: TypeAlias = tuple[Any, ...]

_GROUP = ("id", "order_id", "position", "key", "method", "deliver_to", "address")


def _groups(parts: Parts, keys: Mapping[str, int]) -> list[_Row]:
    return [
        (keys[group.key], parts.order.pk, position, *_said(group))
        for position, group in enumerate(parts.groups, parts.first[0])
    ]


def _said(group: DeliveryGroupDocument) -> _Row:
    return group.key, group.method, group.deliver_to, group.address


_LINE = (
    *("id", "order_id", "came_with", "reported_at", "position", "key", "type", "name", "status"),
    *("product_id", "delivery_group_id", "bundle_id", "unit_price_micros", "line_amount_minor"),
    *("quantity_ordered", "quantity_canceled", "quantity_canceled_elsewhere"),
    *("quantity_canceled_at_import", "reported_canceled"),
    *("quantity_allocated", "reported_allocated", "quantity_fulfilled", "reported_fulfilled"),
    *("quantity_return_initiated", "reported_return_initiated"),
    *("quantity_returned", "quantity_returned_at_import", "reported_returned"),
)


def _lines(
    parts: Parts,
    keys: Mapping[str, int],
    groups: Mapping[str, int],
    products: Mapping[str, int],
) -> Iterator[_Row]:
    currency = parts.order.currency
    of_all = (parts.order.pk, parts.order.events_written, parts.document.updated_at)
    for position, item in enumerate(parts.items, parts.first[1]):
        yield (
            *(keys[item.key], *of_all, position, item.key, item.type, item.name),
            str(line_status(item.quantities)),
            products[item.sku] if item.sku else None,
            groups[item.delivery_group] if item.delivery_group else None,
            keys[item.bundle] if item.bundle else None,
            *(item.unit_price, item.amount(currency), item.quantity),
            *(item.quantity_canceled,) * 4,
            *(item.quantity_allocated,) * 2,
            *(item.quantity_fulfilled,) * 2,
            *(item.quantity_return_initiated,) * 2,
            *(item.quantity_returned,) * 3,
        )


_PAYMENT = (
    *("order_id", "reported_at", "position", "key", "method", "gateway", "gateway_reference"),
    *("authorized_minor", "captured_minor", "refunded_elsewhere_minor", "charged_back_minor"),
    "full_refund_only",
)


def _payments(parts: Parts) -> Iterator[_Row]:
    of_all = (parts.order.pk, parts.document.updated_at)
    for position, payment in enumerate(parts.payments, parts.first[2]):
        yield (
            *(*of_all, position, payment.key, payment.method),
            *(payment.gateway, payment.gateway_reference),
            *(payment.authorized, payment.captured, payment.refunded, payment.charged_back),
            payment.full_refund_only,
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
    update_rows(renamed, ["name", "email", "named_at"])
    return rows


def _is_renamed(row: Account, newest: Account) -> bool:
    told = (newest.named_at, newest.name, newest.email)
    return newest.named_at >= row.named_at and told != (row.named_at, row.name, row.email)


def _products(items: Iterable[ItemDocument]) -> dict[str, int]:
    """The primary keys of products by SKU; they are written where they are new or renamed.

    Written in the order of their SKUs, so that two imports never wait for each other.
    """
    wanted = {item.sku: item.name for item in items if item.sku}
    stored = Product.objects.filter(sku__in=list(wanted)).values_list("sku", "name", "pk")
    found = {sku: (name, key) for sku, name, key in stored}
    written = Product.objects.bulk_create(
        [
            Product(sku=sku, name=wanted[sku])
            for sku in sorted(wanted)
            if sku not in found or found[sku][0] != wanted[sku]
        ],
        update_conflicts=True,
        unique_fields=["sku"],
        update_fields=["name"],
    )
    keys = {sku: key for sku, (_, key) in found.items()}
    return keys | {product.sku: product.pk for product in written}
