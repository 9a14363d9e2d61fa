"""What the commands take over very many orders of three lines each, with one job and with two."""

import json
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg

from tests.benchmarks.commands import LEAST_CANCELED, start_of_a_command, tell_rate
from tests.benchmarks.measuring import PROJECT, Cost, environment, measure
from tests.benchmarks.sized_orders import number_of, write_sized_orders
from tests.benchmarks.telling import tell
from tests.support.databases import new_database

LINES = 3
LEAST_IMPORTED = {1: 5_000, 2: 8_000}
"""Lines a second, by so many jobs."""
LEAST_OF_ORDERS = {1: 1_200, 2: 2_000}
"""Orders a second that are exported or verified."""
LEAST_RECORDED = 200
MOST_MEGABYTES = 300


def measure_bulk(server: str, folder: Path, asked: Namespace) -> None:
    """Rows of imports of so many lines, of what goes over a tenth as many orders, and of documents
    that are applied one by one.
    """
    start = start_of_a_command(server, folder)
    for jobs in LEAST_IMPORTED:
        _imported(server, folder, asked.lines // LINES, jobs, start)
    _begun_again(server, folder, max(2, asked.lines // LINES // 20))
    with new_database(server, "bulk", folder, like="empty") as database:
        _import(database, folder, asked.whole)
        _over_all(database, folder, asked.whole, start)
        _one_by_one(database, folder, min(asked.documents, asked.whole), start)


def _imported(server: str, folder: Path, orders: int, jobs: int, start: Cost) -> None:
    file = write_sized_orders(folder, {LINES: orders})
    with new_database(server, "imported", folder, like="empty") as database:
        cost = measure(database, "import_orders", "--jobs", jobs, file)
    work = f"import_orders of {LINES * orders:,} lines, --jobs {jobs}"
    tell_rate(work, LINES * orders, "lines", cost, start, least=LEAST_IMPORTED[jobs])
    tell(f"{work}, peak of a process", cost.peak, "MB", most=MOST_MEGABYTES)


def _begun_again(server: str, folder: Path, orders: int) -> None:
    """Killed when a third is stored, then begun again."""
    file = write_sized_orders(folder, {LINES: orders})
    with new_database(server, "begun_again", folder, like="empty") as database:
        command = [sys.executable, "manage.py", "import_orders", str(file)]
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment(database),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while process.poll() is None and _stored(database) < orders / 3:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        kept = _stored(database)
        cost = measure(database, "import_orders", file)
        missing = orders - _stored(database)
    tell(
        "import_orders killed and begun again, orders missing",
        missing,
        "orders",
        most=0,
        of_it=f"{kept:,} of {orders:,} when killed; the rest in {cost.seconds:.1f} s",
    )


def _stored(database: str) -> int:
    with psycopg.connect(database) as connection:
        [count] = connection.execute("SELECT count(*) FROM orders_ordersummary").fetchone()  # type: ignore[misc]
    return int(count)


def _import(database: str, folder: Path, orders: int) -> None:
    """As they are after a while of use: with figures for the planner."""
    measure(database, "import_orders", "--jobs", 2, write_sized_orders(folder, {LINES: orders}))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _over_all(database: str, folder: Path, orders: int, start: Cost) -> None:
    output = folder / "export.jsonl"
    for jobs, least in LEAST_OF_ORDERS.items():
        for command, more in (("export_orders", ["--output", output]), ("verify_orders", [])):
            cost = measure(database, command, "--jobs", jobs, *more)
            work = f"{command} of {orders:,} orders, --jobs {jobs}"
            tell_rate(work, orders, "orders", cost, start, least=least)


def _one_by_one(database: str, folder: Path, count: int, start: Cost) -> None:
    """A report each of the first orders, then a cancellation of what is left of them."""
    numbers = [number_of(LINES, number) for number in range(count)]
    for command, documents, least in (
        ("record_fulfillment", map(_report, numbers), LEAST_RECORDED),
        ("cancel_orders", map(_cancellation, numbers), LEAST_CANCELED),
    ):
        cost = measure(database, command, _written(folder, command, documents))
        work = f"{command}, {count:,} orders of {LINES} lines"
        tell_rate(work, count, "documents", cost, start, least=least)


def _written(folder: Path, name: str, documents: Iterable[dict[str, Any]]) -> Path:
    path = folder / f"{name}.jsonl"
    with path.open("w") as file:
        file.writelines(f"{json.dumps(document)}\n" for document in documents)
    return path


def _report(number: str) -> dict[str, Any]:
    return {
        "order_number": number,
        "event": "shipped",
        "items": [{"key": "1", "quantity_allocated": 1, "quantity_fulfilled": 1}],
    }


def _cancellation(number: str) -> dict[str, Any]:
    return {
        "idempotency_key": "benchmark",
        "order_number": number,
        "reason": "Changed Mind",
        "items": [{"key": "2", "quantity": 1}, {"key": "3", "quantity": 2}],
    }
