import subprocess
import sys

import pytest

from tests.benchmarks.measuring import PROJECT

SOME = ("submit", "undo", "take_notice", "call_and_tell")
ALL = ()


@pytest.mark.parametrize(
    ("database", "every", "acts"),
    [
        pytest.param("postgresql", "864", SOME, marks=pytest.mark.postgresql),
        pytest.param("postgresql", "144", ALL, marks=[pytest.mark.postgresql, pytest.mark.long]),
        pytest.param("sqlite", "432", ALL, marks=pytest.mark.long),
    ],
)
def test_a_killed_process_leaves_everything_or_nothing(database, every, acts):
    command = [sys.executable, "-W", "error", "-m", "tests.proofs.crashes", "--database", database]
    some = ["--every", every, "--moments", "1"]

    run = subprocess.run([*command, *some, *acts], cwd=PROJECT, capture_output=True, text=True)

    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stderr == ""
