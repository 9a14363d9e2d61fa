"""Kills the acts at every statement and COMMIT, and prints what that left.

    python -m tests.proofs.crashes [--database postgresql|sqlite] [--every 1] [ACT …]

Submit in the wizard, the commands, calls of the API with their events and deliveries, undo,
people's decisions on refunds and gateways' notices run
in child processes that die by SIGKILL. Each must leave every change whole or not there, and must
end well when it is repeated; the worker may leave a refund half sent, which the next one finishes.
Exit status 1 when one does not.
"""

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

import django
from tqdm import tqdm

from tests.support.database import POSTGRESQL_SCHEMES
from tests.support.databases import database_server, describe, migrated_database


def main() -> int:
    """Try every act on one database; gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.crashes")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--every", type=int, default=1, help="a kill at each statement of so many")
    parser.add_argument("--moments", type=int, default=10, help="kills at random, for each act")
    parser.add_argument("acts", nargs="*", metavar="ACT", help="default: all")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, _server(arguments.database, Path(name)) as server:
        print(f"database: {describe(server)}; seed: {arguments.seed}\n", flush=True)
        with migrated_database(server, "crashes", Path(name)) as database:
            _start_django(database)
            return _try_all(Path(name), arguments)


@contextmanager
def _server(kind: str, folder: Path) -> Iterator[str]:
    """Where to make the database; ends the program if there is no such server."""
    if kind == "sqlite":
        yield "sqlite:"
        return
    with database_server(folder) as server:
        if not server.startswith(POSTGRESQL_SCHEMES):
            sys.exit("There is no PostgreSQL here; --database sqlite does without.")
        yield server


def _start_django(database: str) -> None:
    """Django on a migrated database, in one thread: children are forked from here.

    tqdm's monitor would be a second thread; its lock, shared with the children, would stay
    locked by one that dies.
    """
    os.environ |= {"DATABASE_URL": database, "DEBUG": "1", "ALLOWED_HOSTS": "testserver"}
    os.environ |= {"REFUND_HOLD_SECONDS": "86400"}  # nothing is due before its act makes it so
    os.environ |= {"CUSTOMER_NOTICES": "1", "DEFAULT_FROM_EMAIL": "shop@example.com"}
    os.environ["EMAIL_URL"] = "dummy:"
    os.environ["WEBHOOK_HOSTS_ALLOWED"] = "127.0.0.1"
    os.environ["LOG_LEVEL"] = "WARNING"  # a crash says nothing else on standard error
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    tqdm.monitor_interval = 0
    tqdm.set_lock(RLock())
    django.setup()


def _try_all(folder: Path, asked: argparse.Namespace) -> int:
    from django.db import connections

    from tests.proofs.crashes.acts import ACTS
    from tests.proofs.crashes.api_acts import API_ACTS
    from tests.proofs.crashes.approval_acts import APPROVAL_ACTS
    from tests.proofs.crashes.printing import print_head, print_row, print_summary
    from tests.proofs.crashes.refund_acts import REFUND_ACTS
    from tests.proofs.crashes.trials import Trial

    print_head()
    reports = []
    for act in (*ACTS, *APPROVAL_ACTS, *REFUND_ACTS, *API_ACTS):
        if asked.acts and act.name not in asked.acts:
            continue
        trial = Trial(act, folder, asked.seed, every=asked.every, moments=asked.moments)
        reports.append(trial.run())
        print_row(reports[-1])
    connections.close_all()
    print_summary(reports)
    return int(any(report.problems for report in reports))


if __name__ == "__main__":
    sys.exit(main())
