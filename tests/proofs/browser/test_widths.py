"""The longest words there may be, on the pages agents see most, at the widths of screens.

All pages and all widths: ``make proofs PROOFS=looks``.
"""

import pytest

from cancellations.models import CancellationReason
from tests.proofs.looks.gallery import script
from tests.support.builders import (
    UserFactory,
    cancel,
    delivery_charge,
    delivery_group,
    imported,
    order_document,
    payment,
    product,
    select,
    select_all,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

WORD = "Donaudampfschifffahrtselektrizitaetenhauptbetrie"
NAME = (WORD * 6)[:255]
NUMBER = f"W-{WORD}"
WIDTHS = (320, 400, 640, 900, 1000, 1280, 1920)


@pytest.fixture
def agent(db):
    return UserFactory(manager=True, username=WORD * 3, first_name=WORD, last_name=WORD)


@pytest.fixture
def long_order(agent):
    """An order whose every text is as long as it may be, with a change order."""
    CancellationReason.objects.filter(name="Changed Mind").update(name=WORD)
    words = f"{WORD} {WORD} of it"
    document = order_document(
        order_number=NUMBER,
        account={"number": f"A-{WORD}", "name": NAME, "email": f"{WORD}.{WORD}@{WORD}.example"},
        delivery_groups=[delivery_group(method=NAME, deliver_to=NAME, address=NAME)],
        items=[
            product("1", 3, "123456.78", name=words, sku=WORD),
            product("2", 3, "1234.56", name=NAME, sku=WORD, bundle="1"),
            delivery_charge(name=NAME),
        ],
        payments=[payment("999999.99", method=NAME)],
    )
    order = imported(document)
    made = cancel(order, select("1", 1, reason=WORD, note=NAME), by=agent)
    return order, made


def narrow_places(page):
    """What has not room enough on the page as it is, at every width."""
    room = script("room")
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{page.url} {width}: {one}" for one in page.evaluate(room)]
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


@pytest.mark.long
def test_records_and_lists_have_room_for_long_words(open_page, agent, long_order):
    order, made = long_order
    records = [order.get_absolute_url(), made.get_absolute_url(), order.account.get_absolute_url()]
    lists = ["/order-summaries/", "/accounts/", "/change-orders/", "/refunds/"]
    page = open_page(agent)
    found = []

    for path in [*records, f"{records[0]}feed/", *lists]:
        page.goto(path)
        found += narrow_places(page)

    assert found == []


@pytest.mark.long
def test_the_wizard_has_room_for_long_words(open_page, agent, long_order):
    page = open_page(agent)
    following = page.get_by_role("button", name="Next")

    page.goto(f"/order-summaries/{NUMBER}/cancel-items/")
    found = narrow_places(page)
    page.get_by_role("checkbox", name="Select all").check()
    following.click()
    for reason in page.get_by_role("combobox", name="Reason for").all():
        reason.select_option(label=WORD)
    for note in page.get_by_role("textbox", name="Note for").all():
        note.fill(NAME)
    found += narrow_places(page)
    following.click()
    page.get_by_role("button", name="Submit").wait_for()
    found += narrow_places(page)
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("link", name="Finish").wait_for()
    found += narrow_places(page)

    assert found == []


@pytest.mark.long
def test_where_nothing_is_to_cancel_there_is_room_for_long_words(open_page, agent, long_order):
    order, _ = long_order
    page = open_page(agent)

    cancel(order, select_all(reason=WORD), by=agent)
    page.goto(f"{order.get_absolute_url()}cancel-items/")

    assert page.get_by_text("Nothing to cancel").is_visible()
    assert narrow_places(page) == []


@pytest.mark.long
def test_links_of_the_bar_stay_in_one_line_on_a_desk(open_page, approver):
    page = open_page(approver)
    page.goto("/approvals/")

    for width in (900, 950, 1010, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        bar = page.get_by_role("navigation", name="Console").bounding_box()
        assert bar["height"] == 48, width
