"""Totals that run along never show a figure that is not of what stands on the page."""

from time import monotonic

import pytest
from playwright.sync_api import expect

from tests.proofs.browser.wizard_pages import choose

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

FAILED = "The totals could not be worked out. They come with your next change."


@pytest.fixture
def cables(open_page, bundle_order, agent):
    """The details of the cables, and the previews that are held back there until let go."""
    page = open_page(agent, refused=True)
    choose(page, "Cancel Item")
    page.get_by_role("checkbox", name="Select Cable (line 4)").check()
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/details/")  # as a whole: a script on its way would never come
    held = []

    def hold(route):
        is_preview = "preview=1" in (route.request.post_data or "")
        held.append(route) if is_preview else route.continue_()

    page.route("**/details/", hold)
    return page, held


def totals(page):
    return page.locator("#running-totals")


def quantity(page):
    return page.get_by_role("spinbutton", name="Quantity for Cable (line 4)")


def wait_for(page, held, count):
    until = monotonic() + 30  # as long as Playwright waits; a busy machine takes its time
    while len(held) < count and monotonic() < until:
        page.wait_for_timeout(50)
    assert len(held) >= count


def test_a_preview_on_its_way_shows_no_figure(cables):
    page, held = cables
    expect(totals(page)).to_contain_text("$50.00")

    quantity(page).fill("3")

    expect(totals(page)).to_have_attribute("aria-busy", "true")
    assert "$" not in totals(page).inner_text()
    expect(totals(page)).to_contain_text("Working it out…")
    wait_for(page, held, 1)
    held.pop().continue_()
    expect(totals(page)).to_contain_text("$30.00")
    expect(totals(page)).not_to_have_attribute("aria-busy", "true")
    expect(totals(page)).not_to_contain_text("Working it out…")


@pytest.mark.long
def test_hints_go_with_the_totals(open_page, bundle_order, agent):
    page = open_page(agent)
    choose(page, "Cancel Item")
    page.get_by_role("checkbox", name="Select TV (line 2)").check()
    hint = page.get_by_text("off the order: the bundle item is not selected.")
    expect(hint).to_be_visible()
    held = []
    page.route("**/select/", lambda route: held.append(route))

    page.get_by_role("checkbox", name="Select Cable (line 4)").check()

    expect(hint).to_be_hidden()
    wait_for(page, held, 1)
    held.pop().continue_()
    expect(hint).to_be_visible()


def test_an_answer_to_what_was_typed_before_is_not_shown(cables):
    page, held = cables

    quantity(page).fill("3")
    wait_for(page, held, 1)
    quantity(page).press_sequentially("x")
    quantity(page).fill("2")
    with page.expect_response("**/details/"):
        held.pop(0).continue_()
    page.wait_for_timeout(100)

    assert "$" not in totals(page).inner_text()
    wait_for(page, held, 1)
    held.pop(0).continue_()
    expect(totals(page)).to_contain_text("$20.00")


def test_a_lost_answer_is_said(cables):
    page, held = cables

    quantity(page).fill("3")
    wait_for(page, held, 1)
    held.pop().abort()

    expect(totals(page)).to_contain_text(FAILED)
    assert "$" not in totals(page).inner_text()
    expect(totals(page)).not_to_have_attribute("aria-busy", "true")
    quantity(page).fill("4")
    wait_for(page, held, 1)
    held.pop().continue_()
    expect(totals(page)).to_contain_text("$40.00")


@pytest.mark.long
def test_an_answer_that_never_comes_is_said(cables):
    page, held = cables
    page.locator("form[hx-post]").evaluate(
        "form => form.setAttribute('hx-request', '{\"timeout\": 300}')"
    )
    # htmx logs what it gave up, and so it should.
    page.evaluate("console.error = () => {}")

    quantity(page).fill("3")
    wait_for(page, held, 1)

    expect(totals(page)).to_contain_text(FAILED)


def test_of_a_note_or_reason_nothing_is_worked_out(cables):
    page, held = cables

    page.get_by_role("textbox", name="Note for Cable").fill("a note")
    page.get_by_role("combobox", name="Reason for Cable").select_option(label="Wrong Item")
    page.wait_for_timeout(500)

    expect(totals(page)).to_contain_text("$50.00")
    assert held == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("0", "Cable (line 4): Enter a quantity of at least 1."),
        ("", "Cable (line 4): Enter a quantity."),
        ("99", "Cable (line 4): Only 5 can be canceled."),
        ("1.5", "Cable (line 4): Enter a whole number."),
    ],
)
def test_of_a_quantity_that_cannot_be_there_are_no_totals(cables, typed, why):
    page, _ = cables
    page.unroute_all()

    quantity(page).fill(typed)

    expect(totals(page)).to_contain_text(why)
    assert "$" not in totals(page).inner_text()
    assert totals(page).locator("dd").all_inner_texts() == ["–", "–", "–"]
