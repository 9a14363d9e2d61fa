"""What documents mean that name bundles, and what they say of fees (contract.md §2)."""

import pytest

from cancellations.models import ChangeOrder
from orders.models import OrderSummary
from tests.support.builders import fee, imported, item, minor
from tests.support.wrong_cancellations import cancellation

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def sets(db):
    """Two sets of two speakers and three cables each, worth 100.00; one cable has shipped."""
    shipped = {"quantity_allocated": 1, "quantity_fulfilled": 1}
    return imported(
        order_number="X-1",
        items=[
            item("1", unit_price="50.00"),
            item("2", quantity=4, unit_price="0.00", bundle="1"),
            item("3", quantity=6, unit_price="0.00", bundle="1", **shipped),
            item("4"),
        ],
    )


@pytest.fixture
def cancel_orders(jsonl, run_command):
    def cancel_orders(*documents, options=()):
        return run_command("cancel_orders", jsonl(*documents), *options).lines

    return cancel_orders


def row(key="1", quantity=1, **changes):
    return {"key": key, "quantity": quantity, **changes}


def canceled():
    """Units by the keys of all lines that were canceled, change order by change order."""
    return [
        {item.line.key: item.quantity for item in change_order.items.order_by("line__position")}
        for change_order in ChangeOrder.objects.order_by("pk")
    ]


@pytest.mark.parametrize(
    ("rows", "units"),
    [
        ([row()], {"1": 1, "2": 2, "3": 3}),
        ([row(children="default")], {"1": 1, "2": 2, "3": 3}),
        ([row(quantity=2)], {"1": 2, "2": 4, "3": 5}),
        ([row(children="none")], {"1": 1}),
        ([row(), row("2")], {"1": 1, "2": 1}),
        ([row("2"), row()], {"1": 1, "2": 1}),
        ([row(), row("4")], {"1": 1, "2": 2, "3": 3, "4": 1}),
        ([row("2", 3)], {"2": 3}),
        ([row("4", children="default")], {"4": 1}),
    ],
)
def test_a_bundle_that_is_named_alone_takes_its_default_children(sets, cancel_orders, rows, units):
    [result] = cancel_orders(cancellation(*rows))

    assert result["outcome"] == "canceled", result["errors"]
    assert canceled() == [units]


def test_bundles_one_by_one_take_the_same_children_as_both_at_once(sets, cancel_orders):
    cancel_orders(cancellation(row(), key="K-1"), cancellation(row(), key="K-2"))

    assert canceled() == [{"1": 1, "2": 2, "3": 3}, {"1": 1, "2": 2, "3": 2}]


def test_children_that_went_alone_before_count_towards_their_share(sets, cancel_orders):
    cancel_orders(cancellation(row("2", 3), key="K-1"), cancellation(row(), key="K-2"))

    assert canceled() == [{"2": 3}, {"1": 1, "3": 3}]


def test_default_children_answer_as_their_bundle_does(sets, cancel_orders):
    cancel_orders(cancellation(row(reason="Other", note="Too big", refund_delivery=True)))

    answers = ChangeOrder.objects.get().items.values_list("reason_name", "note", "refund_delivery")
    assert set(answers) == {("Other", "Too big", True)}


def test_children_of_none_is_refused_on_what_is_no_bundle(sets, cancel_orders):
    [result] = cancel_orders(cancellation(row(children="none"), row("4", children="none")))

    assert result["errors"] == [
        {
            "path": "items[1].children",
            "message": "This is not a bundle: leave out its children.",
        }
    ]
    assert canceled() == []


@pytest.mark.parametrize("children", ["all", None, 0])
def test_children_are_default_or_none(sets, cancel_orders, children):
    [result] = cancel_orders(cancellation(row(children=children)))

    assert result["errors"] == [
        {"path": "items[0].children", "message": "must be 'default' or 'none'"}
    ]


def test_default_children_count_towards_the_hundred_lines(cancel_orders):
    children = [item(f"c{n}", quantity=1, bundle="1") for n in range(100)]
    imported(order_number="X-1", items=[item(quantity=1), *children])

    [refused, done] = cancel_orders(
        cancellation(row(), key="K-1"), cancellation(row(children="none"), key="K-2")
    )

    assert [error["path"] for error in refused["errors"]] == ["items"]
    assert "At most 100 items" in refused["errors"][0]["message"]
    assert done["outcome"] == "canceled"


def test_too_many_bundles_are_refused_at_their_own_row(sets, cancel_orders):
    [result] = cancel_orders(cancellation(row(quantity=3)))

    assert result["errors"] == [{"path": "items[0].quantity", "message": "Only 2 can be canceled."}]


@pytest.mark.parametrize(
    ("other", "outcome"),
    [
        (cancellation(row(children="default")), "repeated"),
        (cancellation(row(), refund_fees=False), "repeated"),
        (cancellation(row(children="none")), "refused"),
        (cancellation(row(), refund_fees=True), "refused"),
        (cancellation(row(), row("2", 2), row("3", 3)), "refused"),
    ],
)
def test_what_is_said_of_children_and_fees_is_content(sets, cancel_orders, other, outcome):
    cancel_orders(cancellation(row()))

    assert [result["outcome"] for result in cancel_orders(other)] == [outcome]


@pytest.mark.parametrize(
    ("document", "fees"),
    [
        (cancellation(items="all"), "3.00"),
        (cancellation(items="all", refund_fees=True), "0.00"),
        (cancellation(row(quantity=2), refund_fees=True), "0.00"),
        (cancellation(row(quantity=2)), "3.00"),
        (cancellation(row(quantity=1), refund_fees=True), "3.00"),
    ],
)
def test_fees_leave_with_the_last_unit_where_the_document_says_so(cancel_orders, document, fees):
    imported(order_number="X-1", items=[item(), fee()])

    cancel_orders(document)

    assert OrderSummary.objects.get().fees_minor == minor(fees)


def test_refund_fees_is_true_or_false(sets, cancel_orders):
    results = cancel_orders(
        cancellation(refund_fees=1), cancellation(items="all", refund_fees="yes")
    )

    said = [(error["path"], error["message"]) for each in results for error in each["errors"]]
    assert said == [("refund_fees", "must be true or false")] * 2
