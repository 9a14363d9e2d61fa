"""What a submit takes over HTTP, in multiples of the signed floor (``floor.py``).

Real clients in front of gunicorn, as in production behind a proxy that ends TLS. Both sides take
turns, each with orders that nobody touched before.
"""

import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from tests.benchmarks.measuring import measure
from tests.benchmarks.serving import Agent, filled_in, served
from tests.benchmarks.sized_orders import LONG, number_of, write_sized_orders
from tests.benchmarks.telling import tell
from tests.support.databases import new_database

FLOOR = Path(__file__).with_name("floor.sql")
SIZES = {1: 2.0, 10: 2.2, 100: 3.5}
"""Lines of an order, and in how many times the floor's time a submit of them is to be done."""
WARM = 3
CLIENTS = 4
MOST_STATEMENTS = 18
STEPS_AND_AROUND = 8
"""Requests of a whole wizard: its start, three steps shown and sent, and the record."""


def measure_submits(server: str, folder: Path, times: int) -> None:
    """Rows of each size, of whole wizards, of four clients at once and of a long order; so many
    submits each, half as many of each client and of whole wizards, and a sixth of the long order.
    """
    each, long_times = max(2, times // 2), max(1, times // 6)
    hundreds = WARM + times + (CLIENTS + 1) * each
    sizes = {1: WARM + times, 10: WARM + times, 100: hundreds, LONG: long_times}
    with new_database(server, "submits", folder, like="empty") as database:
        measure(database, "import_orders", write_sized_orders(folder, sizes))
        with psycopg.connect(database) as connection:
            connection.execute(FLOOR.read_text())
        with served(database, folder, CLIENTS) as agents:
            for lines, most in SIZES.items():
                _size(agents[0], lines, most, times)
            own = [
                [number_of(100, WARM + times + each * of + number) for number in range(each)]
                for of in range(CLIENTS + 1)
            ]
            _whole_wizards(agents[0], own.pop())
            _clients(agents, own)
            _long(agents[0], long_times)


def until_review(agent: Agent, order: str) -> Callable[[], str]:
    """Answer the steps before review; gives what submits it."""
    page = agent.get(f"/order-summaries/{order}/cancel-items/")
    while page.step != "review":
        page = agent.get(agent.post(page, filled_in(page, agent.reason)))
    fields = filled_in(page, agent.reason)
    return lambda: agent.post(page, fields)


def _over_the_floor(agent: Agent, order: str) -> None:
    fields = {"run": str(uuid4()), "csrfmiddlewaretoken": agent.cookies["csrftoken"]}
    answer = agent.ask("POST", f"/floor/{order}/", urlencode(fields))
    if answer.status != 200:
        sys.exit(f"the floor answered {answer.status}: {answer.text[:500]}")


def _size(agent: Agent, lines: int, most: float, times: int) -> None:
    ours, floor = [], []
    for number in range(WARM + times):
        order = number_of(lines, number)
        until_review(agent, order)()
        ours.append(agent.answers[-1])
        _over_the_floor(agent, order)
        floor.append(agent.answers[-1].took)
    took, floor = [answer.took for answer in ours[WARM:]], floor[WARM:]
    work = f"submit of {lines} line{'' if lines == 1 else 's'}"
    of_it = f"{median(took):.1f} ms, floor {median(floor):.1f} ms"
    tell(f"{work}, by the floor", median(took) / median(floor), "×", most=most, of_it=of_it)
    tell(f"{work}, p95 by the median", _p95(took) / median(took), "×", most=1.5)
    most_sent = max(answer.statements for answer in ours)
    tell(f"{work}, sent", most_sent, "statements", most=MOST_STATEMENTS)


def _p95(took: list[float]) -> float:
    return quantiles(took, n=20)[-1] if len(took) > 1 else took[0]


def _whole_wizards(agent: Agent, orders: Sequence[str]) -> None:
    computing, counts = [], set()
    for order in orders:
        agent.answers.clear()
        agent.get(until_review(agent, order)())
        computing.append(sum(answer.computing for answer in agent.answers))
        counts.add(len(agent.answers))
    requests = ", ".join(f"{count} requests" for count in sorted(counts))
    wrong = "" if counts == {STEPS_AND_AROUND} else f"not {STEPS_AND_AROUND} requests"
    work = "whole wizard of 100 lines, computing"
    tell(work, median(computing), most=200, wrong=wrong, of_it=requests)


def _clients(agents: Sequence[Agent], own: Sequence[Sequence[str]]) -> None:
    pairs = list(zip(agents, own, strict=True))
    submits = [[until_review(agent, order) for order in orders] for agent, orders in pairs]
    floors = [
        [lambda agent=agent, order=order: _over_the_floor(agent, order) for order in orders]  # type: ignore[misc]
        for agent, orders in pairs
    ]
    ours, floor = _rate(submits), _rate(floors)
    work = f"{len(agents)} clients, submits of 100 lines each"
    tell(work, ours, "/s", least=30)
    tell(f"{work}, by the floor", ours / floor, "×", least=0.28, of_it=f"floor {floor:.1f} /s")


def _long(agent: Agent, times: int) -> None:
    submits, reviews = [], []
    for number in range(times):
        page = agent.get(f"/order-summaries/{number_of(LONG, number)}/cancel-all/")
        page = agent.get(agent.post(page, filled_in(page, agent.reason)))
        reviews.append(agent.answers[-1].took)
        agent.post(page, filled_in(page, agent.reason))
        submits.append(agent.answers[-1])
    work = f"Cancel All of {LONG:,} lines"
    tell(f"{work}, review", median(reviews), most=400)
    tell(f"{work}, submit", median(answer.took for answer in submits), most=700)
    most_sent = max(answer.statements for answer in submits)
    tell(f"{work}, sent", most_sent, "statements", most=MOST_STATEMENTS)


def _rate(work: Sequence[Sequence[Callable[[], Any]]]) -> float:
    since = time.perf_counter()
    with ThreadPoolExecutor(len(work)) as pool:
        list(pool.map(lambda own: [do() for do in own], work))
    return sum(map(len, work)) / (time.perf_counter() - since)
