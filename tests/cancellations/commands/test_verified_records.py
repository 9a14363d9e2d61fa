"""An order that differs calls a person: one exception of it, until somebody says what it was."""

import pytest
from django.db import connection, transaction
from pytest_django.asserts import assertContains, assertNotContains

from cancellations.acts.exceptions import facts_name, resolve_exception
from cancellations.acts.note_differences import MOST_TOLD
from cancellations.models import ProcessException
from orders.models import OrderEvent, OrderSummary
from tests.support.builders import cancel, imported, item, select
from tests.support.threads import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def order(without_triggers):
    """Two things; one was allocated by nobody's report."""
    order = imported(order_number="X-1", items=[item(quantity=3), item("2")])
    allocated_by_nobody(order)
    return order


def allocated_by_nobody(order, key="1", quantity=1):
    order.lines.filter(key=key).update(quantity_allocated=quantity)


def noted():
    return ProcessException.objects.filter(category="records").order_by("pk")


def resolve(exception, by):
    return resolve_exception(exception_id=exception.pk, note="Allocated by hand.", by=by)


def test_an_order_that_differs_opens_one_exception_whenever_it_is_verified(order, run_command):
    told = [run_command("verify_orders", "--since=1h") for _ in range(2)]

    exception = noted().get()
    assert [done.status for done in told] == [1, 1]
    assert (exception.order, exception.severity, exception.about) == (order, "high", "")
    assert exception.facts["differences"] == [
        line.removeprefix("order X-1, ") for line in told[0].output.splitlines()[:-1]
    ]


def test_nothing_has_happened_to_such_an_order(order, run_command):
    before = OrderEvent.objects.count()

    first = run_command("verify_orders").output

    assert OrderEvent.objects.count() == before
    assert run_command("verify_orders").output == first


def test_of_orders_that_agree_nothing_is_noted(run_command, agent):
    cancel(imported(), select(), by=agent)

    assert run_command("verify_orders").status == 0
    assert not ProcessException.objects.exists()


def test_other_differences_take_the_place_of_those_that_are_open(order, run_command):
    run_command("verify_orders")
    first = noted().get().facts

    allocated_by_nobody(order, "2")
    run_command("verify_orders")

    assert noted().get().facts["count"] > first["count"]


def test_a_person_resolves_it_and_the_same_differences_leave_it_so(order, run_command, manager):
    before = run_command("verify_orders").output

    resolve(noted().get(), manager)

    assert run_command("verify_orders").output == before
    assert not noted().open().exists()
    assert order.events.last().type == OrderEvent.Type.EXCEPTION_RESOLVED
    allocated_by_nobody(order, "2")
    run_command("verify_orders")
    assert [exception.is_open for exception in noted()] == [False, True]


def test_once_the_order_agrees_again_its_exception_is_resolved_and_it_still_agrees(
    order, run_command, manager
):
    run_command("verify_orders")
    allocated_by_nobody(order, quantity=0)

    resolve(noted().get(), manager)

    assert run_command("verify_orders").output == "1 orders verified, 0 differences\n"


def test_more_than_a_person_reads_are_only_counted(without_triggers, run_command):
    order = imported(items=[item(str(number)) for number in range(1, MOST_TOLD + 1)])
    order.lines.update(quantity_allocated=1)

    run_command("verify_orders")

    facts = noted().get().facts
    assert facts["count"] > len(facts["differences"]) == MOST_TOLD


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_order_that_somebody_holds_is_only_told(run_command):
    order = imported(order_number="X-1")
    OrderSummary.objects.update(status="canceled")

    with transaction.atomic():
        OrderSummary.objects.select_for_update().get(pk=order.pk)
        _, (held,) = at_once(lambda: run_command("verify_orders"))

    assert held.status == 1
    assert "order X-1, status: stored" in held.output
    assert "order X-1, only told here: someone else is changing this order" in held.errors
    assert not noted().exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_only_read_is_verified_all_the_same(run_command):
    imported(order_number="X-1")
    OrderSummary.objects.update(status="canceled")

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        read = run_command("verify_orders")

    assert read.status == 1
    assert "order X-1, status: stored" in read.output
    assert "only told here: cannot execute" in read.errors


def test_people_read_of_it_where_exceptions_stand(order, run_command, client, manager):
    run_command("verify_orders")
    exception = noted().get()
    client.force_login(manager)

    page = client.get(exception.get_absolute_url())
    for text in ("Records · <bdi>The whole order</bdi>", "past the console", ">Resolve</button>"):
        assertContains(page, text)
    for difference in exception.facts["differences"]:
        assertContains(page, difference)
    assertNotContains(page, "Assign")
    assertContains(client.get("/process-exceptions/?category=records"), "The whole order")
    assertContains(client.get(order.get_absolute_url()), "between its records and its events.")
    sent = {"note": "By hand.", "seen": facts_name(exception)}
    assertContains(client.post(exception.get_absolute_url(), sent, follow=True), "By hand.")
