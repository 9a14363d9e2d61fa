"""Work in the background: rows that are due are claimed, worked on and recorded.

A row is its own queue (``models/queue.py``); there is no job beside it that could say something
else. Claiming is one short transaction; the work itself begins with no lock held and no
transaction open, and records what came of it in transactions of its own. Any number of workers
on any number of machines can drain the same queues on PostgreSQL; on SQLite one, by the same code.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import uuid4

from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django.utils import timezone

from cancellations.models.queue import Queued, QueuedQuerySet
from orders.locking import OrderBusy
from orders.rows import update_rows

logger = logging.getLogger(__name__)

BUSY_SECONDS = 0.1
"""The wait before what others are at is recorded."""
RECORDED_WITHIN_SECONDS = 30
"""After so long what could not be recorded is given up: the row is due again after its lease."""

Clock: TypeAlias = Callable[[], datetime]
Row = TypeVar("Row", bound=Queued)
Result = TypeVar("Result")


@dataclass(eq=False, slots=True)
class Done(Generic[Row, Result]):
    """A claimed row that was worked on, and what came of it.

    Attributes:
        late_since: Since when it could not be recorded, by this process's own count of seconds.
    """

    row: Row
    result: Result
    late_since: float | None = None


@dataclass(frozen=True)
class Queue(Generic[Row]):
    """Rows of one model that are worked on when they are due.

    Attributes:
        rows: Those that may be claimed, whatever their due time, with all that the work reads.
        work: Works on one claimed row, many at the same time; gives what came of it.
        lease: How long the work may take at most; then the row is due again.
        claim: Changes a row that is being claimed; gives the names of the fields it changed.
        claimed: Called with the rows in the transaction that claims them; it may claim more, to
            be worked on after them by the same hands.
        record: Records what came of many rows, and takes each out of the queue or makes it due
            again; gives those that are to be recorded later, because others are at them now.
            Without it ``work`` does that for its row.
        due: Those of the rows that are due for a worker that has others in hand.
        came_of: What the work says of a row, and of those that were claimed to go with it.
        goes_on: Whether more may be due as soon as this is recorded.
    """

    rows: Callable[[], "QueuedQuerySet"]
    work: Callable[[Row, Clock], Any]
    lease: timedelta
    claim: Callable[[Row, datetime], Collection[str]] = field(default=lambda row, now: ())
    claimed: Callable[[Sequence[Row], datetime], None] = field(default=lambda rows, now: None)
    record: Callable[[Sequence[Any], Clock], Sequence[Any]] = field(default=lambda done, clock: ())
    due: Callable[["QueuedQuerySet", datetime, Collection[Row]], "QueuedQuerySet"] = field(
        default=lambda rows, now, in_hand: rows.due(now)
    )
    came_of: Callable[[Row, Any], list[Done]] = field(
        default=lambda row, result: [Done(row, result)]
    )
    goes_on: Callable[[Sequence[Any]], bool] = field(default=lambda done: False)


def claim(
    queue: Queue[Row],
    *,
    now: datetime,
    most: int,
    only: int | None = None,
    but: Collection[int] = (),
    in_hand: Collection[Row] = (),
) -> list[Row]:
    """Claim up to ``most`` rows that are due, so that nobody else works on them meanwhile.

    Rows that someone else has locked are passed over, not waited for.

    Args:
        only: The primary key of the one row to claim; ``but`` those of rows to leave.
        in_hand: What the same worker claimed before and has not recorded yet.
    """
    with transaction.atomic():
        due = queue.due(queue.rows(), now, in_hand)
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
            update_rows(rows, sorted(changed))
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
            finish(queue, row, clock)
            done += 1


def finish(queue: Queue[Row], row: Row, clock: Clock) -> None:
    """Work on a claimed row and record what came of it, whoever has to be waited for."""
    unrecorded = work_on(queue, row, clock)
    while unrecorded := record(queue, unrecorded, clock):
        sleep(BUSY_SECONDS)


def work_on(queue: Queue, row: Queued, clock: Clock) -> list[Done]:
    """What came of a row; what fails is due again after its lease, and keeps no other."""
    try:
        return queue.came_of(row, queue.work(row, clock))
    except Exception:
        logger.exception("work on %s failed", _name(row))
        return []


def record(queue: Queue, done: Sequence[Done], clock: Clock) -> list[Done]:
    """Record what came of rows; gives those that are to be recorded later.

    While the database is away that is all of them. Where one of them makes it fail, each is
    recorded alone.
    """
    if not done:
        return []
    try:
        later = queue.record(done, clock)
    except (OperationalError, InterfaceError) as error:
        logger.warning("what was worked on cannot be recorded yet: %s", error)
        if not connection.in_atomic_block:
            close_old_connections()
        later = done
    except Exception as error:
        if len(done) > 1:
            return [late for each in done for late in record(queue, [each], clock)]
        if not isinstance(error, OrderBusy):
            logger.exception("%s was worked on, and not recorded", _name(done[0].row))
            return []
        later = done
    return [each for each in later if not _is_given_up(each)]


def _is_given_up(late: Done) -> bool:
    """Whether what came of a row could not be recorded for so long that its lease has to tell."""
    if late.late_since is None:
        late.late_since = monotonic()
    if monotonic() - late.late_since < RECORDED_WITHIN_SECONDS:
        return False
    logger.error("%s was worked on, and could not be recorded in time", _name(late.row))
    return True


def _name(row: Queued) -> str:
    return f"{row._meta.label} {row.pk}"
