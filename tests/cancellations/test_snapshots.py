from dataclasses import replace

import pytest
from django.core import signing

from cancellations.arithmetic.quotes import Asked, quote
from cancellations.selection import SelectedLine
from cancellations.snapshots import NotReadBack, Snapshot
from cancellations.wizard.review import differences_since
from orders.arithmetic.funds import Payment
from orders.documents.order import as_it_came, read_order
from tests.support.builders import (
    USD,
    adjustment,
    delivery_charge,
    item,
    order_document,
    payment,
    tax,
)


@pytest.fixture
def order():
    lines = [
        item("1", taxes=[tax("1.00")], adjustments=[adjustment("-1.00")]),
        item("2", bundle="1", unit_price="5.00"),
        item("3", delivery_group=None),
        delivery_charge(),
    ]
    document = read_order(order_document(items=lines, payments=[payment("0")]))
    payments = (
        Payment("P1", "Visa", captured=5000),
        Payment("P2", "Gift card", captured=399, authorized=500),
    )
    return replace(as_it_came(document), payments=payments)


def snapshot(order, *asked):
    asked = asked or [Asked("1", 1, refund_delivery=True)]
    lines = [SelectedLine(entry, "Changed Mind") for entry in asked]
    return Snapshot.of(quote(order, asked), lines)


def test_a_snapshot_holds_what_the_review_shows(order):
    reviewed = snapshot(order)

    assert {key: line.quantity for key, line in reviewed.lines.items()} == {
        "1": 1,
        "2": 0,
        "1001": 0,
    }
    assert {key: line.available for key, line in reviewed.lines.items()} == {
        "1": 2,
        "2": None,
        "1001": None,
    }
    assert (reviewed.lines["1"].net, reviewed.lines["1"].tax) == (950, 50)
    assert reviewed.lines["1"].parts == (1000, -50, 50)
    assert (
        sum(reviewed.refunds.values()) + reviewed.unassigned
        == quote(order, [Asked("1", 1, refund_delivery=True)]).refund_due
    )


def test_a_signed_snapshot_is_read_back_the_same(order):
    reviewed = snapshot(order)

    assert Snapshot.read(reviewed.sign("W-1"), "W-1") == reviewed


def test_what_is_signed_is_what_this_version_of_a_snapshot_holds(order):
    """Whoever changes it raises ``SNAPSHOT_VERSION`` with it."""
    signed = snapshot(order).sign("W-1")

    assert signing.loads(signed, salt="cancellations.review.2.W-1") == [
        [
            ["1", "Thing 1", 1, 2, 950, 50, [1000, -50, 50], ["Changed Mind", "", True]],
            ["2", "Thing 2", 0, None, 500, 0, [500], None],
            ["1001", "Standard Ground", 0, None, 400, 0, [400], None],
        ],
        {"P1": 1500},
        0,
        {"P2": 101},
        False,
    ]


def test_a_snapshot_is_good_for_its_own_order_only(order):
    signed = snapshot(order).sign("W-1")

    for text, number in ((signed, "W-2"), (signed[:-1] + "x", "W-1"), ("", "W-1")):
        with pytest.raises(NotReadBack):
            Snapshot.read(text, number)


def test_a_snapshot_of_a_hundred_lines_is_small():
    document = read_order(order_document(items=[item(f"{n}") for n in range(100)], payments=[]))

    signed = snapshot(as_it_came(document), *(Asked(f"{n}", 1) for n in range(100))).sign("W-1")

    assert len(signed) < 4000


def test_other_lines_are_no_part_of_a_snapshot(order):
    cheaper = {**order.lines, "3": replace(order.lines["3"], line_amount=1)}

    assert snapshot(replace(order, lines=cheaper)).lines == snapshot(order).lines


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("1", {"line_amount": 2001}),
        ("1", {"adjustments": (("line", -100), ("order", -2))}),
        ("1", {"taxes": (98,)}),
        ("1", {"name": "Blouse"}),
        ("2", {"line_amount": 1001}),
    ],
)
def test_a_moved_line_that_changed_makes_another_snapshot(order, key, change):
    changed = replace(order, lines={**order.lines, key: replace(order.lines[key], **change)})

    assert snapshot(changed) != snapshot(order)


def test_refunds_that_would_go_elsewhere_make_another_snapshot(order):
    spent = (replace(order.payments[0], refunded_elsewhere=4000), order.payments[1])

    assert snapshot(replace(order, payments=spent)) != snapshot(order)


def test_amounts_that_moved_within_a_line_are_said_though_their_sum_is_the_same(order):
    reviewed = snapshot(order)
    line = replace(reviewed.lines["1"], parts=(1001, -51, 50))
    now = replace(reviewed, lines={**reviewed.lines, "1": line})

    [row] = differences_since(reviewed, now, USD, {})

    assert row.now == f"{row.reviewed}; made up of other amounts"
