"""What a submit takes over HTTP, in multiples of the signed floor (``floor.py``).

Real clients in front of gunicorn, as in production behind a proxy that ends TLS. Both sides take
turns, each with orders that nobody touched before.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import psycopg

from tests.benchmarks.measuring import PROJECT, environment, measure
from tests.benchmarks.refunds import order_of
from tests.proofs.races.stage import KEEPER, listening
from tests.support.databases import new_database
from tests.support.wizard_client import Page

FLOOR = Path(__file__).with_name("floor.sql")
SIZES = {1: 2.0, 10: 2.2, 100: 3.5}
"""Lines of an order, and in how many times the floor's time a submit of them is to be done."""
WARM = 3
CLIENTS, LEAST_OF_FLOOR = 4, 0.28
LONG = 2_000
SESSIONS = """
from django.contrib.auth.models import Group, User
from django.test import Client
for n in range(%d):
    user = User.objects.create_user(f"submits{n}"); user.groups.add(Group.objects.get(name="Agent"))
    client = Client(); client.force_login(user); print(client.cookies["sessionid"].value)
"""


class Agent:
    """A signed-in client with one connection that stays open."""

    def __init__(self, site: str, session: str) -> None:
        self._connection = HTTPConnection(urlsplit(site).netloc, timeout=120)
        self._cookies = {"sessionid": session}

    def get(self, path: str) -> Page:
        """The page, after any redirects."""
        status, location, text = self.ask("GET", path)
        return self.get(location) if location else Page(status, urlsplit(path).path, text)

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str, str]:
        """Status, where it leads, and text of one answer."""
        headers = {
            "Host": "localhost",
            "X-Forwarded-Proto": "https",
            "Referer": "https://localhost/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept-Encoding": "identity",
        }
        try:
            self._connection.request(method, path, body or None, headers)
            answer = self._connection.getresponse()
        except RemoteDisconnected:  # it stood idle for longer than gunicorn keeps it
            self._connection.request(method, path, body or None, headers)
            answer = self._connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), text

    def post(self, page: Page, fields: Sequence[tuple[str, str]]) -> str:
        """Where it leads; a page of its own is an error here."""
        status, location, text = self.ask("POST", page.path, urlencode(fields))
        if status != 302:
            sys.exit(f"{page.path}: {Page(status, page.path, text).describe()}")
        return location

    def floor(self, order: str) -> None:
        """Cancel all lines of an order over the floor."""
        fields = {"run": str(uuid4()), "csrfmiddlewaretoken": self._cookies["csrftoken"]}
        status, _, text = self.ask("POST", f"/floor/{order}/", urlencode(fields))
        if status != 200:
            sys.exit(f"the floor answered {status}: {text[:500]}")

    def until_review(
        self, order: str, reason: str, *, all_of_it: bool = False
    ) -> Callable[[], str]:
        """Answer the steps before review; gives what submits it."""
        wizard = "cancel-all" if all_of_it else "cancel-items"
        page = self.get(f"/order-summaries/{order}/{wizard}/")
        while page.step != "review":
            page = self.get(self.post(page, _answers(page, reason)))
        fields = _answers(page, reason)
        return lambda: self.post(page, fields)


def _answers(page: Page, reason: str) -> list[tuple[str, str]]:
    form = page.form("-current_step")
    if form is None:
        sys.exit(f"no step: {page.describe()}")
    for control in form.controls:
        if control.kind == "checkbox" and control.name.endswith("-lines"):
            control.is_on = True
        elif control.name.endswith("-reason") and "-apply-" not in control.name:
            control.value = reason
        elif control.name.endswith("-quantity") and "-apply-" not in control.name:
            control.value = "1"
    return [(c.name, c.value) for c in form.controls if c.is_on and c.name]


def print_submits(server: str, folder: Path, times: int) -> None:
    """A row for each size, for four clients at once and for a long order; so many submits each,
    half as many of each client, and a sixth of the long order.
    """
    each, long_times = max(2, times // 2), max(1, times // 6)
    with new_database(server, "submits", folder, like="empty") as database:
        sizes = {1: WARM + times, 10: WARM + times, 100: WARM + times + CLIENTS * each}
        measure(database, "import_orders", write_sized_orders(folder, sizes | {LONG: long_times}))
        measure(database, "collectstatic", "--noinput")
        with psycopg.connect(database) as connection:
            connection.execute(FLOOR.read_text())
            [reason] = connection.execute(
                "SELECT id FROM cancellations_cancellationreason WHERE NOT needs_note"
                " ORDER BY position LIMIT 1"
            ).fetchone()  # type: ignore[misc]
        sessions = _sessions(database)
        with _serving(database, folder / "gunicorn.log") as site:
            agents = [Agent(site, session) for session in sessions]
            for agent in agents:
                agent.get("/order-summaries/")
            for lines, most in SIZES.items():
                _print_size(agents[0], lines, most, str(reason), times)
            own = [
                [_number(100, WARM + times + each * of + number) for number in range(each)]
                for of in range(CLIENTS)
            ]
            _print_clients(agents, own, str(reason))
            _print_long(agents[0], str(reason), long_times)


def _print_size(agent: Agent, lines: int, most: float, reason: str, times: int) -> None:
    ours, floor = [], []
    for number in range(WARM + times):
        submit = agent.until_review(_number(lines, number), reason)
        ours.append(_timed(submit))
        floor.append(_timed(lambda number=number: agent.floor(_number(lines, number))))  # type: ignore[misc]
    ours, floor = ours[WARM:], floor[WARM:]
    ratio = median(ours) / median(floor)
    tail = (quantiles(ours, n=20)[-1] if times > 1 else ours[0]) / median(ours)
    print(
        f"submit of {lines:>3} lines: {median(ours):6.1f} ms, floor {median(floor):5.1f} ms:"
        f" × {ratio:.1f} (at most {most}); p95 {tail:.1f} × median (at most 1.5)",
        flush=True,
    )


def _print_clients(agents: Sequence[Agent], own: Sequence[Sequence[str]], reason: str) -> None:
    submits = [
        [agent.until_review(order, reason) for order in orders]
        for agent, orders in zip(agents, own, strict=True)
    ]
    floors = [
        [lambda agent=agent, order=order: agent.floor(order) for order in orders]  # type: ignore[misc]
        for agent, orders in zip(agents, own, strict=True)
    ]
    ours, floor = _rate(submits), _rate(floors)
    print(
        f"{len(agents)} clients, 100 lines each: {ours:.1f}/s, floor {floor:.1f}/s:"
        f" {ours / floor:.2f} of it (at least {LEAST_OF_FLOOR})",
        flush=True,
    )


def _print_long(agent: Agent, reason: str, times: int) -> None:
    took, reviews = [], []
    for number in range(times):
        order = _number(LONG, number)
        page = agent.get(f"/order-summaries/{order}/cancel-all/")
        location = agent.post(page, _answers(page, reason))
        since = time.perf_counter()
        page = agent.get(location)
        reviews.append(1000 * (time.perf_counter() - since))
        fields = _answers(page, reason)
        took.append(_timed(lambda page=page, fields=fields: agent.post(page, fields)))  # type: ignore[misc]
    print(
        f"Cancel All of {LONG:,} lines: submit {median(took):.0f} ms (at most 700),"
        f" review {median(reviews):.0f} ms (at most 400)",
        flush=True,
    )


def _rate(work: Sequence[Sequence[Callable[[], Any]]]) -> float:
    since = time.perf_counter()
    with ThreadPoolExecutor(len(work)) as pool:
        list(pool.map(lambda own: [do() for do in own], work))
    return sum(map(len, work)) / (time.perf_counter() - since)


def _timed(do: Callable[[], object]) -> float:
    since = time.perf_counter()
    do()
    return 1000 * (time.perf_counter() - since)


def _number(lines: int, number: int) -> str:
    return f"S{lines}-{number:04}"


def write_sized_orders(folder: Path, counts: Mapping[int, int]) -> Path:
    """Orders of each size, each line taxed and discounted, two units each."""
    path = folder / "submits.orders.jsonl"
    with path.open("w") as file:
        for lines, count in counts.items():
            for number in range(count):
                file.write(f"{json.dumps(_order(lines, number))}\n")
    return path


def _order(lines: int, number: int) -> dict[str, Any]:
    document = order_of(_number(lines, number))
    [line] = document["items"]
    parts = {
        "taxes": [{"name": "Sales tax", "rate": "0.05", "amount": "0.95"}],
        "adjustments": [{"name": "Autumn", "scope": "line", "amount": "-1.00"}],
    }
    document["items"] = [
        line | parts | {"key": str(key), "sku": f"SKU-{key}", "name": f"Thing {key}"}
        for key in range(1, lines + 1)
    ]
    paid = f"{lines * 19.95:.2f}"
    document["payments"][0] |= {"authorized": paid, "captured": paid}
    return document


def _sessions(database: str) -> list[str]:
    shell = ["manage.py", "shell", "--no-imports", "--command", SESSIONS % CLIENTS]
    command = [sys.executable, "-W", "ignore", *shell]
    made = subprocess.run(
        command, cwd=PROJECT, env=_environment(database), capture_output=True, text=True, check=True
    )
    return made.stdout.split()


@contextmanager
def _serving(database: str, log: Path) -> Iterator[str]:
    gunicorn = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0"]
    with log.open("w") as output:
        keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, "keeper", *gunicorn],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd=PROJECT,
            env=_environment(database),
            start_new_session=True,
        )
    try:
        yield listening(log)
    finally:
        keeper.communicate()


def _environment(database: str) -> dict[str, str]:
    return environment(database) | {
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.floor_settings",
        "TRUST_PROXY": "1",
        "REFUND_HOLD_SECONDS": "600",
    }
