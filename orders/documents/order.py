"""Order documents: what they must hold, and their fingerprint.

The format and its limits are contract.md §1; amounts become minor units on the way in.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from orders.arithmetic import amounts, elsewhere
from orders.arithmetic.currencies import UnknownCurrency, currency_on
from orders.arithmetic.facts import Reported
from orders.arithmetic.funds import Payment
from orders.arithmetic.money import LARGEST, Currency, Minor, is_whole, minor_of
from orders.arithmetic.statuses import Quantities
from orders.documents.fields import (
    Count,
    Document,
    DocumentRefused,
    Key,
    LongText,
    Moment,
    Money,
    Name,
    Number,
    Problem,
    Rate,
    ShortText,
    UnitPrice,
    fingerprint,
    read_moment,
    repeated_keys,
    validated,
    version_of,
)

CONTENT_VERSION = 1
"""Of what a fingerprint names; defaults are not named. When one changes this is raised, and what
was fingerprinted before goes on being compared in its own version."""

MOST_PARTS = 20_000
"""Adjustments and taxes of all items together."""


COUNTERS = (
    "quantity_canceled",
    "quantity_allocated",
    "quantity_fulfilled",
    "quantity_return_initiated",
    "quantity_returned",
)
FIGURES = ("authorized", "captured", "refunded", "charged_back")


class AccountDocument(Document):
    """Who ordered; without a number a guest, whose order belongs to no account."""

    number: Number | None = None
    name: Name
    email: ShortText = ""


class DeliveryGroupDocument(Document):
    key: Key
    method: Name
    deliver_to: Name
    address: LongText


class AdjustmentDocument(Document):
    name: Name
    scope: Literal["line", "order"]
    amount: Money


class TaxDocument(Document):
    name: Name
    rate: Rate | None = None
    amount: Money


class ItemDocument(Document):
    key: Key
    type: Literal["product", "delivery_charge", "fee"]
    sku: ShortText = ""
    name: Name
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    unit_price: UnitPrice
    line_amount: Money | None = None
    delivery_group: Key | None = None
    bundle: Key | None = None
    adjustments: Annotated[list[AdjustmentDocument], Field(max_length=50)] = []
    taxes: Annotated[list[TaxDocument], Field(max_length=50)] = []
    quantity_allocated: Count = 0
    quantity_fulfilled: Count = 0
    quantity_return_initiated: Count = 0
    quantity_returned: Count = 0
    quantity_canceled: Count = 0

    @property
    def is_product(self) -> bool:
        return self.type == "product"

    @property
    def quantities(self) -> Quantities:
        return Quantities(
            ordered=self.quantity,
            canceled=self.quantity_canceled,
            canceled_elsewhere=self.quantity_canceled,
            allocated=self.quantity_allocated,
            fulfilled=self.quantity_fulfilled,
            return_initiated=self.quantity_return_initiated,
            returned=self.quantity_returned,
        )

    def amount(self, currency: Currency) -> Minor:
        """The line amount as sold, before adjustments."""
        if self.line_amount is not None:
            return self.line_amount
        return minor_of(self.unit_price, currency) * self.quantity

    def whole_price(self, currency: Currency) -> Minor | None:
        """Unit price × quantity, where that is a whole number of minor units."""
        micros = self.unit_price * self.quantity
        return minor_of(micros, currency) if is_whole(micros, currency) else None

    def net(self, currency: Currency) -> Minor:
        return self.amount(currency) + sum(entry.amount for entry in self.adjustments)

    @property
    def has_counters(self) -> bool:
        return self.quantities != Quantities(ordered=self.quantity)


class PaymentDocument(Document):
    key: Key
    method: Name
    gateway: Name
    gateway_reference: ShortText
    authorized: Money
    captured: Money = 0
    refunded: Money = 0
    charged_back: Money = 0
    full_refund_only: bool = False


class OrderDocument(Document):
    order_number: Number
    ordered_at: Moment
    currency: str
    channel: ShortText = ""
    life_cycle: Literal["managed", "unmanaged"] = "managed"
    tax_locale: Literal["net", "gross"] = "net"
    account: AccountDocument | None = None
    delivery_groups: Annotated[list[DeliveryGroupDocument], Field(max_length=500)] = []
    items: Annotated[list[ItemDocument], Field(max_length=2000)]
    payments: Annotated[list[PaymentDocument], Field(max_length=100)] = []
    updated_at: Moment | None = None

    @property
    def fingerprint(self) -> str:
        """Names this content, in any order of its fields.

        Defaults are left out: a field that is added later, with a default, leaves the
        fingerprints of today as they are.
        """
        return self._named(CONTENT_VERSION)

    def is_what_is_named(self, name: str) -> bool:
        """Whether ``name`` is this content's fingerprint, of whichever version it was made in."""
        return name == self._named(version_of(name))

    def _named(self, version: int) -> str:
        """By the content of a version; the next one that changes a default is told apart here."""
        content = self.model_dump(
            mode="json",
            exclude_defaults=True,
            exclude={"updated_at"},
            context={"currency": self.unit},
        )
        for item, entry in zip(self.items, content.get("items", ()), strict=True):
            if item.line_amount == item.whole_price(self.unit):
                entry.pop("line_amount", None)
        return fingerprint(content, version=version)

    @property
    def unit(self) -> Currency:
        """The currency with its places, as it was when the order was placed."""
        return currency_on(self.currency, self.ordered_at.date())


