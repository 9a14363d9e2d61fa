from dataclasses import replace

import pytest

from tests.benchmarks.table import Row, as_text, merged, read

MACHINE = "2 cores, Example; 4 GiB; Debian; Python 3.13.1; PostgreSQL 15.6, a private server"
FIRST = Row("lists, 1,000 orders", "orders, first page", 20.4, "ms", most=25, when="May 1, abc")
RATE = Row("export", "CSV", 12_345, "rows/s", least=10_000, of_it="1.2 MB, compressed", when="x")
BARE = Row("export", "start", 0.5, "s", when="x")


@pytest.mark.parametrize(
    ("row", "target", "ratio", "verdict"),
    [
        (FIRST, "≤ 25 ms", 0.816, "ok"),
        (replace(FIRST, measured=25.1), "≤ 25 ms", 1.004, "MISSED"),
        (RATE, "≥ 10,000 rows/s", 1.2345, "ok"),
        (replace(RATE, measured=9_999), "≥ 10,000 rows/s", 0.9999, "MISSED"),
        (BARE, "", None, ""),
        (replace(FIRST, wrong="reads all of orders"), "≤ 25 ms", 0.816, "reads all of orders"),
        (Row("bulk", "orders missing", 0, "orders", most=0), "≤ 0 orders", None, "ok"),
        (Row("bulk", "orders missing", 1, "orders", most=0), "≤ 0 orders", None, "MISSED"),
    ],
)
def test_a_row_is_held_against_its_target(row, target, ratio, verdict):
    assert (row.target, row.ratio, row.verdict) == (
        target,
        ratio and pytest.approx(ratio),
        verdict,
    )


def test_a_table_is_read_as_it_was_written():
    rows = [
        replace(FIRST, before=21.0),
        replace(FIRST, work="orders, deep", wrong="too many statements"),
        RATE,
        BARE,
    ]

    text = as_text(MACHINE, "0.1 0.2 0.3", rows)

    assert read(text, machine=MACHINE) == rows
    assert as_text(MACHINE, "0.1 0.2 0.3", read(text, machine=MACHINE)) == text


def test_a_table_says_how_a_row_differs_from_the_time_before():
    [now] = merged([FIRST], [replace(FIRST, measured=10.2)])

    text = as_text(MACHINE, "0", [now])

    assert "| orders, first page | ≤ 25 ms | 10.2 ms | 0.41 | ok | 20.4 ms (-50 %) |" in text
    assert "1 rows, 0 of them not as they should be." in text


def test_rows_of_other_parts_stay():
    now = merged([FIRST, RATE, BARE], [replace(RATE, measured=1)], whole=["export"])

    assert now == [FIRST, replace(RATE, measured=1, before=RATE.measured)]


def test_rows_stay_that_a_part_had_not_got_to_when_it_failed():
    now = merged([RATE, BARE], [replace(RATE, measured=1)])

    assert now == [replace(RATE, measured=1, before=RATE.measured), BARE]


def test_rows_of_another_machine_are_none():
    text = as_text(MACHINE, "0", [FIRST])

    assert read(text, machine=MACHINE.replace("2 cores", "4 cores")) == []
    assert read("", machine=MACHINE) == []
