"""Passwords are hashed in turn, so that whoever stands at the door leaves the house its processor.

A hash takes a third of a second of one processor, on purpose. Whatever asks for one (sign-in,
a password that is changed, the admin, a command) gets it from here.
"""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar

from django.conf import settings
from django.contrib.auth import hashers

LONGEST_WAIT_SECONDS = 2
"""For a turn; what has begun is waited for to its end."""

NICENESS = 10
"""Of the threads that hash: pages go first where processors are short (Linux only)."""

T = TypeVar("T")


class NoTurn(Exception):
    """Too many passwords are being hashed; try again in a moment."""


class InTurn(hashers.PBKDF2PasswordHasher):
    """Django's own hasher, of which ``HASHES_AT_ONCE`` run in a process at the same time."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        return turns.take(lambda: super(InTurn, self).encode(password, salt, iterations))


class Turns:
    """So many threads that work, and as many that wait for one as may stand at the door."""

    def __init__(self, at_once: int, waiting: int, *, seconds: float) -> None:
        self._seconds = seconds
        self._places = BoundedSemaphore(at_once + waiting)
        self._threads = ThreadPoolExecutor(at_once, "hashing", initializer=_give_way)

    def take(self, work: Callable[[], T]) -> T:
        """Do it when a thread is free.

        Raises:
            NoTurn: No place to wait, or none got free in time; nothing was begun.
        """
        if not self._places.acquire(blocking=False):
            raise NoTurn
        try:
            return self._done(self._threads.submit(work))
        finally:
            self._places.release()

    def _done(self, future: Future[T]) -> T:
        try:
            return future.result(timeout=self._seconds)
        except TimeoutError:
            if future.cancel():
                raise NoTurn from None
            return future.result()


def _give_way() -> None:
    if hasattr(os, "setpriority") and os.uname().sysname == "Linux":
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)  # there, a thread's own


def _fresh() -> Turns:
    at_once: int = settings.HASHES_AT_ONCE
    return Turns(at_once, settings.SIGN_INS_AT_ONCE, seconds=LONGEST_WAIT_SECONDS)


turns = _fresh()


def _after_fork() -> None:
    """Threads stay behind in the process that forked."""
    global turns
    turns = _fresh()


os.register_at_fork(after_in_child=_after_fork)
