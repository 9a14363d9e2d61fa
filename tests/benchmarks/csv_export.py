"""How fast a list leaves as CSV, and in how much memory of the worker that writes it."""

from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from tests.benchmarks.filling import fill
from tests.benchmarks.serving import Agent, served
from tests.benchmarks.telling import tell
from tests.benchmarks.worker_memory import Peak, workers
from tests.support.databases import new_database

EXPORT = "/exports/order-summaries/"
LEAST, MOST_MEGABYTES = 10_000, 150
TIMES = 3


def measure_export(server: str, folder: Path, orders: int) -> None:
    """Rows of the rate and of the worker's peak: all orders of a shop with so many."""
    with new_database(server, "export", folder, like="empty") as database:
        fill(database, orders)
        with served(database, folder, 1, WEB_CONCURRENCY="1") as [agent]:
            [worker] = workers(folder)
            with Peak(worker) as peak:
                rates = [_rate(agent, orders) for _ in range(TIMES)]
    work = f"CSV of {orders:,} orders"
    size = agent.answers[-1].sent_bytes / 1_000_000
    tell(work, median(rates), "rows/s", least=LEAST, of_it=f"{size:.1f} MB compressed")
    grown = f"{peak.before:.0f} MB before it"
    tell(f"{work}, peak of the worker", peak.megabytes, "MB", most=MOST_MEGABYTES, of_it=grown)


def _rate(agent: Agent, orders: int) -> float:
    fields = {"csrfmiddlewaretoken": agent.cookies["csrftoken"]}
    answer = agent.ask("POST", EXPORT, urlencode(fields), compressed=True)
    rows = answer.text.count("\n") - 1
    assert (answer.status, rows) == (200, orders), (answer.status, rows)
    return 1000 * rows / answer.took
