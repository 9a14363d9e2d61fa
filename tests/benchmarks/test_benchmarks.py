import platform
import re
import subprocess
import sys

import pytest

from tests.benchmarks.machine import machine
from tests.benchmarks.measuring import PROJECT
from tests.benchmarks.sent import Sent
from tests.benchmarks.table import read
from tests.support.database import on_postgresql

SMALL = {
    "orders": 2,
    "lines": 60,
    "whole": 20,
    "documents": 5,
    "times": 1,
    "small-shop": 3_000,
    "shop": 4_000,
    "exported": 60,
    "requests": 30,
}
ON_SQLITE = ["commands", "previews"]
PARTS = ["commands", "bulk", "submits", "pages", "previews", "api", "export", "memory"]
COUNTED = ("statements", "kB")
"""Units of what is the same on every machine."""


def bench(folder, *parts):
    sizes = [word for name, size in SMALL.items() for word in (f"--{name}", str(size))]
    places = ("--results", folder / "RESULTS.md", "--profiles", folder / "profiles")
    return subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *parts, *sizes, *places],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )


def table(folder):
    text = (folder / "RESULTS.md").read_text()
    [told] = [line for line in text.splitlines() if line.startswith("Machine: ")]
    rows = read(text, machine=told.removeprefix("Machine: "))
    return text, [row for row in rows if not row.work.startswith("this machine")]


@pytest.mark.slow
@pytest.mark.long
def test_every_part_has_its_rows_in_the_table(tmp_path):
    run = bench(tmp_path, *PARTS, "profiles")

    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    text, rows = table(tmp_path)
    parts = list(dict.fromkeys(row.part for row in rows))
    assert parts == (PARTS if on_postgresql() else ON_SQLITE)
    assert [row for row in rows if row.unit in COUNTED and row.verdict != "ok"] == []
    assert str(PROJECT) not in text
    profiles = sorted(tmp_path.glob("profiles/*.txt"))
    assert [path.stem for path in profiles] == (
        ["details", "list", "submit"] if on_postgresql() else []
    )
    assert all(len(path.read_text().splitlines()) <= 60 for path in profiles)
    assert all(str(PROJECT) not in path.read_text() for path in profiles)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.postgresql
def test_lists_are_held_against_those_of_a_small_shop(tmp_path):
    run = bench(tmp_path, "lists")

    assert run.returncode == 0, run.stderr
    _, rows = table(tmp_path)
    assert {row.part for row in rows} == {"lists, 4,000 orders"}
    works = [row.work for row in rows]
    assert works[0] == "orders, first page"
    assert works[-1] == "orders, by the same page of the small shop, the largest"
    assert [row for row in rows if row.unit == "statements" and row.verdict != "ok"] == []


@pytest.mark.slow
@pytest.mark.long
def test_a_part_leaves_the_rows_of_the_others(tmp_path):
    assert bench(tmp_path, "commands").returncode == 0
    _, before = table(tmp_path)

    assert bench(tmp_path, "previews").returncode == 0

    _, after = table(tmp_path)
    assert after[: len(before)] == before
    assert [row.part for row in after[len(before) :]] == ["previews"] * 4


def test_a_part_that_is_none_is_refused(tmp_path):
    run = bench(tmp_path, "commands", "listing")

    assert (run.returncode, run.stderr) == (1, "no part: listing\n")


def test_the_machine_is_told_without_its_name():
    told = machine("PostgreSQL 15.6, a private server")

    python = re.escape(platform.python_version())
    versions = rf"Python {python}; PostgreSQL 15\.6, a private server"
    assert re.fullmatch(rf"\d+ cores, [^;]+; \d+ GiB; [^;]+; {versions}", told)


@pytest.mark.django_db
@pytest.mark.postgresql
@pytest.mark.parametrize("begins", ["", "WITH few AS (SELECT 1) "])
def test_what_reads_a_table_to_its_end_is_seen_however_it_begins(begins):
    whole = Sent(f"{begins}SELECT count(channel) FROM orders_ordersummary", None, is_framed=False)

    assert whole.scanned == {"orders_ordersummary"}
