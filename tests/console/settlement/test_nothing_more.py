"""The page on which a person says that nothing more is coming."""

import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from orders.locking import OrderBusy
from orders.models import OrderEvent, OrderSummary
from tests.support.builders import imported, item, minor, order_document
from tests.support.unguarded import set_life_cycle

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

PAGE = "/order-summaries/X-1/nothing-more/"
RETURNED = {"allocated": 1, "fulfilled": 1, "return_initiated": 1, "returned": 1}


@pytest.fixture
def order(report):
    """One of two coats at 10.00 came back; its refund is on its way elsewhere."""
    order = imported(order_document(order_number="X-1", items=[item(name="Coat")]))
    report("X-1", **RETURNED)
    return order


def said(answer="owed", expected="1000"):
    return {"answer": answer, "expected": expected}


def events():
    return OrderEvent.objects.filter(type="nothing_more_expected")


def test_the_page_says_what_each_answer_means(manager_client, order):
    response = manager_client.get(PAGE)

    for text in (
        "$10.00 is expected to be refunded elsewhere. As it is, we owe the customer $0.00.",
        "The shop keeps it",
        "Then we owe the customer $0.00.",
        "We owe it to the customer",
        "Then we owe the customer $10.00.",
    ):
        assertContains(response, text)
    assert not events().exists()


@pytest.mark.parametrize(
    ("answer", "given", "owed"), [("kept", "-10.00", "$0.00"), ("owed", "0.00", "$10.00")]
)
def test_it_is_written_and_leads_to_the_order(manager_client, order, answer, given, owed):
    response = manager_client.post(PAGE, said(answer), follow=True)

    assertRedirects(response, "/order-summaries/X-1/")
    assertContains(response, "Nothing more is expected to be refunded elsewhere.")
    order.refresh_from_db()
    assert order.expected_elsewhere_minor == 0
    assert order.given_elsewhere_minor == minor(given)
    assert ("Refund what is owed" in response.text) == (owed != "$0.00")


def test_saying_it_twice_changes_nothing(manager_client, order):
    manager_client.post(PAGE, said("kept"))

    response = manager_client.post(PAGE, said("owed"), follow=True)

    assertContains(response, "Nothing is expected to be refunded elsewhere; nothing was written.")
    assert events().count() == 1


def test_an_expectation_that_moved_is_shown_again(manager_client, order, report):
    report("X-1", {"refunded": "4.00"})

    response = manager_client.post(PAGE, said(), follow=True)

    assertContains(response, "This order changed while you were working; nothing was written.")
    assertContains(response, "$6.00 is expected to be refunded elsewhere.")
    assert not events().exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"answer": ""}, "Choose whose it is."),
        ({"answer": "mine"}, "Choose whose it is."),
        ({"expected": ""}, "This page could not be read back."),
        ({"expected": "10.00"}, "This page could not be read back."),
        ({"expected": "-1"}, "This page could not be read back."),
        ({"expected": "9" * 30}, "This page could not be read back."),
    ],
)
def test_what_cannot_be_is_said(manager_client, order, fields, says):
    response = manager_client.post(PAGE, said() | fields)

    assertContains(response, says, status_code=400)
    assert not events().exists()


def test_an_answer_that_is_missing_is_told_where_it_is_given(manager_client, order):
    page = manager_client.post(PAGE, said("")).text

    assert "Error: Nothing more is coming" in page
    assert re.search(r'<fieldset[^>]*id="id_answer"[^>]*tabindex="-1"', page)
    assert page.count('aria-invalid="true" aria-describedby="id_answer_error"') == 2
    assert 'id="id_answer_error"' in page
    assert 'href="#id_answer"' in page


def test_an_amount_that_was_hidden_is_told_without_a_link(manager_client, order):
    response = manager_client.post(PAGE, said(expected="x"))

    assertNotContains(response, 'href="#id_expected"', status_code=400)


def test_an_order_that_is_being_changed_says_so(manager_client, order, monkeypatch):
    def busy(**_):
        raise OrderBusy

    monkeypatch.setattr("console.settlement.nothing_more.expect_nothing_more", busy)
    response = manager_client.post(PAGE, said(), follow=True)

    assertContains(response, "Someone else is changing this order; nothing was changed.")


def test_those_who_may_not_are_told_who_may(agent_client, order):
    for response in (agent_client.get(PAGE), agent_client.post(PAGE, said())):
        assertContains(response, "needs a right of its own", status_code=403)


def test_where_nothing_is_expected_the_page_says_so(manager_client):
    imported(order_document(order_number="X-1"))

    assertContains(manager_client.get(PAGE), "Nothing is expected")


def test_an_unmanaged_order_says_so(manager_client, order):
    set_life_cycle(OrderSummary.objects.all(), "unmanaged")

    assertContains(manager_client.get(PAGE), "This order summary is unmanaged.")
    response = manager_client.post(PAGE, said(), follow=True)
    assertContains(response, "This order summary is unmanaged; nothing was written.")
    assertNotContains(response, "Nothing is expected to be refunded elsewhere")
    assert not events().exists()


def test_an_unknown_order_is_a_404(manager_client):
    assert manager_client.get(PAGE).status_code == 404
    assert manager_client.post(PAGE, said()).status_code == 404
