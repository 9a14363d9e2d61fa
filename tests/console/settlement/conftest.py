import pytest


@pytest.fixture
def manager_client(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def report(run_command, jsonl):
    """Reports counters of line 1 and figures of payment P1."""

    def report(order_number, figures=None, **counters):
        line = {"key": "1", **{f"quantity_{name}": count for name, count in counters.items()}}
        document = {
            "order_number": order_number,
            "items": [line] if counters else [],
            "payments": [{"key": "P1", **figures}] if figures else [],
        }
        finished = run_command("record_fulfillment", jsonl(document))
        assert finished.status == 0, finished.errors

    return report
