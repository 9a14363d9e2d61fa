"""What the commands take: random orders of the acceptance oracle, and many orders of one size."""

import json
import subprocess
import sys
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measuring import PROJECT, Cost, measure
from tests.benchmarks.refunds import write_orders
from tests.benchmarks.telling import tell
from tests.support.databases import new_database

SEED = 1
LEAST_CANCELED = 150


@dataclass(frozen=True, slots=True)
class Sample:
    """Generated files, and how many orders, lines and cancellations they hold."""

    orders: Path
    cancellations: Path
    order_count: int
    line_count: int
    cancellation_count: int


def measure_commands(server: str, folder: Path, asked: Namespace) -> None:
    """Rows of random orders at two sizes, one ten times the other, each into a database of its
    own, and of refunds; the cancellations of the smaller size are applied.
    """
    start = start_of_a_command(server, folder)
    tell("start of a command; rates leave it out", start.seconds, "s", of_it=f"{start.peak:.0f} MB")
    peaks = [
        _size(server, folder, asked.orders, start, cancel=True),
        _size(server, folder, 10 * asked.orders, start, cancel=False),
    ]
    for command in peaks[0]:
        grown = peaks[1][command] - peaks[0][command]
        tell(f"{command}, peak memory of ten times as many more by", grown, "MB")
    _refunds(server, folder, 2 * asked.orders, start)


def start_of_a_command(server: str, folder: Path) -> Cost:
    """What a command takes that finds nothing to do."""
    empty = folder / "empty.jsonl"
    empty.touch()
    with new_database(server, "start", folder, like="empty") as database:
        return measure(database, "import_orders", empty)


def tell_rate(
    work: str, count: int, of: str, cost: Cost, start: Cost, *, least: float | None = None
) -> None:
    """A row of how many in a second, without the start of the command.

    Of what a command took a tenth at least was its work, however long another one's start took.
    """
    rate = count / max(cost.seconds - start.seconds, cost.seconds / 10)
    of_it = f"{count:,} in {cost.seconds:.1f} s, peak {cost.peak:.0f} MB"
    tell(work, rate, f"{of}/s", least=least, of_it=of_it)


def _size(server: str, folder: Path, count: int, start: Cost, *, cancel: bool) -> dict[str, float]:
    """Measure the commands with so many orders; gives the peaks of those that stream."""
    sample = _generate(folder, count)
    export = folder / "export.jsonl"
    of = f"{count:,} random orders"
    with new_database(server, f"bench_{count}", folder, like="empty") as database:
        imported = measure(database, "import_orders", sample.orders)
        tell_rate(f"import_orders, {of}", sample.line_count, "lines", imported, start)
        exported = measure(database, "export_orders", "--output", export)
        tell_rate(f"export_orders, {of}", count, "orders", exported, start)
        if cancel:
            applied = measure(database, "cancel_orders", sample.cancellations, may_refuse=True)
            canceled = sample.cancellation_count
            work = f"cancel_orders, {of}"
            tell_rate(work, canceled, "documents", applied, start, least=LEAST_CANCELED)
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
    tell_rate("process_refunds, one worker", count, "refunds", carried_out, start)
