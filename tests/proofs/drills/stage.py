"""What drills take place on: a private PostgreSQL to be maltreated, orders, and gunicorn."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

from tests.benchmarks.measuring import PROJECT
from tests.proofs.races.stage import manage, serving
from tests.support.builders import item, order_document, payment
from tests.support.database import OF_THIS_RUN
from tests.support.databases import MIGRATED, migrate_once, migrated_database
from tests.support.postgres import SETTINGS, _account, _command_line, find_programs, start_server

ORDERS = 12
ORDERS_AND_SESSION = """
from django.conf import settings; settings.ALLOWED_HOSTS.append('testserver')
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
call_command('import_orders', {orders!r}); call_command('cancel_orders', {asked!r})
user = User.objects.create_user('drill'); user.groups.add(Group.objects.get(name='Agent'))
client = Client(); client.force_login(user); print('session', client.cookies['sessionid'].value)
"""
"""In one process: to start one takes longer than what it is started for."""


class Held(AssertionError):
    """What a drill expected and did not find."""


def expect(found, wanted, what):
    if found != wanted:
        raise Held(f"{what}: {found!r}, and not {wanted!r}")


class Database:
    """A server of one's own, with its processes and its files; or a streaming replica of one."""

    def __init__(self, *, replica_of=""):
        self.programs = find_programs()
        self._server = start_server(self.programs, replica_of=replica_of)
        self.url = self._server.url.replace("postgres://", "postgresql://")
        with psycopg.connect(self.url) as opened:
            self.folder = Path(opened.execute("SHOW data_directory").fetchone()[0])

    def end(self):
        self._server.stop()

    @contextmanager
    def another(self, name) -> Iterator[str]:
        """The URL of an empty database beside the one that is there."""
        with psycopg.connect(self.url, autocommit=True) as owner:
            owner.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
            yield urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))
            owner.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def run(self, program, *arguments, **options):
        """One of PostgreSQL's programs, as the account that the server runs as."""
        return subprocess.run(
            [self.programs / program, *map(str, arguments)],
            check=True,
            capture_output=True,
            text=True,
            cwd="/",
            **_account(),
            **options,
        )

    def processes(self):
        postmaster = int((self.folder / "postmaster.pid").read_text().split()[0])
        children = subprocess.run(
            ["ps", "--ppid", str(postmaster), "-o", "pid="], capture_output=True, text=True
        )
        return [postmaster, *map(int, children.stdout.split())]

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Connections are taken by the kernel, and nothing comes over them."""
        stopped = self.processes()
        for process in stopped:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in reversed(stopped):
                os.kill(process, signal.SIGCONT)

    @contextmanager
    def gone(self, mode="fast") -> Iterator[None]:
        self.run("pg_ctl", "stop", f"--mode={mode}", "--wait", "-D", self.folder)
        try:
            yield
        finally:
            options = _command_line(SETTINGS | {"port": str(urlsplit(self.url).port)})
            log = self.folder.parent / "log"
            start = ("start", "--wait", "-D", self.folder, "--log", log, "--options", options)
            self.run("pg_ctl", *start)


@contextmanager
def database(**options) -> Iterator[Database]:
    started = Database(**options)
    try:
        yield started
    finally:
        started.end()


@contextmanager
def prepared(folder) -> Iterator[Database]:
    """A server with orders and an agent's ``session``, for one drill after the other."""
    with database() as stage:
        _migrate(stage)
        stage.session = _with_orders(stage.url, folder)
        yield stage


@dataclass(frozen=True, slots=True)
class Lent:
    """A database for what leaves the server that it is on as it was."""

    url: str


@contextmanager
def lent(folder) -> Iterator[Lent]:
    """One with orders on the server of the tests, which is ours: none has to be started."""
    with migrated_database(os.environ[OF_THIS_RUN], "drills", folder) as url:
        _with_orders(url, folder)
        yield Lent(url)


def _migrate(stage):
    """As the database that the tests migrate once, where there is one; a copy is made sooner."""
    if not (tests := os.environ.get(OF_THIS_RUN)):
        manage(stage.url, "migrate", "-v", "0")
        return
    migrate_once(tests)
    migrated = urlunsplit(urlsplit(tests)._replace(path=f"/{MIGRATED}"))
    dump = stage.run("pg_dump", "--no-sync", f"--dbname={migrated}").stdout
    strict = ("--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction")
    stage.run("psql", *strict, f"--dbname={stage.url}", input=dump)


def _with_orders(url, folder):
    """Import orders and cancel a part of them; gives the session of an agent."""
    numbers = [f"D-{number}" for number in range(ORDERS)]
    orders = [
        order_document(
            order_number=number, items=[item("1", quantity=2)], payments=[payment("40.00")]
        )
        for number in numbers
    ]
    asked = [
        {
            "idempotency_key": "drill",
            "order_number": number,
            "reason": "Changed Mind",
            "items": [{"key": "1", "quantity": 1}],
        }
        for number in numbers
    ]
    files = {
        "orders": str(written(folder / "orders.jsonl", orders)),
        "asked": str(written(folder / "asked.jsonl", asked)),
    }
    code = ORDERS_AND_SESSION.format(**files)
    said = manage(url, "shell", "-v", "0", "-c", code).stdout
    return said.rpartition("session ")[2].strip()


def written(path, documents):
    path.write_text("".join(f"{json.dumps(each)}\n" for each in documents))
    return path


@contextmanager
def console(stage, folder, **environment):
    """Asks the console for pages as a signed-in agent; gives status, seconds and headers."""
    with serving(stage.url, 1, folder / "log", **environment) as address:

        def ask(page):
            wanted = urllib.request.Request(
                address + page, headers={"Cookie": f"sessionid={stage.session}"}
            )
            began = time.monotonic()
            try:
                with urllib.request.urlopen(wanted, timeout=60) as answer:
                    return answer.status, time.monotonic() - began, answer.headers
            except urllib.error.HTTPError as refusal:
                return refusal.code, time.monotonic() - began, refusal.headers

        yield ask


def command(url, *arguments):
    """Exit status and last line of errors."""
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": url, "DEBUG": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, (done.stderr.strip().splitlines() or [""])[-1]


def until(seconds, holds):
    """Wait until it holds; gives how long that took."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            raise Held(f"not within {seconds} s")
        time.sleep(0.2)
    return time.monotonic() - began
