"""Work in the background: rows that are due are claimed, worked on and recorded.

A row is its own queue (``models/queue.py``); there is no job beside it that could say something
else. Claiming is one short transaction; the work itself begins with no lock held and no
transaction open, and records what came of it in transactions of its own. Any number of workers
on any number of machines can drain the same queues on PostgreSQL; on SQLite one, by the same code.
"""

import logging
import os
import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import SimpleQueue
from threading import Condition, Event, Thread
from typing import Generic, TypeAlias, TypeVar
from uuid import uuid4

from django.db import (
    Error,
    IntegrityError,
    close_old_connections,
    connection,
    connections,
    transaction,
)
from django.utils import timezone

from cancellations.models.queue import Queued, QueuedQuerySet, Worker

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
ALIVE_SECONDS = 60
"""A worker that was not seen for longer is no longer at work."""
SEEN_EVERY = timedelta(seconds=10)
REFUSED_FOR = timedelta(minutes=10)
"""So long a worker leaves a row alone that the database does not let it claim."""

Clock: TypeAlias = Callable[[], datetime]
Row = TypeVar("Row", bound=Queued)


@dataclass(frozen=True)
class Queue(Generic[Row]):
    """Rows of one model that are worked on when they are due.

    Attributes:
        rows: Those that may be claimed, whatever their due time, with all that the work reads.
        work: Works on one claimed row; it records what came of it, and takes the row out of the
            queue or makes it due again.
        lease: How long the work may take at most; then the row is due again.
        claim: Changes a row that is being claimed; gives the names of the fields it changed.
        claimed: Called with the rows in the transaction that claims them.
    """

    rows: Callable[[], "QueuedQuerySet"]
    work: Callable[[Row, Clock], None]
    lease: timedelta
    claim: Callable[[Row, datetime], Collection[str]] = field(default=lambda row, now: ())
    claimed: Callable[[Sequence[Row], datetime], None] = field(default=lambda rows, now: None)


def claim(
    queue: Queue[Row],
    *,
    now: datetime,
    most: int,
    only: int | None = None,
    but: Collection[int] = (),
) -> list[Row]:
    """Claim up to ``most`` rows that are due, so that nobody else works on them meanwhile.

    Rows that someone else has locked are passed over, not waited for.

    Args:
        only: The primary key of the one row to claim; ``but`` those of rows to leave.
    """
    with transaction.atomic():
        due = queue.rows().due(now)
        due = due.select_for_update(skip_locked=True, of=("self",))  # guard: claims exclude
        if only is not None:
            due = due.filter(pk=only)
        due = due.exclude(pk__in=but)
        rows: list[Row] = list(due[:most])
        changed = {"due_at", "lease", "tries"}
        for row in rows:
            row.lease = uuid4()
            row.due_at = now + queue.lease  # guard: the lease
            row.tries += 1
            changed.update(queue.claim(row, now))
        if rows:
            type(rows[0])._default_manager.bulk_update(rows, sorted(changed))
            queue.claimed(rows, now)
    return rows


def drain(queues: Sequence[Queue], *, clock: Clock = timezone.now) -> int:
    """Work on everything that is due now, one after the other; gives how much that was.

    What falls due again by this clock is worked on again.
    """
    done = 0
    while True:
        claimed = [(queue, row) for queue in queues for row in claim(queue, now=clock(), most=1)]
        if not claimed:
            return done
        for queue, row in claimed:
            _work(queue, row, clock)
            done += 1


