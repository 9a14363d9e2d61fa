import subprocess
import sys

import pytest

from tests.benchmarks.measuring import PROJECT


@pytest.mark.parametrize(
    ("database", "every"),
    [
        pytest.param("postgresql", "144", marks=pytest.mark.postgresql),
        ("sqlite", "432"),
    ],
)
def test_a_killed_process_leaves_everything_or_nothing(database, every):
    command = [sys.executable, "-W", "error", "-m", "tests.proofs.crashes", "--database", database]
    some = ["--every", every, "--moments", "1"]

    run = subprocess.run([*command, *some], cwd=PROJECT, capture_output=True, text=True)

    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stderr == ""
