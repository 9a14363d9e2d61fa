"""Bundles in the wizard: their messages on every step, and their odd shapes."""

import pytest
from pytest_django.asserts import assertContains, assertRedirects

from cancellations.models import BundlePolicy, ChangeOrder
from tests.support.builders import product

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


def pages(run, quantities):
    """Select, details and review of a run with these lines, each as the agent sees it."""
    run.select(*quantities, expanded=quantities)
    shown = [run.get("select"), run.get("details")]
    run.explain(quantities)
    return [*shown, run.get("review")]


@pytest.fixture
def cinema(new_order):
    return new_order(
        [
            product("1", price="100.00", name="Home cinema"),
            product("2", price="800.00", name="TV", bundle="1"),
            product("3", price="5.00", name="Cable", bundle="1"),
        ]
    )


def test_details_says_what_of_a_child_goes_with_how_many_bundles(new_order, new_run):
    new_order(
        [
            product("1", 4, "100.00", name="Home cinema"),
            product("2", 6, "5.00", name="Speaker", bundle="1", quantity_allocated=2),
        ]
    )
    run = new_run()
    run.select("1", "2", expanded=["1"])

    bundle, child = run.get("details").context["form"].rows

    assert (bundle.following, child.following) == ((), (2, 3, 4, 4))
    assertContains(run.get("details"), 'data-following="2 3 4 4"')


def test_a_child_without_its_bundle_takes_nothing_off(cinema, new_run):
    for page in pages(new_run(), {"3": 1}):
        assertContains(page, "Takes $0.00 off the order: the bundle item is not selected.")


def test_a_bundle_with_changed_children_is_not_prorated(cinema, new_run):
    for page in pages(new_run(), {"1": 1, "3": 1}):
        assertContains(page, "Refund is not prorated.")


def test_a_bundle_says_what_it_includes_of_a_child_that_stays(cinema, new_run):
    for page in pages(new_run(), {"1": 1, "3": 1}):
        assertContains(page, "Includes $800.00 for <bdi>TV</bdi>, which is not canceled.")


def test_a_whole_bundle_says_nothing(cinema, new_run):
    for page in pages(new_run(), {"1": 1, "2": 1, "3": 1}):
        assert "Refund is not prorated." not in page.text
        assert "Includes" not in page.text


def test_children_of_a_bundle_that_is_gone_take_nothing_off(new_order, new_run):
    new_order(
        [
            product("1", price="100.00", quantity_allocated=1),
            product("2", price="800.00", bundle="1"),
        ]
    )
    run = new_run()

    for page in pages(run, {"2": 1}):
        assertContains(
            page, "Takes $0.00 off the order: the bundle item can no longer be canceled."
        )
    run.submit()

    assert ChangeOrder.objects.get().canceled_minor == 0


@pytest.mark.slow
def test_a_bundle_with_more_than_99_children_asks_for_fewer_ticks(new_order, new_run):
    children = [product(str(i), price="0.00", bundle="1") for i in range(2, 122)]
    new_order([product("1", price="100.00"), *children])
    run = new_run()

    expanded = run.select("1")
    form = run.get("select").context["wizard"]["form"]
    keys = [line.key for line in form.ticked]
    too_many = run.select(*keys, expanded=["1"])
    fewer = run.select(*keys[:100], expanded=["1"])

    assertRedirects(expanded, run.url("select"), fetch_redirect_response=False)
    assert form.selected_count == 121
    assertContains(too_many, "You selected 121 items")
    assertRedirects(fewer, run.url("details"))


def test_two_bundles_of_the_same_sku_keep_to_their_own_children(new_order, new_run):
    new_order(
        [
            product("1", price="100.00", sku="SET"),
            product("2", price="100.00", sku="SET"),
            product("3", price="0.00", sku="PART", bundle="1"),
            product("4", price="0.00", sku="PART", bundle="2"),
        ]
    )
    run = new_run()
    run.select("2")

    form = run.get("select").context["wizard"]["form"]

    assert [line.key for line in form.ticked] == ["2", "4"]
    assert [row.line.key for row in form.rows] == ["1", "3", "2", "4"]


def test_lines_that_cannot_be_canceled_stand_apart_with_why_and_what_instead(new_order, new_run):
    charge = {
        "key": "1001",
        "type": "delivery_charge",
        "name": "Ground",
        "quantity": 1,
        "unit_price": "7.99",
        "delivery_group": "G1",
    }
    new_order(
        [
            product("1", 2),
            product("2", 1, quantity_allocated=1),
            product("3", 1, quantity_allocated=1, quantity_fulfilled=1),
            product("4"),
            charge,
        ]
    )
    first = new_run()
    first.select("4")
    first.explain({"4": 1})
    first.submit()

    page = new_run().get("select")

    rows = page.context["wizard"]["form"].unavailable
    assert {row.line.key: (row.why_not.reason, row.why_not.instead) for row in rows} == {
        "2": (
            "Allocated: fulfilment is working on it.",
            "Ask fulfilment to release it, then cancel.",
        ),
        "3": ("Already fulfilled.", "Ask the customer to return it."),
        "4": ("Already canceled.", ""),
        "1001": (
            "Delivery charges are not canceled by themselves.",
            "Refund it with an item of its delivery: tick Refund delivery charge there.",
        ),
    }
    assertContains(page, "Not available (4)")


