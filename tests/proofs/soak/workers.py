"""Workers as processes of their own, of which one is killed every few seconds."""

import os
import subprocess
import sys
from threading import Event, Thread
from typing import Self

from tests.benchmarks.measuring import PROJECT

COMMAND = [sys.executable, "manage.py", "process_refunds"]


class Workers:
    """So many workers while the block lasts; a killed one is replaced."""

    def __init__(self, count: int, *, kill_every: float) -> None:
        self.count, self.kill_every = count, kill_every
        self.killed = 0
        self._running: list[subprocess.Popen[bytes]] = []
        self._over = Event()
        self._killer = Thread(target=self._kill_and_replace)

    def __enter__(self) -> Self:
        self._running = [_started() for _ in range(self.count)]
        self._killer.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._killer.join()
        for worker in self._running:
            worker.terminate()
        for worker in self._running:
            worker.wait()

    def _kill_and_replace(self) -> None:
        while not self._over.wait(self.kill_every):
            worker = self._running.pop(0)  # the oldest: a new one takes a while to begin
            worker.kill()
            worker.wait()
            self.killed += 1
            self._running.append(_started())


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(COMMAND, cwd=PROJECT, env=os.environ, stdout=subprocess.DEVNULL)
