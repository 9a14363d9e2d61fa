"""Strangers who sign in without end: ``python -m tests.proofs.hostile.door_load [--clients 12]``.

Each of them tries another name and password as soon as the last was answered, from so many
addresses that no throttle by address stops them; meanwhile an agent reads the list of orders.
They come and go in turns, and each turn is held against the quiet just before it, for whatever
else the machine does weighs on both. The exit status is 1 when the median turn takes more than
twice its quiet time. The strangers yield their processor to the console, as they would stand on
other machines.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from tests.proofs.races.agents import sign_in
from tests.proofs.races.stage import PASSWORD, prepare, serving
from tests.support.database import POSTGRESQL_SCHEMES
from tests.support.databases import database_server, migrated_database
from tests.support.wizard_client import Browser

AGENT = "agent1"
LIST = "/order-summaries/"
TURNS = 7
LOOKS = 12
SETTLING_SECONDS = 1
MOST_TIMES_AS_LONG = 2
NO_THROTTLE = {"SIGN_IN_TRIES_OF_ADDRESS": "100000"}


@dataclass(frozen=True, slots=True)
class DoorLoad:
    """How long the list of orders takes, in milliseconds, and what strangers got.

    Attributes:
        turns: The median quiet and the median with strangers, of each turn.
        answers: How often they got each status.
    """

    turns: Sequence[tuple[float, float]]
    answers: Counter[int]

    @property
    def times(self) -> float:
        """How many times as long it takes with strangers, in the median turn."""
        return statistics.median(loaded / quiet for quiet, loaded in self.turns)

    @property
    def are_answered(self) -> bool:
        """Strangers get an answer, and never another than that it was wrong, or to wait."""
        tried = self.answers[200] + self.answers[503]
        return tried > 0 and set(self.answers) <= {200, 429, 503}

    @property
    def is_passed(self) -> bool:
        return self.are_answered and self.times <= MOST_TIMES_AS_LONG

    def __str__(self) -> str:
        got = ", ".join(f"{count} × {status}" for status, count in sorted(self.answers.items()))
        quiet, loaded = (statistics.median(took) for took in zip(*self.turns, strict=True))
        return (
            f"list of orders: {quiet:.0f} ms quiet, {loaded:.0f} ms with strangers at the door"
            f" ({self.times:.1f} times, the median of {len(self.turns)} turns)\n"
            f"strangers got: {got}"
        )


def measure(site: str, clients: int, turns: int = TURNS) -> DoorLoad:
    """Look at the list as an agent, in turns alone and with so many strangers at the door."""
    agent = Browser(site)
    sign_in(agent, AGENT, PASSWORD)
    _looks(agent)  # whatever is loaded once is loaded
    took = []
    with _strangers(site, clients) as (are_there, answers):
        for _ in range(turns):
            are_there.clear()
            time.sleep(SETTLING_SECONDS)
            quiet = _looks(agent)
            are_there.set()
            time.sleep(SETTLING_SECONDS)
            took.append((quiet, _looks(agent)))
    return DoorLoad(took, answers)


def _looks(agent: Browser) -> float:
    took = []
    for _ in range(LOOKS):
        since = time.perf_counter()
        page = agent.get(LIST)
        took.append(1000 * (time.perf_counter() - since))
        if (page.status, page.path) != (200, LIST):
            sys.exit(f"the agent got {page.status} at {page.path}")
    return statistics.median(took)


@contextmanager
def _strangers(site: str, clients: int) -> Iterator[tuple[Any, Counter[int]]]:
    """So many at the door while the event is set; in the end the counter holds what they got."""
    context, answers = get_context("spawn"), Counter[int]()
    stop, are_there, told = context.Event(), context.Event(), context.SimpleQueue()
    crowd = context.Process(target=_crowd, args=(site, clients, stop, are_there, told))
    crowd.start()
    try:
        yield are_there, answers
    finally:
        stop.set()
        answers.update(told.get())
        crowd.join()


def _crowd(site: str, clients: int, stop: Any, are_there: Any, told: Any) -> None:
    os.nice(19)
    answers = Counter[int]()
    strangers = [
        Thread(target=_try, args=(site, number, stop, are_there, answers))
        for number in range(clients)
    ]
    for stranger in strangers:
        stranger.start()
    for stranger in strangers:
        stranger.join()
    told.put(answers)


def _try(site: str, number: int, stop: Any, are_there: Any, answers: Counter[int]) -> None:
    browser, turn = Browser(site), 0
    form = browser.get("/sign-in/").form("username")
    assert form is not None
    token = next(c.value for c in form.controls if c.name == "csrfmiddlewaretoken")
    while not stop.is_set():
        if not are_there.wait(0.1):
            continue
        turn += 1
        guess = {"username": f"guess{number}-{turn}", "password": "wrong"}
        fields = guess | {"csrfmiddlewaretoken": token}
        answers[browser.post("/sign-in/", urlencode(fields).encode()).status] += 1


def measured(folder: Path, clients: int, turns: int = TURNS, **environment: str) -> DoorLoad:
    """The same on a database and a gunicorn of its own.

    Args:
        environment: Variables of the console's, beside those that let the strangers go on.
    """
    with database_server(folder) as server:
        if not server.startswith(POSTGRESQL_SCHEMES):
            sys.exit("This needs PostgreSQL: apt-get install postgresql, or set DATABASE_URL.")
        with migrated_database(server, "door", folder) as database:
            prepare(database, folder, [AGENT], [f"DOOR-{n}" for n in range(30)], units=3)
            variables = NO_THROTTLE | environment
            log = folder / "gunicorn.log"
            with serving(database, 2, log, threads=8, **variables) as site:
                return measure(site, clients, turns)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.hostile.door_load")
    parser.add_argument("--clients", type=int, default=12, help="strangers at the door")
    with tempfile.TemporaryDirectory() as folder:
        load = measured(Path(folder), parser.parse_args().clients)
    print(load)
    if not load.is_passed:
        sys.exit(1)


if __name__ == "__main__":
    main()
