"""PgBouncer in transaction mode between the application and PostgreSQL."""

import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.proofs.drills.stage import command, until
from tests.proofs.races.agents import Agent, Tally
from tests.proofs.races.stage import PASSWORD, prepare, serving
from tests.support.databases import migrated_database
from tests.support.pgbouncer import find_pgbouncer
from tests.support.postgres import _account, _free_port
from tests.support.wizard_client import Browser

pytestmark = [
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.postgresql,
    pytest.mark.pgbouncer,
]

AGENTS, ORDERS, RUNS = ["one", "two", "three", "four"], ["POOL-1", "POOL-2"], 3
FEW = 3
"""Connections to the database, fewer than there are agents, threads and jobs."""

INI = """
[databases]
* = host=127.0.0.1 port={server} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {few}
"""


@contextmanager
def pooled(url, log):
    """The URL of the same database behind a pooler, which never runs as root."""
    parts, port = urlsplit(url), _free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".ini") as ini:
        ini.write(INI.format(server=parts.port, port=port, few=FEW))
        ini.flush()
        Path(ini.name).chmod(0o644)
        with log.open("w") as output, _running(ini.name, output):
            address = f"postgresql://postgres@127.0.0.1:{port}{parts.path}"
            until(20, lambda: _answers(address))
            yield address


@contextmanager
def _running(ini, output):
    pooler = subprocess.Popen([find_pgbouncer(), ini], stdout=output, stderr=output, **_account())
    try:
        yield
    finally:
        pooler.terminate()
        pooler.wait(20)


def _answers(url):
    try:
        with psycopg.connect(url) as opened:
            return bool(opened.execute("SELECT 1").fetchone())
    except psycopg.OperationalError:
        return False


def test_pages_and_commands_work_behind_a_pooler_in_transaction_mode(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_POOLER", "1")
    tally, stop = Tally(), Event()
    with (
        migrated_database(os.environ["DATABASE_URL"], "pooled", tmp_path) as straight,
        pooled(straight, tmp_path / "pooler.log") as url,
    ):
        prepare(url, tmp_path, AGENTS, ORDERS, units=6)
        with (
            serving(url, 2, tmp_path / "log", threads=8) as address,
            ThreadPoolExecutor(len(AGENTS)) as hands,
        ):
            for seed, name in enumerate(AGENTS):
                agent = Agent(Browser(address), name, seed, set(ORDERS), tally, stop)
                hands.submit(agent.work, PASSWORD, RUNS)
        commands = [
            command(url, "process_refunds", "--once"),
            command(url, "verify_orders", "--jobs", "2"),
            command(url, "export_orders", "--jobs", "2", "--output", tmp_path / "orders.jsonl"),
        ]
        kept = _locks_kept(straight)

    assert tally.unexpected == []
    assert tally.finished
    assert [status for status, _ in commands] == [0, 0, 0], commands
    assert kept == 0


def _locks_kept(url):
    """Advisory locks that some session was left with, for whoever gets it next."""
    with psycopg.connect(url) as opened:
        found = opened.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        return found.fetchone()[0]
