"""The statements that a page sends, and how PostgreSQL reads for them."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import connection

from orders.planning import by_indexes
from tests.support.statements import FRAMING

GROWING = re.compile(
    r"orders_(ordersummary|orderitemsummary|account|paymentsummary|deliverygroup|orderevent)"
    r"|cancellations_(changeorder|changeorderitem|refund|release|processexception|approval)"
)
"""The tables that grow with every order; no page of a list reads one from end to end."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement that a page sent."""

    sql: str
    params: Any
    is_framed: bool

    def plan(self) -> dict[str, Any]:
        found: dict[str, Any] = self.explained("FORMAT JSON")[0][0]
        plan: dict[str, Any] = found["Plan"]
        return plan

    def explained(self, options: str) -> list[Any]:
        """What the server says of it, asked as it was sent."""
        with by_indexes() if self.is_framed else nullcontext(), connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN ({options}) {self.sql}", self.params)
            rows = [row for (row,) in cursor.fetchall()]
        return [json.loads(rows[0])] if "JSON" in options and isinstance(rows[0], str) else rows

    @property
    def reads(self) -> bool:
        return self.sql.lstrip("( ").startswith(("SELECT", "WITH"))

    @property
    def scanned(self) -> set[str]:
        """The growing tables that it reads from end to end."""
        if not self.reads or not GROWING.search(self.sql):
            return set()
        return {
            str(node["Relation Name"])
            for node in _nodes(self.plan())
            if node["Node Type"] == "Seq Scan" and GROWING.fullmatch(node["Relation Name"])
        }


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def sent_by(ask: Callable[[], Any]) -> list[Sent]:
    """The statements that ``ask`` sends, but for those that only frame transactions."""
    sent: list[Sent] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not FRAMING.match(sql):
            sent.append(Sent(sql, params, connection.in_atomic_block))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        ask()
    return sent
