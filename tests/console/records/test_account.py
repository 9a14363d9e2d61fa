"""A customer's page with their orders."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from orders import keyset
from tests.support.builders import AccountFactory, OrderSummaryFactory, product
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

PAGE = "/accounts/A-1001/"


@pytest.fixture
def lauren():
    return AccountFactory(number="A-1001", name="Lauren Boyle", email="lauren@example.com")


def order_numbers(response):
    return [order.order_number for order in response.context["page"].rows]


def test_an_account_shows_its_own_orders_newest_first(viewer_client, new_order):
    lauren, jo = {"number": "A-1", "name": "Lauren"}, {"number": "A-2", "name": "Jo"}
    new_order([product("1")], "OLD", account=lauren, ordered_at="2026-10-01T09:00:00Z")
    new_order([product("1", 2)], "NEW", account=lauren, ordered_at="2026-10-02T09:00:00Z")
    new_order([product("1")], "OTHER", account=jo)

    response = viewer_client.get("/accounts/A-1/")

    assert order_numbers(response) == ["NEW", "OLD"]
    for text in ("Lauren", "A-1", "2 order summaries", 'href="/order-summaries/NEW/"', "$20.00"):
        assertContains(response, text)
    assertNotContains(response, "OTHER")


def test_pages_of_an_account_hold_its_own_orders(viewer_client, lauren, every_page, monkeypatch):
    monkeypatch.setattr(keyset, "PAGE_SIZE", 2)
    for number in ("X-1", "X-2", "X-3"):
        OrderSummaryFactory(order_number=number, account=lauren)
        OrderSummaryFactory()

    seen, back = every_page(viewer_client, PAGE, order_numbers)

    assert seen == [["X-3", "X-2"], ["X-1"]]
    assert order_numbers(viewer_client.get(f"{PAGE}?{back}")) == seen[0]


def test_an_account_without_orders_says_so(viewer_client, lauren):
    assertContains(viewer_client.get(PAGE), "No orders yet")


@pytest.mark.parametrize("query", [{"after": "x"}, {"before": "2026-10-01T00:00:00~1"}])
def test_a_page_that_is_none_is_a_400_that_says_so(viewer_client, lauren, query):
    response = viewer_client.get(PAGE, query)

    assertContains(response, "The page to show is not one of this list.", status_code=400)


@pytest.mark.parametrize("number", ["nope", "a-1001", "a%2Fb", "%C3%BC", "x" * 300, "%00"])
def test_an_unknown_account_is_a_404(viewer_client, lauren, number):
    assert viewer_client.get(f"/accounts/{number}/").status_code == 404


def test_an_account_is_for_those_who_see_orders(client, lauren, django_user_model):
    signed_out = client.get(PAGE)
    client.force_login(django_user_model.objects.create_user("nobody"))

    assert signed_out.headers["Location"] == f"/sign-in/?next={PAGE}"
    assert client.get(PAGE).status_code == 403


def test_an_account_is_only_read_and_never_cached(viewer_client, lauren):
    assert viewer_client.post(PAGE).status_code == 405
    assert "no-store" in viewer_client.get(PAGE).headers["Cache-Control"]


def test_what_customers_typed_is_escaped(viewer_client, lauren):
    lauren.name = lauren.email = "<b>Lauren</b>"
    lauren.save()

    assertContains(viewer_client.get(PAGE), "&lt;b&gt;Lauren")
    assertNotContains(viewer_client.get(PAGE), "<b>Lauren")


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.budget
def test_statements_of_an_account(viewer_client, lauren, count):
    OrderSummaryFactory.create_batch(count, account=lauren)
    OrderSummaryFactory.create_batch(count)

    with counted_statements(6):
        viewer_client.get(PAGE)
