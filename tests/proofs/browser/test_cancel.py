"""Cancel Item and Cancel All as an agent does them, with JavaScript and without."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from cancellations.models import ChangeOrder
from tests.proofs.browser.wizard_pages import BOTH_WAYS, choose, step
from tests.support.builders import product

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


def test_an_agent_signs_in_and_finds_the_order(open_page, new_order, agent, javascript):
    new_order([product("1")])
    agent.set_password("a long enough password")
    agent.save()
    page = open_page(javascript=javascript)

    page.goto("/")
    page.get_by_role("textbox", name="Username").fill(agent.username)
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Search", exact=True).fill("boyle")
    page.get_by_label("Search", exact=True).press("Enter")
    page.get_by_role("link", name="W-1").click()

    expect(page.get_by_role("heading", name="W-1")).to_be_visible()
    expect(page.get_by_role("link", name="Order Summaries").first).to_be_visible()


@BOTH_WAYS
def test_cancel_item_with_a_bundle_and_apply_to_all(open_page, bundle_order, agent, javascript):
    page = open_page(agent, javascript=javascript)

    choose(page, "Cancel Item")
    assert step(page) == "Select"
    page.get_by_role("checkbox", name="Select Home cinema (line 1)").check()
    if not javascript:
        page.get_by_role("button", name="Next").click()
    for name in ("Select TV (line 2)", "Select Speaker (line 3)"):
        expect(page.get_by_role("checkbox", name=name)).to_be_checked()
    expect(page.get_by_text("3 of 100 selected")).to_be_visible()
    page.get_by_role("checkbox", name="Select TV (line 2)").uncheck()
    page.get_by_role("button", name="Next").click()

    assert step(page) == "Details"
    apply = page.get_by_role("group", name="Apply to All Items")
    apply.get_by_role("spinbutton", name="Quantity").fill("3")
    apply.get_by_role("combobox", name="Reason").select_option(label="Wrong Item")
    apply.get_by_role("textbox", name="Note").fill("both rooms")
    apply.get_by_role("button", name="Apply to All").click()
    quantity = page.get_by_role("spinbutton", name="Quantity for Home cinema (line 1)")
    expect(quantity).to_have_value("2")
    expect(page.get_by_text("Only 2 available")).to_be_visible()
    speakers = page.get_by_role("spinbutton", name="Quantity for Speaker (line 3)")
    expect(speakers).to_have_value("4")
    speakers.fill("3")
    expect(page.get_by_role("textbox", name="Note for Speaker (line 3)")).to_have_value(
        "both rooms"
    )
    quantity.fill("1")
    page.get_by_role("button", name="Next").click()

    assert step(page) == "Review"
    expect(page.get_by_text("Includes $100.00 for TV, which is not canceled.")).to_be_visible()
    expect(page.get_by_text("$500.00 will be refunded to Visa ending 1111.")).to_be_visible()
    page.get_by_role("button", name="Submit").click()

    assert step(page) == "Finish"
    expect(page.get_by_text("You’re all set! The cancellation succeeded.")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Progress")).to_be_visible()
    page.get_by_role("link", name="Finish").click()
    expect(page.get_by_role("heading", name="W-1")).to_be_visible()
    change_order = ChangeOrder.objects.get()
    assert change_order.canceled_minor == 50000
    assert {item.line.key: item.quantity for item in change_order.items.all()} == {
        "1": 1,
        "2": 0,
        "3": 3,
    }


def test_cancel_all(open_page, bundle_order, agent, javascript):
    page = open_page(agent, javascript=javascript)

    choose(page, "Cancel All")
    assert step(page) == "Details"
    page.get_by_role("combobox", name="Reason").select_option(label="Other")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_contain_text("Write a note")
    page.get_by_role("textbox", name="Note").fill("moved abroad")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("You’re all set! The cancellation succeeded.")).to_be_visible()
    bundle_order.refresh_from_db()
    assert bundle_order.status == "canceled"
    assert bundle_order.grand_total_minor == 0


def test_previous_and_discard(open_page, bundle_order, agent, javascript):
    page = open_page(agent, javascript=javascript)

    choose(page, "Cancel Item")
    page.get_by_role("checkbox", name="Select Cable (line 4)").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("spinbutton", name="Quantity for Cable (line 4)").fill("4")
    page.get_by_role("button", name="Previous").click()
    expect(page.get_by_role("checkbox", name="Select Cable (line 4)")).to_be_checked()
    page.get_by_role("button", name="Next").click()
    quantity = page.get_by_role("spinbutton", name="Quantity for Cable (line 4)")
    expect(quantity).to_have_value("4")
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("button", name="Discard").click()

    expect(page.get_by_text("Nothing was canceled.")).to_be_visible()
    assert not ChangeOrder.objects.exists()


def test_enter_means_next(open_page, bundle_order, agent):
    page = open_page(agent, javascript=False)

    choose(page, "Cancel Item")
    box = page.get_by_role("checkbox", name="Select Cable (line 4)")
    box.check()
    box.press("Enter")
    assert step(page) == "Details"
    page.get_by_role("combobox", name="Reason for Cable").select_option(label="Wrong Item")
    page.get_by_role("spinbutton", name="Quantity for Cable (line 4)").press("Enter")

    assert step(page) == "Review"


@pytest.mark.long
def test_select_all_and_the_counter(open_page, bundle_order, agent):
    page = open_page(agent)

    choose(page, "Cancel Item")
    page.get_by_role("checkbox", name="Select all").check()
    expect(page.get_by_text("4 of 100 selected")).to_be_visible()
    page.get_by_role("checkbox", name="Select all").uncheck()
    expect(page.get_by_text("0 of 100 selected")).to_be_visible()


def test_children_follow_their_bundles_quantity_until_touched(open_page, bundle_order, agent):
    page = open_page(agent)

    choose(page, "Cancel Item")
    page.get_by_role("checkbox", name="Select Home cinema (line 1)").check()
    page.get_by_role("button", name="Next").click()
    bundle = page.get_by_role("spinbutton", name="Quantity for Home cinema (line 1)")
    speaker = page.get_by_role("spinbutton", name="Quantity for Speaker (line 3)")
    expect(speaker).to_have_value("4")
    bundle.fill("1")
    expect(speaker).to_have_value("2")
    speaker.fill("3")
    bundle.fill("2")
    expect(speaker).to_have_value("3")


@pytest.mark.parametrize("width", [400, pytest.param(1280, marks=pytest.mark.long)])
def test_nothing_scrolls_sideways_but_tables(open_page, bundle_order, agent, width):
    page = open_page(agent, width=width)
    wide = []

    def look():
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(page.url)

    page.goto("/order-summaries/")
    look()
    page.goto("/order-summaries/W-1/")
    look()
    choose(page, "Cancel Item")
    look()
    page.get_by_role("checkbox", name="Select Home cinema (line 1)").check()
    page.get_by_role("button", name="Next").click()
    look()
    apply = page.get_by_role("group", name="Apply to All Items")
    apply.get_by_role("combobox", name="Reason").select_option(label="Wrong Item")
    apply.get_by_role("button", name="Apply to All").click()
    page.get_by_role("button", name="Next").click()
    look()
    page.get_by_role("button", name="Submit").click()
    look()

    assert wide == []


def test_totals_and_hints_follow_what_is_ticked_and_typed(open_page, bundle_order, agent):
    page = open_page(agent)
    totals = page.get_by_role("status").filter(has_text="Expected refund")

    choose(page, "Cancel Item")
    page.get_by_role("checkbox", name="Select Cable (line 4)").check()
    expect(totals).to_contain_text("$50.00")
    page.get_by_role("checkbox", name="Select TV (line 2)").check()
    expect(page.get_by_text("Takes $0.00 off the order: the bundle item is not")).to_be_hidden()
    expect(page.get_by_text("the bundle item is not selected.")).to_be_visible()
    page.get_by_role("checkbox", name="Select TV (line 2)").uncheck()
    expect(page.get_by_text("the bundle item is not selected.")).to_be_hidden()
    page.get_by_role("button", name="Next").click()

    quantity = page.get_by_role("spinbutton", name="Quantity for Cable (line 4)")
    quantity.fill("3")
    expect(totals).to_contain_text("$30.00")
    expect(quantity).to_be_focused()
    assert step(page) == "Details"
    page.get_by_role("combobox", name="Reason for Cable").select_option(label="Wrong Item")
    page.get_by_role("button", name="Next").click()

    assert step(page) == "Review"


@pytest.mark.long
def test_what_the_browser_brings_back_is_in_the_totals(open_page, bundle_order, agent):
    page = open_page(agent)
    totals = page.get_by_role("status").filter(has_text="Expected refund")

    choose(page, "Cancel Item")
    page.get_by_role("checkbox", name="Select Cable (line 4)").check()
    expect(totals).to_be_visible()
    page.get_by_role("link", name="Order Summaries").first.click()
    page.go_back()

    expect(page.get_by_role("checkbox", name="Select Cable (line 4)")).to_be_checked()
    expect(totals).to_contain_text("$50.00")


def test_an_ended_session_leaves_the_page_as_it_is(open_page, bundle_order, agent):
    page = open_page(agent)

    choose(page, "Cancel Item")
    page.get_by_role("checkbox", name="Select Cable (line 4)").check()
    totals = page.get_by_role("status").filter(has_text="Expected refund")
    expect(totals).to_contain_text("$50.00")
    title = page.title()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    with page.expect_response(lambda response: response.status == 204):
        page.get_by_role("checkbox", name="Select Cable (line 4)").uncheck()

    said = page.get_by_role("status").filter(has_text="The totals could not be worked out.")
    expect(said).to_be_visible()
    expect(said).not_to_contain_text("$50.00")
    assert page.title() == title
    assert step(page) == "Select"
