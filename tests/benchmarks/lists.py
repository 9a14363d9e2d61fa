"""What the lists take at any size: a row for each page, with its target and a verdict."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from django.conf import settings
from django.test import Client, override_settings

from tests.benchmarks.list_pages import Asked, every_page, reader
from tests.benchmarks.sent import Sent, sent_by
from tests.benchmarks.telling import tell

_UNHASHED = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
"""Without the names that only ``collectstatic`` knows."""
MOST_STATEMENTS = 10
MOST_OF_SMALL = 1.2


@dataclass(frozen=True, slots=True)
class Measured:
    """What one page took, in milliseconds: this process, and the database's work."""

    asked: Asked
    computing: float
    in_database: float
    statements: int
    scanned: frozenset[str]

    @property
    def in_server(self) -> float:
        return self.computing + self.in_database

    @property
    def wrong(self) -> str:
        if self.scanned:
            return "reads all of " + ", ".join(sorted(self.scanned))
        return "too many statements" if self.statements > MOST_STATEMENTS else ""

    def tell(self, smaller: float | None) -> None:
        of_it = (
            f"computing {self.computing:.1f} ms, database {self.in_database:.1f} ms,"
            f" {self.statements} statements"
        )
        if smaller:
            of_it += f", × {self.in_server / smaller:.2f} of the small shop"
        work, target = self.asked.work, self.asked.target
        tell(work, self.in_server, most=target, wrong=self.wrong, of_it=of_it)


def note_lists(path: str, *, times: int = 5) -> None:
    """Keep in a file what the pages of a small shop take, to hold those of a large one against."""
    measured = {each.asked.work: each.in_server for each in _every_page(times)}
    Path(path).write_text(json.dumps(measured))


def measure_lists(smaller: str = "", *, only: str = "", times: int = 5) -> None:
    """A row for each page whose work has ``only`` in its name, and one for what all have in common.

    Args:
        smaller: The file with what the pages of a small shop took, if they are to be held against.
    """
    before: dict[str, float] = json.loads(Path(smaller).read_text()) if smaller else {}
    ratios, statements = {}, []
    for measured in _every_page(times, only):
        work = measured.asked.work
        measured.tell(before.get(work))
        if work.startswith("orders,"):
            statements.append(measured.statements)
            if work in before:
                ratios[work] = measured.in_server / before[work]
    if statements:
        tell("orders, every page, sent", max(statements), "statements", most=MOST_STATEMENTS)
    if ratios:
        largest = max(ratios, key=lambda work: ratios[work])
        work = "orders, by the same page of the small shop"
        tell(f"{work}, median", median(ratios.values()), "×", most=MOST_OF_SMALL)
        tell(f"{work}, the largest", ratios[largest], "×", most=MOST_OF_SMALL, of_it=largest)


def _every_page(times: int, only: str = "") -> Iterator[Measured]:
    client = reader()
    with override_settings(STORAGES=_UNHASHED):
        for asked in every_page():
            if only in asked.work:
                yield _measured(client, asked, times)


def _measured(client: Client, asked: Asked, times: int) -> Measured:
    def ask() -> None:
        response = client.get(asked.address, secure=True)
        assert response.status_code == 200, (asked.address, response.status_code)

    ask()
    sent = sent_by(ask)
    return Measured(
        asked,
        _computing(ask, times),
        sum(_execution(statement, times) for statement in sent),
        len(sent),
        frozenset().union(*(statement.scanned for statement in sent)),
    )


def _computing(ask: Callable[[], Any], times: int) -> float:
    took = []
    for _ in range(times):
        started = process_time()
        ask()
        took.append(1000 * (process_time() - started))
    return median(took)


def _execution(sent: Sent, times: int) -> float:
    """Planning and execution, as the server has them."""
    if not sent.reads:
        return 0.0
    found = []
    for _ in range(times):
        lines = sent.explained("ANALYZE, TIMING OFF, SUMMARY")
        said = [line for line in lines if line.startswith(("Planning Time", "Execution Time"))]
        found.append(sum(float(line.split()[2]) for line in said))
    return median(found)
