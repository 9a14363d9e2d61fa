"""What the pages of long orders take over HTTP, compressed as browsers ask for them."""

from pathlib import Path
from statistics import median

from tests.benchmarks.measuring import measure
from tests.benchmarks.serving import Agent, filled_in, served
from tests.benchmarks.sized_orders import LONG, number_of, write_sized_orders
from tests.benchmarks.telling import tell
from tests.support.databases import new_database

CHOSEN = 100
WARM = 2


def measure_pages(server: str, folder: Path, times: int) -> None:
    """Rows of pages that are asked for so many times each."""
    long, hundred = number_of(LONG, 0), number_of(CHOSEN, 0)
    with new_database(server, "pages", folder, like="empty") as database:
        measure(database, "import_orders", write_sized_orders(folder, {LONG: 1, CHOSEN: 1}))
        with served(database, folder, 1) as [agent]:
            record = f"/order-summaries/{long}/"
            _page(agent, f"record of {LONG:,} lines", record, 80, times)
            select = agent.get(f"{record}cancel-items/").path
            _page(agent, f"select, 200 of {LONG:,} lines", select, 80, times)
            page = agent.get(f"/order-summaries/{hundred}/cancel-items/")
            details = agent.post(page, filled_in(page, agent.reason))
            _page(agent, f"details of {CHOSEN} lines", details, 60, times)


def _page(agent: Agent, work: str, path: str, most: int, times: int) -> None:
    agent.answers.clear()
    for _ in range(WARM + times):
        agent.get(path, compressed=True)
    measured = agent.answers[WARM:]
    first = measured[0]
    computing = median(answer.computing for answer in measured)
    tell(
        work,
        median(answer.took for answer in measured),
        most=most,
        wrong="" if first.is_compressed else "not compressed",
        of_it=f"computing {computing:.1f} ms, {first.statements} statements,"
        f" {first.sent_bytes / 1000:.0f} kB",
    )
