"""Columns as values: every list names its own once, and all that shows it reads them."""

import re

import pytest
from pytest_django.asserts import assertContains

from console.lists.accounts import ACCOUNTS
from console.lists.change_orders import CHANGE_ORDERS
from console.lists.columns import Align, Column, Money, Narrow, Status
from console.lists.orders import ORDERS
from console.lists.refunds import REFUNDS
from console.lists.tables import table_of
from console.records.account import ACCOUNT_ORDER_COLUMNS
from orders.arithmetic.money import Currency
from orders.models import Account
from orders.places import Key, Ordering, whole
from tests.support.builders import AccountFactory, product

BY_NUMBER = Ordering((Key("number", whole), Key("pk", whole)), descending=False)
LISTINGS = [ORDERS, ACCOUNTS, CHANGE_ORDERS, REFUNDS]


def headings(table):
    return re.findall(r'<th[^>]*scope="col"[^>]*>\s*(?:<(?:span|a)[^>]*>)?([^<]*?)\s*<', table)


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: str(listing.heading))
def test_the_columns_of_a_list_have_names_of_their_own(listing):
    names = [column.name for column in listing.columns]

    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: str(listing.heading))
def test_the_first_cell_stays_where_the_row_begins(listing):
    first, *rest = listing.columns

    assert first.narrow == Narrow.START
    assert sum(column.narrow == Narrow.CORNER for column in rest) <= 1


def test_an_account_shows_its_orders_in_the_columns_of_the_list_without_its_own_name():
    of_account = [column for column in ORDERS.columns if column.name != "account"]

    assert list(ACCOUNT_ORDER_COLUMNS) == of_account


@pytest.mark.django_db
def test_console_and_admin_show_the_same_columns(client, admin_user, new_order):
    new_order([product("1")])
    client.force_login(admin_user)

    console = client.get("/order-summaries/").text
    admin = client.get("/admin/orders/ordersummary/").text

    shown = headings(console)
    assert shown == [str(column.label) for column in ORDERS.columns]
    assert re.findall(r'<div class="text"><span>(.*?)</span></div>', admin) == [*shown, "Actions"]


@pytest.mark.parametrize(("descending", "direction"), [(False, "ascending"), (True, "descending")])
def test_the_column_by_which_a_list_is_ordered_says_so(descending, direction):
    number = Column("number", "Number", lambda account: account.number, sort="number")
    place = Column("place", "Place", lambda account: account.pk, sort="pk")
    name = Column("name", "Name", lambda account: account.name)

    table = table_of("", (number, place, name), Ordering(BY_NUMBER.keys, descending), [])

    assert [head.sorted for head in table.heads] == [direction, "", ""]


def test_an_empty_cell_takes_no_place_when_narrow():
    column = Column("email", "E-mail", lambda account: account.email, narrow=Narrow.WHOLE)
    rows = [Account(email="jo@example.com"), Account()]

    there, empty = table_of("", (column,), BY_NUMBER, rows).rows

    assert 'data-narrow="whole"' in there
    assert 'data-narrow="hidden"' in empty


def test_nothing_is_no_empty_cell():
    column = Column("count", "Count", lambda account: 0, align=Align.END, narrow=Narrow.END)

    [row] = table_of("", (column,), BY_NUMBER, [Account()]).rows

    assert 'data-narrow="end"' in row


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Money(1_200, Currency("JPY", 0)), "¥1,200"),
        (Status("failed", "Failed", "Needs a person"), "Failed"),
    ],
)
def test_what_a_cell_says_as_plain_text(value, text):
    assert str(value) == text


@pytest.mark.django_db
def test_where_there_is_nothing_the_list_leads_on(viewer_client):
    link = '<a href="/accounts/">see all accounts</a>'
    AccountFactory()

    assertContains(viewer_client.get("/accounts/?q=nothing"), link, html=True)
