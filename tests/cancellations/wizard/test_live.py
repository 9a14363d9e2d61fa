"""Running totals and hints while a step is being filled in: what htmx is answered."""

import re

import pytest
from django.contrib.sessions.models import Session
from pytest_django.asserts import assertContains

from cancellations.arithmetic.distribution import Amounts
from cancellations.models import BundlePolicy, CancellationReason
from cancellations.refunds.gateways import asking
from orders.models import OrderSummary
from tests.support.builders import cancel, imported, payment, product, select
from tests.support.statements import statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def bundle_run(new_order, new_run):
    """A run on a bundle with a child that is left out, at its details."""
    new_order(
        [
            product("1", 3, "100.00", name="Home cinema"),
            product("2", 3, "800.00", name="TV", bundle="1"),
        ],
        captured="2700.00",
    )
    run = new_run()
    run.select("1", expanded=["1"])
    return run


def previewed(run, step, data, **extra):
    return run.post(step, data | {"preview": "1"}, headers=HTMX, **extra)


def test_totals_and_hints_come_by_themselves(bundle_run):
    response = previewed(bundle_run, "details", bundle_run.rows({"1": 2}))

    assert response.templates[0].name == "wizard/_live.html"
    assert re.findall(r'\bid="([^"]+)"', response.text) == [
        "running-totals",
        f"hints-{bundle_run.pk('1')}",
    ]
    assert response.text.count('hx-swap-oob="innerHTML"') == 2
    assert not re.search(r"<(html|title|form|input|button)\b", response.text)
    assertContains(response, "$1,800.00", count=2)
    assertContains(response, "Includes $1,600.00 for <bdi>TV</bdi>, which is not canceled.")


def test_every_line_that_is_shown_gets_its_hints_anew(bundle_run):
    data = {"select-lines": [bundle_run.pk("2")], "select-expanded": []}

    response = previewed(bundle_run, "select", data)

    assert re.findall(r'id="hints-(\d+)"', response.text) == [
        str(bundle_run.pk(key)) for key in ("1", "2")
    ]
    assertContains(response, "the bundle item is not selected")


def test_without_a_choice_the_totals_are_empty(bundle_run):
    response = previewed(bundle_run, "select", {"select-lines": []})

    assert "<dl>" not in response.text


def test_cancel_all_has_totals_and_no_hints(new_order, new_run):
    charge = product("9", 1, "5.00") | {"type": "delivery_charge", "name": "Ground"}
    del charge["sku"]
    new_order([product("1", 3), charge], captured="35.00")
    run = new_run(kind="cancel_all")

    kept = previewed(run, "details", {"details-reason": ""})
    refunded = previewed(run, "details", {"details-refund_delivery": "on"})

    assertContains(kept, "$30.00", count=2)
    assertContains(refunded, "$35.00", count=2)
    assert "hints-" not in refunded.text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["a page", "a fragment"])
def test_a_preview_shows_what_is_typed_and_keeps_nothing(new_order, new_run, headers):
    new_order([product("1", 3)])
    run = new_run()
    run.select("1")
    data = {run.current_step: "details", "preview": "1"} | run.rows({"1": 2})
    kept = run.answers()

    response = run.client.post(run.url("details"), data, headers=headers)

    assertContains(response, "$20.00")
    assert run.answers() == kept
    assert response.wsgi_request.session.modified is False


def test_a_step_that_is_no_longer_there_leaves_the_page_as_it_is(bundle_run):
    rows = bundle_run.rows({"1": 2})
    bundle_run.explain({"1": 2})
    current_step = bundle_run.current_step
    CancellationReason.objects.update(retired=True)

    turned_back = previewed(bundle_run, "review", {})
    CancellationReason.objects.update(retired=False)
    bundle_run.submit()
    submitted = bundle_run.client.post(
        bundle_run.url("details"), rows | {current_step: "details", "preview": "1"}, headers=HTMX
    )

    assert [turned_back.status_code, submitted.status_code] == [204, 204]
    assert [turned_back.content, submitted.content] == [b"", b""]


def test_what_could_not_be_shown_in_place_is_said_on_the_next_page(bundle_run):
    bundle_run.explain({"1": 2})
    agreed = bundle_run.reviewed()
    CancellationReason.objects.update(retired=True)

    previewed(bundle_run, "review", {})
    response = bundle_run.client.post(
        bundle_run.url("review"),
        {f"{_prefix(bundle_run)}-current_step": "review", "review-agreed": agreed},
        follow=True,
    )

    assertContains(response, "This order changed while you were working.", count=1)


