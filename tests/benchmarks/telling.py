"""How whatever measures tells a row: it is printed at once, and kept for the table."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.table import Row

ROWS, PART = "BENCH_ROWS", "BENCH_PART"
"""Variables with the file that rows are kept in, and the part that is measured; processes that are
started to measure inherit both.
"""


def tell(
    work: str,
    measured: float,
    unit: str = "ms",
    *,
    most: float | None = None,
    least: float | None = None,
    wrong: str = "",
    of_it: str = "",
) -> None:
    """Print a row, and keep it if a table is being written."""
    row = Row(os.environ.get(PART, ""), work, measured, unit, most, least, wrong, of_it)
    print(row, flush=True)
    if path := os.environ.get(ROWS):
        with Path(path).open("a") as file:
            file.write(f"{json.dumps(asdict(row))}\n")


@contextmanager
def kept_rows(path: Path, part: str) -> Iterator[list[Row]]:
    """Gives a list that holds what was told of this part, however it ended."""
    rows: list[Row] = []
    path.write_text("")
    os.environ |= {ROWS: str(path), PART: part}
    try:
        yield rows
    finally:
        for name in (ROWS, PART):
            os.environ.pop(name)
        rows += [Row(**json.loads(line)) for line in path.read_text().splitlines()]
