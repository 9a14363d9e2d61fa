"""Records with all that unfolds of them, the list of keys, and refusals: what axe finds there."""

import pytest
from playwright.sync_api import expect

from tests.support.accessible import findings
from tests.support.builders import (
    adjustment,
    cancel,
    delivery_charge,
    delivery_group,
    fee,
    imported,
    order_document,
    payment,
    product,
    select,
    tax,
)

pytestmark = [
    pytest.mark.axe,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

UNFOLD = "document.querySelectorAll('main details').forEach(each => { each.open = true; })"


@pytest.fixture
def change_order(agent):
    """The last change order of an order with discounts, taxes, delivery, and too little paid."""
    discounts = [adjustment("-1.00"), adjustment("-0.50", scope="order")]
    items = [
        product("1", 3, "4.00", name="Shirt", adjustments=discounts, taxes=[tax("0.40")]),
        product("2", 2, "50.00", name="Shirt", taxes=[tax("4.00")], delivery_group="G2"),
        delivery_charge(taxes=[tax("0.40")]),
        fee(),
    ]
    groups = [delivery_group(), delivery_group("G2", deliver_to="Nora Berg")]
    paid = [payment("130.00", captured="90.00")]
    document = order_document(
        order_number="W-1", items=items, delivery_groups=groups, payments=paid
    )
    order = imported(document)
    cancel(order, select("1", 1), by=agent)
    return cancel(order, select("1", 1, refund_delivery=True), select("2", 1), by=agent)


@pytest.fixture
def looks_at(open_page, agent, change_order):
    def look(path, shows, *, refused=False, then=lambda page: None):
        page = open_page(agent, refused=refused, policy=False)
        page.goto(path)
        page.evaluate(UNFOLD)
        then(page)
        expect(page.get_by_text(shows).first).to_be_visible()
        return findings(page)

    return look


@pytest.mark.parametrize(
    ("page", "shows"),
    [
        ("", "All lines together"),
        pytest.param("related/", "Changed Mind", marks=pytest.mark.long),
        pytest.param("feed/", "Everything that happened", marks=pytest.mark.long),
    ],
)
def test_an_order(looks_at, page, shows):
    assert looks_at(f"/order-summaries/W-1/{page}", shows) == []


@pytest.mark.long
def test_a_change_order(looks_at, change_order):
    shows = "Why the refund is not what is canceled"

    assert looks_at(change_order.get_absolute_url(), shows) == []


@pytest.mark.long
def test_a_long_order(looks_at):
    lines = [product(f"{n}", taxes=[tax("0.10")]) for n in range(201)]
    imported(order_document(order_number="LONG", items=lines))

    assert looks_at("/order-summaries/LONG/?after=199", "Lines 201 to 201 of 201") == []


@pytest.mark.long
def test_the_menu_of_whoever_is_signed_in(looks_at):
    def opened(page):
        page.locator("[popovertarget=user-menu]").click()

    assert looks_at("/order-summaries/W-1/", "Second factors", then=opened) == []


@pytest.mark.long
def test_the_list_of_keys(looks_at):
    asked = {"then": lambda page: page.keyboard.press("?")}

    assert looks_at("/keyboard-shortcuts/", "Single keys that work") == []
    assert looks_at("/order-summaries/W-1/", "On an order: cancel items", **asked) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("page", "shows"),
    [
        ("/nowhere/", "We can’t find this page"),
        ("/order-summaries/W-1/refund-owed/", "You can’t do this"),
    ],
)
def test_a_refusal_with_the_navigation(looks_at, page, shows):
    assert looks_at(page, shows, refused=True) == []


def test_details_and_review_unfolded(open_page, agent, change_order):
    page = open_page(agent, policy=False)
    page.goto("/order-summaries/W-1/cancel-all/")
    page.get_by_label("Reason").select_option("Changed Mind")
    page.evaluate(UNFOLD)
    expect(page.locator("#added-up")).to_contain_text("Amount")
    assert findings(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Next").click()
    page.evaluate(UNFOLD)
    expect(page.get_by_text("Amount after:").first).to_be_visible()

    assert findings(page) == []
