"""What the sandbox really did: a ledger beside our rows, written over a connection of its own.

No transaction of ours holds what stands here, so that what was paid twice cannot be made to agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock, local
from typing import Protocol

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from cancellations.models.attempts import SandboxEntry
from orders.arithmetic.money import Minor


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done under one key.

    Attributes:
        paid: Whether money moved (or an authorization was released).
        answer: The outcome that is answered to whoever asks under this key.
        about: Names the refund or release, whatever its key.
        settles_at: Until when the outcome is *settling*.
        asked: How often it was asked for.
    """

    key: str
    kind: str
    reference: str
    amount: Minor
    currency: str
    paid: bool
    answer: str
    about: str = ""
    settles_at: datetime | None = None
    asked: int = 1


class Ledger(Protocol):
    def take(self, entry: Entry) -> Entry:
        """Write an entry unless its key is known; gives what stands there, counted once more."""

    def find(self, key: str) -> Entry | None: ...


class MemoryLedger:
    """For tests that end in no commit."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self._lock = Lock()

    def take(self, entry: Entry) -> Entry:
        with self._lock:
            known = self.entries.get(entry.key)
            taken = replace(known, asked=known.asked + 1) if known else entry
            self.entries[entry.key] = taken
            return taken

    def find(self, key: str) -> Entry | None:
        return self.entries.get(key)


class DatabaseLedger:
    """In a table of the default database, over a connection of its own for each thread."""

    def take(self, entry: Entry) -> Entry:
        return (
            _one(
                f"INSERT INTO {_TABLE} ({_COLUMNS}) VALUES ({', '.join(['%s'] * 10)})"
                f" ON CONFLICT (key) DO UPDATE SET asked = {_TABLE}.asked + 1"
                f" RETURNING {_COLUMNS}",
                [
                    entry.key,
                    entry.kind,
                    entry.reference,
                    entry.amount,
                    entry.currency,
                    entry.paid,
                    entry.answer,
                    entry.about,
                    entry.settles_at and round(entry.settles_at.timestamp() * 1000),
                    entry.asked,
                ],
            )
            or entry
        )

    def find(self, key: str) -> Entry | None:
        return _one(f"SELECT {_COLUMNS} FROM {_TABLE} WHERE key = %s", [key])


_TABLE = SandboxEntry._meta.db_table
_COLUMNS = "key, kind, reference, amount_minor, currency, paid, answer, about, settles_at_ms, asked"


class _Own:
    """A connection that is closed with its thread."""

    def __init__(self) -> None:
        self.connection: BaseDatabaseWrapper = connections.create_connection(DEFAULT_DB_ALIAS)

    def __del__(self) -> None:
        self.connection.close()


_of_this_thread = local()


def _one(statement: str, values: Sequence[object]) -> Entry | None:
    """The one row that a statement gives, or None."""
    if not hasattr(_of_this_thread, "own"):
        _of_this_thread.own = _Own()
    own = _of_this_thread.own.connection
    try:
        with own.cursor() as cursor:
            cursor.execute(statement, values)
            row = cursor.fetchone()
    except DatabaseError:
        own.close()
        raise
    if row is None:
        return None
    key, kind, reference, amount, currency, paid, answer, about, settles_at, asked = row
    at = datetime.fromtimestamp(settles_at / 1000, UTC) if settles_at is not None else None
    return Entry(key, kind, reference, amount, currency, bool(paid), answer, about, at, asked)
