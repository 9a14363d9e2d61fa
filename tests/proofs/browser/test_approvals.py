"""Four eyes in a browser: one asks in the wizard, another one decides on the same review."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from cancellations.models import Approval, ChangeOrder
from tests.support.accessible import findings
from tests.support.builders import product

pytestmark = [
    pytest.mark.axe,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

NOTE = "The customer asked twice, by phone and by mail."


@pytest.fixture(autouse=True)
def over_fifty(settings):
    settings.APPROVAL_OVER = {"USD": Decimal("50.00")}


@pytest.fixture
def order(new_order):
    lines = [product("1", 3, "40.00", name="Dress Shirt"), product("2", 1, "10.00", name="Socks")]
    return new_order(lines, captured="130.00")


def asks(page):
    page.goto("/order-summaries/W-1/")
    actions = page.get_by_role("region", name="Actions & Recommendations")
    actions.get_by_role("link", name="Cancel All").click()
    page.get_by_role("combobox", name=re.compile("Reason")).first.select_option(
        label="Changed Mind"
    )
    page.get_by_role("textbox", name=re.compile("Note")).first.fill(NOTE)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("More is at stake than one person may do alone.")).to_be_visible()


@pytest.mark.parametrize("act", ["Approve", pytest.param("Refuse", marks=pytest.mark.long)])
def test_a_second_person_decides(open_page, order, agent, approver, javascript, act):
    page = open_page(agent, javascript=javascript)
    asks(page)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("nothing was canceled yet")).to_be_visible()
    assert not ChangeOrder.objects.exists()

    second = open_page(approver, javascript=javascript)
    second.goto("/order-summaries/")
    second.get_by_role("link", name="Approvals").click()
    second.get_by_role("link", name="Approval #").click()
    expect(second.get_by_text(NOTE).first).to_be_visible()
    if act == "Refuse":
        second.get_by_role("textbox", name="Note").fill("Ask their manager first.")
    second.get_by_role("button", name=act).click()

    done = "Approved: it is done." if act == "Approve" else "Refused: nothing was changed."
    expect(second.get_by_text(done)).to_be_visible()
    assert ChangeOrder.objects.count() == (act == "Approve")


@pytest.mark.long
def test_its_pages_in_every_shape(open_page, order, agent, approver, manager):
    page = open_page(agent, policy=False)
    asks(page)
    assert findings(page) == []
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("nothing was canceled yet")).to_be_visible()
    assert findings(page) == []
    here = f"/approvals/{Approval.objects.get().pk}/"

    for user, path in (
        (agent, "/order-summaries/W-1/feed/"),
        (approver, "/approvals/"),
        (approver, here),
    ):
        look = open_page(user, policy=False)
        look.goto(path)
        assert findings(look) == []

    second = open_page(approver, policy=False, refused=True)
    second.goto(here)
    second.get_by_role("button", name="Refuse").click()
    expect(second.get_by_text("Write a note").first).to_be_visible()
    assert findings(second) == []
    second.get_by_role("textbox", name="Note").fill("Ask their manager first.")
    second.get_by_role("button", name="Refuse").click()
    expect(second.get_by_text("Refused: nothing was changed.")).to_be_visible()
    assert findings(second) == []
