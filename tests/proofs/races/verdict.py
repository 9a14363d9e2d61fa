"""What a race left, judged from outside: by the export, by ``verify_orders`` and by its tally."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.proofs.races.agents import EVENTS, SERVER_ERROR, Tally
from tests.proofs.races.others import SETTLED_MEANWHILE
from tests.proofs.races.stage import manage

MOST_SHOWN = 20

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a figure, or one of which something must hold."""

    name: str
    value: object
    must: str = ""
    holds: bool = True

    def __str__(self) -> str:
        must = self.must and f"must be {self.must}"
        failed = "" if self.holds else "   FAILED"
        return f"{self.name:<42} {self.value!s:>20}   {must}{failed}".rstrip()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The table, and what to show of the causes where something does not hold."""

    rows: list[Row]
    causes: list[str]

    @property
    def is_passed(self) -> bool:
        return all(row.holds for row in self.rows)

    def __str__(self) -> str:
        failed = ", ".join(row.name for row in self.rows if not row.holds)
        end = f"The race FAILED: {failed}." if failed else "The race passed."
        return "\n".join([*map(str, self.rows), *self.causes[:MOST_SHOWN], end])


def judge(database: str, tally: Tally) -> Verdict:
    """Hold what is in the database against what the agents saw."""
    export = manage(database, "export_orders")
    orders = [json.loads(line) for line in export.stdout.splitlines()]
    verification = manage(database, "verify_orders", may_refuse=True)
    *differences, summary = (verification.stdout or verification.stderr).splitlines()
    rows = [
        *_figures(tally, orders),
        Row("finished runs", len(tally.finished), "above 0", bool(tally.finished)),
        Row("settlements", len(tally.settled), "above 0", bool(tally.settled)),
        _change_orders(tally, orders),
        _refunds(orders),
        _verified(summary, verification.returncode),
        _zero(SERVER_ERROR, tally.events.count(SERVER_ERROR)),
        _zero("unexpected answers", len(tally.unexpected)),
        _zero("refunded above capture", sum(map(_above_capture, orders))),
        _zero("over-cancellations", sum(map(_over_canceled, orders))),
    ]
    return Verdict(rows, [*differences, *tally.unexpected])


def _figures(tally: Tally, orders: list[Document]) -> Iterator[Row]:
    counts = Counter(tally.events)
    for event in (*EVENTS, SETTLED_MEANWHILE):
        yield Row(event, counts[event])
    for name in ("ordered", "allocated", "canceled"):
        units = (item[f"quantity_{name}"] for order in orders for item in _products(order))
        yield Row(f"units {name}", sum(units))
    yield Row("captured", sum(map(_captured, orders)))
    yield Row("process exceptions", sum(len(order["process_exceptions"]) for order in orders))


def _change_orders(tally: Tally, orders: list[Document]) -> Row:
    """Each finished run made one change order, the one on its finish page; so did settlements."""
    made = sorted(change["number"] for order in orders for change in order["change_orders"])
    is_same = made == sorted([*tally.finished.values(), *tally.settled])
    return Row("change orders", len(made), "those of runs and settlements", is_same)


def _refunds(orders: list[Document]) -> Row:
    """Of each order goes back what was captured beyond its grand total: no more and no less."""
    refunded, owed = [_refunded(order) for order in orders], [_owed(order) for order in orders]
    must = f"{sum(owed)}, captured beyond the totals"
    return Row("refunded", sum(refunded), must, refunded == owed)


def _verified(summary: str, status: int) -> Row:
    return Row("verify_orders", summary.rpartition(", ")[2], "0 differences", status == 0)


def _zero(name: str, count: int) -> Row:
    return Row(name, count, "0", count == 0)


def _over_canceled(order: Document) -> int:
    """Units canceled above what was available, by the lines' counters or by the change orders."""
    canceled: Counter[str] = Counter()
    for change in order["change_orders"]:
        for item in change["items"]:
            canceled[item["key"]] += item["quantity"]
    return sum(
        max(0, max(item["quantity_canceled"], canceled[item["key"]]) - _available_at_first(item))
        for item in _products(order)
    )


def _available_at_first(item: Document) -> int:
    return item["quantity_ordered"] - item["quantity_allocated"]


def _products(order: Document) -> list[Document]:
    return [item for item in order["items"] if item["type"] == "product"]


def _owed(order: Document) -> Decimal:
    return max(Decimal(0), _captured(order) - Decimal(order["totals"]["grand_total"]))


def _captured(order: Document) -> Decimal:
    return sum((Decimal(payment["captured"]) for payment in order["payments"]), Decimal(0))


def _refunded(order: Document) -> Decimal:
    return sum(map(_goes_back, order["payments"]), Decimal(0))


def _goes_back(payment: Document) -> Decimal:
    return Decimal(payment["refunded"]) + Decimal(payment["pending_refund"])


def _above_capture(order: Document) -> int:
    """How many payments of the order give back more than they took."""
    return sum(_goes_back(payment) > Decimal(payment["captured"]) for payment in order["payments"])
