"""What the commands take: ``make bench``, or ``python -m tests.benchmarks --orders 400``.

Figures only: nothing here passes or fails. Random orders of the acceptance oracle are
imported and exported at two sizes, one ten times the other, each into a database of its
own; the cancellations of the smaller size are applied. As many refunds, each of an order of its
own, are carried out by one worker over the sandbox, which answers at once. Of the pages three kinds
are measured: the preview that follows every choice among the lines of a long order, and on
PostgreSQL submits beside the least that a view must do for one, and every list of a shop that is
filled with so many orders.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.filling import fill
from tests.benchmarks.long_order import write_long_order
from tests.benchmarks.measuring import PROJECT, Cost, environment, measure
from tests.benchmarks.refunds import write_orders
from tests.benchmarks.submits import WARM, print_submits, write_sized_orders
from tests.benchmarks.webhooks import print_deliveries
from tests.support.database import POSTGRESQL_SCHEMES
from tests.support.databases import database_server, describe, new_database

SEED = 1


@dataclass(frozen=True, slots=True)
class Sample:
    """Generated files, and how many orders, lines and cancellations they hold."""

    orders: Path
    cancellations: Path
    order_count: int
    line_count: int
    cancellation_count: int


def main() -> None:
    """Print one table for the database at hand."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--orders", type=int, default=400, help="of the smaller size; default: 400")
    parser.add_argument(
        "--shop",
        type=int,
        default=200_000,
        help="orders of the shop whose lists are measured; default: 200000; 0: none is",
    )
    parser.add_argument(
        "--times", type=int, default=30, help="submits of each size over HTTP; default: 30; 0: none"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, database_server(Path(name)) as server:
        folder = Path(name)
        print(f"database: {describe(server)}")
        with new_database(server, "empty", folder) as database:
            measure(database, "migrate")
            _print_all(server, folder, asked)


def _print_all(server: str, folder: Path, asked: argparse.Namespace) -> None:
    """Every measurement, each in a database that begins as a copy of the migrated one."""
    small = asked.orders
    start = _start(server, folder)
    print(f"start of a command: {start.seconds:.1f} s, {start.peak:.0f} MiB; rates leave it out\n")
    print(f"{'command':<16} {'of':>19} {'seconds':>8} {'per second':>11} {'peak MiB':>9}")
    peaks = [
        _size(server, folder, small, start, cancel=True),
        _size(server, folder, 10 * small, start, cancel=False),
    ]
    _refunds(server, folder, 2 * small, start)
    _previews(server, folder)
    if asked.times and server.startswith(POSTGRESQL_SCHEMES):
        print(flush=True)
        print_submits(server, folder, asked.times)
        _calls(server, folder, asked.times)
        print_deliveries(server, folder, 100 * asked.times)
    if asked.shop and server.startswith(POSTGRESQL_SCHEMES):
        _lists(server, folder, asked.shop)
    print("\npeak memory from the smaller to the larger size:")
    for command in peaks[0]:
        print(f"{command:<14} {peaks[1][command] - peaks[0][command]:+.1f} MiB")


def _start(server: str, folder: Path) -> Cost:
    """What a command takes that finds nothing to do."""
    empty = folder / "empty.jsonl"
    empty.touch()
    with new_database(server, "start", folder, like="empty") as database:
        return measure(database, "import_orders", empty)


def _size(server: str, folder: Path, count: int, start: Cost, *, cancel: bool) -> dict[str, float]:
    """Measure the commands with so many orders; gives the peaks of those that stream."""
    sample = _generate(folder, count)
    export = folder / "export.jsonl"
    with new_database(server, f"bench_{count}", folder, like="empty") as database:
        imported = measure(database, "import_orders", sample.orders)
        _row("import_orders", sample.line_count, "lines", imported, start)
        exported = measure(database, "export_orders", "--output", export)
        _row("export_orders", sample.order_count, "orders", exported, start)
        if cancel:
            applied = measure(database, "cancel_orders", sample.cancellations, may_refuse=True)
            _row("cancel_orders", sample.cancellation_count, "documents", applied, start)
    return {"import_orders": imported.peak, "export_orders": exported.peak}


def _generate(folder: Path, count: int) -> Sample:
    """Random orders and cancellations, made in a process of its own: memory is measured here."""
    orders, cancellations = folder / f"{count}.orders.jsonl", folder / f"{count}.cancels.jsonl"
    oracle = [
        sys.executable,
        "-m",
        "tests.proofs.acceptance.oracle",
        "generate",
        str(SEED),
        str(count),
    ]
    subprocess.run([*oracle, str(orders), str(cancellations)], cwd=PROJECT, check=True)
    with orders.open() as file:
        line_count = sum(len(json.loads(line)["items"]) for line in file)
    with cancellations.open() as file:
        cancellation_count = sum(1 for _ in file)
    return Sample(orders, cancellations, count, line_count, cancellation_count)


def _refunds(server: str, folder: Path, count: int, start: Cost) -> None:
    """Measure one worker with so many refunds that wait for it."""
    orders, cancellations = write_orders(folder, count)
    with new_database(server, "refunds", folder, like="empty") as database:
        measure(database, "import_orders", orders)
        measure(database, "cancel_orders", cancellations)
        carried_out = measure(database, "process_refunds", "--once")
    _row("process_refunds", count, "refunds", carried_out, start)


def _previews(server: str, folder: Path) -> None:
    """Measure what is answered while somebody chooses among the lines of a long order."""
    code = "from tests.benchmarks.previews import print_previews; print_previews()"
    with new_database(server, "previews", folder, like="empty") as database:
        measure(database, "import_orders", write_long_order(folder))
        print(flush=True)
        _shell(database, code)


def _calls(server: str, folder: Path, times: int) -> None:
    """Measure what calls of the API compute beside the wizard's steps."""
    with new_database(server, "calls", folder, like="empty") as database:
        measure(database, "import_orders", write_sized_orders(folder, {100: 2 * (WARM + times)}))
        _shell(database, "from tests.benchmarks.calls import print_calls; print_calls()")


def _lists(server: str, folder: Path, orders: int) -> None:
    """Measure every list of a shop with so many orders."""
    with new_database(server, "shop", folder, like="empty") as database:
        fill(database, orders)
        print(f"\nlists of {orders:,} orders", flush=True)
        _shell(database, "from tests.benchmarks.lists import print_lists; print_lists()")


def _shell(database: str, code: str) -> None:
    shell = ["manage.py", "shell", "--no-imports", "--command", code]
    command = [sys.executable, "-W", "ignore", *shell]
    subprocess.run(command, cwd=PROJECT, env=environment(database), check=True)


def _row(command: str, count: int, what: str, cost: Cost, start: Cost) -> None:
    working = cost.seconds - start.seconds
    rate = f"{count / working:,.0f}" if working > 0 else "–"
    of = f"{count:,} {what}"
    print(f"{command:<16} {of:>19} {cost.seconds:>8.1f} {rate:>11} {cost.peak:>9.0f}", flush=True)


if __name__ == "__main__":
    main()
