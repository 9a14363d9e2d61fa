"""``make bench``, or some of its parts: ``python -m tests.benchmarks lists submits``.

Figures only: nothing here passes or fails. Each part prints its rows as it measures them, and when
it ends they take their places in ``RESULTS.md``, where the rows of other parts stay as they are.
On SQLite there are only the commands and the previews.
"""

import argparse
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from tests.benchmarks.bulk import measure_bulk
from tests.benchmarks.commands import measure_commands
from tests.benchmarks.csv_export import measure_export
from tests.benchmarks.filling import fill
from tests.benchmarks.long_order import write_long_order
from tests.benchmarks.machine import load, machine, now_and_commit, speed
from tests.benchmarks.measuring import inside, measure
from tests.benchmarks.memory import measure_memory
from tests.benchmarks.pages import measure_pages
from tests.benchmarks.sized_orders import write_sized_orders
from tests.benchmarks.submits import WARM, measure_submits
from tests.benchmarks.table import Row, as_text, merged, read
from tests.benchmarks.telling import kept_rows, tell
from tests.benchmarks.webhooks import measure_deliveries
from tests.support.database import POSTGRESQL_SCHEMES
from tests.support.databases import database_server, describe, new_database

RESULTS = Path(__file__).with_name("RESULTS.md")
PROFILES = Path(__file__).with_name("profiles")
LOOKS = 5
"""At each page of a list."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What the parts measure on, and how much they were asked for."""

    server: str
    folder: Path
    asked: argparse.Namespace


def main() -> None:
    """Measure the parts that are asked for, on the database at hand."""
    asked = _asked()
    with tempfile.TemporaryDirectory() as name, database_server(Path(name)) as server:
        bench = Bench(server, Path(name), asked)
        table = Table(asked.results, machine(describe(server)))
        print(f"{table.machine}; load {table.load}", flush=True)
        on_sqlite = {"commands", "previews"}
        with new_database(server, "empty", Path(name)) as database:
            measure(database, "migrate")
            for part in asked.parts or PARTS:
                if server.startswith(POSTGRESQL_SCHEMES) or part in on_sqlite:
                    table.add(part, bench)
    if table.failed:
        sys.exit(f"could not be measured: {', '.join(table.failed)}")


class Table:
    """The rows of ``RESULTS.md``, which is written anew when a part ends or fails."""

    def __init__(self, path: Path, machine: str) -> None:
        self.path, self.machine, self.load, self.when = path, machine, load(), now_and_commit()
        self.failed: list[str] = []

    def add(self, part: str, bench: Bench) -> None:
        """Measure a part; one that fails leaves the rows it had got to, and the next begins."""
        title = f"{part}, {bench.asked.shop:,} orders" if part == "lists" else part
        print(f"\n{title}", flush=True)
        whole, since = [], perf_counter()
        try:
            with kept_rows(bench.folder / "rows.jsonl", title) as rows:
                tell("this machine, additions by one core", speed(), "million/s")
                PARTS[part](bench)
                whole = [title]
        except (Exception, SystemExit):
            traceback.print_exc()
            self.failed.append(part)
        self._write([replace(row, when=self.when) for row in rows], whole)
        print(f"{part}: {perf_counter() - since:.0f} s", flush=True)

    def _write(self, rows: list[Row], whole: list[str]) -> None:
        if not rows:
            return
        before = self.path.read_text() if self.path.exists() else ""
        all_rows = merged(read(before, machine=self.machine), rows, whole=whole)
        self.path.write_text(as_text(self.machine, self.load, all_rows))


def _lists(bench: Bench) -> None:
    """Every list of a small shop, then of a large one."""
    noted, times = "", min(LOOKS, bench.asked.times)
    for orders in (bench.asked.small_shop, bench.asked.shop):
        with new_database(bench.server, "shop", bench.folder, like="empty") as database:
            since = perf_counter()
            fill(database, orders)
            print(
                f"a shop of {orders:,} orders, filled in {perf_counter() - since:.0f} s", flush=True
            )
            module = "from tests.benchmarks import lists; lists."
            if noted:
                inside(database, f"{module}measure_lists({noted!r}, times={times})")
            else:
                noted = str(bench.folder / "small.json")
                inside(database, f"{module}note_lists({noted!r}, times={times})")


def _previews(bench: Bench) -> None:
    """What is answered while somebody chooses among the lines of a long order."""
    with new_database(bench.server, "previews", bench.folder, like="empty") as database:
        measure(database, "import_orders", write_long_order(bench.folder))
        inside(database, "from tests.benchmarks import previews; previews.measure_previews()")


def _api(bench: Bench) -> None:
    """What calls compute beside the wizard's steps, and how many events are delivered."""
    times = bench.asked.times
    sizes = {100: 2 * (WARM + times)}
    with new_database(bench.server, "calls", bench.folder, like="empty") as database:
        measure(database, "import_orders", write_sized_orders(bench.folder, sizes))
        inside(database, "from tests.benchmarks import calls; calls.measure_calls()")
    measure_deliveries(bench.server, bench.folder, 100 * times)


def _profiles(bench: Bench) -> None:
    """No rows: a text for each page that is profiled."""
    bench.asked.profiles.mkdir(exist_ok=True)
    times = bench.asked.times
    sizes = {100: WARM + times + 1, 3: 200}
    given = f"{str(bench.asked.profiles)!r}, {times}, {now_and_commit()!r}"
    with new_database(bench.server, "profiles", bench.folder, like="empty") as database:
        measure(database, "import_orders", write_sized_orders(bench.folder, sizes))
        inside(database, f"from tests.benchmarks import profiles as p; p.write_profiles({given})")


PARTS: dict[str, Callable[[Bench], None]] = {
    "commands": lambda bench: measure_commands(bench.server, bench.folder, bench.asked),
    "bulk": lambda bench: measure_bulk(bench.server, bench.folder, bench.asked),
    "submits": lambda bench: measure_submits(bench.server, bench.folder, bench.asked.times),
    "pages": lambda bench: measure_pages(bench.server, bench.folder, bench.asked.times),
    "previews": _previews,
    "api": _api,
    "lists": _lists,
    "export": lambda bench: measure_export(bench.server, bench.folder, bench.asked.exported),
    "memory": lambda bench: measure_memory(bench.server, bench.folder, bench.asked.requests),
    "profiles": _profiles,
}
SIZES = {
    "orders": (400, "random orders of the smaller size; the larger has ten times as many"),
    "lines": (1_000_000, "lines that are imported, by one job and by two"),
    "whole": (100_000, "orders that are exported and verified"),
    "documents": (3_000, "reports and cancellations that are applied one by one"),
    "times": (30, "submits of each size, and how often pages are asked for"),
    "small-shop": (10_000, "orders of the shop that the large one is held against"),
    "shop": (1_000_000, "orders of the shop whose lists are measured"),
    "exported": (100_000, "orders that leave as CSV"),
    "requests": (10_000, "requests in which a worker's memory is watched"),
}


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    for name, (size, meaning) in SIZES.items():
        parser.add_argument(f"--{name}", type=int, default=size, help=meaning)
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the table stands")
    parser.add_argument("--profiles", type=Path, default=PROFILES, help="where profiles go")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        sys.exit(f"no part: {', '.join(sorted(unknown))}")
    return asked


if __name__ == "__main__":
    main()
