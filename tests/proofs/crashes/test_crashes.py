import subprocess
import sys

import pytest

from tests.benchmarks.measuring import PROJECT


@pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgresql), "sqlite"]
)
def test_a_killed_process_leaves_everything_or_nothing(database):
    command = [sys.executable, "-W", "error", "-m", "tests.proofs.crashes", "--database", database]
    some = ["--every", "12", "--moments", "2"]

    run = subprocess.run([*command, *some], cwd=PROJECT, capture_output=True, text=True)

    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stderr == ""
