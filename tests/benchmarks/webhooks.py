"""How many events two workers deliver in a second to a receiver that answers at once."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tests.benchmarks.measuring import PROJECT, environment, measure, shell
from tests.benchmarks.refunds import write_orders
from tests.benchmarks.telling import tell
from tests.support.databases import new_database
from tests.support.receiver import Receiver

WORKERS, LEAST = 2, 300
MAY_CALL = {"WEBHOOK_HOSTS_ALLOWED": "127.0.0.1"}
ENDPOINT = """
from django.contrib.auth.models import Group, User
from console.people.rights import MANAGER
from integrations.events.endpoints import create_endpoint
manager = User.objects.create_user("hears")
manager.groups.add(Group.objects.get(name=MANAGER))
create_endpoint(address=%s, by=User.objects.get(pk=manager.pk))
"""


def measure_deliveries(server: str, folder: Path, count: int) -> None:
    """A row: so many events, published and delivered by two workers who begin at once."""
    orders, _ = write_orders(folder, count)
    with new_database(server, "webhooks", folder, like="empty") as database, Receiver() as receiver:
        shell(database, ENDPOINT % json.dumps(receiver.address), **MAY_CALL)
        measure(database, "import_orders", orders)
        since = time.perf_counter()
        workers = [_worker(database) for _ in range(WORKERS)]
        _until_delivered(database, count)
        took = time.perf_counter() - _first(receiver, since)
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait()
    assert len(set(receiver.names)) == count, len(receiver.names)
    work = f"webhooks, {count:,} events delivered by {WORKERS} workers"
    tell(work, count / took, "/s", least=LEAST)


def _first(receiver: Receiver, since: float) -> float:
    """When the first came: the start of the workers is left out."""
    began = receiver.requests[0].at
    return max(began, since)


def _until_delivered(database: str, count: int) -> None:
    delivered = "SELECT count(*) FROM integrations_delivery WHERE status = 'delivered'"
    with psycopg.connect(database, autocommit=True) as connection:
        while connection.execute(delivered).fetchone() != (count,):
            time.sleep(0.05)


def _worker(database: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-W", "ignore", "manage.py", "deliver_events"]
    return subprocess.Popen(
        command, cwd=PROJECT, env=_environment(database), stdout=subprocess.DEVNULL
    )


def _environment(database: str) -> dict[str, str]:
    return {**os.environ, **environment(database), **MAY_CALL}
