"""A bundle whose items stand on several pages of lines: what is seen ticked is what is kept."""

import pytest
from playwright.sync_api import expect

from cancellations.wizard import line_pages
from tests.proofs.browser.wizard_pages import choose, step

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def first_page(open_page, bundle_order, agent, monkeypatch):
    """The bundle and one of its items; the other stands on the second page of two lines."""
    monkeypatch.setattr(line_pages, "LINES_A_PAGE", 2)
    page = open_page(agent)
    choose(page, "Cancel Item")
    return page


def box(page, name):
    return page.get_by_role("checkbox", name=f"Select {name}")


def turn(page, lines):
    page.get_by_role("group", name="Pages of lines").get_by_role("button", name=lines).click()


def says(page, count):
    expect(page.get_by_text(f"{count} of 100 selected")).to_be_visible()


def test_items_on_another_page_follow_their_bundle_both_ways(first_page):
    page = first_page

    box(page, "Home cinema").check()
    says(page, 3)
    box(page, "Home cinema").uncheck()
    says(page, 0)
    box(page, "Home cinema").check()
    turn(page, "3–4")

    expect(box(page, "Speaker")).to_be_checked()
    expect(page.get_by_text("The items of the bundle are now selected too.")).to_have_count(0)
    turn(page, "1–2")
    box(page, "Home cinema").uncheck()
    turn(page, "3–4")
    expect(box(page, "Speaker")).not_to_be_checked()
    says(page, 0)


@pytest.mark.long
def test_an_item_left_out_stays_out_wherever_its_bundle_stands(first_page):
    page = first_page
    box(page, "Home cinema").check()
    box(page, "TV").uncheck()
    turn(page, "3–4")
    box(page, "Speaker").uncheck()

    page.get_by_role("button", name="Next").click()

    assert step(page) == "Details"
    expect(page.get_by_role("spinbutton", name="Quantity for")).to_have_count(1)
