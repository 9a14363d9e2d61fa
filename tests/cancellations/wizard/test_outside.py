"""A wizard opened from outside the console: no console frame, two bars, and back again."""

import pytest
from pytest_django.asserts import assertContains, assertRedirects

from tests.support.builders import product
from tests.support.wizard_run import WizardRun

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

BACK = "/admin/orders/ordersummary/?q=W-1"


class OutsideRun(WizardRun):
    def url(self, step):
        query = "?outside=1&return_to=%2Fadmin%2Forders%2Fordersummary%2F%3Fq%3DW-1"
        return super().url(step) + query


@pytest.fixture
def outside(new_order, agent_client):
    new_order([product("1", 3)])
    return OutsideRun(agent_client, "W-1")


def bars(response):
    return response.text.count("<progress")


def test_every_step_has_no_console_and_two_bars_up_to_finish(outside):
    shown = [outside.get("select")]
    assertRedirects(outside.select("1"), outside.url("details"))
    shown.append(outside.get("details"))
    shown.append(outside.explain({"1": 9}))
    assertRedirects(outside.explain({"1": 1}), outside.url("review"))
    shown.append(outside.get("review"))
    assertRedirects(outside.submit(), outside.url("finish"))
    finish = outside.get("finish")
    shown.append(finish)

    assert [bars(page) for page in shown] == [2] * 5
    assert [page.text.count('aria-label="Console"') for page in shown] == [0] * 5
    assertContains(finish, f'href="{BACK}"')


def test_inside_the_console_there_is_one_bar(new_order, new_run):
    new_order([product("1")])

    page = new_run().get("select")

    assert bars(page) == 1
    assertContains(page, 'aria-label="Console"')


def test_starting_outside_stays_outside(outside):
    response = outside.client.get(f"/order-summaries/W-1/cancel-items/?outside=1&return_to={BACK}")

    assert response.headers["Location"].endswith(outside.url("select").partition("/select/")[2])


def test_without_a_way_back_it_is_the_page_it_was_opened_from(outside):
    response = outside.client.get(
        "/order-summaries/W-1/cancel-all/?outside=1",
        headers={"referer": "http://testserver/admin/orders/ordersummary/"},
    )

    assert "return_to=%2Fadmin%2Forders%2Fordersummary%2F" in response.headers["Location"]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/",
        "//example.com/",
        "///example.com",
        "/\\example.com",
        "javascript:alert(1)",
        "http://testserver.example.com/",
        "data:text/html,x",
        "\x00/x",
        "order-summaries/",
        "http://testserver//example.com/",
        "http://testserver/\\example.com/",
    ],
)
def test_the_way_back_is_on_this_site_only(outside, url):
    outside.select("1")
    outside.explain({"1": 1})
    outside.submit()

    page = outside.client.get(WizardRun.url(outside, "finish"), {"outside": "1", "return_to": url})

    assert page.context["way_out"] == "/order-summaries/W-1/"


def test_previous_discard_and_turning_back_stay_outside(outside):
    turned_back = outside.get("review")
    outside.select("1")
    previous = outside.post("details", {"wizard_goto_step": "select"})
    discarded = outside.post("details", {"discard": "1"})

    assertRedirects(turned_back, outside.url("select"), fetch_redirect_response=False)
    assertRedirects(previous, outside.url("select"), fetch_redirect_response=False)
    assertRedirects(discarded, BACK, fetch_redirect_response=False)


def test_a_submitted_run_leads_to_finish_outside(outside):
    outside.select("1")
    outside.explain({"1": 1})
    outside.submit()

    assertRedirects(outside.get("details"), outside.url("finish"))


def test_nothing_to_cancel_is_said_outside_too(new_order, agent_client):
    new_order([product("1", 1, quantity_allocated=1)])

    page = agent_client.get(f"/order-summaries/W-1/cancel-items/?outside=1&return_to={BACK}")

    assertContains(page, "Nothing to cancel")
    assertContains(page, f'href="{BACK}"')
    assert 'aria-label="Console"' not in page.text
