"""Commands run as processes of their own, with what they took."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

PROJECT = Path(__file__).parents[2]
UNIT_OF_MAXRSS = 1 if sys.platform == "darwin" else 1024
MEGABYTE = 1_000_000
COST = "X-Cost"
"""The header by which a benchmark's gunicorn says what an answer took it (``costs.py``)."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a command took; its peak memory in MB."""

    seconds: float
    peak: float


def measure(database: str, command: str, *arguments: object, may_refuse: bool = False) -> Cost:
    """Run a management command as production does, with DEBUG off; its output is dropped.

    Args:
        may_refuse: Whether an exit status of 1 is in order.
    """
    with tempfile.TemporaryFile("w+") as errors:
        started = perf_counter()
        process = subprocess.Popen(
            [sys.executable, "manage.py", command, *map(str, arguments)],
            cwd=PROJECT,
            env=environment(database),
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in ((0, 1) if may_refuse else (0,)):
            errors.seek(0)
            sys.exit(f"{command} ended with {process.returncode}:\n{errors.read()}")
    return Cost(seconds, used.ru_maxrss * UNIT_OF_MAXRSS / MEGABYTE)


def environment(database: str) -> dict[str, str]:
    """As in production, on this database."""
    return os.environ | {
        "DATABASE_URL": database,
        "DEBUG": "0",
        "SECRET_KEY": "for-benchmarks-alone-it-signs-nothing-0123456789-abcdefghij",
        "ALLOWED_HOSTS": "localhost",
        "SANDBOX_GATEWAY": "1",
        "REFUND_HOLD_SECONDS": "0",
    }


def shell(database: str, code: str, **variables: str) -> str:
    """What code prints that runs in a process of its own, with the models at hand."""
    return _shell(database, code, subprocess.PIPE, variables).stdout


def inside(database: str, code: str, **variables: str) -> None:
    """Likewise, of code that measures and tells what it found."""
    _shell(database, code, None, variables)


def _shell(
    database: str, code: str, output: int | None, variables: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "shell", "--no-imports", "--command", code],
        cwd=PROJECT,
        env=environment(database) | variables,
        stdout=output,
        text=True,
        check=True,
    )
