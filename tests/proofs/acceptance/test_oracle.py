"""Random orders, cancellations, settlements and reports, judged by an oracle of no common code."""

import json

import pytest

from tests.proofs.acceptance import oracle
from tests.proofs.sizes import ORACLE_SEEDS

pytestmark = pytest.mark.django_db

ORDERS = 120 if ORACLE_SEEDS > 2 else 60
"""Of every seed but the first."""


@pytest.mark.parametrize(
    ("seed", "count"),
    [
        pytest.param(1, 30, marks=pytest.mark.both_databases),
        *((seed, ORDERS) for seed in range(2, ORACLE_SEEDS + 1)),
    ],
)
def test_the_oracle_finds_no_difference(seed, count, tmp_path, run_command):
    names = ("orders", "cancels", "results", "export")
    orders, cancels, results, export = (tmp_path / f"{name}.jsonl" for name in names)
    _generate(seed, count, orders, cancels)

    imported = run_command("import_orders", orders)
    run_command("cancel_orders", cancels, "--output", results)
    run_command("export_orders", "--output", export)
    verified = run_command("verify_orders")

    expected, outcomes = oracle.expect(str(orders), str(cancels))
    assert imported.output == f"{count} imported, 0 skipped, 0 refused\n"
    assert [result["outcome"] for result in oracle.read(str(results))] == outcomes
    assert _differences(expected, oracle.read(str(export))) == {}
    assert verified.output == f"{count} orders verified, 0 differences\n"


@pytest.mark.parametrize(
    ("seed", "count"),
    [
        pytest.param(1, 30, marks=pytest.mark.both_databases),
        *((seed, ORDERS // 2) for seed in range(2, ORACLE_SEEDS + 1)),
    ],
)
def test_the_oracle_tells_the_same_story(seed, count, tmp_path, run_command):
    """Waves of cancellations, settlements and reports in turn."""
    _tell(seed, count, tmp_path)
    run_command("import_orders", tmp_path / "orders.jsonl")
    found = []
    for number, wave in enumerate(oracle.WAVES, start=1):
        path = tmp_path / f"{number}-{wave}.jsonl"
        if wave == "cancels":
            results = run_command("cancel_orders", path).lines
            found.append([result["outcome"] for result in results])
        else:
            found.append(run_command("record_fulfillment", path).output)
    exported = run_command("export_orders").lines
    verified = run_command("verify_orders")

    expected, outcomes = oracle.told(str(tmp_path))
    assert found == [
        of_wave if wave == "cancels" else _tally(of_wave)
        for wave, of_wave in zip(oracle.WAVES, outcomes, strict=True)
    ]
    assert _differences(expected, exported) == {}
    assert verified.output == f"{count} orders verified, 0 differences\n"


def _tell(seed, count, directory):
    orders, waves = oracle.story(seed, count)
    names = ["orders", *(f"{number}-{wave}" for number, wave in enumerate(oracle.WAVES, start=1))]
    for name, documents in zip(names, [orders, *waves], strict=True):
        lines = (json.dumps(document) + "\n" for document in documents)
        (directory / f"{name}.jsonl").write_text("".join(lines))


def _tally(outcomes):
    recorded, refused = map(outcomes.count, ("recorded", "refused"))
    return f"{recorded} recorded, {refused} refused\n"


def _generate(seed, count, orders, cancels):
    with orders.open("w") as order_file, cancels.open("w") as cancel_file:
        for order, documents in oracle.generate(seed, count):
            order_file.write(json.dumps(order) + "\n")
            cancel_file.writelines(json.dumps(document) + "\n" for document in documents)


def _differences(expected, exported):
    """What the oracle has to say, by order; nothing about the orders that agree."""
    found = {document["order_number"]: document for document in exported}
    return {
        number: differences
        for number, order in expected.items()
        if (differences := list(oracle.subset(order.export(), found.get(number, {}))))
    }
