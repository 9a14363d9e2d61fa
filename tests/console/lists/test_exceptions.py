"""The list of process exceptions."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from cancellations.acts.exceptions import resolve_exception
from cancellations.models import ProcessException
from console.lists.exceptions import ExceptionListForm, with_open_ones_first
from orders import keyset
from tests.support.builders import imported, item, order_document, payment
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.slow]

LIST = "/process-exceptions/"


def opened(number):
    """An exception of a new order with this number: more went back than was captured."""
    odd = payment("20.00", charged_back="30.00")
    order = imported(order_document(order_number=number, payments=[odd]))
    return order.process_exceptions.get()


@pytest.fixture
def resolved(manager):
    def resolved(number):
        return resolve_exception(exception_id=opened(number).pk, note="Seen to.", by=manager)

    return resolved


@pytest.fixture
def shipped_too_much(run_command, jsonl):
    """An exception about a line: more shipped than was ordered."""

    def report(number):
        imported(order_document(order_number=number, items=[item(name="Coat", quantity=1)]))
        line = {"key": "1", "quantity_allocated": 2, "quantity_fulfilled": 2}
        run_command("record_fulfillment", jsonl({"order_number": number, "items": [line]}))
        return ProcessException.objects.latest("pk")

    return report


def order_numbers(response):
    return [exception.order.order_number for exception in response.context["page"].rows]


def test_open_exceptions_come_first_then_the_newest(viewer_client, resolved):
    opened("X-1")
    resolved("X-2")
    opened("X-3")
    resolved("X-4")

    response = viewer_client.get(LIST)

    assert order_numbers(response) == ["X-3", "X-1", "X-4", "X-2"]
    assertContains(response, "4 exceptions")


def test_an_exception_says_what_it_is_about_and_leads_to_it(viewer_client, shipped_too_much):
    exception = shipped_too_much("X-1")

    response = viewer_client.get(LIST)

    for text in (
        'href="/order-summaries/X-1/"',
        f'href="/process-exceptions/{exception.pk}/"',
        "Fulfilment",
        "High",
        "Coat (line 1)",
        "2 shipped, 1 more than was ordered.",
        exception.opened_at.isoformat(timespec="seconds"),
    ):
        assertContains(response, text)


def test_who_resolved_an_exception_stands_beside_it(viewer_client, resolved, manager):
    resolved("X-1")

    assertContains(viewer_client.get(LIST), f"by <bdi>{manager.username}</bdi>")


NARROWED = {
    "state=open": ["X-2", "X-1"],
    "state=resolved": ["X-3"],
    "category=fulfillment": ["X-2"],
    "category=payment": ["X-1", "X-3"],
    "category=refund": [],
    "q=x-2": ["X-2"],
    "age=day": ["X-1"],
    "age=week": ["X-1"],
    "age=month": [],
    "age=day&state=resolved": [],
}


def test_the_filters(viewer_client, resolved, shipped_too_much, subtests):
    old = opened("X-1")
    long_ago = timezone.now() - timedelta(days=8)
    ProcessException.objects.filter(pk=old.pk).update(opened_at=long_ago)
    shipped_too_much("X-2")
    resolved("X-3")

    for query, found in NARROWED.items():
        with subtests.test(query=query):
            assert order_numbers(viewer_client.get(f"{LIST}?{query}")) == found


def test_an_order_is_named_exactly(viewer_client, every_page, monkeypatch):
    monkeypatch.setattr(keyset, "PAGE_SIZE", 1)
    imported(
        order_document(
            order_number="X-1",
            payments=[payment("20.00", key, charged_back="30.00") for key in ("P1", "P2")],
        )
    )
    opened("X-10")

    first = viewer_client.get(f"{LIST}?order=X-1")
    seen, _ = every_page(viewer_client, LIST, order_numbers, "order=X-1")

    assert seen == [["X-1"], ["X-1"]]
    assertContains(first, 'name="order" value="X-1"')
    assertContains(viewer_client.get(f"{LIST}?order=X"), "No exception matches")
    assertNotContains(viewer_client.get(LIST), 'name="order"')


def test_pages_go_on_and_back_across_the_open_ones(
    viewer_client, resolved, every_page, monkeypatch
):
    monkeypatch.setattr(keyset, "PAGE_SIZE", 2)
    for number in range(5):
        (resolved if number in (0, 3) else opened)(f"X-{number}")

    seen, way_back = every_page(viewer_client, LIST, order_numbers)

    assert seen == [["X-4", "X-2"], ["X-1", "X-3"], ["X-0"]]
    assert order_numbers(viewer_client.get(f"{LIST}?{way_back}")) == seen[1]


def test_what_is_there_when_there_is_nothing(viewer_client):
    assertContains(viewer_client.get(LIST), "No exceptions")
    assertContains(viewer_client.get(f"{LIST}?state=open"), "No exception matches")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"after": "1"}, "The page to show is not one of this list."),
        ({"state": "lost"}, "Choose one from the list."),
        ({"category": "lost"}, "Choose one from the list."),
        ({"age": "lost"}, "Choose one from the list."),
    ],
)
def test_a_query_that_cannot_be_is_a_400_that_says_so(viewer_client, query, message):
    assertContains(viewer_client.get(LIST, query), message, status_code=400)


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.budget
def test_statements_of_the_list(viewer_client, count):
    for number in range(count):
        opened(f"X-{number}")

    with counted_statements(5):
        viewer_client.get(LIST)


@pytest.mark.parametrize("query", [{"after": "1~2"}, {"after": "2~2"}, {"before": "true~2"}])
def test_a_place_of_another_kind_is_a_400(viewer_client, query):
    assertContains(viewer_client.get(LIST, query), "not one of this list", status_code=400)


def test_an_index_has_the_order_of_the_list(db):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        plan = ordered(ProcessException.objects.all()).explain()

    assert "exception_open_first" in plan
    assert "TEMP B-TREE" not in plan


def ordered(exceptions):
    ordering = ExceptionListForm.ordering
    return with_open_ones_first(exceptions).order_by(*ordering.forward)[:51]
