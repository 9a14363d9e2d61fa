"""What memory gunicorn's workers take."""

import re
import subprocess
from pathlib import Path
from threading import Event, Thread
from typing import Self

from tests.benchmarks.serving import LOG


def workers(folder: Path) -> list[int]:
    """The processes of the gunicorn that is served from this folder."""
    log = (folder / LOG).read_text()
    return [int(number) for number in re.findall(r"Booting worker with pid: (\d+)", log)]


def megabytes(process: int) -> float:
    """Its resident memory."""
    told = Path(f"/proc/{process}/status")
    if told.exists():
        found = re.search(r"VmRSS:\s+(\d+) kB", told.read_text())
        assert found
        return int(found[1]) * 1024 / 1_000_000
    asked = ["ps", "-o", "rss=", "-p", str(process)]
    return int(subprocess.check_output(asked, text=True)) * 1024 / 1_000_000


class Peak:
    """The most that a process takes within the block, looked at twenty times a second."""

    def __init__(self, process: int) -> None:
        self._process, self._ended = process, Event()
        self._thread = Thread(target=self._watch)
        self.before = self.megabytes = megabytes(process)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.05):
            self.megabytes = max(self.megabytes, megabytes(self._process))
