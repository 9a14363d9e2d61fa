"""A database that is frozen, gone, or full; and two who migrate it at once."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests.benchmarks.measuring import PROJECT
from tests.proofs.drills.filling import may_mount, said_by_a_trigger, small_disk
from tests.proofs.drills.stage import command, console, expect, until, written
from tests.proofs.races.stage import _environment
from tests.support.builders import order_document

LIST = "/order-summaries/"
MORE_ORDERS = 200
FEWEST = 10
"""Pages asked for while the server is gone, however slow the command beside them is."""


def frozen(stage, folder):
    """The server's processes are stopped: it takes connections, and says nothing."""
    with console(stage, folder) as ask, ThreadPoolExecutor(16) as agents:
        list(agents.map(ask, [LIST] * 8))
        with stage.frozen():
            first = list(agents.map(ask, [LIST] * 16))
            health, ready, later = ask("/healthz"), ask("/readyz"), ask(LIST)
        back = until(15, lambda: ask(LIST)[0] == 200)
        expect({status for status, _, _ in first}, {503}, "pages of a frozen database")
        expect({headers["Retry-After"] for _, _, headers in first}, {"5"}, "Retry-After")
        expect((health[0], ready[0], later[0]), (200, 503, 503), "health, readiness, a page")
        expect(health[1] < 1 and ready[1] < 2 and later[1] < 2, True, "answered in time")
        expect(ask("/readyz")[0], 200, "ready again")
    slowest = max(seconds for _, seconds, _ in first)
    return (
        f"16 pages at once answered 503 within {slowest:.1f} s, later ones in {later[1]:.2f} s,"
        f" /readyz in {ready[1]:.2f} s; served again after {back:.1f} s"
    )


def gone(stage, folder, seconds=10):
    """The server is stopped for ten seconds; pages, commands and a worker outlive it."""
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "process_refunds"],
        cwd=PROJECT,
        env=_environment(stage.url),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with console(stage, folder) as ask:
            expect(ask(LIST)[0], 200, "a page before")
            with stage.gone():
                ended = time.monotonic() + seconds
                answers = [ask(LIST)[0]]
                status, said = command(stage.url, "verify_orders")
                while time.monotonic() < ended or len(answers) < FEWEST:
                    answers.append(ask(LIST)[0])
                    expect(ask("/healthz")[0], 200, "health")
                    expect(ask("/readyz")[0], 503, "readiness")
                    time.sleep(0.2)
            back = until(15, lambda: ask(LIST)[0] == 200)
        expect(set(answers), {503}, "pages meanwhile")
        expect((status, "the database failed" in said), (3, True), f"a command: {said}")
        until(30, lambda: command(stage.url, "process_refunds", "--alive")[0] == 0)
        expect(worker.poll(), None, "the worker")
    finally:
        worker.terminate()
        worker.wait(60)
    return f"{len(answers)} pages answered 503, a command ended with 3; served after {back:.1f} s"


def disk_full(stage, folder):
    """A disk is filled to its last block while orders come in."""
    numbers = [f"FULL-{number}" for number in range(MORE_ORDERS)]
    orders = written(folder / "more.jsonl", [order_document(order_number=n) for n in numbers])
    with (small_disk if may_mount() else said_by_a_trigger)(stage) as how:
        status, said = command(stage.url, "import_orders", orders)
        expect((status, said.count("No space left")), (3, 1), said)
        expect(command(stage.url, "verify_orders")[0], 0, "verify_orders")
    expect(command(stage.url, "import_orders", orders)[0], 0, "the same command later")
    return f"{how}: import_orders ended with 3 and one line, and did its work later"


def two_migrates(stage, folder):
    """Two processes migrate an empty database at the same time."""
    with stage.another("twice") as url, ThreadPoolExecutor(2) as both:
        results = list(both.map(lambda _: command(url, "migrate", "-v", "0"), range(2)))
        expect([status for status, _ in results], [0, 0], f"both {results}")
        expect(command(url, "migrate", "--check")[0], 0, "migrate --check")
    return "both ended with 0, one after the other"