def read_order(value: Mapping[str, Any]) -> OrderDocument:
    """The order document in a JSON object.

    Raises:
        DocumentRefused: It breaks the contract, with a problem for every field concerned.
    """
    document = validated(OrderDocument, value, currency=_currency(value))
    if problems := tuple(_problems(document)):
        raise DocumentRefused(*problems)
    return document


def _currency(value: Mapping[str, Any]) -> Currency:
    """The currency that the amounts are in; of a time that is no time any currency will do."""
    code = value.get("currency")
    try:
        day = read_moment(value.get("ordered_at")).date()
    except PydanticCustomError:
        day = None
    try:
        return currency_on(code if isinstance(code, str) else "", day)
    except UnknownCurrency:
        message = "must be a currency of ISO 4217, such as USD"
        raise DocumentRefused(Problem("currency", message)) from None


def as_it_came(document: OrderDocument) -> amounts.Standing:
    """The order as the document has it, with the money that others moved before (domain.md §6)."""
    unit = document.unit
    lines = {item.key: as_line(item, unit) for item in document.items}
    groups = {group.key: amounts.Group(group.key) for group in document.delivery_groups}
    payments = tuple(as_payment(payment) for payment in document.payments)
    return elsewhere.as_it_came(
        amounts.Standing(unit, document.tax_locale, lines, groups, payments)
    )


def as_payment(payment: PaymentDocument) -> Payment:
    """The payment as arithmetic, with all that went back over it elsewhere."""
    return Payment(
        key=payment.key,
        method=payment.method,
        authorized=payment.authorized,
        captured=payment.captured,
        refunded_elsewhere=payment.refunded,
        charged_back=payment.charged_back,
        full_refund_only=payment.full_refund_only,
    )


def as_line(item: ItemDocument, currency: Currency) -> amounts.Line:
    """The line as arithmetic, with the counters that it comes with."""
    return amounts.Line(
        key=item.key,
        name=item.name,
        type=item.type,
        quantities=item.quantities,
        line_amount=item.amount(currency),
        adjustments=tuple((entry.scope, entry.amount) for entry in item.adjustments),
        taxes=tuple(tax.amount for tax in item.taxes),
        bundle=item.bundle,
        group=item.delivery_group,
        reported=Reported.of(item.quantities),
    )


