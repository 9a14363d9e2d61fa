"""Refunds and releases carried out by workers that die, over a gateway that fails in every way.

    python -m tests.proofs.soak [--refunds 2000] [--releases 300] [--workers 4] [--undos 100]

Workers are killed by SIGKILL while they work; agents cancel and undo meanwhile; a manager sees to
what fails. In the end the sandbox's ledger, which no transaction of ours holds, must have paid
every refund and release exactly once and to the cent, and nothing that was undone. Exit status 1
when it has not.
"""

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import django

from tests.support.database import POSTGRESQL_SCHEMES
from tests.support.databases import database_server, describe, migrated_database


def main() -> int:
    """Soak on PostgreSQL; gives the exit status."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as path, database_server(Path(path)) as server:
        if not server.startswith(POSTGRESQL_SCHEMES):
            sys.exit("The soak needs PostgreSQL: apt-get install postgresql, or set DATABASE_URL.")
        settings = ", ".join(f"{name} {value}" for name, value in vars(asked).items())
        print(f"{settings}; database: {describe(server)}\n", flush=True)
        with migrated_database(server, "soak", Path(path)) as database:
            _start_django(database)
            return _soak(asked, Path(path))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.proofs.soak", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    for name, default, meaning in (
        ("refunds", 2000, "refunds to carry out"),
        ("releases", 300, "releases to carry out beside them"),
        ("workers", 4, "processes that carry out"),
        ("undos", 100, "cancellations that are undone meanwhile, or come too late for it"),
        ("kill-every", 2, "seconds between two workers that are killed"),
        ("longest", 1200, "seconds in which everything must have ended"),
        ("seed", random.randrange(1_000_000), "of who does what"),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, help=meaning)
    return parser.parse_args()


def _start_django(database: str) -> None:
    os.environ |= {
        "DATABASE_URL": database,
        "DEBUG": "1",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "REFUND_HOLD_SECONDS": "5",
        "REFUND_FIRST_WAIT_SECONDS": "1",
        "GATEWAY_TIMEOUT_SECONDS": "1",
    }
    django.setup()


def _soak(asked: argparse.Namespace, folder: Path) -> int:
    from django.db import connections

    from tests.proofs.soak.people import Manager, Undoing
    from tests.proofs.soak.stage import canceled
    from tests.proofs.soak.verdict import judge, unfinished
    from tests.proofs.soak.workers import Workers

    began = monotonic()
    canceled(asked.refunds, asked.releases, folder)
    print(f"{monotonic() - began:6.0f} s  canceled", flush=True)
    stop = Event()
    undoing = Undoing(asked.undos, asked.seed)
    manager = Manager()
    people = [Thread(target=undoing.work), Thread(target=manager.work, args=[stop])]
    workers = Workers(asked.workers, kill_every=asked.kill_every)
    with workers:
        for person in people:
            person.start()
        people[0].join()
        while (left := unfinished()) and monotonic() - began < asked.longest:
            print(f"{monotonic() - began:6.0f} s  {left} unfinished", flush=True)
            stop.wait(3)
        print(f"{monotonic() - began:6.0f} s  {left} unfinished", flush=True)
        stop.set()
        people[1].join()
    verdict = judge(undoing, manager, workers.killed, folder)
    print(verdict, flush=True)
    connections.close_all()
    return int(not verdict.is_passed)


if __name__ == "__main__":
    sys.exit(main())
