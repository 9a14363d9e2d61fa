"""The choice on fees: both wizards ask, live totals follow, and review says what stays."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cancellations.models import ChangeOrder
from orders.models import OrderSummary
from tests.support.builders import fee, product

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

HTMX = {"HX-Request": "true"}
BOX = 'name="details-refund_fees"'
STAYS = "$5.00 for <bdi>Gift wrap</bdi> stays on an order with nothing left."
WITH_UNITS = "$5.00 for <bdi>Gift wrap</bdi> stays: fees go back with the last item of the order."
SHIPPED = {"quantity_allocated": 1, "quantity_fulfilled": 1}


@pytest.fixture
def wrapped(new_order):
    """Two things and their gift wrap, 25.00 in all."""
    return new_order([product("1", 2), fee(unit_price="5.00")], captured="25.00")


def choice(run):
    return run.get("details").context["form"]["refund_fees"].value()


@pytest.mark.parametrize("kind", ["cancel_items", "cancel_all"])
def test_details_ask_where_the_order_has_fees_alone(new_order, new_run, kind):
    new_order([product("1")], "PLAIN")
    new_order([product("1"), fee(unit_price="5.00")], "WRAPPED")

    for number, times in (("PLAIN", 0), ("WRAPPED", 1)):
        run = new_run(number, kind=kind)
        if kind == "cancel_items":
            run.select("1")
        page = run.get("details")
        assert page.text.count(BOX) == times
        assert page.text.count(">Refund fees</label>") == times


def test_cancel_items_choice_starts_off(wrapped, new_run):
    run = new_run()
    run.select("1")

    assert not choice(run)


@pytest.mark.parametrize(
    ("counters", "starts_on"),
    [
        ({}, True),
        ({"quantity_allocated": 1}, False),
        (SHIPPED, False),
        (SHIPPED | {"quantity_return_initiated": 1, "quantity_returned": 1}, False),
    ],
)
def test_cancel_alls_choice_starts_on_when_nothing_remains_nor_was_fulfilled(
    new_order, new_run, counters, starts_on
):
    new_order([product("1", 2, **counters), fee(unit_price="5.00")])

    assert bool(choice(new_run(kind="cancel_all"))) is starts_on


def test_live_totals_follow_the_choice(wrapped, new_run):
    item_run = new_run()
    item_run.select("1")
    all_run = new_run(kind="cancel_all")

    for run, data in ((item_run, item_run.rows({"1": 2})), (all_run, {})):
        for chosen, amount in (({}, "$20.00"), ({"details-refund_fees": "on"}, "$25.00")):
            preview = run.post("details", data | chosen | {"preview": "1"}, headers=HTMX)
            assertContains(preview, amount, count=2)


@pytest.mark.parametrize(("refund_fees", "canceled"), [(True, 2500), (False, 2000)])
def test_cancel_item_does_what_was_chosen(wrapped, new_run, refund_fees, canceled):
    run = new_run()
    run.select("1")
    run.explain({"1": 2}, refund_fees=refund_fees)

    review = run.get("review")
    run.submit()

    assert (STAYS in review.text) is not refund_fees
    assert ChangeOrder.objects.get().canceled_minor == canceled
    assert OrderSummary.objects.get().grand_total_minor == 2500 - canceled


@pytest.mark.parametrize(("refund_fees", "canceled"), [(True, 2500), (False, 2000)])
def test_cancel_all_does_what_was_chosen(wrapped, new_run, refund_fees, canceled):
    run = new_run(kind="cancel_all")
    run.explain_all(refund_fees=refund_fees)

    review = run.get("review")
    run.submit()

    assert (STAYS in review.text) is not refund_fees
    assert ChangeOrder.objects.get().canceled_minor == canceled


def test_review_links_to_the_choice_where_it_would_change_something(wrapped, new_run):
    run = new_run()
    run.select("1")
    run.explain({"1": 2})

    page = run.get("review")

    assertContains(page, STAYS)
    assertContains(page, f'href="{run.url("details")}#id_details-refund_fees"')
    assertContains(run.get("details"), 'id="id_details-refund_fees"')


def test_review_says_that_fees_stay_while_units_do(wrapped, new_run):
    run = new_run()
    run.select("1")
    run.explain({"1": 1}, refund_fees=True)

    page = run.get("review")

    assertContains(page, WITH_UNITS)
    assertNotContains(page, "#id_details-refund_fees")
    run.submit()
    assert ChangeOrder.objects.get().canceled_minor == 1000


def test_a_fee_that_leaves_stands_on_the_receipt(wrapped, new_run):
    run = new_run()
    run.select("1")
    run.explain({"1": 2}, refund_fees=True)

    lines = run.get("review").context["receipt"].lines

    assert [(line.line.key, line.quantity, line.canceled_minor) for line in lines] == [
        ("1", 2, 2000),
        ("2001", 0, 500),
    ]
    assertContains(run.get("review"), '<span class="soft">Fee</span>')


def test_the_choice_is_kept_on_the_way_back_and_by_apply_to_all(wrapped, new_run):
    run = new_run()
    run.select("1")
    chosen = run.rows({"1": 2}, refund_fees=True)
    run.post("details", chosen | {"wizard_goto_step": "select"})
    assert choice(run)

    run.select("1")
    assert choice(run)

    run.post("details", chosen | {"apply": "1", "details-apply-quantity": "1"})
    assert choice(run)
    run.post("details", run.rows({"1": 2}) | {"apply": "1"})
    assert not choice(run)


def test_fees_are_listed_with_why_they_cannot_be_selected(wrapped, new_run):
    page = new_run().get("select")

    assertContains(page, "Fees are not canceled by themselves.")
    assertContains(page, "Refund it with the last item of the order: tick Refund fees")


def test_another_choice_than_reviewed_is_shown_once_more(wrapped, new_run):
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    agreed = run.reviewed()
    run.explain({"1": 1}, refund_fees=True)

    response = run.submit(agreed)

    assertRedirects(response, run.url("review"), fetch_redirect_response=False)
    shown = run.get("review")
    assertContains(shown, "fees kept")
    assertContains(shown, "fees refunded with the last item")
    assert not ChangeOrder.objects.exists()


def test_fees_that_were_reviewed_to_leave_and_no_longer_do_are_shown(wrapped, new_run):
    run = new_run()
    run.select("1")
    run.explain({"1": 2}, refund_fees=True)
    agreed = run.reviewed()
    run.explain({"1": 1}, refund_fees=True)

    run.submit(agreed)

    changed = {row.what: (row.reviewed, row.now) for row in run.get("review").context["changed"]}
    assert changed["Gift wrap"] == ("$5.00 + $0.00 tax", "not part of it")
