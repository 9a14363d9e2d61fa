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
    back; an exception counts as given back.
    """

    def attempt(act):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                [backend] = cursor.fetchone()
            together.wait()
            return backend, act()
        except Exception as error:
            return backend, error
        finally:
            connection.close()

    together = Barrier(len(acts), timeout=60)
    with ThreadPoolExecutor(len(acts)) as pool:
        backends, outcomes = zip(*pool.map(attempt, acts), strict=True)
    return set(backends), list(outcomes)
