"""A race for the units of a few orders: ``python -m tests.proofs.races [--clients 16]``.

Many agents cancel items of the same orders through HTTP at the same time, with double clicks
and repeated submissions, while more is reported as captured and a manager refunds what is owed.
Whatever they do, no unit may be canceled that was not there, no cancellation may be lost or made
twice, and what is owed goes back once; the exit status is 1 if that does not hold. The seed fixes
what each agent tries, not who comes first.
"""

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from threading import Event

from tests.proofs.races.agents import Agent, Tally
from tests.proofs.races.others import Manager, Reporter
from tests.proofs.races.stage import MANAGER, PASSWORD, prepare, serving
from tests.proofs.races.verdict import judge
from tests.support.database import POSTGRESQL_SCHEMES
from tests.support.databases import database_server, describe, migrated_database
from tests.support.wizard_client import Browser


def main() -> None:
    """Set the stage, let the agents race and judge what they left."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as path, database_server(Path(path)) as server:
        if not server.startswith(POSTGRESQL_SCHEMES):
            sys.exit("The race needs PostgreSQL: apt-get install postgresql, or set DATABASE_URL.")
        settings = ", ".join(f"{name} {value}" for name, value in vars(asked).items())
        print(f"{settings}; database: {describe(server)}\n", flush=True)
        with migrated_database(server, "race", Path(path)) as database:
            tally = _race(database, Path(path), asked)
            verdict = judge(database, tally)
    print(verdict)
    if not verdict.is_passed:
        sys.exit(1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.proofs.races",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    for name, default, meaning in (
        ("clients", 16, "agents at work at the same time"),
        ("workers", 4, "processes of gunicorn"),
        ("orders", 3, "orders that the agents cancel items of"),
        ("units", 30, "units of each line"),
        ("attempts", 20, "wizard runs of each client at most"),
        ("seed", 1, "of what the agents try"),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, help=meaning)
    return parser.parse_args()


def _race(database: str, folder: Path, asked: argparse.Namespace) -> Tally:
    """Let everybody work in a thread of their own; gives what they met."""
    names = [f"agent{number}" for number in range(1, asked.clients + 1)]
    orders = {f"RACE-{number}" for number in range(1, asked.orders + 1)}
    captured = prepare(database, folder, names, sorted(orders), asked.units)
    tally, stop = Tally(), Event()
    with (
        serving(database, asked.workers, folder / "gunicorn.log") as site,
        ThreadPoolExecutor(len(names) + 2) as pool,
    ):
        manager = Manager(Browser(site), sorted(orders), tally)
        reporter = Reporter(database, captured, folder)
        others = [
            pool.submit(manager.work, MANAGER, PASSWORD, stop),
            pool.submit(reporter.work, stop),
        ]
        agents = [Agent(Browser(site), name, asked.seed, orders, tally, stop) for name in names]
        work = [pool.submit(agent.work, PASSWORD, asked.attempts) for agent in agents]
        try:
            for done in as_completed(work):
                done.result()
        finally:
            stop.set()
        for other in others:
            other.result()
        manager.settle_all()
    return tally


if __name__ == "__main__":
    main()
