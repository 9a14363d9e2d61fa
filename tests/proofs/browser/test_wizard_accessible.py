"""The wizards in their states: what axe finds in them, in every shape."""

import pytest
from playwright.sync_api import expect

from tests.support.accessible import findings
from tests.support.builders import delivery_charge, delivery_group, product

pytestmark = [
    pytest.mark.axe,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def many_lines(open_page, new_order, agent):
    """Select, on an order of more lines than a page shows."""
    lines = [product(str(number)) for number in range(201)]
    groups = [delivery_group(), delivery_group("G2", deliver_to="Noor")]
    new_order([*lines, product("x", delivery_group="G2"), delivery_charge()],
              delivery_groups=groups)  # fmt: skip
    page = open_page(agent, policy=False)
    page.goto("/order-summaries/W-1/cancel-items/")
    return page


@pytest.mark.long
@pytest.mark.parametrize("query", ["", "?outside=1"])
def test_the_list_of_keys(many_lines, query):
    page = many_lines
    page.goto(f"/order-summaries/W-1/cancel-items/{query}")
    page.get_by_role("checkbox", name="Select Thing 1 (line 1)").press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()

    assert findings(page) == []


@pytest.mark.long
def test_select_with_more_than_there_may_be(many_lines):
    many_lines.get_by_role("checkbox", name="Select all").check()
    expect(many_lines.get_by_text("There are no totals of more than 100 items.")).to_be_visible()

    assert findings(many_lines) == []


@pytest.mark.long
def test_details_with_a_row_that_was_not_applied_and_the_question(many_lines):
    page = many_lines
    page.get_by_role("checkbox", name="Select Thing 1 (line 1)").check()
    page.get_by_role("button", name="Next").click()
    apply = page.get_by_role("group", name="Apply to All Items")
    apply.get_by_role("spinbutton", name="Quantity").fill("1")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert findings(page) == []

    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert findings(page) == []


@pytest.mark.long
def test_the_page_that_asks(many_lines):
    many_lines.goto(many_lines.url + "?discard=ask")

    expect(many_lines.get_by_text("What you chose and typed here is lost.")).to_be_visible()
    assert findings(many_lines) == []
