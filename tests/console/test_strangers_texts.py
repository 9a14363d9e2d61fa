"""What strangers wrote stands by itself in our sentences, whichever way it is read."""

import pytest
from pytest_django.asserts import assertContains

from cancellations.models import CancellationReason
from orders.formats import isolated, sentence
from tests.support.builders import cancel as cancel_order
from tests.support.builders import imported, order_document, payment, product, select
from tests.support.wizard_run import WizardRun

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

HEBREW = "\u05e9\u05dc\u05d5\u05dd (1)!"
ISOLATED = f"<bdi>{HEBREW}</bdi>"


@pytest.fixture
def order(db):
    CancellationReason.objects.filter(name="Outdated").update(name=HEBREW)
    return imported(
        order_document(
            order_number=HEBREW,
            account={"number": "A-1", "name": HEBREW},
            items=[
                product("1", 2, "20.00", name=HEBREW),
                product(HEBREW, 2, name=HEBREW, bundle="1", quantity_allocated=2),
            ],
            payments=[payment("60.00", captured="50.00", method=HEBREW)],
        )
    )


def test_a_sentence_keeps_what_is_isolated_and_escapes_the_rest():
    said = sentence("%(a)s & %(b)s, %(n)d", a=isolated("<i>"), b="<b>", n=2)

    assert said == "<bdi>&lt;i&gt;</bdi> &amp; &lt;b&gt;, 2"


def test_the_record_page_isolates_them(agent_client, agent, order):
    cancel_order(order, select("1", 1, reason=HEBREW, note=HEBREW), by=agent)

    details = agent_client.get(order.get_absolute_url())
    page = agent_client.get(f"{order.get_absolute_url()}related/")

    assertContains(details, ISOLATED)
    assertContains(page, f"1 × {ISOLATED}")
    assertContains(page, f"· {ISOLATED}: {ISOLATED}")
    assertContains(page, f"· <bdi>{agent.username}</bdi>")


def test_the_change_orders_page_isolates_them(agent_client, agent, order):
    change_order = cancel_order(order, select("1", 1, reason=HEBREW), by=agent)

    page = agent_client.get(change_order.get_absolute_url())

    assertContains(page, f'<a href="{order.get_absolute_url()}">{ISOLATED}</a>')


def test_what_moved_since_a_review_isolates_them(agent_client, agent, order):
    run = WizardRun(agent_client, HEBREW)
    run.select("1")
    run.explain({"1": 1})
    agreed = run.reviewed()
    cancel_order(order, select("1", 1, reason=HEBREW), by=agent)
    run.submit(agreed)

    assertContains(
        run.get("review"), f'<th scope="row">{ISOLATED}</th>', html=True, msg_prefix="changed"
    )


def test_the_select_step_isolates_what_is_on_the_label(agent_client):
    thing = {**product("1"), "sku": HEBREW}
    imported(order_document(order_number="X-1", items=[thing]))

    shown = WizardRun(agent_client, "X-1").get("select")

    assertContains(shown, f'<td class="sku">{ISOLATED}</td>', html=True)


def test_the_lists_isolate_them(agent_client, order):
    page = agent_client.get("/order-summaries/")

    assertContains(page, f'<bdi><a href="{order.get_absolute_url()}">{HEBREW}</a></bdi>')


def test_the_wizard_isolates_them(agent_client, order):
    CancellationReason.objects.filter(name=HEBREW).update(needs_note=True)
    run = WizardRun(agent_client, HEBREW)

    selecting = run.get("select")
    run.select("1")
    details = run.get("details")
    run.explain({"1": 1}, reason=HEBREW, note=HEBREW)
    review = run.get("review")
    run.submit()
    finish = run.get("finish")

    assertContains(selecting, f"{ISOLATED} · {ISOLATED}")
    assertContains(selecting, f"<strong>{ISOLATED}</strong>")
    assertContains(selecting, f"(line {ISOLATED})")
    assertContains(selecting, f'aria-label="Select {HEBREW} (line 1)"')
    assertContains(details, f"“{ISOLATED}”")
    assertContains(details, f'aria-label="Quantity for {HEBREW} (line 1)"')
    assertContains(review, f"will be refunded to {ISOLATED}.")
    assertContains(finish, f"Refund to {ISOLATED}")


def test_a_notice_on_a_child_isolates_its_name(agent_client):
    child = product("2", 1, "5.00", name=HEBREW, bundle="1", quantity_allocated=1)
    imported(order_document(order_number="W-1", items=[product("1"), child]))
    run = WizardRun(agent_client, "W-1")
    run.select("1")
    run.explain({"1": 1})

    assertContains(run.get("review"), f"for {ISOLATED}, of which 1 is allocated and stays.")


def test_what_changed_since_the_review_isolates_the_answers(agent_client, agent, order):
    run = WizardRun(agent_client, HEBREW)
    run.select("1")
    run.explain({"1": 1}, reason=HEBREW, note=HEBREW)
    reviewed = run.reviewed()
    cancel_order(order, select("1", 1), by=agent)
    run.submit(reviewed)

    page = run.get("review")

    assertContains(page, f"; {ISOLATED}, {ISOLATED}, delivery charge kept")
    assertContains(page, f"Refund to {ISOLATED}")
