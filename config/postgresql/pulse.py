"""Whether a database is there at all, asked over a connection of its own.

The primary and a replica have a pulse each, by their aliases: one may be silent without the other.
One question at a time, whoever wants to know: during an outage one thread waits for it, and
all others go by what came of it last.
"""

from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

from orders.replica import REPLICA

IMPATIENT_SECONDS = 1.2
PATIENT_SECONDS = 4.0
"""A server may be too busy to let anybody in at once; pages are refused after that only."""


class DatabaseSilent(psycopg.OperationalError):
    """The database does not answer: it is frozen, or the network swallows what is sent."""

    def __init__(self) -> None:
        super().__init__("the database does not answer")


class _Question:
    """Asks once, in a thread of its own: a name server may not answer either."""

    def __init__(self, parameters: dict[str, Any], is_silent: Event) -> None:
        self.is_answered = False
        self.over = Event()
        self._parameters = parameters
        self._is_silent = is_silent
        Thread(target=self._ask, name="pulse", daemon=True).start()

    def _ask(self) -> None:
        try:
            self.is_answered = self._is_answered()
        finally:
            self._is_silent.clear() if self.is_answered else self._is_silent.set()
            self.over.set()

    def _is_answered(self) -> bool:
        """To be refused is an answer too: whoever asks next is told why."""
        try:
            connection = psycopg.connect(**self._parameters)
        except psycopg.errors.ConnectionTimeout:
            return False
        except psycopg.Error:
            return True
        try:
            with connection:
                connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True


@dataclass(frozen=True, slots=True)
class _Pulse:
    is_silent: Event = field(default_factory=Event)
    turn: Lock = field(default_factory=Lock)
    asked: list[_Question] = field(default_factory=list)


_pulses = {DEFAULT_DB_ALIAS: _Pulse(), REPLICA: _Pulse()}


def beats(within: float = IMPATIENT_SECONDS, alias: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether the database answers, even if by a refusal, within so many seconds."""
    pulse = _pulses[alias]
    with pulse.turn:
        if not pulse.asked or pulse.asked[0].over.is_set():
            pulse.asked[:] = [_Question(_parameters(alias), pulse.is_silent)]
        question = pulse.asked[0]
    question.over.wait(within)
    return question.is_answered


def refuse_unless_it_beats(within: float = PATIENT_SECONDS, alias: str = DEFAULT_DB_ALIAS) -> None:
    """
    Raises:
        DatabaseSilent: It was asked now, and did not answer.
    """
    if not beats(within, alias):
        note_silence(alias)
        raise DatabaseSilent


def refuse_if_silent(alias: str = DEFAULT_DB_ALIAS) -> None:
    """Let nobody wait for a database that did not answer last time; it is asked again meanwhile.

    Raises:
        DatabaseSilent: It has not answered yet.
    """
    is_silent = _pulses[alias].is_silent.is_set()
    if is_silent and not beats(0.05, alias):  # guard: nobody waits for the silent
        raise DatabaseSilent


def note_silence(alias: str = DEFAULT_DB_ALIAS) -> None:
    """Go by it until the database answers."""
    _pulses[alias].is_silent.set()


def _parameters(alias: str) -> dict[str, Any]:
    wanted = connections[alias].get_connection_params()
    of_django = ("context", "cursor_factory", "prepare_threshold")
    return {name: value for name, value in wanted.items() if name not in of_django}
