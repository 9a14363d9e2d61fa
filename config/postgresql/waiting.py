"""Connections that give up on a server from which nothing comes.

The limits that PostgreSQL keeps itself say nothing of a server that is frozen, or of a network
that swallows what is sent. So every wait is timed on this side too: after a moment without an
answer the server is asked, over another connection, whether it is there at all.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Any, TypeVar

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from psycopg.waiting import READY_NONE

from config.postgresql import pulse
from orders.replica import REPLICA

Answer = TypeVar("Answer")

GRACE_SECONDS = 5.0
"""So much longer than its own limit a server may take to say that it ended a statement."""


@dataclass(frozen=True, slots=True)
class Watch:
    """How a server is watched while it is waited for, in seconds.

    Attributes:
        alias: Of its database.
        asked_after: So long a statement may take before anybody wonders whether it is there.
        patience: So long it may take to say so.
    """

    alias: str = DEFAULT_DB_ALIAS
    asked_after: float = 2.0
    patience: float = pulse.PATIENT_SECONDS


OF_THE_PRIMARY = Watch()
OF_A_REPLICA = Watch(REPLICA, asked_after=0.5, patience=pulse.IMPATIENT_SECONDS)
"""There is another one to ask, so nobody waits for long."""

_longest: ContextVar[float | None] = ContextVar("longest", default=None)


@contextmanager
def answers_within(seconds: float) -> Iterator[None]:
    """No statement in this block is waited for any longer; one that takes longer is an error."""
    kept = _longest.set(seconds)
    try:
        yield
    finally:
        _longest.reset(kept)


class TimedConnection(psycopg.Connection):
    """Raises ``OperationalError`` and closes when the server does not answer in time."""

    watch = OF_THE_PRIMARY

    def wait(self, gen: Generator[Any, Any, Answer], *args: Any, **options: Any) -> Answer:
        longest, limit = _longest.get(), settings.DATABASE_PATIENCE.statement or inf
        if longest is None and limit == inf and self.watch is OF_THE_PRIMARY:
            return super().wait(gen, *args, **options)
        pulse.refuse_if_silent(self.watch.alias)
        seconds = limit + GRACE_SECONDS if longest is None else longest
        try:
            return super().wait(_watched(gen, monotonic() + seconds, self.watch), *args, **options)
        except pulse.DatabaseSilent:
            self.close()  # what its statement came to is not known
            raise


def _watched(
    gen: Generator[Any, Any, Answer], until: float, watch: Watch
) -> Generator[Any, Any, Answer]:
    """The same steps, with a look at the clock at each; psycopg makes ten a second at least."""
    asked_at = monotonic()
    try:
        waits_for = next(gen)
        while True:
            ready = yield waits_for
            if ready in (None, READY_NONE):
                now = monotonic()
                if now > until:
                    raise pulse.DatabaseSilent
                if now > asked_at + watch.asked_after:
                    asked_at = now
                    pulse.refuse_unless_it_beats(watch.patience, watch.alias)
            waits_for = gen.send(ready)
    except StopIteration as end:
        answer: Answer = end.value
        return answer
