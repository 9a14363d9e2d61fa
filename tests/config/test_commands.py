"""What a shell is told when a command cannot do its work: one line, and a status of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError

from cancellations.management.commands.migrate import TURN
from cancellations.queues import queues
from cancellations.worker import Draining
from tests.benchmarks.measuring import PROJECT
from tests.support.builders import order_document
from tests.support.databases import migrated_database
from tests.support.long_forms import some_of

NOWHERE = "postgres://nobody@127.0.0.1:1/nothing"


def manage(url, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-W", "error", "manage.py", *map(str, arguments)],
        cwd=PROJECT,
        env=os.environ | {"DEBUG": "1", "DATABASE_URL": str(url)},
        stdout=options.get("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process):
    output, errors = process.communicate(timeout=120)
    return process.returncode, output, errors


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    some_of(["migrate", "verify_orders", "process_refunds --once", "process_refunds --alive"], 2),
)
def test_a_database_that_is_gone_ends_a_command_with_one_line_and_3(command):
    status, output, errors = ended(manage(NOWHERE, *command.split()))

    assert (status, output) == (3, "")
    assert errors.splitlines()[-1].startswith(
        f"{command.split()[0]}: the database failed: connection"
    )
    assert "Traceback" not in errors


@pytest.fixture
def database(tmp_path):
    """As ``migrate`` leaves it, for commands in processes of their own."""
    server = os.environ.get("DATABASE_URL", "sqlite:")
    with migrated_database(server, "commands", tmp_path) as url:
        yield url


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_disk_that_is_full_ends_a_command_with_one_line_and_3(database, jsonl):
    assert ended(manage(database, "import_orders", jsonl(order_document())))[0] == 0

    to_a_file = ended(manage(database, "export_orders", "--output", "/dev/full"))
    with open("/dev/full", "w") as full:
        to_output = ended(manage(database, "export_orders", stdout=full))

    said = (3, "export_orders: the disk failed: No space left on device\n")
    assert (to_a_file[0], to_a_file[2]) == (to_output[0], to_output[2]) == said


@pytest.mark.slow
def test_a_lost_system_user_ends_a_command_with_one_line(database, jsonl):
    lose = "from django.contrib.auth.models import User; User.objects.update(is_active=False)"
    assert ended(manage(database, "shell", "-v", "0", "-c", lose))[0] == 0

    status, _, errors = ended(manage(database, "import_orders", jsonl(order_document())))

    assert status == 1
    assert errors == "import_orders: There is no active user batch; migrate makes it again.\n"


@pytest.mark.django_db
def test_a_worker_that_may_end_says_that_it_could_not_ask(monkeypatch):
    from threading import Event

    def lost(self):
        raise OperationalError("gone")

    monkeypatch.setattr(Draining, "_note_alive", lost)

    with pytest.raises(OperationalError, match="gone"):
        Draining(queues(), hands=1).until(Event(), once=True)


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_migrate_waits_for_its_turn_and_says_so(tmp_path):
    with (
        migrated_database(os.environ["DATABASE_URL"], "waits", tmp_path) as url,
        psycopg.connect(url, autocommit=True) as other,
    ):
        other.execute("SELECT pg_advisory_lock(%s)", [TURN])
        waiting = manage(url, "migrate")
        assert "waiting for it" in waiting.stderr.readline()
        time.sleep(1)
        assert waiting.poll() is None
        other.execute("SELECT pg_advisory_unlock(%s)", [TURN])

        assert ended(waiting)[0] == 0
