"""Whatever people read in the console goes through gettext, in every state of its pages."""

import pytest
from django.contrib.auth.models import Group
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from cancellations.models import ChangeOrder, Refund
from console.models import SavedView
from console.people.rights import VIEWER
from orders import keyset
from tests.support.builders import AccountFactory, product
from tests.support.pseudo_locale import pseudo_locale, untranslated

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

LISTS = {
    "/order-summaries/": "No orders yet",
    "/accounts/": "No accounts yet",
    "/change-orders/": "No change orders yet",
    "/refunds/": "No refunds yet",
    "/process-exceptions/": "No exceptions",
}


@pytest.mark.parametrize(("url", "shows"), LISTS.items())
def test_lists_before_there_is_anything(reads, url, shows):
    assert reads(url, shows) == []


def test_lists_with_rows_and_without(reads_all, canceled):
    assert (
        reads_all(
            [
                ("/order-summaries/", "6 orders"),
                ("/order-summaries/?q=OWED", "1 order"),
                ("/order-summaries/?q=nothing-like-it", "No order matches"),
                ("/accounts/", "1 account"),
                ("/accounts/?q=nothing-like-it", "No account matches"),
                ("/change-orders/", "4 change orders"),
                ("/change-orders/?kind=return", "1 change order"),
                ("/change-orders/?q=nothing-like-it", "No change order matches"),
                ("/refunds/", "2 refunds"),
                ("/refunds/?status=failed", "No refund matches"),
            ]
        )
        == {}
    )


def test_lists_narrowed_and_kept_as_views(reads_all, canceled):
    assert (
        reads_all(
            [
                (
                    "/order-summaries/?cancelable=1&sort=-total&columns=email,channel,life_cycle",
                    "1 in use",
                ),
                ("/order-summaries/?canceled=week&recent=1", "No order matches"),
                ("/change-orders/?mine=1&since=week&sort=who", "2 in use"),
                ("/views/orders/", "Ready-made"),
                ("/views/change_orders/", "Made by me"),
                ("/views/orders/columns/", "Show these columns"),
                ("/views/orders/new/?status=created&cancelable=1&q=x", "is not kept"),
                ("/views/change_orders/new/", "Everybody sees it"),
            ]
        )
        == {}
    )


def test_views_that_are_kept_and_those_that_cannot_be(reads, canceled):
    new, columns = "/views/orders/new/", "/views/orders/columns/"
    one = {"name": "nonsense", "is_shared": "on", "is_default": "on", "place-total": "1"}

    assert reads(new, "The view is saved.", posted=one) == []
    view = SavedView.objects.get()
    assert reads("/views/orders/", "Yours, shared") == []
    assert reads(f"/views/{view.pk}/edit/", "Edit view") == []
    assert reads("/views/orders/default/", "opens in this view", posted={"view": view.pk}) == []
    assert reads(new, "This field is required.", status=400, posted={"place-total": "x"}) == []
    own, taken = {"name": "nonsense"}, "You share a view of this name with everybody."
    assert reads(new, taken, status=400, posted=own) == []
    gone = f"{new}?status=gone&sort=gone"
    assert reads(gone, "the list does not understand all", status=400) == []
    assert reads(columns, "Enter a whole number.", status=400, posted={"place-total": "x"}) == []
    assert reads(f"/views/{view.pk}/delete/", "The view is deleted.", posted={}) == []


NOT_OF_THIS_LIST = "The page to show is not one of this list. These are the first rows."
TOO_LONG = "at most 255 characters"
NO_CHOICE = "Choose one from the list."


def test_what_lists_do_not_understand(reads_all, canceled):
    pages = [
        *((f"{url}?after=not%09one", NOT_OF_THIS_LIST) for url in LISTS),
        *((f"{url}?before=not%09one", NOT_OF_THIS_LIST) for url in LISTS),
        (f"/order-summaries/?q={'x' * 300}", TOO_LONG),
        (f"/accounts/?q={'x' * 300}", TOO_LONG),
        (f"/change-orders/?q={'x' * 300}", TOO_LONG),
        ("/order-summaries/?status=nonsense", NO_CHOICE),
        ("/order-summaries/?sort=nonsense", "This list cannot be sorted like that."),
        ("/order-summaries/?columns=nonsense", "This list has no such columns."),
        ("/order-summaries/?currency=1&total_from=x&attention=2", "Three letters"),
        ("/change-orders/?reason=nonsense&made_from=x", NO_CHOICE),
        ("/change-orders/?kind=nonsense", NO_CHOICE),
        ("/refunds/?status=nonsense", NO_CHOICE),
        ("/process-exceptions/?state=nonsense", NO_CHOICE),
        ("/process-exceptions/?age=nonsense", NO_CHOICE),
    ]
    assert reads_all(pages, status=400) == {}


@pytest.mark.parametrize(
    ("url", "newer", "older"),
    [
        ("/order-summaries/", "Newer", "Older"),
        ("/accounts/", "Previous", "Next"),
        ("/change-orders/", "Newer", "Older"),
        ("/refunds/", "Previous", "Next"),
        ("/accounts/A-1001/", "Newer", "Older"),
    ],
)
def test_pages_of_a_list(reads, client, canceled, monkeypatch, url, newer, older):
    AccountFactory(number="A-1002", name="Lauren", email="")
    monkeypatch.setattr(keyset, "PAGE_SIZE", 1)
    monkeypatch.setattr(keyset, "COUNT_AT_MOST", 1)

    assert reads(url, older) == []
    following = client.get(url).context["page"].next_query
    assert reads(f"{url}?{following}", newer) == []
    assert reads(f"{url}?{following}", "more than 1 ") == []


