"""An order's page while its refunds are carried out, and while one waits for a person."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from cancellations.models import ProcessException, Refund
from cancellations.queues import queues
from cancellations.work import drain
from console.records.live import LONGEST_WAIT, WAITS, next_look
from tests.support.builders import cancel, imported, item, payment, select
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def manager_client(client, manager):
    client.force_login(manager)
    return client


def record(refund):
    return refund.change_order.order.get_absolute_url()


def test_what_is_pending_stands_beside_what_was_refunded(viewer_client, refund_over, work):
    refund = refund_over()

    before = viewer_client.get(record(refund))
    work()
    after = viewer_client.get(record(refund))

    figures = re.compile(r"<dt>(Refunded|Refund pending)</dt>\s*<dd>\s*(\S+)\s*</dd>")
    assert figures.findall(before.text) == [("Refunded", "$0.00"), ("Refund pending", "$10.00")]
    assert figures.findall(after.text) == [("Refunded", "$10.00")]


def test_the_page_looks_again_while_something_is_in_flight(viewer_client, refund_over, work):
    refund = refund_over()

    before = viewer_client.get(record(refund))
    live = viewer_client.get(f"{record(refund)}live/1/")
    work()
    after = viewer_client.get(f"{record(refund)}live/2/")

    assertContains(before, f'hx-get="{record(refund)}live/1/"')
    assert re.search(r'hx-trigger="load delay:30[12]s"', before.text)
    assertContains(live, f'hx-get="{record(refund)}live/2/"')
    assertNotContains(after, "hx-get")
    assertContains(after, "Succeeded")
    assertContains(after, "$10.00")
    assert after.text.count('hx-swap-oob="true"') == 3
    assertNotContains(viewer_client.get(record(refund)), "htmx")


def test_looks_become_rarer():
    refund = Refund(status="processing", due_at=timezone.now())

    waits = [next_look([refund], looks=looks) for looks in range(12)]

    assert waits[:3] == [2, 2, 3]
    assert waits[-1] == WAITS[-1]
    assert waits == sorted(waits)


def test_nothing_is_looked_at_that_has_ended_or_waits_for_a_person_alone():
    waiting = Refund(status="failed", due_at=None)
    late = Refund(status="settling", due_at=timezone.now() + timedelta(days=1))

    assert next_look([waiting], looks=0) == 0
    assert next_look([], looks=0) == 0
    assert next_look([late], looks=0) == LONGEST_WAIT


@pytest.mark.parametrize("look", ["0", "x", "-1", "9" * 30])
def test_a_look_that_is_none_is_a_404(viewer_client, refund_over, look):
    assert viewer_client.get(f"{record(refund_over())}live/{look}/").status_code == 404


def test_whoever_is_signed_out_meanwhile_gets_no_sign_in_in_its_place(client, refund_over):
    path = f"{record(refund_over())}live/1/"

    assert client.get(path, headers={"HX-Request": "true"}).status_code == 204
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.budget
def test_statements_of_a_look(viewer_client, agent, count):
    order = imported(items=[item(str(key)) for key in range(count)])
    for key in range(count):
        cancel(order, select(str(key)), by=agent)

    with counted_statements(15):
        viewer_client.get(f"{order.get_absolute_url()}live/1/")


def test_the_banner_leads_to_the_refund_that_waits_for_a_person(viewer_client, refund_over, work):
    refund = refund_over("ch_1/declines")
    work()

    response = viewer_client.get(record(refund))

    banner = re.search(r'id="order-exceptions".*?</section>', response.text, re.DOTALL)[0]
    assert f'href="/refunds/{refund.pk}/"' in banner
    assert f"Refund #{refund.pk} · Visa ending 1111" in banner
    assert "$10.00 was refused." in banner
    assertContains(response, "For a person since")


def test_the_exception_of_a_refund_is_decided_on_the_refund(manager_client, refund_over, work):
    refund = refund_over("ch_1/declines")
    work()
    exception = ProcessException.objects.get()
    page = exception.get_absolute_url()

    shown = manager_client.get(page)
    fields = {"note": "Seen to.", "seen": shown.context["record"].seen}
    refused = manager_client.post(page, fields)

    assertContains(shown, f'href="/refunds/{refund.pk}/"')
    assertNotContains(shown, ">Resolve</button>")
    assertContains(refused, "Decide on the refund itself", status_code=409)
    assert ProcessException.objects.get().is_open
    assertContains(
        manager_client.get("/process-exceptions/"), f"Refund #{refund.pk} · Visa ending 1111"
    )


def test_what_was_paid_all_the_same_is_resolved_with_a_note(manager_client, refund_over, work):
    """Its refund has ended, so that there is nothing left to decide on it."""
    refund = refund_over()
    work()
    exception = ProcessException.objects.create(
        order=refund.change_order.order,
        category="refund",
        severity="high",
        payment=refund.payment,
        refund=refund,
        facts={"why": "paid_all_the_same", "amount": 1000, "status": "succeeded"},
    )
    Refund.objects.filter(pk=refund.pk).update(attention_since=timezone.now())
    page = exception.get_absolute_url()

    seen = manager_client.get(page).context["record"].seen
    manager_client.post(page, {"note": "Asked for it back.", "seen": seen})

    assert not ProcessException.objects.open().exists()
    assert Refund.objects.get().attention_since is None


@pytest.fixture
def unassigned(manager, clock):
    """10.00 that no payment may take by the rules, and the exception that says so."""
    only_whole = payment("20.00", full_refund_only=True)
    order = imported(payments=[only_whole])
    cancel(order, select(), by=manager)
    clock.pass_by(minutes=10)
    drain(queues(), clock=clock)
    return ProcessException.objects.get()


def test_what_is_unassigned_leads_to_refund_what_is_owed(manager_client, unassigned):
    response = manager_client.get(unassigned.get_absolute_url())

    order = unassigned.order
    assertContains(response, "Refund · <bdi>What is owed</bdi>")
    assertContains(response, f'<form action="{order.get_absolute_url()}refund-owed/">')
    assertContains(response, "Assign</button>")
    assertContains(response, "$10.00 is owed, and no payment could take it.")
    for path in ("/process-exceptions/", order.get_absolute_url()):
        said = manager_client.get(path)
        assertContains(said, "What is owed")
        assertNotContains(said, "None")
