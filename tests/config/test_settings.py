"""Settings that the start refuses, with one line that tells no secret."""

import os
import subprocess
import sys

import pytest

from tests.benchmarks.measuring import PROJECT
from tests.support.long_forms import some_of

pytestmark = pytest.mark.slow  # each starts a process


def started(*options, **environment):
    """What ``manage.py check`` says with these variables."""
    return subprocess.run(
        [sys.executable, "manage.py", "check", *options],
        cwd=PROJECT,
        env=os.environ | {"DEBUG": "1"} | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    some_of(
        every=3,
        cases=[
            ("STRIPE_API_KEY", "pk_live_of_the_browser"),
            ("STRIPE_API_KEY", "sk_live with blanks"),
            ("STRIPE_WEBHOOK_SECRET", "sk_live_mistaken"),
            ("STRIPE_API_BASE", "http://api.example.com"),
            ("STRIPE_API_BASE", "stripe.example.com"),
            ("EVENTS_KEPT_DAYS", "1"),
            ("METRICS_PORT", "ninety"),
            ("METRICS_PORT", "65536"),
            ("REPLICA_DATABASE_URL", "mysql://reader:secret@replica/countermand"),
            ("REPLICA_DATABASE_URL", "postgres://reader:secret@replica"),
            ("REPLICA_DATABASE_URL", "postgres://reader:secret@replica:port/countermand"),
            ("REPLICA_LAG_SECONDS", "3601"),
        ],
    ),
)
def test_a_wrong_setting_stops_the_start_and_is_not_shown(name, value):
    run = started(**{name: value})

    assert run.returncode == 1
    assert run.stderr.startswith(f'countermand: Environment variable "{name}" invalid: ')
    assert len(run.stderr.splitlines()) == 1
    assert value not in run.stderr


def test_only_postgresql_has_replicas(tmp_path):
    run = started(
        DATABASE_URL=f"sqlite:///{tmp_path}/one.sqlite3",
        REPLICA_DATABASE_URL="postgres://reader:secret@replica/countermand",
    )

    assert run.returncode == 1
    assert run.stderr == (
        "countermand: REPLICA_DATABASE_URL: DATABASE_URL is not of PostgreSQL,"
        " which alone has replicas.\n"
    )


@pytest.mark.postgresql
def test_a_replica_may_be_named_in_production():
    """It is not asked for anything before somebody reads a list."""
    run = started(
        "--deploy",
        "--fail-level=WARNING",
        DEBUG="0",
        SECRET_KEY="for-the-tests-alone-it-signs-nothing-0123456789-abcdefghij",
        ALLOWED_HOSTS="orders.example.com",
        REPLICA_DATABASE_URL="postgres://reader:secret@replica.invalid/countermand",
    )

    assert run.returncode == 0, run.stderr


def test_right_ones_start():
    run = started(
        STRIPE_API_KEY="rk_live_1234",
        STRIPE_WEBHOOK_SECRET="whsec_1234",
        STRIPE_API_BASE="http://127.0.0.1:8420/",
    )

    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    some_of(
        every=4,
        cases=[
            ("TRUSTED_PROXIES", "10.0.0.0/8,proxy.example.com"),
            ("APPROVAL_OVER", "EUR"),
            ("APPROVAL_OVER", "eur=5"),
            ("APPROVAL_OVER", "EUR=-5"),
            ("APPROVAL_OVER", "EUR=500.00,USD=NaN"),
        ],
    ),
)
def test_a_wrong_list_stops_the_start_with_one_line(name, value):
    run = started(**{name: value})

    assert run.returncode == 1
    assert run.stderr.startswith(f"countermand: {name}: ")
    assert len(run.stderr.splitlines()) == 1


def test_right_lists_start():
    run = started(TRUSTED_PROXIES="10.0.0.0/8, ::1", APPROVAL_OVER="EUR=500.00, JPY=50000")

    assert run.returncode == 0, run.stderr