@pytest.mark.parametrize("status", Refund.Status)
def test_refunds_of_every_status(without_triggers, reads, canceled, status):
    Refund.objects.filter(pk=Refund.objects.first().pk).update(status=status)

    assert reads("/refunds/", "2 refunds") == []


def test_records(reads_all, orders_of_every_kind):
    assert (
        reads_all(
            [
                ("/order-summaries/W-1/", "Actions & Recommendations"),
                ("/order-summaries/W-1/", "Nothing has been canceled or given back."),
                ("/order-summaries/SHIPPED/", "Fulfilled"),
                ("/order-summaries/UNMANAGED/", "This order summary is unmanaged."),
                ("/order-summaries/OWED/", "is owed to the customer."),
                ("/order-summaries/BARE/", "No payment was recorded for this order."),
                ("/order-summaries/BARE/", "This order came without items."),
                ("/order-summaries/BARE/", "Nothing is on its way back."),
                ("/order-summaries/BARE/related/", "Nothing has been canceled or given back."),
                ("/order-summaries/BARE/feed/", "Everything that happened to the order"),
                ("/keyboard-shortcuts/", "Use these keys in this browser"),
                ("/order-summaries/BARE/", "This order came without delivery details."),
                ("/accounts/A-1001/", "None given"),
            ]
        )
        == {}
    )


def test_records_of_what_changed(reads_all, canceled):
    assert (
        reads_all(
            [
                ("/order-summaries/GONE/", "all of it is allocated, fulfilled or gone."),
                ("/order-summaries/OWED/", "How $10.00 adds up"),
                ("/order-summaries/OWED/related/", "No payment could take"),
                ("/order-summaries/SHIPPED/", "Returned"),
                ("/order-summaries/OWED/", "Full refunds only"),
            ]
        )
        == {}
    )


@pytest.mark.parametrize(
    ("query", "status", "shows"),
    [
        ("", 200, "No orders yet. They appear here after they were imported."),
        ("?after=2020-01-01T00:00:00Z~1", 200, "No orders here. See the newest ones"),
        ("?after=not+one", 400, "These are the first rows."),
    ],
)
def test_an_account_without_orders(reads, query, status, shows):
    AccountFactory(number="A-1001", name="Lauren", email="")

    assert reads(f"/accounts/A-1001/{query}", shows, status=status) == []


def test_every_change_order(reads_all, canceled):
    addresses = {
        made.order.order_number: made.get_absolute_url()
        for made in ChangeOrder.objects.select_related("order")
    }
    told = [
        ("GONE", "Line adjustments"),
        ("GONE", "Tax (included above)"),
        ("OWED", "of which was owed before"),
        ("OWED", "It came twice"),
        ("W-1", "other lines of the order stayed as they were."),
        ("W-1", "Delivery charge refunded"),
        ("W-1", "Only its money was taken off"),
        ("SHIPPED", "A return refunds nothing here: its money goes back elsewhere."),
    ]
    assert reads_all([(addresses[number], shows) for number, shows in told]) == {}


def test_the_record_for_those_who_only_look(reads, orders_of_every_kind, manager):
    manager.groups.set(Group.objects.filter(name=VIEWER))

    assert reads("/order-summaries/W-1/", "You may look at orders.") == []
    assert reads("/order-summaries/W-1/cancel-items/", "You can’t do this", status=403) == []


def test_a_page_of_a_long_order(reads, orders_of_every_kind, new_order):
    new_order([product(f"{n}", name="Cable") for n in range(201)], "LONG")

    assert reads("/order-summaries/LONG/", "Lines 1 to 200 of 201") == []
    assert reads("/order-summaries/LONG/?after=199", "Earlier lines") == []
    assert reads("/order-summaries/LONG/?after=x", "not one of this list", status=400) == []


def test_those_who_may_see_nothing_yet(reads, manager):
    manager.groups.clear()

    assert reads("/order-summaries/", "You can’t see orders yet", status=403) == []
    assert reads("/order-summaries/", "You are signed in as", status=403) == []


@pytest.mark.parametrize(
    ("page", "status", "shows"),
    [
        ("/nowhere/", 404, "We can’t find this page"),
        ("/order-summaries/NONE/", 404, "We can’t find this page"),
        ("/order-summaries/?q=%00", 400, "Null characters are not allowed."),
    ],
)
def test_what_is_not_there(reads, page, status, shows):
    assert reads(page, shows, status=status) == []


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503", "away"])
def test_error_pages_without_a_request(name):
    with pseudo_locale():
        page = render_to_string(f"{name}.html")

    assert "⟦" in page
    assert untranslated(page, {"Countermand"}) == []


@pytest.mark.parametrize(
    ("posted", "shows"),
    [
        (None, "Sign in"),
        ({}, "This field is required."),
        ({"username": "nobody", "password": "wrong"}, "That didn’t work"),
    ],
)
def test_sign_in(reads, client, posted, shows):
    client.logout()

    assert reads("/sign-in/", shows, posted=posted) == []


def test_a_form_that_was_left_open_too_long():
    with pseudo_locale():
        response = Client(enforce_csrf_checks=True).post("/sign-in/", {})

    assert response.status_code == 403
    assert untranslated(response.text, {"Countermand"}) == []


@pytest.mark.parametrize("page", ["/order-summaries/", "/nowhere/"])
def test_a_page_says_its_language(client, manager, settings, page):
    settings.LANGUAGE_CODE = "de"
    client.force_login(manager)
    assert '<html lang="de">' in client.get(page).text


def test_a_page_without_a_request_says_its_language():
    with translation.override("de"):
        assert '<html lang="de">' in render_to_string("500.html")
