"""Whether a worker grows while it answers: lists, records, whole wizards, and long orders."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from tests.benchmarks.measuring import measure
from tests.benchmarks.serving import Agent, filled_in, served
from tests.benchmarks.sized_orders import LONG, number_of, write_sized_orders
from tests.benchmarks.submits import until_review
from tests.benchmarks.telling import tell
from tests.benchmarks.worker_memory import megabytes, workers
from tests.support.databases import new_database

CLIENTS = 4
MOST_PERCENT = 3.0
LEAST_REQUESTS_A_ROUND = 13
HUNDRED_EVERY, LONG_EVERY = 10, 40
"""Of so many rounds, one is with an order of 100 lines, and one with a long order."""
PAGES = (
    "/order-summaries/",
    "/order-summaries/?q=lauren",
    "/order-summaries/?sort=-total&status=created",
    "/change-orders/",
    "/accounts/",
)


def measure_memory(server: str, folder: Path, requests: int) -> None:
    """A row: how much more a worker takes after so many requests than after a tenth of them."""
    rounds = requests // LEAST_REQUESTS_A_ROUND + 2 * CLIENTS
    orders = {3: rounds, 100: rounds // HUNDRED_EVERY + 1, LONG: rounds // LONG_EVERY + 1}
    with new_database(server, "memory", folder, like="empty") as database:
        measure(database, "import_orders", write_sized_orders(folder, orders))
        with served(database, folder, CLIENTS, WEB_CONCURRENCY="1") as agents:
            [worker] = workers(folder)
            numbers, seen = count(), []
            for tenths in range(1, 11):
                _until(agents, requests * tenths // 10, numbers)
                seen.append(megabytes(worker))
    told = " ".join(f"{each:.0f}" for each in seen)
    tell(
        f"memory of a worker from request {requests // 10:,} to {requests:,}",
        100 * (seen[-1] / seen[0] - 1),
        "%",
        most=MOST_PERCENT,
        of_it=f"MB after each tenth: {told}",
    )


def _until(agents: Sequence[Agent], requests: int, numbers: "count[int]") -> None:
    """Let them go round until they have asked for so many in all."""

    def work(agent: Agent) -> None:
        while sum(each.asked for each in agents) < requests:
            _round(agent, next(numbers))
            agent.answers.clear()

    with ThreadPoolExecutor(len(agents)) as pool:
        list(pool.map(work, agents))


def _round(agent: Agent, number: int) -> None:
    for page in PAGES:
        agent.get(page, compressed=True)
    agent.get(until_review(agent, number_of(3, number))(), compressed=True)
    if number % HUNDRED_EVERY == 0:
        agent.get(until_review(agent, number_of(100, number // HUNDRED_EVERY))())
    if number % LONG_EVERY == 0:
        record = f"/order-summaries/{number_of(LONG, number // LONG_EVERY)}/"
        agent.get(record, compressed=True)
        agent.get(f"{record}cancel-items/", compressed=True)
        page = agent.get(f"{record}cancel-all/")
        page = agent.get(agent.post(page, filled_in(page, agent.reason)))
        agent.get(agent.post(page, filled_in(page, agent.reason)), compressed=True)
