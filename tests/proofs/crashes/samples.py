"""The orders that acts are tried on, and what is done to them; everything is named by a tag."""

from typing import Any

from tests.support.builders import adjustment, delivery_charge, item, order_document, payment, tax

REASON = "Changed Mind"


def mixed_order(tag: str, number: int = 1) -> dict[str, Any]:
    """A bundle with a child, a single line and delivery over two payments, one paid by hand."""
    return _order(
        tag,
        number,
        items=[
            item(
                "1",
                sku=f"{tag}-SET",
                quantity=2,
                unit_price="30.00",
                adjustments=[adjustment("-3.00", "order")],
                taxes=[tax("5.70")],
            ),
            item("2", sku=f"{tag}-PART", unit_price="4.00", bundle="1"),
            item("3", sku=f"{tag}-SHIRT", quantity=3, unit_price="9.99", taxes=[tax("3.00")]),
            delivery_charge(taxes=[tax("0.40")]),
        ],
        payments=[payment("80.00"), payment("32.06", "P2", gateway="manual")],
    )


def plain_order(tag: str, number: int = 2) -> dict[str, Any]:
    """One line of two units and delivery, captured over one card."""
    return _order(tag, number, items=[item(sku=f"{tag}-SHIRT"), delivery_charge()])


def authorized_order(tag: str, number: int = 1) -> dict[str, Any]:
    """Two lines, of which nothing is shipped and nothing captured yet."""
    shirts = item("1", sku=f"{tag}-SHIRT", quantity=3, taxes=[tax("3.00")])
    hats = item("2", sku=f"{tag}-HAT", adjustments=[adjustment("-1.00")])
    payments = [payment("52.00", captured="0.00")]
    return _order(tag, number, items=[shirts, hats], payments=payments)


def refunded_order(tag: str) -> dict[str, Any]:
    """One line, half of it captured and the rest authorized: a refund and a release."""
    paid = [_payment(tag, "P1"), _payment(tag, "P2", captured="0.00")]
    return _order(tag, 1, items=[item(sku=f"{tag}-SHIRT")], payments=paid)


def declined_order(tag: str) -> dict[str, Any]:
    """Three payments, of which two decline and one goes back by hand."""
    paid = [
        _payment(tag, "P1", gateway_reference=f"{tag}/P1/declines"),
        _payment(tag, "P2", gateway_reference=f"{tag}/P2/declines"),
        _payment(tag, "P3", gateway="manual"),
    ]
    return _order(tag, 1, items=[item(sku=f"{tag}-SHIRT", quantity=3)], payments=paid)


def undo(tag: str, change_order: str) -> dict[str, Any]:
    number = f"{tag}-1"
    return {"idempotency_key": f"{number}-undo", "order_number": number, "undo": change_order}


def _payment(tag: str, key: str, **changes: Any) -> dict[str, Any]:
    return payment("10.00", key, **{"gateway_reference": f"{tag}/{key}", **changes})


def _order(tag: str, number: int, **content: Any) -> dict[str, Any]:
    account = {"number": f"{tag}-A", "name": "Lauren Boyle", "email": "lauren@example.com"}
    return order_document(order_number=f"{tag}-{number}", account=account, **content)


def orders_to_import(tag: str) -> list[dict[str, Any]]:
    return [mixed_order(tag, 1), plain_order(tag, 2), authorized_order(tag, 3)]


def amended_order(tag: str) -> dict[str, Any]:
    """The plain order told anew: a unit came back, and a gift was added and paid."""
    order = plain_order(tag, 2)
    [shirts, delivery], groups = order["items"], order["delivery_groups"]
    counters = ("quantity_allocated", "quantity_fulfilled", "quantity_return_initiated")
    back = {**shirts, **dict.fromkeys((*counters, "quantity_returned"), 1)}
    gift = item("2", sku=f"{tag}-GIFT", quantity=1, delivery_group=None)
    return {
        **order,
        "channel": "Phone",
        "delivery_groups": groups,
        "items": [back, delivery, gift],
        "payments": [*order["payments"], payment("10.00", "P2")],
    }


def orders_to_cancel(tag: str) -> list[dict[str, Any]]:
    return [mixed_order(tag, 1), plain_order(tag, 2)]


def cancellations(tag: str) -> list[dict[str, Any]]:
    """A bundle with its delivery, all of the other order, the first again, and a last unit.

    Then the delivery of the other order is given back by a settlement.
    """
    bundle = _cancellation(f"{tag}-1", "bundle", [_asked("1", 2, refund_delivery=True)])
    everything = _cancellation(f"{tag}-2", "all", "all")
    single = _cancellation(f"{tag}-1", "single", [_asked("3", 1)])
    left_behind = {
        "idempotency_key": f"{tag}-2-settle",
        "order_number": f"{tag}-2",
        "settle": {"delivery_groups": ["G1"]},
    }
    return [bundle, everything, bundle, single, left_behind]


def cancellation_of_submit(tag: str) -> dict[str, Any]:
    """What the agent selects in the wizard: the bundle as a whole and a unit, with delivery."""
    asked = [_asked(key, count, refund_delivery=True) for key, count in SUBMITTED.items()]
    return _cancellation(f"{tag}-1", "submit", asked)


SUBMITTED = {"1": 2, "2": 2, "3": 1}
"""Quantities by line of the mixed order."""


def reports(tag: str) -> list[dict[str, Any]]:
    """The authorized order is shipped in part and paid; then a unit comes back."""
    shipped = {"key": "1", "quantity_allocated": 3, "quantity_fulfilled": 3}
    allocated = {"key": "2", "quantity_allocated": 1}
    returned = {"key": "1", "quantity_return_initiated": 1, "quantity_returned": 1}
    paid, back = {"key": "P1", "captured": "52.00"}, {"key": "P1", "refunded": "11.00"}
    return [
        {
            "order_number": f"{tag}-1",
            "event": "shipped",
            "items": [shipped, allocated],
            "payments": [paid],
        },
        {
            "order_number": f"{tag}-1",
            "event": "came back",
            "items": [returned],
            "payments": [back],
        },
    ]


def _cancellation(number: str, name: str, items: Any, **fields: Any) -> dict[str, Any]:
    return {
        "idempotency_key": f"{number}-{name}",
        "order_number": number,
        "reason": REASON,
        "items": items,
        **fields,
    }


def _asked(key: str, quantity: int, **fields: Any) -> dict[str, Any]:
    return {"key": key, "quantity": quantity, **fields}
