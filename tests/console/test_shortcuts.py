"""Single keys, copied numbers and lines that come later: what they are without scripts."""

import pytest

from tests.support.builders import product

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_the_list_of_shortcuts_is_a_page_found_in_the_menu(agent_client):
    menu = agent_client.get("/order-summaries/").text
    page = agent_client.get("/keyboard-shortcuts/")

    assert 'href="/keyboard-shortcuts/" data-shortcuts' in menu
    assert page.status_code == 200
    assert page.text.count("On an order: cancel items") == 1
    assert page.text.count("On a quantity: to the quantity below it") == 1


def test_the_keys_of_an_order_stand_at_its_links(agent_client, new_order):
    new_order([product("1")])

    for page in ("", "related/", "feed/"):
        shown = agent_client.get(f"/order-summaries/W-1/{page}").text
        assert 'aria-keyshortcuts="c">Cancel Item<kbd aria-hidden="true">c</kbd></a>' in shown
        assert 'aria-keyshortcuts="a">Cancel All<kbd aria-hidden="true">a</kbd></a>' in shown


def test_what_cannot_be_done_has_no_key(agent_client, new_order):
    new_order([product("1", quantity_allocated=1)])

    assert "aria-keyshortcuts" not in agent_client.get("/order-summaries/W-1/").text


@pytest.mark.parametrize("outside", [False, True])
def test_what_the_wizard_listens_to_is_listed_on_its_pages(agent_client, new_order, outside):
    new_order([product("1")])
    query = {"outside": "1"} if outside else {}

    page = agent_client.get("/order-summaries/W-1/cancel-items/", query, follow=True).text

    assert page.count("On a quantity: to the quantity below it") == 1
    assert page.count("all from the last one ticked to this") == 1
    assert ("On an order: cancel items" in page) is not outside
    record = agent_client.get("/order-summaries/W-1/").text
    assert "On a quantity: to the quantity below it" not in record
