"""The bundle policy's rule *whole bundles only*: what is available, wherever it is asked."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cancellations.models import BundlePolicy, ChangeOrder
from cancellations.selection import SelectionRefused
from orders.arithmetic.availability import BundleRule
from orders.models import OrderSummary
from tests.support.builders import cancel, product, select, select_all

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

SHIPPED = {"quantity_allocated": 2, "quantity_fulfilled": 2}


@pytest.fixture
def only_whole(db):
    BundlePolicy.objects.update(rule=BundleRule.WHOLE_BUNDLES)


def sets(new_order, **child):
    """Three sets of two speakers and a cable each, and a lamp beside them."""
    return new_order(
        [
            product("1", 3, "100.00", name="Set"),
            product("2", 6, "5.00", name="Speaker", bundle="1", **child),
            product("3", 3, "1.00", name="Cable", bundle="1"),
            product("4", 1, "20.00", name="Lamp"),
        ]
    )


def offered(run):
    """What the select step says is available, by line key."""
    return {row.line.key: row.available for row in run.get("select").context["form"].rows}


def test_select_and_details_offer_whole_bundles(only_whole, new_order, new_run):
    sets(new_order, **SHIPPED)
    run = new_run()

    assert offered(run) == {"1": 2, "2": 4, "3": 3, "4": 1}
    run.select("1", "2", "3", expanded=["1"])
    bundle, speaker, cable = run.get("details").context["form"].rows

    assert (bundle.available, bundle.quantity.value()) == (2, 2)
    assert (speaker.quantity.value(), speaker.following) == (4, (2, 4))
    assert (cable.quantity.value(), cable.following) == (2, (1, 2))
    more = run.explain({"1": 3, "2": 4, "3": 3})
    assertContains(more, "Only 2 can be canceled.")


def test_with_any_bundle_everything_is_by_its_own_counters(new_order, new_run):
    sets(new_order, **SHIPPED)

    assert offered(new_run()) == {"1": 3, "2": 4, "3": 3, "4": 1}


def test_apply_to_all_is_capped_by_the_rule(only_whole, new_order, new_run):
    sets(new_order, **SHIPPED)
    run = new_run()
    run.select("1", "2", "3", expanded=["1"])
    rows = run.rows({"1": 1, "2": 2, "3": 1})

    run.post("details", rows | {"apply": "1", "details-apply-quantity": "3"})
    shown = run.get("details").context["form"].rows

    assert [row.quantity.value() for row in shown] == ["2", "4", "2"]
    assert [row.capped for row in shown] == [True, False, False]


def test_a_bundle_that_is_not_whole_says_why_and_its_items_stay_selectable(
    only_whole, new_order, new_run
):
    sets(new_order, quantity_allocated=6)
    run = new_run()

    page = run.get("select")

    assertContains(page, "Only whole bundles are canceled, and an item of it is not available.")
    assert [row.line.key for row in page.context["form"].rows] == ["3", "4"]
    run.select("3")
    assertContains(
        run.get("details"),
        "Takes $0.00 off the order: the bundle item can no longer be canceled.",
    )


@pytest.mark.parametrize(
    ("child", "taken"),
    [
        ({}, {"1": 3, "2": 6, "3": 3, "4": 1}),
        (SHIPPED, {"1": 2, "2": 4, "3": 2, "4": 1}),
        ({"quantity_allocated": 6}, {"4": 1}),
    ],
)
def test_cancel_all_takes_children_with_their_bundle_alone(
    only_whole, new_order, new_run, child, taken
):
    sets(new_order, **child)
    run = new_run(kind="cancel_all")
    run.explain_all()

    lines = run.get("review").context["receipt"].lines
    run.submit()

    assert {line.line.key: line.quantity for line in lines if line.quantity} == taken
    made = ChangeOrder.objects.get().items.exclude(quantity=0)
    assert {item.line.key: item.quantity for item in made} == taken


def test_with_parts_of_bundles_alone_cancel_all_points_to_cancel_item(
    only_whole, new_order, agent_client
):
    new_order([product("1", quantity_allocated=1), product("2", bundle="1")])

    refused = agent_client.get("/order-summaries/W-1/cancel-all/")
    opened = agent_client.get("/order-summaries/W-1/cancel-items/")

    assertContains(refused, "Nothing to cancel")
    assertContains(refused, "Use Cancel Item.")
    assert opened.status_code == 302


def test_the_record_offers_what_the_rule_leaves(only_whole, new_order, agent_client):
    new_order([product("1", quantity_allocated=1), product("2", bundle="1")], "PARTS")
    new_order([product("1"), product("2", bundle="1", quantity_allocated=1)], "NONE")

    parts = agent_client.get("/order-summaries/PARTS/")
    none = agent_client.get("/order-summaries/NONE/")

    assertContains(parts, 'href="/order-summaries/PARTS/cancel-items/"')
    assertNotContains(parts, 'href="/order-summaries/PARTS/cancel-all/"')
    assertContains(parts, "Only items of bundles are left, which go with their bundle alone.")
    assertNotContains(none, "/cancel-items/")
    assertContains(none, "Nothing of this order can be canceled", count=2)


def test_a_bundle_whose_children_have_all_gone_out_is_nothing_to_cancel(
    only_whole, new_order, agent_client
):
    new_order([product("1"), product("2", bundle="1", quantity_allocated=1)])

    refused = agent_client.get("/order-summaries/W-1/cancel-items/")

    assertContains(refused, "Nothing to cancel")


def test_documents_are_judged_alike(only_whole, new_order, agent):
    sets(new_order, **SHIPPED)
    order = OrderSummary.objects.get()

    with pytest.raises(SelectionRefused) as refused:
        cancel(order, select("1", 3), by=agent)
    [refusal] = refused.value.refusals
    assert (refusal.key, refusal.field, refusal.message) == (
        "1",
        "quantity",
        "Only 2 can be canceled: only whole bundles are.",
    )

    cancel(order, select("1", 2), by=agent)
    with pytest.raises(SelectionRefused, match="Nothing of it can be canceled: only whole"):
        cancel(order, select("1", 1), by=agent)
    made = ChangeOrder.objects.get().items.all()
    assert {item.line.key: item.quantity for item in made} == {"1": 2, "2": 4, "3": 2}


def test_cancel_all_of_a_document_takes_whole_bundles(only_whole, new_order, agent):
    sets(new_order, **SHIPPED)

    made = cancel(OrderSummary.objects.get(), select_all(), by=agent)

    quantities = {item.line.key: item.quantity for item in made.items.all()}
    assert quantities == {"1": 2, "2": 4, "3": 2, "4": 1}


def test_a_rule_that_changed_since_review_is_shown_first(new_order, new_run):
    sets(new_order, **SHIPPED)
    run = new_run()
    run.select("1", "2", "3", expanded=["1"])
    run.explain({"1": 1, "2": 2, "3": 1})
    agreed = run.reviewed()
    BundlePolicy.objects.update(rule=BundleRule.WHOLE_BUNDLES)

    response = run.submit(agreed)

    assertRedirects(response, run.url("review"), fetch_redirect_response=False)
    [changed] = run.get("review").context["changed"]
    assert changed.reviewed.startswith("1 of 3 available")
    assert changed.now.startswith("1 of 2 available")
    assert not ChangeOrder.objects.exists()
