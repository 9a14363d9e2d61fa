"""Every figure of the page that refunds what is owed is the sum of figures on it."""

import pytest
from pytest_django.asserts import assertContains

from orders.models import OrderSummary
from tests.support.builders import (
    cancel,
    delivery_charge,
    fee,
    imported,
    item,
    order_document,
    payment,
    product,
    report,
    select_all,
    tax,
)
from tests.support.figures import Figures, amount, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PAGE = "/order-summaries/X-1/refund-owed/"


def new(*items, **changes):
    return imported(order_document(order_number="X-1", items=list(items), **changes))


@pytest.fixture
def owed():
    """An order of 20.00 of which 25.00 were captured."""
    return new(item(), payments=[payment("25.00")])


@pytest.fixture
def left_behind(manager):
    """All is canceled of it, but 7.99 of delivery with 0.40 tax and a fee of 4.00 stay."""
    order = new(product("1"), delivery_charge(taxes=[tax("0.40")]), fee(unit_price="4.00"))
    cancel(order, select_all(), by=manager)
    return order


def figures_of_what_is_given_back(page):
    """The page's figures; each is held against the sum of those it is made up of."""
    figures = Figures(page.text)
    lines = figures.lines("given-back")
    totals = figures.receipt("The order’s totals before and after")
    for line in lines:
        [column] = [name for name in line.cells if name == "Given back"]
        assert -line.parts[-1].amounts[1] == line.amount(column)
        assert all(was + change == now for was, change, now in (p.amounts for p in line.parts))
    given_back = sum(line.amount("Given back") for line in lines)
    assert -totals["Total"][1] == given_back
    assert -sum(row[1] for name, row in totals.items() if name != "Total") == given_back
    return figures, given_back


def test_what_is_given_back_unfolds_line_by_line_and_adds_up(manager_client, left_behind):
    group = left_behind.delivery_groups.get()

    page = manager_client.get(PAGE, {f"group-{group.pk}": "on", "fees": "on"})

    figures, given_back = figures_of_what_is_given_back(page)
    assert [line.cells["Given back"] for line in figures.lines("given-back")] == ["$8.39", "$4.00"]
    [delivery, _] = figures.lines("given-back")
    assert [part.label for part in delivery.parts] == ["Line amount", "Sales tax", "Total"]
    assertContains(page, f"<td>${given_back}</td>", html=True)
    assertContains(page, "$7.99, all of it gone: $7.99 − $7.99 = $0.00")


def test_what_is_given_back_and_owed_before_add_up_to_the_refund(manager_client, manager):
    order = new(product("1"), delivery_charge(), payments=[payment("30.00")])
    cancel(order, select_all(), by=manager)
    report(OrderSummary.objects.get(), payments=[{"key": "P1", "captured": "33.00"}])
    group = order.delivery_groups.get()

    page = manager_client.get(PAGE, {f"group-{group.pk}": "on"})

    figures, given_back = figures_of_what_is_given_back(page)
    due = {name: value for name, (value,) in figures.receipt("Why the refund is not").items()}
    assert due.pop("Refund due") == sum(due.values())
    assert due["Given back"] == given_back


def test_what_is_owed_unfolds_to_payments_and_totals(manager_client, owed):
    figures = Figures(manager_client.get(PAGE).text)

    behind = {name: value for name, (value,) in figures.receipt("What stands behind it").items()}
    tables = figures.page.xpath("//details//table[contains(@class, 'receipt')]")
    payments, totals = (
        [amount(words_of(cell)) for cell in table.xpath("./tbody/tr/td")] for table in tables
    )
    assert behind.pop("Owed to the customer") == sum(behind.values()) == 5
    assert sum(payments[:-1]) == payments[-1] == behind["Held of the payments"]
    assert sum(totals[:-1]) == totals[-1] == -behind["To keep for the order"]
