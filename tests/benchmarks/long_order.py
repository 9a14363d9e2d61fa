"""An order of as many lines as an agent ever meets."""

import json
from pathlib import Path

from tests.benchmarks.refunds import order_of

NUMBER, LINES = "LONG", 2_000


def write_long_order(folder: Path) -> Path:
    """A file of one order with so many lines, each taxed."""
    path, document = folder / "long.orders.jsonl", order_of(NUMBER)
    [line] = document["items"]
    taxes = [{"name": "Sales tax", "rate": "0.05", "amount": "0.50"}]
    document["items"] = [line | {"key": f"{n}", "taxes": taxes} for n in range(1, LINES + 1)]
    path.write_text(f"{json.dumps(document)}\n")
    return path
