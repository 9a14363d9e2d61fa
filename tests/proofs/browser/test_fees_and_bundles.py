"""Fees, bundles that went in parts and authorizations, with JavaScript and without."""

import pytest
from playwright.sync_api import expect

from cancellations.models import ChangeOrder
from tests.support.builders import cancel, fee, payment, product, select

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


def explain_all_rows(page, reason="Changed Mind"):
    apply = page.get_by_role("group", name="Apply to All Items")
    apply.get_by_role("combobox", name="Reason").select_option(label=reason)
    apply.get_by_role("button", name="Apply to All").click()


def test_fees_go_back_with_the_last_item_where_they_are_ticked(
    open_page, new_order, agent, javascript
):
    new_order([product("1", 2, name="Shirt"), fee(unit_price="5.00")], captured="25.00")
    page = open_page(agent, javascript=javascript)

    page.goto("/order-summaries/W-1/cancel-items/")
    page.get_by_role("checkbox", name="Select Shirt (line 1)").check()
    page.get_by_role("button", name="Next").click()
    explain_all_rows(page)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("stays on an order with nothing left")).to_be_visible()
    page.get_by_role("link", name="Change the choice on fees").click()
    fees = page.get_by_role("checkbox", name="Refund fees", exact=True)
    expect(fees).not_to_be_checked()
    fees.check()
    if javascript:
        expect(page.get_by_role("status").filter(has_text="Amount")).to_contain_text("$25.00")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("$25.00 will be refunded to Visa ending 1111.")).to_be_visible()
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("You’re all set! The cancellation succeeded.")).to_be_visible()
    assert ChangeOrder.objects.get().canceled_minor == 2500


def test_children_follow_their_bundle_down_to_those_that_have_gone(
    open_page, new_order, agent, javascript
):
    order = new_order(
        [
            product("1", 2, "50.00", name="Set"),
            product("2", 2, "0.00", name="Speaker", bundle="1"),
        ]
    )
    cancel(order, select("2", 1), by=agent)
    page = open_page(agent, javascript=javascript)

    page.goto("/order-summaries/W-1/cancel-items/")
    page.get_by_role("checkbox", name="Select Set (line 1)").check()
    page.get_by_role("button", name="Next").click()
    if not javascript:
        page.get_by_role("button", name="Next").click()
    speakers = page.get_by_role("spinbutton", name="Quantity for Speaker (line 2)")
    expect(speakers).to_have_value("1")
    page.get_by_role("spinbutton", name="Quantity for Set (line 1)").fill("1")
    if not javascript:
        speakers.fill("0")
    expect(speakers).to_have_value("0")
    page.get_by_role("combobox", name="Reason for Set (line 1)").select_option(label="Outdated")
    page.get_by_role("button", name="Next").click()

    expect(page.get_by_text("$50.00 will be refunded to Visa ending 1111.")).to_be_visible()
    expect(page.get_by_text("Refund is not prorated.")).to_have_count(0)
    page.get_by_role("button", name="Submit").click()
    newest = ChangeOrder.objects.order_by("pk").last()
    assert {item.line.key: item.quantity for item in newest.items.all()} == {"1": 1}


@pytest.mark.long
def test_an_authorization_that_is_not_needed_is_released(open_page, new_order, agent, javascript):
    new_order(
        [product("1", 2, name="Shirt")],
        payments=[
            payment("10.00", "P1", captured="0.00"),
            payment("10.00", "P2", method="Store card", captured="0.00"),
        ],
    )
    page = open_page(agent, javascript=javascript)

    page.goto("/order-summaries/W-1/cancel-items/")
    page.get_by_role("checkbox", name="Select Shirt (line 1)").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("spinbutton", name="Quantity for Shirt (line 1)").fill("1")
    explain_all_rows(page)
    page.get_by_role("button", name="Next").click()

    expect(page.get_by_text("Nothing will be refunded.")).to_be_visible()
    expect(
        page.get_by_text("The authorization of $10.00 on Store card is released")
    ).to_be_visible()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Authorization on Visa ending 1111 that stays")).to_be_visible()
