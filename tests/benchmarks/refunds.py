"""Orders of one line, all of it captured, and their cancellations: a refund each."""

import json
from pathlib import Path
from typing import Any


def write_orders(folder: Path, count: int) -> tuple[Path, Path]:
    """Files of so many orders and of what cancels them."""
    numbers = [f"R-{number:06}" for number in range(count)]
    orders, cancellations = folder / "refunds.orders.jsonl", folder / "refunds.cancels.jsonl"
    orders.write_text("".join(f"{json.dumps(order_of(number))}\n" for number in numbers))
    cancellations.write_text("".join(f"{json.dumps(_cancel(number))}\n" for number in numbers))
    return orders, cancellations


def order_of(number: str) -> dict[str, Any]:
    """An order document of one line."""
    return {
        "order_number": number,
        "ordered_at": "2026-01-05T12:00:00Z",
        "currency": "USD",
        "account": {"number": "A-1001", "name": "Lauren Boyle"},
        "items": [
            {
                "key": "1",
                "type": "product",
                "sku": "SKU-1",
                "name": "Thing",
                "quantity": 2,
                "unit_price": "10.00",
                "delivery_group": "G1",
            }
        ],
        "delivery_groups": [
            {
                "key": "G1",
                "method": "Standard Ground",
                "deliver_to": "Lauren Boyle",
                "address": "1 Market St, Springfield",
            }
        ],
        "payments": [
            {
                "key": "P1",
                "method": "Visa ending 1111",
                "gateway": "sandbox",
                "gateway_reference": f"ch_{number}",
                "authorized": "20.00",
                "captured": "20.00",
            }
        ],
    }


def _cancel(number: str) -> dict[str, Any]:
    return {
        "idempotency_key": "benchmark",
        "order_number": number,
        "reason": "Changed Mind",
        "items": "all",
    }
