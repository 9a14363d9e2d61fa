"""Every row of the table, sent for real: the right status and message, and nothing written."""

import subprocess
import sys
from collections import Counter

import pytest

from cancellations.models import CancellationReason
from tests.proofs.bad_input.fingerprint import fingerprint
from tests.proofs.bad_input.printing import RECORDED, recorded
from tests.proofs.bad_input.table import TABLE
from tests.test_architecture import PROJECT

ROWS = [(way_in, row) for way_in in TABLE for row in way_in.rows]


def parameters():
    places = Counter()
    for number, (way_in, row) in enumerate(ROWS):
        marks = [pytest.mark.both_databases] if row.is_slim else []
        if places[way_in.name] % way_in.every:
            marks.append(pytest.mark.long)
        places[way_in.name] += 1
        yield pytest.param(number, way_in, row, id=f"{way_in.name}: {row.name}", marks=marks)


@pytest.mark.parametrize(("number", "way_in", "row"), list(parameters()))
def test_bad_input_is_told_and_writes_nothing(stage, number, way_in, row, record_property):
    for happens in (*way_in.given, *row.given):
        happens(stage)
    before = fingerprint()

    answer = way_in.send(stage, row)

    after = fingerprint()
    record_property(RECORDED, recorded(number, way_in, row, answer, wrote=after != before))
    assert row.expected in answer.message
    assert (answer.status, answer.is_fault) == (row.status, False)
    assert after == before


def test_the_table_lists_many_inputs_and_none_twice():
    inputs = Counter((way_in.name, repr(row.sent), row.given) for way_in, row in ROWS)
    names = Counter((way_in.name, row.name) for way_in, row in ROWS)

    assert len(inputs) >= 160
    assert [sent for sent, count in inputs.items() if count > 1] == []
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.both_databases
def test_a_visit_leaves_the_fingerprint_and_every_change_alters_it(stage):
    agent, client = stage.agent, stage.client
    seen = [fingerprint()]
    client.get("/order-summaries/")
    visited = fingerprint()
    CancellationReason.objects.filter(name="Other").update(position=98)
    seen.append(fingerprint())
    agent.groups.clear()
    seen.append(fingerprint())

    assert visited == seen[0]
    assert len(set(seen)) == 3


@pytest.mark.long
def test_one_command_prints_the_table():
    options = ["--database", "sqlite", "-p", "no:cacheprovider", "-k", "ticked and not rows"]
    command = [sys.executable, "-m", "tests.proofs.bad_input", *options]

    printed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)

    *_, row, empty, count = printed.stdout.splitlines()
    assert (printed.returncode, empty) == (0, "")
    assert row.split("  ")[1:3] == ["200", "a bundle with its 101 items ticked"]
    assert count == "2 inputs, 0 written, 0 server errors"
