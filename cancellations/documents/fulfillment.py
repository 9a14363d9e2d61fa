"""Reports of what the fulfilment system did (contract.md §3)."""

from collections.abc import Mapping
from typing import Any

from orders.arithmetic.money import Currency
from orders.documents.fields import (
    Count,
    Document,
    DocumentRefused,
    Key,
    Money,
    Number,
    repeated_keys,
    validated,
)


class LineReport(Document):
    key: Key
    quantity_allocated: Count | None = None
    quantity_fulfilled: Count | None = None
    quantity_return_initiated: Count | None = None
    quantity_returned: Count | None = None


class PaymentReport(Document):
    key: Key
    authorized: Money | None = None
    captured: Money | None = None
    refunded: Money | None = None


class FulfillmentDocument(Document):
    """What the fulfilment system did: absolute counters; absent fields stay as they are."""

    order_number: Number
    items: list[LineReport] = []
    payments: list[PaymentReport] = []


def read_fulfillment(value: Mapping[str, Any], *, currency: Currency) -> FulfillmentDocument:
    """The fulfilment document in a JSON object, its amounts in the order's currency.

    Raises:
        DocumentRefused: It breaks contract.md §3, with a problem for every field concerned.
    """
    document = validated(FulfillmentDocument, value, currency=currency)
    repeated = (
        *repeated_keys("items", document.items),
        *repeated_keys("payments", document.payments),
    )
    if repeated:
        raise DocumentRefused(*repeated)
    return document
