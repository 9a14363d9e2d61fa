import pytest

from tests.support.builders import delivery_charge, imported, item, tax


@pytest.fixture
def order(db):
    """Four shirts at 10.00 with 1.00 tax in all, and delivery; captured in full: 46.00."""
    return imported(
        order_number="X-1",
        items=[item(quantity=4, taxes=[tax("1.00")]), delivery_charge(unit_price="5.00")],
    )


@pytest.fixture
def record(jsonl, run_command):
    """Takes reports over as the command does; gives what it left."""

    def record(*reports):
        return run_command("record_fulfillment", jsonl(*reports))

    return record


@pytest.fixture
def refused(record, stored_rows):
    """What is said of one report; checks that it is refused and changes nothing."""

    def refused(document):
        before = stored_rows()
        finished = record(document)
        assert (finished.status, finished.output) == (1, "0 recorded, 1 refused\n")
        assert stored_rows() == before
        return finished.errors.splitlines()

    return refused
