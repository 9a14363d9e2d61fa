"""What the start refuses of keys, and what settings make of the database."""

import os
import subprocess
import sys
from itertools import product

import pytest

from tests.benchmarks.measuring import PROJECT
from tests.support.long_forms import some_of

pytestmark = pytest.mark.slow  # each starts a process

GOOD = "for-the-tests-alone-it-signs-nothing-0123456789-abcdefghij"


def started(code="", **environment):
    return subprocess.run(
        [sys.executable, "-c", f"from config import settings; {code}"],
        cwd=PROJECT,
        env=os.environ
        | {"DEBUG": "0", "ALLOWED_HOSTS": "example.com", "DATABASE_IDLE_SECONDS": "60"}
        | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("name", "key"),
    some_of(product(["SECRET_KEY", "SECRET_KEY_FALLBACKS"], ["short", "x" * 60, GOOD[:49]]), 4),
)
def test_a_key_that_can_be_guessed_stops_the_start_and_is_not_shown(name, key):
    run = started(**{"SECRET_KEY": GOOD, name: key})

    assert run.returncode == 1
    assert run.stderr.startswith("countermand: SECRET_KEY")
    assert run.stderr.count("\n") == 1
    assert key not in run.stderr


def test_a_key_and_those_before_it_start():
    before = GOOD[::-1]

    run = started(
        "print(settings.SECRET_KEY_FALLBACKS)", SECRET_KEY=GOOD, SECRET_KEY_FALLBACKS=before
    )

    assert (run.returncode, run.stdout) == (0, f"['{before}']\n")


@pytest.mark.parametrize(
    ("environment", "limits"),
    [
        ({}, "-c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"),
        (
            {"DATABASE_STATEMENT_SECONDS": "0", "DATABASE_IDLE_SECONDS": "0"},
            "-c statement_timeout=0s -c idle_in_transaction_session_timeout=0s",
        ),
        ({"DATABASE_POOLER": "1"}, None),
    ],
    ids=["pages", "commands", "behind a pooler"],
)
def test_every_connection_has_limits_but_a_pooler_is_told_none(environment, limits):
    told = "print(settings.DATABASES['default']['OPTIONS'].get('options'))"
    run = started(told, SECRET_KEY=GOOD, DATABASE_URL="postgres://db.example.com/c", **environment)

    assert run.stdout == f"{limits}\n"


def test_what_the_address_of_the_database_says_wins():
    told = "print(settings.DATABASES['default']['OPTIONS'])"
    url = "postgres://db.example.com/c?connect_timeout=9&options=-c%20statement_timeout%3D1s"

    options = started(told, SECRET_KEY=GOOD, DATABASE_URL=url).stdout

    assert "'connect_timeout': '9'" in options or "'connect_timeout': 9" in options
    assert "=60s -c statement_timeout=1s'" in options
