"""Order documents to test with, and a way to change one field of them."""

from copy import deepcopy

ABSENT = object()
"""In place of a value: the field is left out."""

COMPLETE = {
    "order_number": "00001401",
    "ordered_at": "2025-10-03T09:15:00Z",
    "currency": "USD",
    "channel": "Web",
    "life_cycle": "managed",
    "tax_locale": "net",
    "account": {"number": "A-1001", "name": "Lauren Boyle", "email": "lauren@example.com"},
    "delivery_groups": [
        {"key": "G1", "method": "Ground", "deliver_to": "Lauren Boyle", "address": "1 Market St"},
        {"key": "G2", "method": "Air", "deliver_to": "Lauren Boyle", "address": "1 Market St"},
    ],
    "items": [
        {
            "key": "1",
            "type": "product",
            "sku": "SET",
            "name": "Home Theater Set",
            "quantity": 2,
            "unit_price": "99.00",
            "delivery_group": "G1",
            "bundle": None,
            "adjustments": [{"name": "SUMMER", "scope": "order", "amount": "-5.00"}],
            "taxes": [{"name": "Sales tax", "rate": "0.05", "amount": "9.65"}],
            "quantity_allocated": 2,
            "quantity_fulfilled": 1,
            "quantity_return_initiated": 1,
            "quantity_returned": 0,
        },
        {
            "key": "2",
            "type": "product",
            "sku": "TV",
            "name": "TV",
            "quantity": 4,
            "unit_price": "0.50",
            "delivery_group": None,
            "bundle": "1",
            "adjustments": [{"name": "Engraving", "scope": "line", "amount": "30.00"}],
            "taxes": [],
            "quantity_allocated": 0,
            "quantity_fulfilled": 0,
            "quantity_return_initiated": 0,
            "quantity_returned": 0,
        },
        {
            "key": "3",
            "type": "product",
            "sku": "CABLE",
            "name": "Cable",
            "quantity": 1,
            "unit_price": "7.00",
            "delivery_group": "G2",
            "bundle": None,
            "adjustments": [],
            "taxes": [],
            "quantity_allocated": 0,
            "quantity_fulfilled": 0,
            "quantity_return_initiated": 0,
            "quantity_returned": 0,
        },
        {
            "key": "1001",
            "type": "delivery_charge",
            "sku": "",
            "name": "Ground",
            "quantity": 1,
            "unit_price": "7.99",
            "delivery_group": "G1",
            "bundle": None,
            "adjustments": [],
            "taxes": [{"name": "Sales tax", "rate": None, "amount": "0.40"}],
            "quantity_allocated": 0,
            "quantity_fulfilled": 0,
            "quantity_return_initiated": 0,
            "quantity_returned": 0,
        },
    ],
    "payments": [
        {
            "key": "P1",
            "method": "Visa ending 1111",
            "gateway": "sandbox",
            "gateway_reference": "ch_1401",
            "authorized": "200.00",
            "captured": "150.00",
            "refunded": "50.00",
            "full_refund_only": False,
        },
        {
            "key": "P2",
            "method": "Gift card",
            "gateway": "manual",
            "gateway_reference": "",
            "authorized": "54.04",
            "captured": "54.04",
            "refunded": "0.00",
            "full_refund_only": True,
        },
    ],
}

MINIMAL = {
    "order_number": "1",
    "ordered_at": "2025-10-03T09:15:00Z",
    "currency": "USD",
    "account": {"number": "A-1001", "name": "Lauren Boyle"},
    "delivery_groups": [
        {"key": "G1", "method": "Ground", "deliver_to": "Lauren Boyle", "address": ""}
    ],
    "items": [
        {
            "key": "1",
            "type": "product",
            "sku": "CABLE",
            "name": "Cable",
            "quantity": 1,
            "unit_price": "7.00",
            "adjustments": [{"name": "SUMMER", "scope": "line", "amount": "0"}],
            "taxes": [{"name": "Sales tax", "amount": "0"}],
        },
        {
            "key": "1001",
            "type": "delivery_charge",
            "name": "Ground",
            "quantity": 1,
            "unit_price": "7.99",
            "delivery_group": "G1",
        },
    ],
    "payments": [
        {
            "key": "P1",
            "method": "Visa",
            "gateway": "sandbox",
            "gateway_reference": "",
            "authorized": "7",
        }
    ],
}


def complete(changes):
    """The complete document, with values put at paths such as ``items[3].unit_price``."""
    return changed(COMPLETE, changes)


def changed(document, changes):
    """A copy of a document, with values put at paths."""
    document = deepcopy(document)
    for path, value in changes.items():
        *parents, last = _steps(path)
        place = document
        for step in parents:
            place = place[step]
        if value is ABSENT:
            del place[last]
        else:
            place[last] = value
    return document


def _steps(path):
    """The steps to a field: ``items[3].key`` is items, 3, key."""
    parts = path.replace("[", ".").replace("]", "").split(".")
    return [int(part) if part.isdigit() else part for part in parts]
