"""Slips of the hand: none changes a figure unseen or loses what was typed without a question."""

import pytest
from playwright.sync_api import expect

from cancellations.models import ChangeOrder
from tests.proofs.browser.wizard_pages import choose, step
from tests.support.builders import cancel, select

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def at_details(open_page, bundle_order, agent):
    """Opens the details of the cables, with JavaScript or without."""

    def open_details(*names, javascript=True):
        page = open_page(agent, javascript=javascript)
        choose(page, "Cancel Item")
        for name in names or ("Cable (line 4)",):
            page.get_by_role("checkbox", name=f"Select {name}").check()
        page.get_by_role("button", name="Next").click()
        assert step(page) == "Details"
        return page

    return open_details


@pytest.mark.long
def test_the_mouse_wheel_leaves_a_quantity_alone(at_details):
    page = at_details()
    quantity = page.get_by_role("spinbutton", name="Quantity for Cable (line 4)")

    quantity.click()
    quantity.hover()
    page.mouse.wheel(0, 100)
    page.wait_for_timeout(200)

    expect(quantity).to_have_value("5")
    expect(quantity).to_be_focused()


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.long)])
def test_what_was_not_applied_stops_next_and_stays(at_details, javascript):
    page = at_details(javascript=javascript)
    page.get_by_role("combobox", name="Reason for Cable").select_option(label="Outdated")
    apply = page.get_by_role("group", name="Apply to All Items")

    apply.get_by_role("combobox", name="Reason").select_option(label="Wrong Item")
    page.get_by_role("button", name="Next").click()

    assert step(page) == "Details"
    expect(page.get_by_role("alert")).to_contain_text("This has not been applied.")
    assert "Wrong Item" in apply.get_by_role("combobox", name="Reason").inner_text()
    apply.get_by_role("button", name="Apply to All").click()
    expect(apply.get_by_role("combobox", name="Reason")).to_have_value("")
    page.get_by_role("button", name="Next").click()
    assert step(page) == "Review"
    expect(page.get_by_text("Wrong Item")).to_be_visible()


@pytest.mark.long
def test_applied_to_a_bundle_each_child_takes_its_share(at_details):
    page = at_details("Home cinema (line 1)")
    apply = page.get_by_role("group", name="Apply to All Items")

    apply.get_by_role("spinbutton", name="Quantity").fill("1")
    apply.get_by_role("button", name="Apply to All").click()

    names = ("Home cinema (line 1)", "TV (line 2)", "Speaker (line 3)")
    for name, quantity in zip(names, "112", strict=True):
        expect(page.get_by_role("spinbutton", name=f"Quantity for {name}")).to_have_value(quantity)
    page.get_by_role("spinbutton", name="Quantity for Home cinema").fill("2")
    expect(page.get_by_role("spinbutton", name="Quantity for Speaker")).to_have_value("4")


def test_apply_to_all_says_so_once(at_details):
    page = at_details("Home cinema (line 1)", "Cable (line 4)")
    page.evaluate(
        """() => {
            window.said = [];
            const live = ':is([role=status], [role=alert], [aria-live])';
            for (const region of document.querySelectorAll(live)) {
                new MutationObserver(() => said.push(region.innerText.trim())).observe(
                    region, {childList: true, subtree: true, characterData: true,
                             attributes: true});
            }
        }"""
    )
    apply = page.get_by_role("group", name="Apply to All Items")
    apply.get_by_role("spinbutton", name="Quantity").fill("9")
    apply.get_by_role("combobox", name="Reason").select_option(label="Wrong Item")
    page.evaluate("said.length = 0")
    apply.get_by_role("button", name="Apply to All").click()

    expect(page.get_by_text("Only 2 available").first).to_be_visible()
    said = [words for words in page.evaluate("said") if "refund" not in words]
    assert said == ["Applied to 4 items."]


def test_discard_asks_once_when_something_was_typed(open_page, bundle_order, agent, javascript):
    page = open_page(agent, javascript=javascript)
    choose(page, "Cancel Item")
    box = page.get_by_role("checkbox", name="Select Cable (line 4)")

    box.check()
    page.get_by_role("button", name="Discard").click()
    if javascript:
        expect(page.get_by_role("dialog")).to_contain_text("is lost")
        page.get_by_role("button", name="Keep going").click()
        expect(page.get_by_role("button", name="Discard")).to_be_focused()
    else:
        page.get_by_role("link", name="Keep going").click()
    expect(box).to_be_checked()
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("button", name="Discard").click()

    expect(page.get_by_text("Nothing was canceled.")).to_be_visible()
    assert not ChangeOrder.objects.exists()


@pytest.mark.long
def test_discard_of_nothing_asks_nothing(open_page, bundle_order, agent, javascript):
    page = open_page(agent, javascript=javascript)
    choose(page, "Cancel All")

    page.get_by_role("button", name="Discard").click()

    expect(page.get_by_text("Nothing was canceled.")).to_be_visible()


def test_the_browser_asks_before_typed_answers_are_left(at_details):
    page = at_details()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))

    page.get_by_role("textbox", name="Note for Cable").fill("half a note")
    page.get_by_role("link", name="Order Summaries").first.click(no_wait_after=True)
    page.wait_for_timeout(500)

    assert asked == ["beforeunload"]
    assert step(page) == "Details"
    page.get_by_role("combobox", name="Reason for Cable").select_option(label="Wrong Item")
    page.get_by_role("button", name="Next").click()
    assert step(page) == "Review"
    assert asked == ["beforeunload"]


@pytest.mark.long
def test_the_button_prints_where_scripts_run(open_page, bundle_order, agent, javascript):
    cancel(bundle_order, select("4", 1), by=agent)
    page = open_page(agent, javascript=javascript)
    page.add_init_script("window.print = () => { window.printed = true; }")
    page.goto("/change-orders/")
    page.get_by_role("link", name="CO-").first.click()
    button = page.get_by_role("button", name="Print")

    if not javascript:
        expect(button).to_have_count(0)
        return
    button.click()

    assert page.evaluate("window.printed") is True
