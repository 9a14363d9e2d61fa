"""An end to every call: whoever answers byte by byte is cut off when the time is up.

Timeouts of sockets bound each read alone. Here a timer shuts the connection down, whatever is
being waited for: the handshake, the headers, or the rest.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Lock, Timer

import requests
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class TimeUp(OSError):
    """The time that a call had is over."""


class Limit:
    """The time of one call, and the connections that end with it."""

    def __init__(self) -> None:
        self.is_over = False
        self._lock = Lock()
        self._watched: list[socket.socket] = []

    def watch(self, connection: socket.socket) -> None:
        """Shut it down when the time is up, even where TLS has taken the socket over by then."""
        twin = connection.dup()
        with self._lock:
            self._watched.append(twin)
            if self.is_over:
                _shut(twin)

    def end(self) -> None:
        with self._lock:
            self.is_over = True
            for twin in self._watched:
                _shut(twin)

    def forget(self) -> None:
        with self._lock:
            while self._watched:
                self._watched.pop().close()


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        connection.shutdown(socket.SHUT_RDWR)


_limit: ContextVar[Limit | None] = ContextVar("limit", default=None)


@contextmanager
def within(seconds: float, limit: Limit) -> Iterator[None]:
    """Calls of this thread that are bounded: they end after so many seconds."""
    timer = Timer(seconds, limit.end)
    timer.daemon = True
    before = _limit.set(limit)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        _limit.reset(before)
        limit.forget()


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


def _watched(connection: socket.socket) -> socket.socket:
    if limit := _limit.get():
        limit.watch(connection)
    return connection


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureWatched
