"""Gunicorn over a database, and clients in front of it, as behind a proxy that ends TLS."""

import gzip
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode, urlsplit

from tests.benchmarks.measuring import COST, PROJECT, environment, measure, shell
from tests.proofs.races.stage import KEEPER, listening
from tests.support.wizard_client import Page

LOG = "gunicorn.log"
SESSIONS = """
from django.contrib.auth.models import Group, User
from django.test import Client
for n in range(%d):
    user = User.objects.create_user(f"client{n}"); user.groups.add(Group.objects.get(name="Agent"))
    client = Client(); client.force_login(user); print(client.cookies["sessionid"].value)
"""
REASON = """
from cancellations.models import CancellationReason
print(CancellationReason.objects.filter(needs_note=False).order_by("position")[0].pk)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and what it took: in all, computing (both milliseconds), and statements."""

    status: int
    location: str
    text: str
    sent_bytes: int
    is_compressed: bool
    took: float
    computing: float
    statements: int


class Agent:
    """A signed-in client with one connection that stays open; keeps what it was answered."""

    def __init__(self, site: str, session: str, reason: str = "") -> None:
        self._connection = HTTPConnection(urlsplit(site).netloc, timeout=120)
        self.cookies = {"sessionid": session}
        self.reason = reason
        self.answers: list[Answer] = []
        self.asked = 0

    def get(self, path: str, *, compressed: bool = False) -> Page:
        """The page, after any redirects."""
        answer = self.ask("GET", path, compressed=compressed)
        if answer.location:
            return self.get(answer.location, compressed=compressed)
        page = Page(answer.status, urlsplit(path).path, answer.text)
        if answer.status != 200:
            sys.exit(page.describe())
        return page

    def post(self, page: Page, fields: Sequence[tuple[str, str]]) -> str:
        """Where it leads; a page of its own is an error here."""
        answer = self.ask("POST", page.path, urlencode(fields))
        if answer.status != 302:
            sys.exit(f"{page.path}: {Page(answer.status, page.path, answer.text).describe()}")
        return answer.location

    def ask(self, method: str, path: str, body: str = "", *, compressed: bool = False) -> Answer:
        """One answer, as it came."""
        headers = {
            "Host": "localhost",
            "X-Forwarded-Proto": "https",
            "Referer": "https://localhost/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept-Encoding": "gzip" if compressed else "identity",
        }
        self.asked += 1
        since = perf_counter()
        try:
            self._connection.request(method, path, body or None, headers)
            got = self._connection.getresponse()
        except RemoteDisconnected:  # it stood idle for longer than gunicorn keeps it
            self._connection.request(method, path, body or None, headers)
            got = self._connection.getresponse()
        sent = got.read()
        self.answers.append(self._answer(got, sent, 1000 * (perf_counter() - since)))
        return self.answers[-1]

    def _answer(self, got: HTTPResponse, sent: bytes, took: float) -> Answer:
        for cookie in got.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        is_compressed = got.headers.get("Content-Encoding") == "gzip"
        text = (gzip.decompress(sent) if is_compressed else sent).decode()
        computing, _, statements = got.headers.get(COST, "0 0").partition(" ")
        return Answer(
            got.status,
            got.headers.get("Location", ""),
            text,
            len(sent),
            is_compressed,
            took,
            float(computing),
            int(statements),
        )


def filled_in(page: Page, reason: str) -> list[tuple[str, str]]:
    """The fields of a step: every line of it, one unit each."""
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


@contextmanager
def served(database: str, folder: Path, count: int, **variables: str) -> Iterator[list[Agent]]:
    """So many agents, signed in, who have seen their first page.

    Args:
        variables: Of gunicorn's environment, beside those of production.
    """
    measure(database, "collectstatic", "--noinput")
    made = {**variables, **SERVED}
    sessions = shell(database, SESSIONS % count, **made).split()
    reason = shell(database, REASON, **made).strip()
    with _gunicorn(environment(database) | made, folder / LOG) as site:
        agents = [Agent(site, session, reason) for session in sessions]
        for agent in agents:
            agent.get("/order-summaries/")
        yield agents


SERVED = {
    "DJANGO_SETTINGS_MODULE": "tests.benchmarks.served_settings",
    "TRUST_PROXY": "1",
    "REFUND_HOLD_SECONDS": "600",
}


@contextmanager
def _gunicorn(variables: dict[str, str], log: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0"]
    with log.open("w") as output:
        keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, "keeper", *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd=PROJECT,
            env=variables,
            start_new_session=True,
        )
    try:
        yield listening(log)
    finally:
        keeper.communicate()
