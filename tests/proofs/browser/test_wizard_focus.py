"""Where the focus is, what the title says, and what stays of an error, in the wizards."""

import re

import pytest
from playwright.sync_api import expect

from tests.proofs.browser.wizard_pages import choose, step
from tests.support.builders import delivery_charge, product

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

IN_VIEW = """element => {
    const box = element.getBoundingClientRect();
    const footer = document.querySelector(".wizard-footer").getBoundingClientRect();
    return box.top >= 0 && box.bottom <= Math.min(innerHeight, footer.top) + 1;
}"""


@pytest.fixture
def at(open_page, bundle_order, agent):
    """Opens a step of Cancel Item at the cables."""

    def open_step(name, width=1280, height=900):
        page = open_page(agent, width=width)
        page.set_viewport_size({"width": width, "height": height})
        choose(page, "Cancel Item")
        page.get_by_role("checkbox", name="Select Cable (line 4)").check()
        if name == "Details":
            page.get_by_role("button", name="Next").click()
        assert step(page) == name
        return page

    return open_step


@pytest.mark.long
@pytest.mark.parametrize("size", [(640, 450), (400, 700)], ids=["at 200 %", "narrow"])
def test_the_first_focus_is_in_view(at, open_page, agent, size):
    page = at("Details", *size)

    assert page.evaluate("document.activeElement.matches('[data-work] *')")
    assert page.evaluate(f"({IN_VIEW})(document.activeElement)")


def test_an_error_goes_when_it_is_mended(at):
    page = at("Details")
    page.get_by_role("button", name="Next").click()
    expect(page).to_have_title(re.compile("^Error: Details"))
    expect(page.get_by_role("alert")).to_be_focused()

    page.get_by_role("combobox", name="Reason for Cable").select_option(label="Wrong Item")

    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page).to_have_title("Details · Cancel Item · W-1 · Countermand")
    page.get_by_role("button", name="Next").click()
    assert step(page) == "Review"


@pytest.mark.long
def test_of_two_errors_the_other_stays(at):
    page = at("Details")
    page.get_by_role("spinbutton", name="Quantity for Cable").fill("9")
    page.get_by_role("button", name="Next").click()

    page.get_by_role("spinbutton", name="Quantity for Cable").fill("2")

    expect(page.get_by_role("alert").get_by_role("listitem")).to_have_count(1)
    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a reason.")
    expect(page.get_by_role("alert")).not_to_contain_text("Quantity")


@pytest.mark.long
def test_a_note_that_is_needed_no_longer_is_no_error(at):
    page = at("Details")
    page.get_by_role("combobox", name="Reason for Cable").select_option(label="Other")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_contain_text("Write a note")

    page.get_by_role("combobox", name="Reason for Cable").select_option(label="Wrong Item")

    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.long
def test_nothing_selected_is_mended_by_a_tick(open_page, bundle_order, agent):
    page = open_page(agent)
    choose(page, "Cancel Item")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_contain_text("Select at least one item.")

    page.get_by_role("checkbox", name="Select Cable (line 4)").check()

    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page).to_have_title("Select · Cancel Item · W-1 · Countermand")


def test_a_link_to_an_error_leaves_the_items_name_in_view(at):
    page = at("Details", 400, 700)
    page.get_by_role("combobox", name="Reason for Cable").select_option(label="Other")
    page.get_by_role("button", name="Next").click()

    page.get_by_role("alert").get_by_role("link").first.click()

    expect(page.get_by_role("textbox", name="Note for Cable")).to_be_focused()
    name = page.locator(".details-table th.tree bdi").first
    assert name.evaluate(IN_VIEW)
    assert page.get_by_role("textbox", name="Note for Cable").evaluate(IN_VIEW)


@pytest.mark.long
@pytest.mark.parametrize("width", [400, 1280])
def test_ticks_are_large_enough_to_be_hit(open_page, new_order, agent, width):
    new_order([product("1", 3), delivery_charge()])
    page = open_page(agent, width=width)
    choose(page, "Cancel Item")
    page.get_by_role("button", name="Next").click()

    areas = page.locator(".details-table [type=checkbox]").evaluate_all(
        """boxes => boxes.map(box => {
            const area = box.closest("label").getBoundingClientRect();
            return Math.min(area.width, area.height);
        })"""
    )

    assert len(areas) == 2
    assert min(areas) >= 24
