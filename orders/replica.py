"""Where long lists and exports are read: on a streaming replica that keeps up, else the primary.

This is the one place that chooses. What is read for an act, a record or a session does not come
by here, and nothing that is read within a transaction leaves its connection.

The replica is judged once a second at most in each process: it has replayed all that the primary
had written when it was asked, or the last commit that it has replayed is not too old. One that
does not answer, lags, was promoted or belongs to another cluster is left alone until it is judged
again, and what was being read from it is read anew from the primary.
"""

import logging
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

PRIMARY = DEFAULT_DB_ALIAS
REPLICA = "replica"
JUDGED_FOR_SECONDS = 1.0

_WRITTEN = """
SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_lsn()::text END,
       system_identifier::text
FROM pg_control_system()
"""
_REPLAYED = """
SELECT pg_is_in_recovery() AND system_identifier::text = %(cluster)s
         AND pg_last_wal_replay_lsn() >= %(least)s::pg_lsn,
       CASE WHEN pg_last_wal_replay_lsn() >= %(written)s::pg_lsn THEN 0 ELSE
         extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
       END::float
FROM pg_control_system()
"""


def read(asked: Callable[[str], Answer], *, fresh: bool = False) -> Answer:
    """What is asked of a database by its alias: of the replica if it may be, else of the primary.

    Args:
        asked: Called once more, with the primary, when the replica fails.
        fresh: What somebody just changed must not be missing.
    """
    return ask(PRIMARY if fresh or not _may_be_asked() else REPLICA, asked)


def ask(alias: str, asked: Callable[[str], Answer]) -> Answer:
    """What is asked of this database; of the primary, if it is the replica and fails."""
    if alias != REPLICA:
        return asked(alias)
    try:
        return asked(REPLICA)
    except Error as error:
        judge.dismiss(error)
    return asked(PRIMARY)


def is_configured() -> bool:
    return REPLICA in settings.DATABASES


def _may_be_asked() -> bool:
    return is_configured() and not connections[PRIMARY].in_atomic_block and judge.is_fit()


class Judge:
    """Whether the replica may be read, as this process knows it.

    Attributes:
        lag: By how many seconds it was behind when it was last asked; None: it cannot be read.
    """

    def __init__(self) -> None:
        self.lag: float | None = None
        self._holds_until = 0.0
        self._was_fit = True
        self._least = "0/0"
        self._turn = Lock()

    def is_fit(self) -> bool:
        """By the last judgement; one thread makes a new one, and the others do not wait for it."""
        if monotonic() >= self._holds_until and self._turn.acquire(blocking=False):
            try:
                self._judge()
            finally:
                self._turn.release()
        return self.lag is not None and self.lag <= settings.REPLICA_LAG_SECONDS

    def begin_here(self) -> None:
        """From now on nothing may be missing that is written by now.

        What a script did before a command is not missing in what the command writes out.
        """
        if is_configured():
            self._least = _asked(PRIMARY, _WRITTEN)[0] or self._least
            self._holds_until = 0.0

    def dismiss(self, error: Error) -> None:
        """It failed while it was read: it is left alone until it is judged again.

        What the error quotes may be a customer's, and is not logged.
        """
        connections[REPLICA].close()
        self._hold(None, f"it failed: {type(error.__cause__ or error).__name__}")

    def _judge(self) -> None:
        try:
            written, cluster = _asked(PRIMARY, _WRITTEN)
            given = {"written": written, "cluster": cluster, "least": self._least}
            is_ours, lag = _asked(REPLICA, _REPLAYED, given)
        except Error as error:
            self.dismiss(error)
            return
        if not is_ours or lag is None or written is None:
            self._hold(None, "it is no replica of the primary, or has not caught up yet")
        else:
            self._hold(lag, f"it lags by {lag:.0f} s")

    def _hold(self, lag: float | None, why: str) -> None:
        """Said once, when it turns."""
        is_fit = lag is not None and lag <= settings.REPLICA_LAG_SECONDS
        if is_fit and not self._was_fit:
            logger.info("the replica is read again")
        elif not is_fit and self._was_fit:
            logger.warning("the replica is not read: %s", why)
        self.lag, self._was_fit = lag, is_fit
        self._holds_until = monotonic() + JUDGED_FOR_SECONDS


def _asked(alias: str, statement: str, given: dict[str, Any] | None = None) -> tuple[Any, ...]:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, given)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


judge = Judge()