def test_the_stores_policy_stands_beside_the_rules_on_every_step(cinema, new_run):
    BundlePolicy.objects.update(text="Ask the shift lead <b>first</b>.")

    for page in pages(new_run(), {"1": 1, "3": 1}):
        assertContains(page, "Ask the shift lead &lt;b&gt;first&lt;/b&gt;.")


def test_without_a_bundle_there_is_no_policy_to_read(new_order, new_run):
    new_order([product("1")])

    for page in pages(new_run(), {"1": 1}):
        assert "Bundle policy" not in page.text


def test_units_of_a_child_that_shipped_are_said_with_the_money_that_leaves(new_order, new_run):
    new_order(
        [
            product("1", price="10.00", name="Set"),
            product("2", 2, "50.00", name="TV", bundle="1", quantity_allocated=1),
        ]
    )
    *_, review = pages(new_run(), {"1": 1, "2": 1})

    assertContains(review, "Refund is not prorated.")
    assertContains(review, "Includes $100.00 for <bdi>TV</bdi>, of which 1 is allocated and stays.")


SHIPPED = {"quantity_allocated": 1, "quantity_fulfilled": 1}


@pytest.mark.parametrize(
    ("child", "sentence"),
    [
        (
            {"price": "0.00", **SHIPPED},
            "1 <bdi>Camera</bdi> has shipped; the refund is for the whole bundle.",
        ),
        (
            {"price": "0.00", "quantity_allocated": 1},
            "1 <bdi>Camera</bdi> is allocated and stays; the refund is for the whole bundle.",
        ),
        (
            {"price": "0.00", **SHIPPED, "quantity_return_initiated": 1},
            "1 <bdi>Camera</bdi> is on its way back; the refund is for the whole bundle.",
        ),
        (
            {"price": "0.00"},
            "1 <bdi>Camera</bdi> is not canceled; the refund is for the whole bundle.",
        ),
        (
            {"price": "80.00", **SHIPPED},
            "Includes $80.00 for <bdi>Camera</bdi>, of which 1 has shipped.",
        ),
        ({"price": "80.00"}, "Includes $80.00 for <bdi>Camera</bdi>, which is not canceled."),
    ],
)
def test_every_child_that_does_not_go_is_named_with_what_has_become_of_it(
    new_order, new_run, child, sentence
):
    new_order(
        [
            product("1", price="100.00", name="Kit"),
            product("2", name="Camera", bundle="1", **child),
            product("3", price="0.00", name="Strap", bundle="1"),
        ]
    )

    for page in pages(new_run(), {"1": 1, "3": 1}):
        assertContains(page, sentence)


def test_bundles_one_by_one_take_the_children_of_both(new_order, new_run):
    new_order(
        [
            product("1", 2, "100.00", name="Set"),
            product("2", 5, "10.00", name="Speaker", bundle="1"),
        ]
    )
    first = new_run()
    first.select("1", "2", expanded=["1"])
    _, child = first.get("details").context["form"].rows
    assert child.following == (3, 5)
    first.explain({"1": 1, "2": 3})
    first.submit()

    second = new_run()
    second.select("1", "2", expanded=["1"])
    _, child = second.get("details").context["form"].rows

    assert (child.quantity.value(), child.following) == (2, (2,))


@pytest.fixture
def half_gone(new_order, new_run):
    """Two sets, of which the child has gone with the first one already."""
    new_order(
        [
            product("1", 2, "100.00", name="Set"),
            product("2", 2, "10.00", name="Speaker", bundle="1"),
        ]
    )
    first = new_run()
    first.select("2")
    first.explain({"2": 1})
    first.submit()
    run = new_run()
    run.select("1", "2", expanded=["1"])
    return run


def test_a_child_whose_share_has_gone_may_stay_at_0(half_gone):
    _, child = half_gone.get("details").context["form"].rows
    assert child.following == (0, 1)

    half_gone.post("details", half_gone.rows({"1": 1, "2": 0}) | {reason_of(half_gone, "2"): ""})
    review = half_gone.get("review")
    half_gone.submit()

    assert "Refund is not prorated." not in review.text
    assert [line.line.key for line in review.context["receipt"].lines if line.quantity] == ["1"]
    assert ChangeOrder.objects.first().canceled_minor == 11000


def test_the_bundle_itself_may_not_stay_at_0(half_gone):
    response = half_gone.post("details", half_gone.rows({"1": 0, "2": 0}))

    assertContains(response, "Enter a quantity of at least 1.")


def reason_of(run, key):
    return f"details-{run.pk(key)}-reason"


def test_a_child_that_came_back_before_is_said_with_the_money_that_leaves(new_order, new_run):
    shipped = {
        "quantity_allocated": 1,
        "quantity_fulfilled": 1,
        "quantity_return_initiated": 1,
        "quantity_returned": 1,
    }
    new_order(
        [
            product("1", price="10.00", name="Set"),
            product("2", 1, "50.00", name="TV", bundle="1", **shipped),
        ]
    )
    *_, review = pages(new_run(), {"1": 1})

    assertContains(review, "Includes $50.00 for <bdi>TV</bdi>, of which 1 has been returned.")


def test_a_child_canceled_before_its_bundle_is_no_surprise(cinema, new_run):
    first = new_run()
    first.select("2", "3")
    first.explain({"2": 1, "3": 1})
    first.submit()

    *_, review = pages(new_run(), {"1": 1})

    assert "Includes" not in review.text
