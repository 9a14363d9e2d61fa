"""The list of accounts: the second way to an order."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from orders import keyset
from tests.support.builders import AccountFactory, OrderSummaryFactory
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def lauren():
    return AccountFactory(number="A-1001", name="Lauren Boyle", email="lauren@example.com")


def account_numbers(response):
    return [account.number for account in response.context["page"].rows]


def test_accounts_stand_by_number_with_how_many_orders_they_have(viewer_client, lauren):
    AccountFactory(number="A-0009", name="Jo Doe", email="")
    OrderSummaryFactory.create_batch(3, account=lauren)

    response = viewer_client.get("/accounts/")

    rows = response.context["page"].rows
    assert [(row.number, row.order_count) for row in rows] == [("A-0009", 0), ("A-1001", 3)]
    for text in ("2 accounts", "Lauren Boyle", "lauren@example.com", 'href="/accounts/A-1001/"'):
        assertContains(response, text)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("", ["A-1", "A-2"]),
        ("a-2", ["A-2"]),
        ("BOYLE", ["A-1"]),
        ("jo@", ["A-2"]),
        ("nobody", []),
        ("%", []),
        ("' OR 1=1 --", []),
    ],
)
def test_search_by_number_name_and_e_mail(viewer_client, q, found):
    AccountFactory(number="A-1", name="Lauren Boyle", email="")
    AccountFactory(number="A-2", name="Doe", email="jo@example.com")

    assert account_numbers(viewer_client.get("/accounts/", {"q": q})) == found


def test_pages_of_accounts_go_on_and_back(viewer_client, every_page, monkeypatch):
    monkeypatch.setattr(keyset, "PAGE_SIZE", 2)
    for number in ("1", "A.2", "a_3", "B-4", "b-5"):
        AccountFactory(number=number)

    seen, back = every_page(viewer_client, "/accounts/", account_numbers)

    assert [len(page) for page in seen] == [2, 2, 1]
    assert sorted(number for page in seen for number in page) == ["1", "A.2", "B-4", "a_3", "b-5"]
    assert account_numbers(viewer_client.get(f"/accounts/?{back}")) == seen[1]


def test_pages_keep_what_was_looked_for(viewer_client, monkeypatch):
    monkeypatch.setattr(keyset, "PAGE_SIZE", 1)
    for number in ("A-1", "B-1", "A-2"):
        AccountFactory(number=number)

    narrowed = viewer_client.get("/accounts/?q=a-")
    following = viewer_client.get(f"/accounts/?{narrowed.context['page'].next_query}")

    assert account_numbers(narrowed) == ["A-1"]
    assert account_numbers(following) == ["A-2"]
    assertContains(following, "2 accounts")


def test_an_empty_list_says_what_to_do(viewer_client):
    assertContains(viewer_client.get("/accounts/"), "No accounts yet")
    AccountFactory()
    assertContains(viewer_client.get("/accounts/?q=nothing"), "No account matches")


def test_a_search_that_cannot_be_is_a_400_that_says_so(viewer_client):
    response = viewer_client.get("/accounts/", {"q": "\0"})

    assertContains(response, "Null characters are not allowed", status_code=400)


@pytest.mark.parametrize(
    "query", [{"after": "A\t1"}, {"before": "x" * 65}, {"after": "A-1\u202eA-2"}]
)
def test_a_page_that_is_none_is_a_400_that_says_so(viewer_client, lauren, query):
    response = viewer_client.get("/accounts/", query)

    assertContains(response, "The page to show is not one of this list.", status_code=400)


def test_accounts_are_for_those_who_see_orders(client, django_user_model):
    signed_out = client.get("/accounts/")
    client.force_login(django_user_model.objects.create_user("nobody"))

    assert signed_out.headers["Location"] == "/sign-in/?next=/accounts/"
    assert client.get("/accounts/").status_code == 403


def test_accounts_are_only_read_and_never_cached(viewer_client):
    assert viewer_client.post("/accounts/").status_code == 405
    assert "no-store" in viewer_client.get("/accounts/").headers["Cache-Control"]


def test_what_customers_typed_is_escaped(viewer_client):
    AccountFactory(name="<b>Lauren</b>", email="<b>Lauren</b>")

    assertContains(viewer_client.get("/accounts/"), "&lt;b&gt;Lauren")
    assertNotContains(viewer_client.get("/accounts/"), "<b>Lauren")


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.budget
def test_statements_of_the_list(viewer_client, lauren, count):
    OrderSummaryFactory.create_batch(count, account=lauren)
    OrderSummaryFactory.create_batch(count)

    with counted_statements(5):
        viewer_client.get("/accounts/?q=lauren")
