"""A primary and a streaming replica with gunicorn before them: which of them pages come from."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest

from tests.benchmarks.measuring import PROJECT
from tests.proofs.drills.__main__ import needs
from tests.proofs.drills.stage import database, prepared, until, written
from tests.proofs.races.stage import manage, serving
from tests.support.builders import order_document

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]

LIST = "/order-summaries/"
ENDLESS = "3600"
SOON = 30
MORE_THAN_TWO_CHUNKS = 1100


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    if lacking := needs():
        pytest.skip(f"needs {lacking}")
    with (
        prepared(tmp_path_factory.mktemp("replica")) as primary,
        database(replica_of=primary.url) as primary.replica,
    ):
        yield primary


def told(url, statement):
    with psycopg.connect(url, autocommit=True) as opened:
        answer = opened.execute(statement)
        return answer.fetchone()[0] if answer.description else None


def caught_up(stage):
    """A commit of now has been replayed."""
    told(stage.url, "CREATE TABLE IF NOT EXISTS beat (at timestamptz)")
    told(stage.url, "INSERT INTO beat VALUES (now())")
    written = told(stage.url, "SELECT pg_current_wal_insert_lsn()::text")  # commits do not wait
    replayed = f"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn"
    until(SOON, lambda: told(stage.replica.url, replayed))


@contextmanager
def behind(stage):
    """The replica goes on answering, and replays nothing."""
    caught_up(stage)
    url = stage.replica.url
    told(url, "SELECT pg_wal_replay_pause()::text")
    until(SOON, lambda: told(url, "SELECT pg_get_wal_replay_pause_state()") == "paused")
    try:
        yield
    finally:
        told(url, "SELECT pg_wal_replay_resume()::text")


def ordered(stage, folder, *numbers):
    documents = [order_document(order_number=number) for number in numbers]
    manage(stage.url, "import_orders", written(folder / "ordered.jsonl", documents))


def environment_of(stage, seconds):
    return {"REPLICA_DATABASE_URL": stage.replica.url, "REPLICA_LAG_SECONDS": seconds}


@contextmanager
def pages(stage, folder, seconds):
    """Asks for pages in the agent's session; gives their status and text."""
    environment = environment_of(stage, seconds)
    with serving(stage.url, 1, folder / "log", threads=4, **environment) as address:

        def ask(path, cookie=""):
            cookies = f"sessionid={stage.session}; {cookie}"
            wanted = urllib.request.Request(address + path, headers={"Cookie": cookies})
            try:
                with urllib.request.urlopen(wanted, timeout=60) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as refusal:
                return refusal.code, ""

        yield ask


@pytest.mark.long
def test_lists_come_from_the_replica_and_records_from_the_primary(stage, tmp_path):
    with pages(stage, tmp_path, ENDLESS) as ask:
        with behind(stage):
            ordered(stage, tmp_path, "LATER-1")
            status, listed = ask(LIST)
            record, _ = ask(f"{LIST}LATER-1/")
            _, recent = ask(f"{LIST}?recent=1")
            _, of_whoever_changed_it = ask(LIST, "changed=1")
        until(SOON, lambda: "LATER-1" in ask(LIST)[1])

    assert (status, record) == (200, 200)
    assert "LATER-1" not in listed, (tmp_path / "log").read_text()
    assert "LATER-1" in recent
    assert "LATER-1" in of_whoever_changed_it


@pytest.mark.long
def test_one_that_lags_over_the_limit_is_not_read(stage, tmp_path):
    with pages(stage, tmp_path, "1") as ask, behind(stage):
        ordered(stage, tmp_path, "LATER-2")
        until(SOON, lambda: "LATER-2" in ask(LIST)[1])

    assert "the replica is not read: it lags by" in (tmp_path / "log").read_text()


@pytest.mark.parametrize("how", ["killed", pytest.param("frozen", marks=pytest.mark.long)])
def test_one_that_dies_in_mid_run_is_missed_by_nobody(how, stage, tmp_path):
    dead = stage.replica.frozen() if how == "frozen" else stage.replica.gone("immediate")
    with pages(stage, tmp_path, ENDLESS) as ask, ThreadPoolExecutor(4) as agents:
        caught_up(stage)
        asked = [agents.submit(ask, LIST) for _ in range(40)]
        asked[0].result()
        with dead:
            asked += [agents.submit(ask, LIST) for _ in range(20)]
            ordered(stage, tmp_path, f"DEAD-{how}")
            _, meanwhile = ask(LIST)
            answers = {one.result()[0] for one in asked}
        with behind(stage):
            ordered(stage, tmp_path, f"ALIVE-{how}")
            until(SOON, lambda: f"ALIVE-{how}" not in ask(LIST)[1])

    assert answers == {200}
    assert f"DEAD-{how}" in meanwhile


def exporting(stage):
    environment = {"DATABASE_URL": stage.url, "DEBUG": "1"} | environment_of(stage, ENDLESS)
    return subprocess.Popen(
        [sys.executable, "manage.py", "export_orders"],
        cwd=PROJECT,
        env=os.environ | environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.long
def test_an_export_lacks_nothing_that_was_there_when_it_began(stage, tmp_path):
    with behind(stage):
        ordered(stage, tmp_path, "LATER-3")
        written, said = exporting(stage).communicate()

    assert '"order_number": "LATER-3"' in written
    assert "the replica is not read: it is no replica" in said


@pytest.mark.long
def test_an_export_outlives_the_replica(stage, tmp_path):
    """It writes no further than somebody reads, so that most of it is still to be read."""
    ordered(stage, tmp_path, *(f"MANY-{number:04}" for number in range(MORE_THAN_TWO_CHUNKS)))
    caught_up(stage)

    with exporting(stage) as export:
        first = export.stdout.readline()
        with stage.replica.gone("immediate"):
            others, said = export.stdout.read(), export.stderr.read()

    assert (export.returncode, said.count("the replica is not read: it failed")) == (0, 1), said
    count = told(stage.url, "SELECT count(*) FROM orders_ordersummary")
    assert len({first, *others.splitlines(keepends=True)}) == count > MORE_THAN_TWO_CHUNKS
