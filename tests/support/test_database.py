"""What the plugins promise, tried on small runs of pytest in processes of their own."""

import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support import postgres
from tests.support.long_forms import some_of
from tests.support.small_runs import command
from tests.support.small_runs import environment as own_environment

pytestmark = pytest.mark.slow

PLUGINS = ("tests.support.database", "tests.support.needs")

SKIPPING = """
import pytest

@pytest.mark.postgresql
def test_locks(): ...

def test_moody():
    pytest.skip("not today")

@pytest.mark.xfail
def test_known_fault():
    assert False
"""

LINGERING = """
import os, signal, time, psycopg

def test_lingers():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job may ignore it
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone()
    print("running", os.environ["DATABASE_URL"], folder, flush=True)
    time.sleep({seconds})
"""


@pytest.fixture
def start_pytest(tmp_path):
    """Starts pytest with both plugins on one file of tests, far from our settings."""
    started = []

    def start(tests: str, *options: str, **environment: str) -> subprocess.Popen[str]:
        (tmp_path / "test_sample.py").write_text(tests)
        (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n postgresql")
        run = subprocess.Popen(
            [*command(*PLUGINS), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=tmp_path,
            env=own_environment() | environment,
        )
        started.append(run)
        return run

    yield start
    for run in started:
        run.kill()
        run.communicate()


@pytest.fixture
def run_pytest(start_pytest):
    """Runs pytest likewise to its end; gives its exit status and what it printed."""

    def run(*args: str, **environment: str) -> tuple[int, str]:
        run = start_pytest(*args, **environment)
        printed, _ = run.communicate(timeout=60)
        return run.returncode, printed

    return run


@pytest.mark.postgresql
def test_tests_run_on_a_private_server(run_pytest):
    status, printed = run_pytest(LINGERING.format(seconds=0), "-s", "-n", "2")

    assert status == 0
    assert "database: PostgreSQL, a private server from" in printed


@pytest.mark.postgresql
@pytest.mark.parametrize("end", some_of([signal.SIGKILL, signal.SIGINT, None], every=3))
def test_server_goes_however_the_run_ends(start_pytest, end):
    run = start_pytest(LINGERING.format(seconds=60 if end else 0), "-s")
    url, folder = _read_announcement(run)
    if end:
        run.send_signal(end)
    run.communicate(timeout=30)

    _wait_until(lambda: not Path(folder).parent.exists())
    assert not _is_listening(url)


@pytest.mark.postgresql
def test_newest_server_programs_are_found(tmp_path, monkeypatch):
    for version in ("9.6", "15", "16"):
        folder = tmp_path / version / "bin"
        folder.mkdir(parents=True)
        for program in postgres.PROGRAMS:
            (folder / program).touch()
    monkeypatch.setattr(postgres, "FOLDERS", (f"{tmp_path}/*/bin",))
    monkeypatch.setenv("PATH", "")

    assert postgres.find_programs() == tmp_path / "16" / "bin"


def test_database_url_decides(run_pytest):
    status, printed = run_pytest(SKIPPING, DATABASE_URL="sqlite:///elsewhere.sqlite3")

    assert status == 0
    assert "database: as DATABASE_URL says" in printed


def test_skips_are_counted_and_the_remedy_told(run_pytest):
    status, printed = run_pytest(SKIPPING, "--database", "sqlite", "-n", "2")

    assert status == 0
    assert "database: SQLite, as asked for" in printed
    assert "1 skipped for want of PostgreSQL. To run them too: apt-get" in printed
    assert "2 skipped, 1 xfailed" in printed


@pytest.mark.parametrize("workers", ["0", "2"])
def test_refused_skips_fail_and_say_why(run_pytest, workers):
    status, printed = run_pytest(SKIPPING, "--database", "sqlite", "--refuse-skips", "-n", workers)

    assert status == 1
    assert "ERROR test_sample.py::test_locks - Skipped: needs PostgreSQL" in printed
    assert "FAILED test_sample.py::test_moody - Skipped: not today" in printed
    assert "1 failed, 1 xfailed, 1 error" in printed


def test_refused_skip_of_a_whole_file_fails(run_pytest):
    tests = "import pytest; pytest.importorskip('no_such_package')"

    status, printed = run_pytest(tests, "--database", "sqlite", "--refuse-skips")

    assert status == 2
    assert "ERROR test_sample.py - Skipped: could not import" in printed


def _read_announcement(run: subprocess.Popen[str]) -> tuple[str, str]:
    printed = []
    for line in run.stdout:
        if found := re.search(r"running (\S+) (\S+)", line):
            return found.groups()
        printed.append(line)
    raise AssertionError("".join(printed))


def _wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def _is_listening(url: str) -> bool:
    address = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((address.hostname, address.port)) == 0
