"""The ways to a cancellation: from the customer's account, and from the admin, outside."""

import re

import pytest
from playwright.sync_api import expect

from cancellations.models import ChangeOrder
from tests.support.builders import UserFactory, product

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


def test_from_the_account_to_a_canceled_item(open_page, new_order, agent, javascript):
    new_order([product("1", 2)], captured="20.00")
    page = open_page(agent, javascript=javascript)

    page.goto("/")
    page.get_by_role("link", name="Accounts", exact=True).click()
    page.get_by_role("link", name="A-1001").click()
    page.get_by_role("link", name="W-1").click()
    actions = page.get_by_role("region", name="Actions & Recommendations")
    actions.get_by_role("link", name="Cancel Item").click()
    page.wait_for_load_state()
    page.get_by_role("checkbox", name="Select Thing 1 (line 1)").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("combobox", name="Reason for Thing 1").select_option(label="Outdated")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Submit").click()
    number = ChangeOrder.objects.get().number
    page.get_by_role("link", name=number).click()
    expect(page.get_by_role("heading", name=number)).to_be_visible()
    page.get_by_role("link", name="Change Orders", exact=True).click()
    expect(page.get_by_role("link", name=number)).to_be_visible()
    page.get_by_role("link", name="Refunds", exact=True).click()

    expect(page.get_by_role("row").filter(has_text="Visa ending 1111")).to_contain_text("$20.00")


@pytest.mark.long
def test_from_the_admin_outside_the_console_and_back(open_page, new_order, javascript):
    new_order([product("1", 2), product("2")])
    page = open_page(UserFactory(manager=True, is_staff=True), javascript=javascript)
    bars = page.get_by_role("progressbar", name="Progress")

    page.goto("/admin/orders/ordersummary/?q=W-1")
    page.get_by_role("link", name="Cancel All", exact=True).click()
    expect(bars).to_have_count(2)
    expect(page.get_by_role("navigation", name="Console")).to_have_count(0)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a reason.")
    expect(bars).to_have_count(2)
    page.get_by_role("combobox", name="Reason").select_option(label="Duplicate Order")
    page.get_by_role("button", name="Next").click()
    expect(bars).to_have_count(2)
    page.get_by_role("button", name="Previous").click()
    expect(bars).to_have_count(2)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("You’re all set! The cancellation succeeded.")).to_be_visible()
    expect(bars).to_have_count(2)
    page.get_by_role("link", name="Finish").click()

    expect(page).to_have_url(re.compile(r"/admin/orders/ordersummary/\?q=W-1$"))


@pytest.mark.long
def test_inside_the_console_there_is_one_bar(open_page, new_order, agent):
    new_order([product("1")])
    page = open_page(agent)

    page.goto("/order-summaries/W-1/cancel-all/")

    expect(page.get_by_role("progressbar", name="Progress")).to_have_count(1)


def test_a_viewer_reads_everything_and_is_offered_nothing(open_page, new_order, viewer):
    new_order([product("1")])
    page = open_page(viewer)

    page.goto("/order-summaries/W-1/")
    actions = page.get_by_role("region", name="Actions & Recommendations")

    expect(actions).to_be_visible()
    expect(actions.get_by_role("link")).to_have_count(0)
    expect(actions).to_contain_text("needs the right to cancel")


@pytest.mark.long
def test_lines_that_cannot_be_canceled_open_with_their_reason(open_page, new_order, agent):
    new_order([product("1"), product("2", 1, quantity_allocated=1)])
    page = open_page(agent)

    page.goto("/order-summaries/W-1/cancel-items/")
    reason = page.get_by_text("Ask fulfilment to release it, then cancel.")
    expect(reason).to_be_hidden()
    page.get_by_text("Not available (1)").click()

    expect(reason).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize("width", [1280, 400])
def test_the_users_menu_is_no_wider_than_its_words(open_page, manager, width):
    page = open_page(manager, width=width)
    page.goto("/order-summaries/")
    page.locator("[popovertarget=user-menu]").click()

    menu = page.locator("#user-menu").bounding_box()

    assert menu["width"] < 300
    assert menu["x"] + menu["width"] <= width


def test_links_to_the_wizards_are_large_enough_for_a_finger(open_page, new_order):
    new_order([product("1", 2)])
    page = open_page(UserFactory(manager=True, is_staff=True), width=400)

    page.goto("/admin/orders/ordersummary/")

    for name in ("Cancel Item", "Cancel All"):
        link = page.get_by_role("link", name=name, exact=True)
        assert link.bounding_box()["height"] >= 24
