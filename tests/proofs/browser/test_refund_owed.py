"""Refunding what is owed, in a browser: what is typed stays, and errors stand at their fields."""

import pytest
from playwright.sync_api import expect

from cancellations.models import ChangeOrder
from tests.support.builders import imported, payment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/order-summaries/X-1/refund-owed/"


@pytest.fixture
def page(open_page, manager, javascript):
    imported(
        order_number="X-1",
        payments=[payment("15.00"), payment("15.00", "P2", method="Gift card")],
    )
    page = open_page(manager, javascript=javascript)
    page.goto(PAGE)
    return page


def test_a_note_outlives_review(page, javascript):
    page.get_by_label("Note").fill("Captured too much.")

    page.get_by_label("Over Gift card").fill("4.00")
    if not javascript:
        page.get_by_role("button", name="Review").click()
    expect(page.locator("#outcome")).to_contain_text("$6.00 stays owed to the customer.")
    expect(page.get_by_label("Note")).to_have_value("Captured too much.")

    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".messages")).to_contain_text("$4.00 is being refunded")
    assert ChangeOrder.objects.get().note == "Captured too much."


@pytest.mark.parametrize("javascript", [True])
def test_while_it_is_typed_an_error_stands_at_its_amount(page):
    amount = page.get_by_label("Over Gift card")
    error = page.locator("[data-errors-of] .errorlist")

    amount.fill("15.01")
    expect(error).to_have_text("At most $15.00 can go back over this payment.")
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#said")).to_have_text("Please check your choices")
    expect(page.get_by_role("button", name="Submit")).to_have_count(0)

    amount.fill("4.00")
    expect(page.locator("#said")).to_have_text("Refund due: $10.00")
    expect(error).to_have_count(0)
    expect(page.get_by_role("button", name="Submit")).to_be_visible()
