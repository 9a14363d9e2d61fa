"""What the lists take at any size: a row for each page, with its target and a verdict."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any

from django.conf import settings
from django.test import Client, override_settings

from tests.benchmarks.list_pages import Asked, Sent, every_page, reader, sent_by

TIMES = 5
_UNHASHED = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
"""Without the names that only ``collectstatic`` knows."""
MOST_STATEMENTS = 10


@dataclass(frozen=True, slots=True)
class Measured:
    """What one page took, in milliseconds: all of it, this process, and the database's work."""

    asked: Asked
    took: float
    computing: float
    in_database: float
    statements: int
    scanned: frozenset[str]

    @property
    def verdict(self) -> str:
        if self.scanned:
            return "reads all of " + ", ".join(sorted(self.scanned))
        if self.statements > MOST_STATEMENTS:
            return "too many statements"
        return "ok" if self.computing + self.in_database <= self.asked.target else "MISSED"

    def __str__(self) -> str:
        return (
            f"{self.asked.work:<58} {self.asked.target:>6} {self.took:>8.1f} {self.computing:>8.1f}"
            f" {self.in_database:>8.1f} {self.statements:>5}  {self.verdict}"
        )


def print_lists(only: str = "", times: int = TIMES) -> None:
    """A row for each page whose work has ``only`` in its name."""
    print(
        f"{'work':<58} {'target':>6} {'ms':>8} {'Python':>8} {'database':>8} {'sent':>5}  verdict"
    )
    client = reader()
    with override_settings(STORAGES=_UNHASHED):
        for asked in every_page():
            if only in asked.work:
                print(_measured(client, asked, times), flush=True)


def _measured(client: Client, asked: Asked, times: int) -> Measured:
    def ask() -> None:
        response = client.get(asked.address, secure=True)
        assert response.status_code == 200, (asked.address, response.status_code)

    ask()
    sent = sent_by(ask)
    took, computing = _timed(ask, times)
    return Measured(
        asked,
        took,
        computing,
        sum(_execution(statement, times) for statement in sent),
        len(sent),
        frozenset().union(*(statement.scanned for statement in sent)),
    )


def _timed(ask: Callable[[], Any], times: int) -> tuple[float, float]:
    took, computing = [], []
    for _ in range(times):
        started = perf_counter(), process_time()
        ask()
        took.append(1000 * (perf_counter() - started[0]))
        computing.append(1000 * (process_time() - started[1]))
    return median(took), median(computing)


def _execution(sent: Sent, times: int) -> float:
    """Planning and execution, as the server has them."""
    if not sent.sql.lstrip("( ").startswith("SELECT"):
        return 0.0
    found = []
    for _ in range(times):
        lines = sent.explained("ANALYZE, TIMING OFF, SUMMARY")
        said = [line for line in lines if line.startswith(("Planning Time", "Execution Time"))]
        found.append(sum(float(line.split()[2]) for line in said))
    return median(found)
