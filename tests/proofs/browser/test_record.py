"""The record of an order in a browser: keys, copied numbers, and lines that come on demand."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.builders import cancel, imported, order_document, product, select, tax

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def record(new_order, open_page, agent):
    new_order([product("1", 3, "3.33", line_amount="10.00", taxes=[tax("0.83")])])
    page = open_page(agent)
    page.goto("/order-summaries/W-1/")
    return page


@pytest.mark.parametrize(("key", "way"), [("c", "cancel-items"), ("a", "cancel-all")])
def test_a_key_opens_what_its_link_opens(record, key, way):
    record.keyboard.press(key)

    record.wait_for_url(re.compile(rf"/order-summaries/W-1/{way}/.+"))


def test_the_links_are_called_what_they_were(record):
    for name in ("Cancel Item", "Cancel All"):
        expect(record.get_by_role("link", name=name, exact=True)).to_be_visible()


@pytest.mark.parametrize(
    "key",
    [
        "Control+c",
        *(pytest.param(key, marks=pytest.mark.long) for key in ("Alt+a", "Meta+c", "Shift+C")),
    ],
)
def test_no_key_fires_with_a_modifier(record, key):
    record.keyboard.press(key)

    assert record.url.endswith("/order-summaries/W-1/")


def test_no_key_fires_while_something_is_typed(record):
    field = record.get_by_role("searchbox", name="Find an order")
    field.click()
    record.keyboard.type("ca?")

    expect(field).to_have_value("ca?")
    expect(record.get_by_role("dialog")).to_have_count(0)
    assert record.url.endswith("/order-summaries/W-1/")


@pytest.mark.long
def test_the_keys_are_listed_on_demand_and_can_be_turned_off(record):
    record.keyboard.press("?")
    dialog = record.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    record.keyboard.press("c")
    assert record.url.endswith("/order-summaries/W-1/")

    dialog.get_by_role("checkbox", name="Use these keys in this browser").uncheck()
    dialog.get_by_role("button", name="Close").click()
    record.keyboard.press("c")
    record.keyboard.press("?")

    expect(dialog).to_be_hidden()
    assert record.url.endswith("/order-summaries/W-1/")


def test_the_menu_leads_to_the_list(open_page, agent, javascript):
    page = open_page(agent, javascript=javascript)
    page.goto("/keyboard-shortcuts/")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    expect(page.get_by_text("On an order: cancel items")).to_be_visible()


@pytest.mark.long
def test_a_number_is_copied_and_that_is_said(record):
    record.context.grant_permissions(["clipboard-read", "clipboard-write"])
    record.get_by_role("button", name="Copy W-1").click()

    expect(record.get_by_role("status").filter(has_text="W-1 was copied.")).to_have_count(1)
    assert record.evaluate("navigator.clipboard.readText()") == "W-1"


@pytest.mark.long
def test_without_scripts_nothing_offers_to_copy(new_order, open_page, agent):
    new_order([product("1")])
    page = open_page(agent, javascript=False)
    page.goto("/order-summaries/W-1/")

    expect(page.get_by_role("button", name="Copy W-1")).to_have_count(0)


def test_later_lines_come_below_those_that_are_there(open_page, agent, javascript):
    lines = [product(f"{n}", name=f"Thing {n}.") for n in range(1, 251)]
    imported(order_document(order_number="LONG", items=lines))
    page = open_page(agent, javascript=javascript)
    page.goto("/order-summaries/LONG/")
    expect(page.get_by_text("Lines 1 to 200 of 250").first).to_be_visible()

    page.get_by_role("link", name="More lines").click()

    expect(page.get_by_text("Thing 250.")).to_be_visible()
    expect(page.get_by_text("Thing 1.", exact=True)).to_have_count(1 if javascript else 0)
    expect(page.get_by_role("link", name="More lines")).to_have_count(0)


def test_the_arithmetic_unfolds(open_page, agent, javascript):
    thirds = product("1", 3, "3.33", line_amount="10.00")
    order = imported(order_document(order_number="W-1", items=[thirds]))
    cancel(order, select("1", 1), by=agent)
    page = open_page(agent, javascript=javascript)
    page.goto("/order-summaries/W-1/")
    said = page.get_by_text("Amount: $10.00 over 3, 1 gone: $10.00 − $3.33 = $6.67")
    expect(said).to_be_hidden()

    page.get_by_text("How $6.67 adds up").click()

    expect(said).to_be_visible()
