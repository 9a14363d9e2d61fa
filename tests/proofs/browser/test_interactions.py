"""How many interactions a cancellation takes: clicks, keys that act, values that are typed.

By mouse and by keyboard alone; without JavaScript every path is walked, uncounted.
"""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

from cancellations.models import ChangeOrder
from tests.support.builders import product

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@dataclass
class Agent:
    """Somebody at a page, whose interactions are counted."""

    page: Any
    by_keyboard: bool
    count: int = 0

    def press(self, role, name, within=None, *, key="Enter", exact=False):
        """Press a button, follow a link or tick a box."""
        control = (within or self.page).get_by_role(role, name=name, exact=exact).first
        self.count += 1
        if self.by_keyboard:
            control.focus()  # by Tab, which acts on nothing
            control.press("Space" if role == "checkbox" else key)
        else:
            control.click()

    def choose(self, name, label, within=None):
        """Choose from a list: one value."""
        control = (within or self.page).get_by_role("combobox", name=name)
        self.count += 1
        if self.by_keyboard:
            control.focus()
            control.press_sequentially(label)
            expect(control.locator("option:checked")).to_have_text(label)
        else:
            control.select_option(label=label)

    def open(self, kind):
        """From the open list into a wizard."""
        self.press("link", "W-1")
        actions = self.page.get_by_role("region", name="Actions & Recommendations")
        self.press("link", kind, actions)


@pytest.fixture
def start(open_page, agent):
    def at_the_list(how):
        page = open_page(agent, javascript=how != "without JavaScript")
        page.goto("/order-summaries/")
        return Agent(page, how == "keyboard")

    return at_the_list


HOW = pytest.mark.parametrize(
    "how",
    [
        pytest.param("mouse", marks=pytest.mark.long),
        "keyboard",
        pytest.param("without JavaScript", marks=pytest.mark.long),
    ],
)


@HOW
def test_ten_lines_with_one_reason(start, new_order, how):
    new_order([product(str(number), 2) for number in range(10)])
    agent = start(how)
    page = agent.page

    agent.open("Cancel Item")
    if how == "without JavaScript":
        for box in page.get_by_role("checkbox").all():
            box.check()
    else:
        agent.press("checkbox", "Select all")
    agent.press("button", "Next")
    apply = page.get_by_role("group", name="Apply to All Items")
    agent.choose("Reason", "Wrong Item", apply)
    agent.press("button", "Apply to All", apply)
    agent.press("button", "Next")
    agent.press("button", "Submit")

    expect(page.get_by_role("link", name="Finish")).to_be_visible()
    assert agent.count <= 8
    assert ChangeOrder.objects.get().items.count() == 10


@HOW
def test_cancel_all(start, new_order, how):
    new_order([product(str(number), 2) for number in range(3)])
    agent = start(how)

    agent.open("Cancel All")
    agent.choose("Reason", "Wrong Item")
    agent.press("button", "Next")
    agent.press("button", "Submit")

    expect(agent.page.get_by_role("link", name="Finish")).to_be_visible()
    assert agent.count <= 5


@HOW
def test_one_line_of_one(start, new_order, how):
    new_order([product("1", 2)])
    agent = start(how)

    agent.open("Cancel Item")
    agent.press("button", "Next")
    agent.choose("Reason for Thing 1", "Wrong Item")
    agent.press("button", "Next")
    agent.press("button", "Submit")

    expect(agent.page.get_by_role("link", name="Finish")).to_be_visible()
    assert agent.count <= 6


@pytest.mark.long
def test_enter_alone_goes_from_quantity_to_quantity(start, new_order):
    new_order([product(str(number), 2) for number in range(3)])
    agent = start("keyboard")
    page = agent.page
    agent.open("Cancel Item")
    agent.press("checkbox", "Select all")
    agent.press("button", "Next")
    quantities = page.get_by_role("spinbutton", name="Quantity for")

    quantities.first.focus()
    for number in range(3):
        expect(quantities.nth(number)).to_be_focused()
        page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Next")).to_be_focused()
    expect(page).to_have_url(re.compile("/details/$"))


@pytest.mark.long
@pytest.mark.parametrize("by_keyboard", [True, False])
def test_shift_selects_a_range(start, new_order, by_keyboard):
    new_order([product(str(number)) for number in range(1, 7)])
    agent = start("keyboard")
    page = agent.page
    agent.open("Cancel Item")
    boxes = page.get_by_role("checkbox", name="Select Thing")

    if by_keyboard:
        boxes.nth(1).press("Space")
        boxes.nth(4).press("Shift+Space")
    else:
        boxes.nth(1).click()
        boxes.nth(4).click(modifiers=["Shift"])

    ticked = [box.is_checked() for box in boxes.all()]
    assert ticked == [False, True, True, True, True, False]


def test_looking_for_lines_hides_the_others_and_enter_stays(start, new_order):
    new_order([product(str(number), name=f"Thing {number:02}") for number in range(1, 31)])
    agent = start("keyboard")
    page = agent.page
    agent.open("Cancel Item")
    boxes = page.get_by_role("checkbox", name="Select Thing")

    page.get_by_role("searchbox", name="Filter items").fill("thing 2")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/select/$"))
    expect(boxes).to_have_count(12)  # 02, 20 to 29, and 12 by its SKU
    expect(page.get_by_text("Shown: 12 of 30")).to_be_visible()
    agent.press("checkbox", "Select all")
    page.get_by_role("searchbox", name="Filter items").fill("")
    expect(boxes).to_have_count(30)
    expect(page.get_by_text("12 of 100 selected")).to_be_visible()

    page.get_by_role("searchbox", name="Filter items").fill("zzz")
    expect(page.get_by_text("Nothing matches.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Select all")).to_have_count(0)
    page.get_by_role("searchbox", name="Filter items").fill("")
    expect(boxes).to_have_count(30)


@pytest.mark.long
def test_without_javascript_there_is_no_box_and_all_pages(open_page, new_order, agent):
    new_order([product(str(number), name=f"Thing {number:03}") for number in range(1, 203)])
    page = open_page(agent, javascript=False)
    page.goto("/order-summaries/W-1/cancel-items/")

    expect(page.get_by_role("searchbox", name="Filter items")).to_have_count(0)
    page.get_by_role("checkbox", name="Select Thing 001").check()
    page.get_by_role("button", name="201–202").click()
    page.get_by_role("checkbox", name="Select Thing 202").check()
    page.get_by_role("button", name="1–200", exact=True).click()
    expect(page.get_by_role("checkbox", name="Select Thing 001")).to_be_checked()
    expect(page.get_by_text("2 of 100 selected")).to_be_visible()
    page.get_by_role("button", name="Next").click()

    expect(page.get_by_role("spinbutton", name="Quantity for")).to_have_count(2)
