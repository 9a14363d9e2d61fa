"""How a command's work is shared out: among processes with connections of their own, in turn."""

import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from django.core.management.base import CommandError, CommandParser
from django.db import connection, connections

AHEAD = 3
"""So many tasks a job are handed out before the first of them has to be done."""

Task = TypeVar("Task")
Done = TypeVar("Done")


def add_jobs(parser: CommandParser) -> None:
    """Let a command be asked for several jobs."""
    parser.add_argument(
        "--jobs",
        type=int,
        default=1,
        metavar="N",
        help="processes that share the work, each with its own connection (PostgreSQL); default: 1",
    )


def refuse_jobs_there_cannot_be(jobs: int) -> None:
    """End the command that is asked for so many."""
    if jobs < 1:
        raise CommandError("--jobs must be at least 1.", returncode=2)
    if jobs > 1 and connection.vendor != "postgresql":
        raise CommandError("--jobs needs PostgreSQL: on SQLite there is one job.", returncode=2)


def ahead(tasks: Iterator[Task]) -> Iterator[Task]:
    """The same, with the next one made in a thread beside whatever is done with this one."""
    nothing = object()
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, tasks, nothing)
        while (task := coming.result()) is not nothing:
            coming = thread.submit(next, tasks, nothing)
            yield task  # type: ignore[misc]


def taking_turns(tasks: Iterable[Task], jobs: int) -> Iterator[tuple[int, Task]]:
    """Tasks that any job may do, given to one after another."""
    return ((number % jobs, task) for number, task in enumerate(tasks))


def in_turn(
    work: Callable[[Task], Done], tasks: Iterable[tuple[int, Task]], *, jobs: int
) -> Iterator[Done]:
    """What ``work`` makes of each task, in the sequence of the tasks, whoever did it.

    Args:
        tasks: Each after the number of its job: those of one job are done one after another.
        jobs: How many; one is done by this process itself.
    """
    if jobs == 1:
        yield from (work(task) for _, task in tasks)
        return
    connections.close_all()  # no process shares one with another
    others: list[_Job[Task, Done]] = []
    for _ in range(jobs):
        others.append(_Job(work, [other.pipe for other in others]))
    try:
        yield from _shared_out(others, tasks)
    finally:
        for other in others:
            other.end()


def _shared_out(
    others: "list[_Job[Task, Done]]", tasks: Iterable[tuple[int, Task]]
) -> Iterator[Done]:
    done: dict[int, Done] = {}
    given = told = 0
    for job, task in tasks:
        others[job].give(given, task)
        given += 1
        while given - told >= AHEAD * len(others):
            done |= _collected(others)
            while told in done:
                yield done.pop(told)
                told += 1
    while told < given:
        done |= _collected(others)
        while told in done:
            yield done.pop(told)
            told += 1


def _collected(others: "list[_Job[Task, Done]]") -> dict[int, Done]:
    """What jobs have done meanwhile, by when it was given; waits for the first of them."""
    busy = {other.pipe: other for other in others if other.doing is not None}
    return dict(busy[pipe].take() for pipe in wait(list(busy)) if isinstance(pipe, Connection))


class _Job(Generic[Task, Done]):
    """A process that does tasks one after another.

    It has one at a time, and the others wait here: so neither side writes while the other does.

    Attributes:
        doing: When the task was given that it has now.
    """

    def __init__(self, work: Callable[[Task], Done], pipes: list["Connection[Any, Any]"]) -> None:
        forking = get_context("fork")  # with settings and everything as they are here
        self.pipe, end = forking.Pipe()
        self.process = forking.Process(
            target=_serve, args=(work, end, [*pipes, self.pipe]), daemon=True
        )
        self.process.start()
        end.close()
        self.doing: int | None = None
        self._waiting: deque[tuple[int, Task]] = deque()

    def give(self, when: int, task: Task) -> None:
        self._waiting.append((when, task))
        self._go_on()

    def take(self) -> tuple[int, Done]:
        """What it has done, which was given when; begins the next one.

        Raises:
            Exception: What was raised there.
        """
        assert self.doing is not None
        with _ended_too_early():
            done, error, cause = self.pipe.recv()
        if error is not None:
            raise error from cause
        when, self.doing = self.doing, None
        self._go_on()
        return when, done

    def end(self) -> None:
        """Once it has done what it is doing."""
        self.pipe.close()
        self.process.join()

    def _go_on(self) -> None:
        if self.doing is None and self._waiting:
            self.doing, task = self._waiting.popleft()
            with _ended_too_early():
                self.pipe.send(task)


@contextmanager
def _ended_too_early() -> Iterator[None]:
    """What it had done before is stored; of what it was doing, all or nothing, act by act."""
    try:
        yield
    except (EOFError, ConnectionError):
        raise CommandError("A job ended before its work was done.") from None


def _serve(
    work: Callable[[Task], Done],
    pipe: "Connection[Any, Any]",
    of_others: list["Connection[Any, Any]"],
) -> None:
    """The life of a job: it ends with the process that gives it work, however that ends."""
    for other in of_others:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever gives it work stops it
    try:
        while True:
            task = pipe.recv()
            try:
                pipe.send((work(task), None, None))
            except ConnectionError:
                raise
            except Exception as error:
                error.add_note(traceback.format_exc())  # which does not go along
                pipe.send((None, error, error.__cause__))
    except (EOFError, ConnectionError):
        return
    finally:
        connections.close_all()
