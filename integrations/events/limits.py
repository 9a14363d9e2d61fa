"""An end to every call: whoever answers byte by byte is cut off when the time is up.

Timeouts of sockets bound each read alone. Here a guard shuts the connection down, whatever is
being waited for: the handshake, the headers, or the rest.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Condition, Thread
from time import monotonic
from typing import Self

import requests
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

NEVER = float("inf")


class TimeUp(OSError):
    """The time that a call had is over."""


class Limit:
    """The time of each of some calls, and the connections that end with it.

    Its calls are made one after the other. A guard that is a thread serves all of them: one for
    each call would cost more than many calls do.

    Attributes:
        is_over: Whether the time of the last call was up.
    """

    def __init__(self) -> None:
        self.is_over = False
        self._ends_at = NEVER
        self._looks_at = NEVER
        self._is_closed = False
        self._changed = Condition()
        self._watched: list[socket.socket] = []
        self._guard = Thread(target=self._watch_over, daemon=True)

    def __enter__(self) -> Self:
        self._guard.start()
        return self

    def __exit__(self, *failure: object) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._guard.join()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """A call of this thread: it ends after so many seconds."""
        before = _limit.set(self)
        self._end_at(monotonic() + seconds)
        try:
            yield
        finally:
            self._end_at(NEVER)
            _limit.reset(before)
            self._forget()

    def watch(self, opened: socket.socket) -> None:
        """Shut it down when the time is up, even where TLS has taken the socket over by then."""
        twin = opened.dup()
        with self._changed:
            self._watched.append(twin)
            if self.is_over:
                _shut(twin)

    def _end_at(self, at: float) -> None:
        with self._changed:
            if at < NEVER:
                self.is_over = False
            self._ends_at = at
            if at < self._looks_at:
                self._changed.notify()

    def _watch_over(self) -> None:
        with self._changed:
            while not self._is_closed:
                now = monotonic()
                if now >= self._ends_at:
                    self.is_over, self._ends_at = True, NEVER
                    for twin in self._watched:
                        _shut(twin)
                self._looks_at = self._ends_at
                self._changed.wait(None if self._ends_at == NEVER else self._ends_at - now)

    def _forget(self) -> None:
        with self._changed:
            while self._watched:
                self._watched.pop().close()


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        connection.shutdown(socket.SHUT_RDWR)


_limit: ContextVar[Limit | None] = ContextVar("limit", default=None)


def bound(session: requests.Session) -> None:
    """Let the connections of a session end with the limit of the call that opens them."""
    pools = {"http": _Pool, "https": _SecurePool}
    for adapter in session.adapters.values():
        adapter.poolmanager.pool_classes_by_scheme = pools  # type: ignore[attr-defined]


class _Watched(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _watched(super()._new_conn())


class _SecureWatched(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _watched(super()._new_conn())


def _watched(opened: socket.socket) -> socket.socket:
    if limit := _limit.get():
        limit.watch(opened)
    return opened


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureWatched
