import os
import signal

import pytest
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from psycopg.errors import AdminShutdown

from orders.jobs import ahead, in_turn

pytestmark = [pytest.mark.slow, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def _squared(number):
    if number == 13:
        raise ValueError("unlucky")
    if number == 17:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def _tasks(numbers, jobs):
    return [(number % jobs, number) for number in numbers]


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_what_is_done_comes_in_the_sequence_of_the_tasks(jobs):
    assert list(in_turn(_squared, _tasks(range(12), jobs), jobs=jobs)) == [
        number * number for number in range(12)
    ]


def test_one_job_may_have_all_the_work():
    assert list(in_turn(_squared, [(1, number) for number in range(12)], jobs=2)) == [
        number * number for number in range(12)
    ]


def test_more_than_a_pipe_holds_goes_both_ways():
    tasks = [(number % 2, f"{number}" * 200_000) for number in range(8)]

    assert list(in_turn(str.upper, tasks, jobs=2)) == [task for _, task in tasks]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_raised_there_is_raised_here(jobs):
    with pytest.raises(ValueError, match="unlucky"):
        list(in_turn(_squared, _tasks([1, 13], jobs), jobs=jobs))


def test_a_database_that_fails_there_has_failed_here():
    def disconnected(_):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError) as failed:
        list(in_turn(disconnected, [(0, None), (1, None)], jobs=2))

    assert isinstance(failed.value.__cause__, AdminShutdown)
    assert "in disconnected" in failed.value.__notes__[0]


def test_a_job_that_is_killed_is_told_of():
    with pytest.raises(CommandError, match=r"A job ended before its work was done\."):
        list(in_turn(_squared, _tasks([1, 17, 3, 5, 7, 9, 11], 2), jobs=2))


def test_every_job_has_a_connection_of_its_own():
    def backend(_):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]

    first, second, again = in_turn(backend, [(0, None), (1, None), (0, None)], jobs=2)

    assert first == again
    assert len({first, second, backend(None)}) == 3


def test_what_goes_wrong_with_what_is_made_ahead_is_raised_in_its_turn():
    def numbers():
        yield 1
        raise ValueError("unlucky")

    made = ahead(numbers())

    assert next(made) == 1
    with pytest.raises(ValueError, match="unlucky"):
        next(made)
