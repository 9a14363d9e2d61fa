"""Runs an act in a child process that is killed at a statement, at a COMMIT, or at a moment."""

import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, Literal, NoReturn
from unittest.mock import patch

from django.db import connections

from orders import rows

READY, REACHED = b"ready\n", b"reached\n"
LONGEST_GOODBYE_SECONDS = 20

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""

Perform = Callable[[], Any]
When = Literal["before", "after"]
What = Literal["statement", "COMMIT"]


class ChildFailed(Exception):
    """A child neither finished nor was killed where it should be; says how it ended."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where a child kills itself: right before or after its n-th statement or COMMIT."""

    when: When
    what: What
    number: int

    def __str__(self) -> str:
        return f"{self.when} {self.what} {self.number}"


def was_killed_at(point: Point, perform: Perform) -> bool:
    """Run an act that kills itself at a point; False if it finished without getting there."""
    return _Child(perform, point).was_killed(saying=REACHED)


def was_killed_after(seconds: float, perform: Perform) -> bool:
    """Run an act and kill it from here; False if it had finished by then."""
    child = _Child(perform)
    time.sleep(seconds)
    os.kill(child.pid, signal.SIGKILL)
    return child.was_killed()


def duration(perform: Perform) -> float:
    """Run an act to its end in a child; gives the seconds it took."""
    child = _Child(perform)
    started = time.perf_counter()
    if child.was_killed():
        raise ChildFailed("killed by someone else")
    return time.perf_counter() - started


class _Child:
    """A forked process with a database connection of its own, about to perform an act."""

    def __init__(self, perform: Perform, point: Point | None = None) -> None:
        connections.close_all()
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _live(perform, point, writing)
        os.close(writing)
        self.messages = os.fdopen(reading, "rb")
        self.first_words = self.messages.readline()

    def was_killed(self, saying: bytes = b"") -> bool:
        """Wait for its end and its backend's; False if it finished, True if killed saying this."""
        with self.messages:
            said = self.first_words + self.messages.read()
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        _wait_until_alone()
        if (status, said) == (0, READY):
            return False
        if (status, said) == (-signal.SIGKILL, READY + saying):
            return True
        raise ChildFailed(f"ended with {status}, saying: {said.decode()}")


def _live(perform: Perform, point: Point | None, messages: int) -> NoReturn:
    """The child's whole life. Nothing that belongs to its parent is flushed or cleaned up."""
    try:
        connections["default"].ensure_connection()
        os.write(messages, READY)
        with _dying_at(point, messages) if point else nullcontext():
            perform()
        os._exit(0)
    except BaseException:
        os.write(messages, traceback.format_exc().encode())
    finally:
        os._exit(1)


@contextmanager
def _dying_at(point: Point, messages: int) -> Iterator[None]:
    """Counts the statements of all cursors, or the COMMITs, and dies at the point."""
    numbers = count(1)

    def step(take: Callable[..., Any], *args: Any) -> Any:
        is_here = next(numbers) == point.number
        if is_here and point.when == "before":
            _die(messages)
        result = take(*args)
        if is_here and point.when == "after":
            _die(messages)
        return result

    connection = connections["default"]
    commit = connection._commit
    if point.what == "COMMIT":
        with patch.object(connection, "_commit", lambda: step(commit)):
            yield
        return
    copy = partial(step, rows._copy)  # which no wrapper of statements sees
    with connection.execute_wrapper(step), patch.object(rows, "_copy", copy):
        yield


def _die(messages: int) -> None:
    os.write(messages, REACHED)
    os.kill(os.getpid(), signal.SIGKILL)


def _wait_until_alone() -> None:
    """Until PostgreSQL has no backend of a child left: it may still be at the last COMMIT."""
    if connections["default"].vendor != "postgresql":
        return
    deadline = time.monotonic() + LONGEST_GOODBYE_SECONDS
    with connections["default"].cursor() as cursor:
        cursor.execute(OTHERS)
        while cursor.fetchone() != (0,):
            if time.monotonic() > deadline:
                raise ChildFailed("is gone, but its backend stays")
            time.sleep(0.001)
            cursor.execute(OTHERS)
