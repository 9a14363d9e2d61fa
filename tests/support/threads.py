"""What tests of races share: threads with database connections of their own."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def wait_until_blocked(connections=1, seconds=20):
    """Return as soon as so many other connections wait for a lock (PostgreSQL)."""
    deadline = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= connections:
                return
            assert time.monotonic() < deadline, "nobody waited"
            time.sleep(0.02)


def at_once(*acts):
    """Run each act in a thread with a connection of its own; none begins before all have one.

    Returns the backends' process ids (PostgreSQL's, all different) and what the acts gave
    back; an exception counts as given back. A thread that gets no connection ends it all
    with its own exception, and lets nobody wait.
    """
    failures = []
    together = Barrier(len(acts), timeout=60)

    def attempt(act):
        try:
            return arrive(), outcome(act)
        finally:
            connection.close()

    def arrive():
        try:
            backend = backend_id()
        except Exception as error:
            failures.append(error)
            together.abort()
            raise
        together.wait()
        return backend

    with ThreadPoolExecutor(len(acts)) as pool:
        attempts = [pool.submit(attempt, act) for act in acts]
    if failures:
        raise failures[0]
    backends, outcomes = zip(*(each.result() for each in attempts), strict=True)
    return set(backends), list(outcomes)


def backend_id():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def outcome(act):
    """What an act gives back, or the exception that ended it."""
    try:
        return act()
    except Exception as error:
        return error
