"""Whether the database is there at all, asked over a connection of its own.

One question at a time, whoever wants to know: during an outage one thread waits for it, and
all others go by what came of it last.
"""

from threading import Event, Lock, Thread
from typing import Any

import psycopg
from django.db import connections

IMPATIENT_SECONDS = 1.2
PATIENT_SECONDS = 4.0
"""A server may be too busy to let anybody in at once; pages are refused after that only."""


class DatabaseSilent(psycopg.OperationalError):
    """The database does not answer: it is frozen, or the network swallows what is sent."""

    def __init__(self) -> None:
        super().__init__("the database does not answer")


class _Question:
    """Asks once, in a thread of its own: a name server may not answer either."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.is_answered = False
        self.over = Event()
        self._parameters = parameters
        Thread(target=self._ask, name="pulse", daemon=True).start()

    def _ask(self) -> None:
        try:
            self.is_answered = self._is_answered()
        finally:
            _is_silent.clear() if self.is_answered else _is_silent.set()
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


_is_silent = Event()
_turn = Lock()
_asked: list[_Question] = []


def beats(within: float = IMPATIENT_SECONDS) -> bool:
    """Whether the database answers, even if by a refusal, within so many seconds."""
    with _turn:
        if not _asked or _asked[0].over.is_set():
            _asked[:] = [_Question(_parameters())]
        question = _asked[0]
    question.over.wait(within)
    return question.is_answered


def refuse_unless_it_beats() -> None:
    """
    Raises:
        DatabaseSilent: It was asked now, and did not answer.
    """
    if not beats(PATIENT_SECONDS):
        note_silence()
        raise DatabaseSilent


def refuse_if_silent() -> None:
    """Let nobody wait for a database that did not answer last time; it is asked again meanwhile.

    Raises:
        DatabaseSilent: It has not answered yet.
    """
    if _is_silent.is_set() and not beats(within=0.05):  # guard: nobody waits for the silent
        raise DatabaseSilent


def note_silence() -> None:
    """Go by it until the database answers."""
    _is_silent.set()


def _parameters() -> dict[str, Any]:
    wanted = connections["default"].get_connection_params()
    of_django = ("context", "cursor_factory", "prepare_threshold")
    return {name: value for name, value in wanted.items() if name not in of_django}