def test_with_nothing_left_to_cancel_the_next_page_says_so(bundle_run, agent):
    data = {bundle_run.current_step: "details", "preview": "1"} | bundle_run.rows({"1": 2})
    cancel(OrderSummary.objects.get(), select("1", 3), select("2", 3), by=agent)

    response = bundle_run.client.post(bundle_run.url("details"), data, headers=HTMX)

    assert (response.status_code, response.content) == (204, b"")
    del data["preview"]
    said = bundle_run.client.post(bundle_run.url("details"), data)
    assertContains(said, "This order changed while you were working.", count=1)


def test_after_the_session_ended_there_is_nothing_to_put_in_place(bundle_run):
    data = {bundle_run.current_step: "details", "preview": "1"} | bundle_run.rows({"1": 2})
    Session.objects.all().delete()

    response = bundle_run.client.post(bundle_run.url("details"), data, headers=HTMX)

    assert (response.status_code, response.text) == (204, "")


def test_the_page_asks_by_htmx_and_its_last_step_does_not(bundle_run):
    bundle_run.explain({"1": 2})

    asks = {step: "hx-post" in bundle_run.get(step).text for step in ("select", "details")}

    assert asks == {"select": True, "details": True}
    assert "htmx" not in bundle_run.get("review").text


@pytest.mark.postgresql
@pytest.mark.parametrize("count", [1, pytest.param(100, marks=pytest.mark.slow)])
@pytest.mark.budget
def test_statements_of_a_preview(new_order, new_run, count):
    keys = [str(number) for number in range(count)]
    new_order([product("b"), *(product(key, 2, bundle="b") for key in keys)], captured="9000.00")
    BundlePolicy.objects.update(text="Ask the shift lead.")
    run = new_run()
    run.select(*keys)
    selected = {run.current_step: "select", "select-lines": [run.pk(key) for key in keys]}
    details = {run.current_step: "details"} | run.rows(dict.fromkeys(keys, 1))

    def sent(step, data, headers):
        asked = data | {"preview": "1"}
        return len(statements(lambda: run.client.post(run.url(step), asked, headers=headers)))

    counts = {
        (step, name): sent(step, data, headers)
        for step, data in (("select", selected), ("details", details))
        for name, headers in (("page", {}), ("fragment", HTMX))
    }

    assert counts == {
        ("select", "page"): 9,
        ("select", "fragment"): 9,
        ("details", "page"): 10,
        ("details", "fragment"): 10,
    }


def _prefix(run):
    return run.current_step.removesuffix("-current_step")


@pytest.mark.parametrize(
    ("quantity", "why"),
    [
        ("0", "Enter a quantity of at least 1."),
        ("", "Enter a quantity."),
        ("99", "Only 3 can be canceled."),
        ("1.5", "Enter a whole number."),
        ("\0", "Enter a whole number."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["a page", "a fragment"])
def test_of_a_quantity_that_cannot_be_there_are_no_totals(
    new_order, new_run, quantity, why, headers
):
    new_order([product("1", 3), product("2", 3)])
    run = new_run()
    run.select("1", "2")
    data = {run.current_step: "details", "preview": "1"} | run.rows({"1": 2, "2": quantity})

    response = run.client.post(run.url("details"), data, headers=headers)

    assertContains(response, f"Thing 2 (line 2): {why}")
    assert "$" not in re.search(r"<dl>.*?</dl>", response.text, re.DOTALL)[0]
    assert re.sub(r"\s", "", response.text).count("<dd>–</dd>") == 3


def test_of_lines_outside_bundles_a_preview_sends_nothing(new_order, new_run):
    new_order([product(str(number)) for number in range(50)], captured="500.00")
    run = new_run()
    data = {"select-lines": [run.pk(str(number)) for number in range(50)]}

    response = previewed(run, "select", data)

    assertContains(response, "$500.00", count=2)
    assert "hints-" not in response.text
    assert len(response.content) < 2_000


def test_what_a_gateway_cannot_send_is_not_expected_back(new_run, monkeypatch):
    whole_dollars = Amounts(step=100, smallest=100)
    monkeypatch.setattr(asking, "amounts_of", lambda gateway, currency: whole_dollars)
    imported(order_number="W-1", items=[product("1", 2, "10.25")], payments=[payment("20.50")])
    run = new_run()
    run.select("1")

    totals = previewed(run, "details", run.rows({"1": 1})).text

    assert re.findall(r"\$[0-9.]+", totals)[:3] == ["$10.25", "$10.00", "$0.25"]
    assert "Stays owed" in totals
