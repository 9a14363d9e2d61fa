"""A worker: the process that drains the queues, beside any number of others."""

import logging
import os
import socket
from collections.abc import Sequence
from datetime import datetime, timedelta
from queue import SimpleQueue
from threading import Condition, Event, Thread
from time import monotonic
from uuid import uuid4

from django.db import (
    Error,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
)
from django.utils import timezone

from cancellations.models.queue import Queued, Worker
from cancellations.work import BUSY_SECONDS, Clock, Done, Queue, claim, record, work_on

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
MOST_UNRECORDED = 10
"""For each hand: with more whose orders are busy nothing is claimed."""
GATHERED_WITHIN_SECONDS = 0.05
"""So long what was worked on waits for more, to be recorded together."""
ALIVE_SECONDS = 60
"""A worker that was not seen for longer is no longer at work."""
SEEN_EVERY = timedelta(seconds=10)
REFUSED_FOR = timedelta(minutes=10)
"""So long a worker leaves a row alone that the database does not let it claim."""


class Draining:
    """A worker: keeps its hands full with what is due, until it is told to stop.

    It claims and records many rows at once; its hands work on one each beside each other, and on
    what was claimed to go with it.

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
        self._failure: Error | None = None
        self._goes_on = False
        self._refused: list[dict[int, datetime]] = [{} for _ in queues]
        self._tasks: SimpleQueue[tuple[int, Queued] | None] = SimpleQueue()
        self._empty_at = [-POLL_SECONDS for _ in queues]
        self._in_hand: list[list[Queued]] = [[] for _ in queues]
        self._worked_on: list[list[Done]] = [[] for _ in queues]
        self._unrecorded: list[list[Done]] = [[] for _ in queues]
        self._changed = Condition()

    def until(self, stop: Event, *, once: bool = False) -> None:
        """Go on until ``stop``, then finish what is in hand.

        Args:
            once: Stop as well when nothing is due any more and nothing is in hand.

        Raises:
            Error: With ``once``, when the database cannot be asked what is due.
        """
        hands = [Thread(target=self._hand, name=f"hand {n}") for n in range(self.hands)]
        for hand in hands:
            hand.start()
        try:
            while not stop.is_set():
                is_moving = self._fill()
                is_moving = self._record() or is_moving
                if once and self._failure:
                    raise self._failure
                if self._goes_on:
                    continue
                if self._is_busy() or not (is_moving or once):
                    self._wait(stop)
                elif not is_moving and not self._fill(everywhere=True):
                    return
        finally:
            for _ in hands:
                self._tasks.put(None)
            while self._is_busy() or any(hand.is_alive() for hand in hands):
                self._record()
                with self._changed:
                    self._changed.wait_for(lambda: any(self._worked_on), BUSY_SECONDS)
            connections.close_all()

    def _wait(self, stop: Event) -> None:
        """Until something was worked on, and for some more of it; else until it is time to look."""
        patience = BUSY_SECONDS if any(self._unrecorded) else POLL_SECONDS
        with self._changed:
            if self._changed.wait_for(lambda: stop.is_set() or any(self._worked_on), patience):
                self._changed.wait_for(self._is_half_done, GATHERED_WITHIN_SECONDS)

    def _is_half_done(self) -> bool:
        """Claiming and recording one by one would cost more than it gains."""
        return sum(map(_claims, self._worked_on)) >= sum(map(len, self._in_hand))

    def _is_busy(self) -> bool:
        with self._changed:
            return any(self._in_hand) or any(self._worked_on) or any(self._unrecorded)

    def _fill(self, *, everywhere: bool = False) -> bool:
        """Claim as much as there is room for; gives whether there was anything.

        Args:
            everywhere: Look into queues too that were empty a moment ago.
        """
        found, self._failure, self._goes_on = False, None, False
        try:
            close_old_connections()
            self._note_alive()
            for number, queue in enumerate(self.queues):
                was_empty = monotonic() - self._empty_at[number] < POLL_SECONDS
                room = 0 if was_empty and not everywhere else self._room(number)
                refused = self._refused[number]
                were_refused = len(refused)
                in_hand = self._unfinished(number)
                rows = self._claimed(queue, refused, room, in_hand) if room else []
                is_empty = not rows and len(refused) == were_refused
                if room and is_empty:
                    self._empty_at[number] = monotonic()
                with self._changed:
                    self._in_hand[number] += rows
                for row in rows:
                    self._tasks.put((number, row))
                found = found or not is_empty
        except Error as error:
            logger.warning("the database cannot be asked what is due: %s", error)
            self._failure = error
            connections.close_all()
        return found

    def _room(self, number: int) -> int:
        """How many more of one queue may be claimed: hands go on while others' work is recorded.

        Of enough hands each queue leaves one for each other: what hangs in one keeps no other.
        """
        with self._changed:
            taken = [len(rows) for rows in self._in_hand]
        if sum(map(_claims, self._unrecorded)) > MOST_UNRECORDED * self.hands:
            return 0
        others = len(self.queues) - 1
        share = self.hands - others if self.hands > 2 * others else self.hands
        return max(0, min(self.hands - sum(taken), share - taken[number]))

    def _claimed(
        self,
        queue: Queue,
        refused: dict[int, datetime],
        most: int,
        in_hand: Sequence[Queued] = (),
    ) -> list[Queued]:
        """What could be claimed: one row that the database refuses keeps no other."""
        now = self.clock()
        for pk in [pk for pk, at in refused.items() if now - at > REFUSED_FOR]:
            del refused[pk]
        try:
            return claim(queue, now=now, most=most, but=refused, in_hand=in_hand)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            due = queue.due(queue.rows(), now, in_hand).exclude(pk__in=refused)
        rows: list[Queued] = []
        for pk in due.values_list("pk", flat=True)[:most]:
            try:
                rows += claim(queue, now=now, most=1, only=pk, in_hand=[*in_hand, *rows])
            except (OperationalError, InterfaceError):
                break
            except Exception as error:
                logger.error("row %s cannot be claimed: %s; verify_orders may say why", pk, error)
                refused[pk] = now
        return rows

    def _unfinished(self, number: int) -> list[Queued]:
        """What was claimed of one queue and is not recorded."""
        with self._changed:
            done = [*self._worked_on[number], *self._unrecorded[number]]
            return [*self._in_hand[number], *(each.row for each in done)]

    def _record(self) -> bool:
        """Record what was worked on; gives whether that was anything."""
        before = self.done
        close_old_connections()
        for number, queue in enumerate(self.queues):
            with self._changed:
                worked_on, self._worked_on[number] = self._worked_on[number], []
            waiting = [*self._unrecorded[number], *worked_on]
            self._unrecorded[number] = record(queue, waiting, self.clock)
            recorded = len(waiting) - len(self._unrecorded[number])
            self.done += recorded
            if recorded and queue.goes_on(waiting):
                self._empty_at[number], self._goes_on = -POLL_SECONDS, True
        return self.done > before

    def _hand(self) -> None:
        try:
            while (task := self._tasks.get()) is not None:
                self._take_in_hand(*task)
        finally:
            connections.close_all()

    def _take_in_hand(self, number: int, row: Queued) -> None:
        done: list[Done] = []
        try:
            close_old_connections()
            done = work_on(self.queues[number], row, self.clock)
        finally:
            with self._changed:
                self._in_hand[number].remove(row)
                self._worked_on[number] += done
                self._changed.notify()

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


def _claims(done: Sequence[Done]) -> int:
    """How many hands had them: what goes together was claimed together."""
    return len({each.row.lease for each in done})


def workers_alive(now: datetime) -> int:
    """How many workers were seen lately."""
    return Worker.objects.filter(seen_at__gt=now - timedelta(seconds=ALIVE_SECONDS)).count()
