"""Orders of so many lines as a benchmark needs, each line taxed and discounted, two units each."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.benchmarks.refunds import order_of

LONG = 2_000
"""Lines of the longest order that an agent ever meets."""
ORDERS_AN_ACCOUNT, ACCOUNT = 20, "A-of-all"
PARTS = {
    "taxes": [{"name": "Sales tax", "rate": "0.05", "amount": "0.95"}],
    "adjustments": [{"name": "Autumn", "scope": "line", "amount": "-1.00"}],
}


def number_of(lines: int, number: int) -> str:
    """The order number of one of them."""
    return f"S{lines}-{number:06}"


def write_sized_orders(folder: Path, counts: Mapping[int, int]) -> Path:
    """A file of so many orders (the values) of so many lines (the keys)."""
    path = folder / "sized.orders.jsonl"
    with path.open("w") as file:
        for lines, count in counts.items():
            text = json.dumps(_order(lines))
            for number in range(count):
                file.write(f"{_renamed(text, lines, number)}\n")
    return path


def _renamed(text: str, lines: int, number: int) -> str:
    """Another order like the first one; an account has some of them."""
    named = text.replace(number_of(lines, 0), number_of(lines, number))
    return named.replace(ACCOUNT, f"A-{lines}-{number // ORDERS_AN_ACCOUNT:05}")


def _order(lines: int) -> dict[str, Any]:
    document = order_of(number_of(lines, 0))
    [line] = document["items"]
    document["account"]["number"] = ACCOUNT
    document["items"] = [
        line | PARTS | {"key": str(key), "sku": f"SKU-{key}", "name": f"Thing {key}"}
        for key in range(1, lines + 1)
    ]
    paid = f"{lines * 19.95:.2f}"
    document["payments"][0] |= {"authorized": paid, "captured": paid}
    return document
