"""The page of one process exception, and Resolve."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cancellations.acts.exceptions import facts_name
from cancellations.models import LONGEST_NOTE, ProcessException
from orders.models import OrderEvent
from tests.support.builders import cancel, imported, item, order_document, payment, select

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def report(run_command, jsonl):
    def report(shipped):
        line = {"key": "1", "quantity_allocated": shipped, "quantity_fulfilled": shipped}
        run_command("record_fulfillment", jsonl({"order_number": "X-1", "items": [line]}))
        return ProcessException.objects.get()

    return report


@pytest.fixture
def exception(report, agent):
    """Two coats were shipped, of which one had been canceled."""
    order = imported(order_document(order_number="X-1", items=[item(name="Coat")]))
    cancel(order, select(), by=agent)
    return report(2)


@pytest.fixture
def manager_client(client, manager):
    client.force_login(manager)
    return client


def page(exception):
    return f"/process-exceptions/{exception.pk}/"


def sent(exception, note="Asked for it back."):
    return {"note": note, "seen": facts_name(exception)}


def test_the_page_says_in_words_and_figures_what_does_not_fit(viewer_client, exception):
    response = viewer_client.get(page(exception))

    for text in (
        "Fulfilment · <bdi>Coat (line 1)</bdi>",
        "2 shipped, 1 of them had been canceled.",
        "Find out where the units are",
        'href="/order-summaries/X-1/"',
        "High",
        "Open",
    ):
        assertContains(response, text)
    counters = response.context["record"].counters
    shown = {str(counter.label): (counter.reported, counter.in_effect) for counter in counters}
    assert shown["Fulfilled"] == (2, 1)
    assert [str(counter.label) for counter in counters if counter.differs] == [
        "Allocated",
        "Fulfilled",
    ]


def test_the_page_of_a_payment_shows_its_figures(viewer_client):
    order = imported(payments=[payment("20.00", charged_back="30.00")])
    exception = order.process_exceptions.get()

    response = viewer_client.get(page(exception))

    assertContains(response, "That is more than was captured.")
    assertContains(response, "$30.00")
    assertContains(response, "Visa ending 1111")


def test_the_sentence_has_money_as_its_reader_does(viewer_client):
    order = imported(payments=[payment("20.00", charged_back="30.00")])
    exception = order.process_exceptions.get()

    for path in (page(exception), order.get_absolute_url(), "/process-exceptions/"):
        said = viewer_client.get(path)
        assertContains(said, "Captured: $20.00; refunded: $0.00; charged back: $30.00;")
        assertNotContains(said, "20.00 USD")


def doubled(**facts):
    """An exception about a refund elsewhere beside an unfinished one of ours."""
    order = imported()
    figures = {"captured": 2000, "refunded_here": 0, "charged_back": 0, "captured_at_release": None}
    return ProcessException.objects.create(
        order=order,
        category="refund",
        severity="high",
        payment=order.payments.get(),
        facts={**figures, "refunded_elsewhere": 1200, "reserved": 500, **facts},
    )


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"beyond_expected": 200}, "$2.00 more was refunded elsewhere than was expected"),
        ({}, "$12.00 was refunded elsewhere, more than was expected"),
    ],
)
def test_a_refund_that_may_be_ours_says_what_is_beyond_what_was_expected(
    viewer_client, facts, sentence
):
    response = viewer_client.get(page(doubled(**facts)))

    assertContains(response, f"{sentence}, while $5.00 of ours over this payment is not finished")
    figures = {str(label) for label, _ in response.context["record"].figures}
    assert ("Refunded beyond what was expected" in figures) is bool(facts)


def test_the_page_is_resolved_as_it_was_read(manager_client, exception):
    response = manager_client.post(page(exception), {"note": "Asked for it back."})

    assertContains(response, "This page could not be read back.", status_code=400)
    assertContains(response, "Error: Exception: Fulfilment · X-1", status_code=400)
    assertNotContains(response, 'href="#id_seen"', status_code=400)
    assert ProcessException.objects.open().exists()


def test_what_strangers_wrote_is_isolated(manager_client, manager, exception):
    manager_client.post(page(exception), sent(exception, "Asked."))

    response = manager_client.get(page(exception))

    assertContains(response, f"<dd><bdi>{manager.username}</bdi></dd>", html=True)
    assertContains(response, "<dd><bdi>Asked.</bdi></dd>", html=True)


def test_those_who_may_not_resolve_read_who_may(agent_client, exception):
    response = agent_client.get(page(exception))

    assertContains(response, "Resolving exceptions needs a right of its own")
    assertNotContains(response, "<textarea")


def test_resolving_leads_back_to_the_page_which_shows_how(manager_client, manager, exception):
    response = manager_client.post(page(exception), sent(exception), follow=True)

    assertRedirects(response, page(exception))
    assertContains(response, "Resolved.")
    assertContains(response, "Asked for it back.")
    assertContains(response, manager.username)
    assertNotContains(response, "<textarea")


@pytest.mark.parametrize(
    ("note", "says"),
    [
        ("", "Write a note: what was done about it?"),
        (" \r\n", "Write a note: what was done about it?"),
        ("x" * (LONGEST_NOTE + 1), "Shorten the note to 1000 characters."),
    ],
)
def test_a_note_that_cannot_be_is_said_at_the_note(manager_client, exception, note, says):
    response = manager_client.post(page(exception), sent(exception, note))

    assertContains(response, says, status_code=400)
    assertContains(response, 'aria-invalid="true"', status_code=400)
    assert ProcessException.objects.open().exists()


def test_a_note_is_counted_with_its_line_breaks_as_one(manager_client, exception):
    note = "\r\n".join(["x" * 499, "y" * 500])

    assert manager_client.post(page(exception), sent(exception, note)).status_code == 302


def test_resolving_twice_says_so(manager_client, exception):
    manager_client.post(page(exception), sent(exception))
    response = manager_client.post(page(exception), sent(exception, "Again."), follow=True)

    assertContains(response, "had been resolved before; nothing was changed.")
    assertContains(response, "Asked for it back.")
    assert OrderEvent.objects.filter(type="exception_resolved").count() == 1


def test_newer_facts_are_shown_before_they_are_resolved(manager_client, exception, report):
    as_read = sent(exception)
    report(3)

    response = manager_client.post(page(exception), as_read)

    assertContains(response, "Newer facts have come meanwhile", status_code=409)
    assertContains(
        response,
        "3 shipped, 1 of them had been canceled, 1 more than was ordered.",
        status_code=409,
    )
    assertContains(response, "Asked for it back.", status_code=409)
    assert ProcessException.objects.open().exists()
    newer = sent(ProcessException.objects.get())
    assert manager_client.post(page(exception), newer).status_code == 302


def test_one_that_a_report_resolved_says_so(viewer_client, exception, report):
    report(1)

    response = viewer_client.get(page(exception))

    assertContains(response, "None: a later report fits.")


@pytest.mark.parametrize("number", ["0", "999999", "9" * 18, "9" * 30, "x", "-1", "1_0"])
def test_one_that_is_not_there_is_a_404(manager_client, number):
    path = f"/process-exceptions/{number}/"

    assert manager_client.get(path).status_code == 404
    assert manager_client.post(path, {"note": "Gone."}).status_code == 404
