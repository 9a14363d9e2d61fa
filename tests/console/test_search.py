"""A search finds the same in the console and in the admin, on either database."""

import pytest

from orders.models import Account, OrderSummary
from tests.support import long_forms
from tests.support.builders import UserFactory, cancel, imported, order_document, select

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

COMPOSED, DECOMPOSED = "Zo\u00eb M\u00fcller", "Zoe\u0308 Mu\u0308ller"
CUSTOMERS = {
    "1401": ("A-1", "Lauren Boyle", "lauren@example.com"),
    "2024/00123": ("K 7", COMPOSED, "zoe@example.com"),
    "2024/00124": ("K 8", DECOMPOSED, ""),
    "#9": ("Ω-9", "ΓΙΑΝΝΗΣ Ωμέγα", "100%@example.com"),
}
BOTH = ["2024/00123", "2024/00124"]

SEARCHES = [
    ("", ["#9", "1401", *BOTH]),
    ("#1401", ["1401"]),
    ("#9", ["#9"]),
    ("boyle  LAUREN", ["1401"]),
    ("Boyle\u00a0Lauren", ["1401"]),
    ("Lauren\tBoyle", ["1401"]),
    ("1401 boyle", ["1401"]),
    ("1401 zoë", []),
    ("zoë MÜLLER", BOTH),
    ("müller zoe\u0308", BOTH),
    ("00123 zoë", ["2024/00123"]),
    ("2024/", BOTH),
    ("k 8", ["2024/00124"]),
    ("ΩΜΈΓΑ", ["#9"]),
    ("ω-9", ["#9"]),
    ("100%", ["#9"]),
    ("é.*", []),
    ("_", []),
    ("\u2068Lauren\u2069", ["1401"]),
    ("#", ["#9", "1401", *BOTH]),
]


@pytest.fixture
def staff(client):
    user = UserFactory(agent=True, is_staff=True)
    client.force_login(user)
    for number, (account, name, email) in CUSTOMERS.items():
        customer = {"number": account, "name": name, "email": email}
        imported(order_document(order_number=number, account=customer))
    return client


def found(client, path, q, number):
    response = client.get(path, {"q": q})
    assert response.status_code == 200
    page = response.context.get("page")
    rows = page.rows if page else response.context["cl"].result_list
    return sorted(map(number, rows))


def test_orders_and_accounts_are_found(staff, subtests):
    def of_an_order(order):
        return order.order_number

    def of_an_account(account):
        return account.order_summaries.get().order_number

    for number, (q, numbers) in enumerate(SEARCHES):
        with subtests.test(q=q):
            assert found(staff, "/order-summaries/", q, of_an_order) == numbers
            in_accounts = found(staff, "/accounts/", q, of_an_account)
            assert set(in_accounts) <= set(numbers)
            if long_forms.IS_ON or number % 3 == 0:
                assert found(staff, "/admin/orders/ordersummary/", q, of_an_order) == numbers
                assert found(staff, "/admin/orders/account/", q, of_an_account) == in_accounts


def test_guests_and_names_of_their_day_are_found(staff):
    imported(
        order_document(order_number="G-1", account={"name": "Ada Guest", "email": "g@x.example"})
    )
    Account.objects.filter(number="A-1").update(name="Lauren Smith")

    for path in ("/order-summaries/", "/admin/orders/ordersummary/"):
        assert found(staff, path, "guest ada", str) == ["G-1"]
        assert found(staff, path, "G@X", str) == ["G-1"]
        assert found(staff, path, "boyle", str) == found(staff, path, "smith", str) == ["1401"]


@pytest.mark.parametrize(
    ("q", "numbers"),
    [
        ("", ["#9", "2024/00123"]),
        ("#9", ["#9"]),
        ("2024/00123", ["2024/00123"]),
        ("00123 2024", ["2024/00123"]),
        ("{number}", ["2024/00123"]),
        ("#{number} 2024", ["2024/00123"]),
        ("{number} 9999", []),
    ],
)
def test_change_orders_and_refunds_are_found(staff, agent, q, numbers):
    for number in ("#9", "2024/00123"):
        order = OrderSummary.objects.get(order_number=number)
        change_order = cancel(order, select("1", 1), by=agent)
    asked = q.format(number=change_order.number)

    def of_a_change_order(change_order):
        return change_order.order.order_number

    assert found(staff, "/change-orders/", asked, of_a_change_order) == numbers
    in_admin = found(staff, "/admin/cancellations/changeorder/", asked, of_a_change_order)
    assert in_admin == numbers


def test_refunds_are_found_in_the_admin(staff, agent):
    for order in OrderSummary.objects.all():
        cancel(order, select("1", 1), by=agent)

    def number(refund):
        return refund.change_order.order.order_number

    assert found(staff, "/admin/cancellations/refund/", "#00123\t2024", number) == ["2024/00123"]


def test_users_are_found_by_their_names_in_any_order(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("root"))
    UserFactory(username="zoe", first_name="Zoë", last_name="Müller")

    def username(user):
        return user.username

    assert found(client, "/admin/auth/user/", "MÜLLER\u00a0zoë", username) == ["zoe"]


@pytest.mark.parametrize("path", ["/order-summaries/", "/admin/orders/ordersummary/"])
@pytest.mark.parametrize(
    "q", [" ".join(f"{n}" for n in range(90)), " ".join("äöüß" * 30), "é" * 255]
)
def test_long_searches_are_answered(staff, path, q):
    assert found(staff, path, q[:255], lambda order: order.order_number) == []


@pytest.mark.parametrize(
    ("q", "numbers"), [("x" * 100_000, []), ("a b " * 10_000, ["1401"]), ("é " * 10_000, [])]
)
def test_the_admin_answers_a_search_of_any_length(staff, q, numbers):
    assert found(staff, "/admin/orders/ordersummary/", q, str) == numbers
