import re
import subprocess
import sys

import pytest

from tests.benchmarks.measuring import PROJECT
from tests.support.database import on_postgresql


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("times", ["0", "1"])
def test_they_print_a_row_for_every_measurement(times):
    sizes = ("--orders", "2", "--shop", "0", "--times", times)
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *sizes],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )

    rows = [line.split() for line in run.stdout.splitlines()]
    measured = [(row[0], row[2]) for row in rows if len(row) == 6 and row[2] != "of"]
    assert (run.returncode, run.stderr) == (0, "")
    previews = re.findall(r"preview of (\w+) with .*; ([\d.]+) kB \(at most (\d+)\)", run.stdout)
    assert [step for step, _, _ in previews] == ["select", "details"]
    assert all(float(sent) <= int(most) for _, sent, most in previews)
    if on_postgresql() and times != "0":
        submits = re.findall(r"submit of +(\d+) lines: .*: × [\d.]+ \(at most", run.stdout)
        assert submits == ["1", "10", "100"]
        assert "4 clients" in run.stdout
        assert "Cancel All of 2,000 lines" in run.stdout
    assert measured == [
        ("import_orders", "lines"),
        ("export_orders", "orders"),
        ("cancel_orders", "documents"),
        ("import_orders", "lines"),
        ("export_orders", "orders"),
        ("process_refunds", "refunds"),
    ]
