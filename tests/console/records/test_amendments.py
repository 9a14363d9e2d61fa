"""How an amendment is put into words."""

import re

import pytest
from pytest_django.asserts import assertContains

from cancellations.acts.take_order import import_orders
from console.records.amendments import MOST, in_words, read_amendments
from orders.documents.order import read_order
from orders.models import OrderSummary
from tests.support.builders import imported, item, order_document, system_user
from tests.support.specimens import changed
from tests.support.statements import counted_statements


def test_what_differs_of_an_order_itself_is_named():
    assert list(in_words(["account", "channel"])) == ["Customer", "Channel"]


def test_entries_are_named_by_their_keys_with_all_that_differs_of_them():
    paths = [
        'delivery_groups["G1"].deliver_to',
        'delivery_groups["G1"].address',
        'payments["P\\"2]"].captured',
    ]

    assert list(in_words(paths)) == [
        "Delivery group G1: recipient, address",
        'Payment P"2]: captured',
    ]


def test_entries_of_which_the_same_differs_are_named_together():
    shipped = [
        f'items["{key}"].quantity_{counter}'
        for key in (5, "gift", 1, 3, 4)
        for counter in ("allocated", "fulfilled")
    ]

    assert list(in_words([*shipped, 'items["007"].quantity_allocated'])) == [
        "Lines 1, 3–5, gift: allocated, fulfilled",
        "Line 007: allocated",
    ]


def test_what_is_additional_is_said_to_be():
    paths = ['items["4"]', 'items["5"]', 'payments["P2"]']

    assert list(in_words(paths)) == ["Lines 4–5: additional", "Payment P2: additional"]


@pytest.fixture
def amended():
    """An order of lines 10 and 11, told of again by documents with only their counters changed."""
    first = order_document(order_number="W-1", items=[item("10", quantity=30), item("11")])
    imported(first)

    def amended(times):
        for number in range(1, times + 1):
            document = changed(
                first,
                {
                    "items": first["items"][::-1],
                    "updated_at": f"2026-02-{number:02}T00:00:00Z",
                    "items[1].quantity_allocated": number,
                },
            )
            import_orders([read_order(document)], by=system_user())
        return OrderSummary.objects.get()

    return amended


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_line_is_named_by_its_key_and_not_by_its_place_in_the_document(amended):
    [row] = read_amendments(amended(1)).rows

    assert row.differed == ("Line 10: allocated",)


@pytest.mark.django_db
@pytest.mark.both_databases
def test_older_amendments_are_counted_and_their_facts_not_read(amended, viewer_client):
    order = amended(MOST + 1)

    with counted_statements(2) as sent:
        read = read_amendments(order)

    assert (len(read.rows), read.older) == (MOST, 1)
    assert not [sql for sql in sent if re.search(r""""facts"(?!, '\$)(,| FROM)""", sql)]
    assertContains(
        viewer_client.get("/order-summaries/W-1/related/"), "1 older amendment is in the export."
    )
