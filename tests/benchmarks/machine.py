"""What measured: the machine without its name, and the commit."""

import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from tests.benchmarks.measuring import PROJECT

WRITTEN_HERE = "tests/benchmarks"
"""What is changed there does not make a commit another one: results are written there."""

_MILLION = 1_000_000
_TRIES = 5


def machine(database: str) -> str:
    """Cores, memory and versions, in one line."""
    python = f"Python {platform.python_version()}"
    cores = f"{os.cpu_count()} cores, {_processor()}"
    return "; ".join([cores, f"{_memory_gib():.0f} GiB", _system(), python, database])


def load() -> str:
    """The load averages of one, five and fifteen minutes."""
    return " ".join(f"{average:.1f}" for average in os.getloadavg())


def speed() -> float:
    """Million additions that one core does in a second, now: the best of a few tries."""
    return max(_additions() for _ in range(_TRIES))


def _additions() -> float:
    total, since = 0, process_time()
    for number in range(_MILLION):
        total += number
    return 1 / (process_time() - since)


def now_and_commit() -> str:
    """The minute, in UTC, and what is checked out; a ``+`` tells of changes to it."""
    commit = _git("rev-parse", "--short", "HEAD") or "no commit"
    changes = _git("status", "--porcelain", "--untracked-files=no", "--", f":!{WRITTEN_HERE}")
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M}, {commit}{'+' if changes else ''}"


def _git(*arguments: str) -> str:
    try:
        asked = subprocess.run(
            ["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    if told.exists() and (found := re.search(r"model name\s*: (.+)", told.read_text())):
        return found[1].strip()
    if sys.platform == "darwin":
        asked = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(asked, capture_output=True, text=True).stdout.strip()
    return platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3


def _system() -> str:
    if sys.platform == "darwin":
        return f"macOS {platform.mac_ver()[0]}"
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = platform.system()
    return f"{name}, kernel {platform.release().partition('-')[0]}"
