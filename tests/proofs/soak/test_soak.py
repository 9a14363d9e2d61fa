import subprocess
import sys

import pytest

from tests.benchmarks.measuring import PROJECT

SMALL = {"refunds": 3, "releases": 1, "workers": 2, "undos": 1, "kill-every": 6, "longest": 300}


@pytest.mark.postgresql
def test_workers_that_are_killed_pay_every_refund_once():
    sizes = [word for name, size in SMALL.items() for word in (f"--{name}", str(size))]
    command = [sys.executable, "-W", "error", "-m", "tests.proofs.soak", *sizes]

    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)

    assert run.returncode == 0, run.stdout + run.stderr
    assert "The soak passed." in run.stdout
