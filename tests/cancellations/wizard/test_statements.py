"""Statement counts of the wizard: the same for 1, 10 and 100 lines.

Counted on PostgreSQL: SQLite splits large writes by its number of parameters.
"""

import pytest

from tests.support.builders import product
from tests.support.statements import statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.postgresql]


def delivery_charge():
    return {
        "key": "1001",
        "type": "delivery_charge",
        "name": "Ground",
        "quantity": 1,
        "unit_price": "7.99",
        "delivery_group": "G1",
        "taxes": [{"name": "Tax", "amount": "0.40"}],
    }


@pytest.fixture
def run_on(new_order, new_run):
    """A run on an order of so many lines with everything that costs a statement."""

    def start(count):
        lines = [
            product(
                str(i),
                2,
                adjustments=[{"name": "Promo", "scope": "order", "amount": "-1.00"}],
                taxes=[{"name": "Tax", "amount": "0.95"}],
            )
            for i in range(count)
        ]
        new_order([*lines, delivery_charge()], f"N-{count}", captured="9000.00")
        return new_run(f"N-{count}"), {str(i): 1 for i in range(count)}

    return start


@pytest.mark.parametrize("count", [1, 10, pytest.param(100, marks=pytest.mark.slow)])
@pytest.mark.budget
def test_statements_of_each_step(run_on, count):
    run, quantities = run_on(count)
    current_step = run.current_step
    rows = {current_step: "details"} | run.rows(quantities, delivery=quantities)
    select = {current_step: "select", "select-lines": [run.pk(key) for key in quantities]}

    def get(step):
        return lambda: run.client.get(run.url(step))

    def post(step, data):
        return lambda: run.client.post(run.url(step), data)

    counts = {
        "GET select": len(statements(get("select"))),
        "POST select": len(statements(post("select", select))),
        "GET details": len(statements(get("details"))),
        "POST details": len(statements(post("details", rows))),
        "GET review": len(statements(get("review"))),
    }
    review = {current_step: "review", "review-agreed": run.reviewed()}
    counts["submit"] = len(statements(post("review", review)))
    counts["GET finish"] = len(statements(get("finish")))

    assert counts == {
        "GET select": 8 if count == 1 else 6,  # a single line comes ticked, with its totals
        "POST select": 7,
        "GET details": 9,
        "POST details": 8,
        "GET review": 11,
        "submit": 19,  # with what was owed before, which a person may have been called for
        "GET finish": 9,  # whether it can still be undone
    }
