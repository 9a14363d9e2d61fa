import pytest
from django.db import transaction

from cancellations import history
from cancellations.models import ProcessException
from orders.models import OrderSummary
from tests.support.builders import imported
from tests.support.unguarded import unguarded

pytestmark = [pytest.mark.slow, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_several_jobs_find_what_one_does(run_command, monkeypatch):
    monkeypatch.setattr(history, "CHUNK", 2)
    for number in range(7):
        imported(order_number=f"X-{number}")
    with transaction.atomic(), unguarded(OrderSummary):
        differing = OrderSummary.objects.filter(order_number__in=["X-1", "X-6"])
        differing.update(unpaid_elsewhere_minor=100)

    alone, shared = (run_command("verify_orders", "--jobs", jobs) for jobs in ("1", "3"))

    assert (shared.status, shared.output) == (alone.status, alone.output)
    assert shared.output.splitlines() == [
        "order X-1, unpaid elsewhere: stored 100, recomputed 0",
        "order X-6, unpaid elsewhere: stored 100, recomputed 0",
        "7 orders verified, 2 differences",
    ]
    found = ProcessException.objects.values_list("order__order_number", flat=True)
    assert sorted(found) == ["X-1", "X-6"]
