"""Lists as agents use them: typing, Enter, headings, rows, views; with JavaScript and without."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from console.models import DefaultView
from tests.support.accessible import findings
from tests.support.builders import UserFactory, product

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

LIST = "/order-summaries/"


@pytest.fixture
def lauren(db):
    return UserFactory(manager=True, username="lauren")


@pytest.fixture
def orders(new_order):
    return [new_order([product("1", 1 + i)], f"W-{i}") for i in range(4)]


def numbers(page):
    return page.get_by_role("row").get_by_role("rowheader").all_inner_texts()


def test_enter_opens_the_record_and_typing_does_not(open_page, lauren, orders, javascript):
    page = open_page(lauren, javascript=javascript)
    page.goto(LIST)

    if javascript:
        page.get_by_label("Search").first.press_sequentially("W-1", delay=20)
        expect(page.get_by_role("row")).to_have_count(2)
        expect(page).to_have_url(re.compile(r"/order-summaries/\?q=W-1$"))
    page.get_by_role("searchbox", name="Search").fill("W-1")
    page.get_by_role("searchbox", name="Search").press("Enter")

    expect(page).to_have_url(re.compile("/order-summaries/W-1/$"))
    page.get_by_label("Find an order").fill("W-2")
    page.get_by_label("Find an order").press("Enter")
    expect(page).to_have_url(re.compile("/order-summaries/W-2/$"))


def test_headings_sort_and_the_address_follows(open_page, lauren, orders, javascript):
    page = open_page(lauren, javascript=javascript)
    page.goto(f"{LIST}?q=W")

    page.get_by_role("link", name="Total").click()
    expect(page).to_have_url(re.compile("sort=total"))
    expect(page.get_by_role("columnheader", name="Total")).to_have_attribute(
        "aria-sort", "ascending"
    )
    assert numbers(page) == ["W-0", "W-1", "W-2", "W-3"]
    page.get_by_role("link", name="Total").click()
    expect(page).to_have_url(re.compile("sort=-total"))
    page.get_by_text("More filters").click()
    page.get_by_label("Total from").fill("30")
    page.get_by_role("button", name="Search").click()

    expect(page).to_have_url(re.compile("total_from=30"))
    expect(page).to_have_url(re.compile("sort=-total"))
    assert numbers(page) == ["W-3", "W-2"]


def test_what_is_wrong_is_said_at_its_field_while_one_types_and_until_it_is_right(
    open_page, lauren, orders
):
    page = open_page(lauren, refused=True)
    page.goto(LIST)
    page.get_by_text("More filters").click()
    currency = page.get_by_label("Currency")

    currency.fill("1")
    currency.blur()

    message = page.get_by_role("alert").filter(has_text="Three letters, such as USD.")
    expect(message).to_be_visible()
    expect(currency).to_have_accessible_description(re.compile("Three letters"))
    expect(currency).to_have_attribute("aria-invalid", "true")
    expect(page).to_have_url(re.compile("currency=1"))
    expect(page.get_by_text("More filters, 1 in use")).to_be_visible()
    page.get_by_label("Total from").fill("30")
    page.get_by_label("Total from").blur()
    expect(page.get_by_role("row")).to_have_count(3)
    expect(message).to_be_visible()
    currency.fill("USD")
    currency.blur()

    expect(message).to_have_count(0)
    expect(currency).not_to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("More filters, 2 in use")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["W-3", "W-2"]
    expect(page.get_by_role("button", name="Export as CSV")).to_be_enabled()


@pytest.mark.long
def test_emptied_filters_show_everything_beside_a_default_view(
    open_page, lauren, orders, javascript
):
    DefaultView.objects.create(user=lauren, list="orders", ready_made="canceled")
    page = open_page(lauren, javascript=javascript)
    page.goto(f"{LIST}?channel=nowhere")
    page.get_by_role("link", name="see all orders").click()
    expect(page.get_by_role("row")).to_have_count(5)

    page.goto(LIST)
    expect(page.get_by_text("No order matches")).to_be_visible()
    page.get_by_label("Canceled here").select_option("At any time or never")
    if not javascript:
        page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("row")).to_have_count(5)
    page.reload()

    expect(page.get_by_role("row")).to_have_count(5)


@pytest.mark.long
def test_a_row_opens_its_record_and_its_text_can_be_selected(open_page, lauren, orders):
    page = open_page(lauren)
    page.goto(LIST)
    row = page.get_by_role("row").filter(has_text="W-1")

    row.get_by_role("cell", name="Created").click()
    expect(page).to_have_url(re.compile("/order-summaries/W-1/$"))
    page.go_back()
    cell = row.get_by_role("cell").nth(1).bounding_box()
    page.mouse.move(cell["x"] + 10, cell["y"] + cell["height"] / 2)
    page.mouse.down()
    page.mouse.move(cell["x"] + 90, cell["y"] + cell["height"] / 2, steps=5)
    page.mouse.up()
    assert page.evaluate("String(getSelection())") != ""
    expect(page).to_have_url(re.compile("/order-summaries/$"))
    row.get_by_role("link", name="Lauren Boyle").click()

    expect(page).to_have_url(re.compile("/accounts/A-1001/$"))


def test_a_view_is_kept_by_hand(open_page, lauren, orders, javascript):
    page = open_page(lauren, javascript=javascript)
    page.goto(f"{LIST}?cancelable=1")

    page.get_by_role("link", name="Save view").click()
    page.get_by_label("Name").fill("To do")
    page.get_by_label("Everybody sees it").check()
    page.get_by_role("spinbutton", name="E-mail").fill("1")
    page.get_by_role("button", name="Save view").click()

    expect(page.get_by_role("link", name="To do")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("columnheader").nth(1)).to_have_text(re.compile("Account|E-mail"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    assert download.value.suggested_filename == "orders.csv"


@pytest.mark.axe
@pytest.mark.parametrize(
    "path",
    [
        f"{LIST}?cancelable=1&sort=-total",
        pytest.param("/change-orders/?since=week", marks=pytest.mark.long),
        pytest.param("/views/orders/", marks=pytest.mark.long),
        pytest.param("/views/orders/new/?status=created", marks=pytest.mark.long),
        pytest.param("/views/orders/columns/", marks=pytest.mark.long),
    ],
)
def test_nothing_is_wrong_with_them(open_page, lauren, orders, path):
    page = open_page(lauren, policy=False)
    page.goto(path)

    assert findings(page) == []
