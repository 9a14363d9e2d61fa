"""Every row of the table, sent for real: the right status and message, and nothing written."""

from collections import Counter

import pytest

from tests.bad_input.printing import RECORDED, recorded
from tests.bad_input.stage import fingerprint
from tests.bad_input.table import TABLE


def rows():
    for way_in in TABLE:
        for row in way_in.rows:
            marks = [] if row.is_slow else [pytest.mark.both_databases]
            if row.awaits:
                marks.append(pytest.mark.xfail(reason=row.awaits))
            yield pytest.param(way_in, row, id=f"{way_in.name}: {row.name}", marks=marks)


@pytest.mark.parametrize(("way_in", "row"), list(rows()))
def test_bad_input_is_told_and_writes_nothing(stage, way_in, row, record_property):
    for happens in (*way_in.given, *row.given):
        happens(stage)
    before = fingerprint()

    answer = way_in.send(stage, row)

    after = fingerprint()
    record_property(RECORDED, recorded(way_in, row, answer, wrote=after != before))
    assert row.expected in answer.message
    assert (answer.status, answer.is_fault) == (row.status, False)
    assert after == before


def test_the_table_lists_many_inputs_and_none_twice():
    inputs = [(way_in.name, repr(row.sent), row.given) for way_in in TABLE for row in way_in.rows]
    names = [(way_in.name, row.name) for way_in in TABLE for row in way_in.rows]

    assert len(inputs) >= 160
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert [sent for sent, count in Counter(inputs).items() if count > 1] == []