def _problems(document: OrderDocument) -> Iterator[Problem]:
    """What no single field can tell: keys, references, invariants and sums."""
    for name in ("delivery_groups", "items", "payments"):
        yield from repeated_keys(name, getattr(document, name))
    items = {item.key: item for item in document.items}
    groups = {group.key for group in document.delivery_groups}
    for position, item in enumerate(document.items):
        for field, message in _item_problems(item, items, groups, document.unit):
            yield Problem.at("items", position, field, message=message)
    for position, payment in enumerate(document.payments):
        for field, message in _payment_problems(payment):
            yield Problem.at("payments", position, field, message=message)
    if sum(len(item.adjustments) + len(item.taxes) for item in document.items) > MOST_PARTS:
        yield Problem("items", f"must have at most {MOST_PARTS} adjustments and taxes in all")
    if _sum_of_sizes(document) > LARGEST:
        yield Problem("items", "add up to more than an order can hold")


def _item_problems(
    item: ItemDocument, items: Mapping[str, ItemDocument], groups: set[str], currency: Currency
) -> Iterator[tuple[str, str]]:
    if item.delivery_group is not None and item.delivery_group not in groups:
        yield "delivery_group", f"{item.delivery_group!r} is not one of the delivery groups"
    if not item.is_product:
        yield from _charge_problems(item)
    elif item.bundle is not None:
        yield from _bundle_problems(item, items)
    if broken := item.quantities.broken_rule():
        yield "quantity", broken
    yield from _price_problems(item, currency)
    if item.adjustments and item.net(currency) < 0:
        yield "adjustments", "take more off the line than it costs"
    for position, tax in enumerate(item.taxes):
        if tax.amount < 0:
            yield f"taxes[{position}].amount", "must not be negative"


def _price_problems(item: ItemDocument, currency: Currency) -> Iterator[tuple[str, str]]:
    if item.unit_price < 0:
        yield "unit_price", "must not be negative"
    if item.line_amount is not None:
        if item.line_amount < 0:
            yield "line_amount", "must not be negative"
    elif not is_whole(item.unit_price, currency):
        yield (
            "unit_price",
            f"has more than {currency}'s {currency.places} decimals: give the line_amount",
        )


def _charge_problems(item: ItemDocument) -> Iterator[tuple[str, str]]:
    """What a delivery charge or a fee must not have, or lacks."""
    words = {"delivery_charge": "delivery charge", "fee": "fee"}[item.type]
    if item.type == "delivery_charge" and item.delivery_group is None:
        yield "delivery_group", "is required of a delivery charge"
    if item.type == "fee" and item.delivery_group is not None:
        yield "delivery_group", "a fee belongs to no delivery group"
    if item.bundle is not None:
        yield "bundle", f"a {words} cannot be in a bundle"
    if item.has_counters:
        yield "quantity", f"a {words} has no quantity counters"


def _bundle_problems(
    item: ItemDocument, items: Mapping[str, ItemDocument]
) -> Iterator[tuple[str, str]]:
    bundle = items.get(item.bundle or "")
    if bundle is None:
        yield "bundle", f"{item.bundle!r} is not one of the items"
    elif bundle is item:
        yield "bundle", "a bundle cannot hold itself"
    elif not bundle.is_product:
        yield "bundle", "a delivery charge or fee cannot be a bundle"
    elif bundle.bundle is not None:
        yield "bundle", "bundles cannot be nested"


def _payment_problems(payment: PaymentDocument) -> Iterator[tuple[str, str]]:
    for field in ("authorized", "captured", "refunded", "charged_back"):
        if getattr(payment, field) < 0:
            yield field, "must not be negative"


def _sum_of_sizes(document: OrderDocument) -> Minor:
    sizes = sum(
        payment.authorized + payment.captured + payment.refunded + payment.charged_back
        for payment in document.payments
    )
    for item in document.items:
        sizes += item.amount(document.unit)
        sizes += sum(abs(adjustment.amount) for adjustment in item.adjustments)
        sizes += sum(tax.amount for tax in item.taxes)
    return sizes
