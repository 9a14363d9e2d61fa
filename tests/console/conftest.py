import pytest

from cancellations.models import ChangeOrder
from tests.cancellations.refunds.conftest import (  # noqa: F401
    clock,
    now_of,
    paid,
    refund_over,
    sandbox,
    work,
)
from tests.support.builders import cancel, imported, select, shirts


@pytest.fixture
def viewer_client(client, viewer):
    client.force_login(viewer)
    return client


@pytest.fixture
def shirt(agent):
    """The worked example of domain.md §9, one of two shirts canceled with its delivery."""
    return cancel(
        imported(shirts(order_number="00001401")),
        select(refund_delivery=True, note="too small"),
        by=agent,
    )


@pytest.fixture
def returned(run_command, jsonl):
    """Reports that so many units of a line came back elsewhere; gives the change order."""

    def report(order_number, key, quantity):
        counters = ("allocated", "fulfilled", "return_initiated", "returned")
        item = {"key": key} | {f"quantity_{name}": quantity for name in counters}
        finished = run_command(
            "record_fulfillment", jsonl({"order_number": order_number, "items": [item]})
        )
        assert finished.status == 0
        return ChangeOrder.objects.latest("pk")

    return report


@pytest.fixture
def every_page():
    """Reads each page of a list, from the first to the last; gives them and the way back."""

    def pages(client, path, read, query=""):
        seen = []
        while not seen or query:
            response = client.get(f"{path}?{query}")
            seen.append(read(response))
            query = response.context["page"].next_query
        return seen, response.context["page"].previous_query

    return pages
