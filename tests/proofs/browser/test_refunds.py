"""Undo, and refunds that are followed and acted on, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from cancellations.models import ChangeOrder, Refund
from tests.cancellations.refunds.conftest import (  # noqa: F401
    clock,
    now_of,
    refund_over,
    sandbox,
    work,
)
from tests.support.builders import cancel, imported, select, shirts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shirt(agent):
    return cancel(imported(shirts(order_number="X-1")), select(), by=agent)


def test_undo_from_the_order_and_back(open_page, agent, javascript, shirt):
    page = open_page(agent, javascript=javascript)
    page.goto("/order-summaries/X-1/")
    actions = page.get_by_role("region", name="Actions & Recommendations")

    expect(actions).to_contain_text(f"{shirt.number} can be undone until")
    left = actions.get_by_role("timer")
    if javascript:
        expect(left).to_have_text(re.compile(r"[45]:\d\d"))
    else:
        expect(left).to_be_hidden()
    actions.get_by_role("link", name="Undo").click()
    page.get_by_role("button", name="Undo").click()

    expect(page.locator(".messages")).to_contain_text(f"{shirt.number} is undone by")
    expect(actions.get_by_role("link", name="Undo")).to_have_count(0)
    assert ChangeOrder.objects.filter(kind="reversal").count() == 1


@pytest.mark.long
def test_the_way_to_undo_goes_when_its_time_is_over(open_page, agent, settings):
    settings.REFUND_HOLD_SECONDS = 4
    shirt = cancel(imported(shirts(order_number="X-1")), select(), by=agent)
    page = open_page(agent)
    page.goto(shirt.get_absolute_url())

    expect(page.get_by_role("link", name="Undo")).to_be_visible()
    expect(page.get_by_text("The time for undoing is over.")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("link", name="Undo")).to_be_hidden()


def test_a_refund_succeeds_before_the_agents_eyes(
    open_page,
    agent,
    settings,
    refund_over,  # noqa: F811
    work,  # noqa: F811
):
    settings.REFUND_HOLD_SECONDS = 0
    refund = refund_over()
    page = open_page(agent)
    page.goto(refund.change_order.order.get_absolute_url())
    refunds = page.get_by_role("region", name="Refunds")
    expect(refunds).to_contain_text("Pending")
    expect(page.locator("#highlights")).to_contain_text("Refund pending")

    work(minutes=1)

    expect(refunds).to_contain_text("Succeeded", timeout=15_000)
    expect(page.locator("#highlights")).not_to_contain_text("Refund pending")
    expect(refunds).not_to_have_attribute("hx-get", re.compile("."))


def test_a_manager_retries_what_was_refused(
    open_page,
    manager,
    javascript,
    refund_over,  # noqa: F811
    work,  # noqa: F811
):
    refund = refund_over("ch_1/declines")
    work(minutes=6)
    page = open_page(manager, javascript=javascript)
    page.goto(refund.change_order.order.get_absolute_url())
    page.get_by_role("region", name="Something needs a person").get_by_role("link").click()
    retry = page.get_by_role("form", name="Retry")

    retry.get_by_label("No, I made sure of it").check()
    retry.get_by_role("button", name="Retry").click()

    expect(page.locator(".messages")).to_contain_text("It is tried again in a moment")
    assert Refund.objects.get().status == "pending"
