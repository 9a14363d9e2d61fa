"""Workers as processes of their own, of which one is killed every few seconds.

Only one that has worked for as long: on a busy machine they take longer to start than they would
live, and all would end unpaid.
"""

import os
import subprocess
import sys
from datetime import timedelta
from threading import Event, Thread
from typing import Self

from django.db import connection
from django.utils import timezone

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
            if not self._has_worked(self._running[0]):
                continue
            worker = self._running.pop(0)
            worker.kill()
            worker.wait()
            self.killed += 1
            self._running.append(_started())
        connection.close()

    def _has_worked(self, worker: subprocess.Popen[bytes]) -> bool:
        from cancellations.models import Worker

        long_ago = timezone.now() - timedelta(seconds=self.kill_every)
        begun = Worker.objects.filter(started_at__lt=long_ago)
        return begun.filter(name__contains=f":{worker.pid}:").exists()


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(COMMAND, cwd=PROJECT, env=os.environ, stdout=subprocess.DEVNULL)