class Draining:
    """A worker: keeps its hands full with what is due, until it is told to stop.

    Args:
        hands: How many rows it works on at the same time: one that takes long keeps no other.
    """

    def __init__(self, queues: Sequence[Queue], *, hands: int, clock: Clock = timezone.now) -> None:
        self.queues = queues
        self.hands = hands if connection.vendor == "postgresql" else 1
        self.clock = clock
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self.done = 0
        self._seen: datetime | None = None
        self._refused: list[dict[int, datetime]] = [{} for _ in queues]
        self._tasks: SimpleQueue[tuple[Queue, Queued] | None] = SimpleQueue()
        self._failure: Error | None = None
        self._busy = 0
        self._freed = Condition()

    def until(self, stop: Event, *, idle: Callable[[float], object] | None = None) -> None:
        """Go on until ``stop``, then finish what is in hand.

        Args:
            idle: Waits for so many seconds, or until there may be work.
        """
        hands = [Thread(target=self._hand, name=f"hand {n}") for n in range(self.hands)]
        for hand in hands:
            hand.start()
        try:
            while not stop.is_set():
                if not self._fill():
                    (idle or stop.wait)(POLL_SECONDS)
                with self._freed:
                    self._freed.wait_for(self._has_room, POLL_SECONDS)
        finally:
            for _ in hands:
                self._tasks.put(None)
            for hand in hands:
                hand.join()
            connections.close_all()

    def until_idle(self, stop: Event) -> None:
        """Go on until nothing is due or in hand, or until ``stop``; raises if it cannot ask."""

        def idle(seconds: float) -> None:
            if self._failure:
                raise self._failure
            with self._freed:
                if self._busy:
                    self._freed.wait(seconds)
                else:
                    stop.set()

        self.until(stop, idle=idle)

    def _fill(self) -> bool:
        """Claim as much as there is room for; gives whether there was anything."""
        found, self._failure = False, None
        try:
            close_old_connections()
            self._note_alive()
            for queue, refused in zip(self.queues, self._refused, strict=True):
                room = self.hands - self._busy
                rows = self._claimed(queue, refused, room) if room else []
                with self._freed:
                    self._busy += len(rows)
                for row in rows:
                    self._tasks.put((queue, row))
                found = found or bool(rows)
        except Error as error:
            logger.warning("the database cannot be asked what is due: %s", error)
            self._failure = error
            connections.close_all()
        return found

    def _claimed(self, queue: Queue, refused: dict[int, datetime], most: int) -> list[Queued]:
        """What could be claimed: one row that the database refuses keeps no other."""
        now = self.clock()
        for pk in [pk for pk, at in refused.items() if now - at > REFUSED_FOR]:
            del refused[pk]
        try:
            return claim(queue, now=now, most=most, but=refused)
        except IntegrityError:
            due = queue.rows().due(now).exclude(pk__in=refused).values_list("pk", flat=True)
        rows: list[Queued] = []
        for pk in due[:most]:
            try:
                rows += claim(queue, now=now, most=1, only=pk)
            except IntegrityError as error:
                logger.error("row %s cannot be claimed: %s; verify_orders may say why", pk, error)
                refused[pk] = now
        return rows

    def _has_room(self) -> bool:
        """Whether half of the hands are free: claiming one by one would cost more than it gains."""
        return self._busy <= self.hands // 2

    def _hand(self) -> None:
        try:
            while (task := self._tasks.get()) is not None:
                close_old_connections()
                _work(*task, self.clock)
                with self._freed:
                    self._busy -= 1
                    self.done += 1
                    self._freed.notify()
        finally:
            connections.close_all()

    def _note_alive(self) -> None:
        now = self.clock()
        if self._seen and timedelta() <= now - self._seen < SEEN_EVERY:
            return
        self._seen = now
        Worker.objects.update_or_create(
            name=self.name,
            defaults={"seen_at": now},
            create_defaults={"started_at": now, "seen_at": now},
        )
        Worker.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()


def workers_alive(now: datetime) -> int:
    """How many workers were seen lately."""
    return Worker.objects.filter(seen_at__gt=now - timedelta(seconds=ALIVE_SECONDS)).count()


def _work(queue: Queue, row: Queued, clock: Clock) -> None:
    """What fails is due again after its lease; nothing else is kept from its turn."""
    try:
        queue.work(row, clock)
    except Exception:
        logger.exception("work on %s %s failed", row._meta.label, row.pk)
