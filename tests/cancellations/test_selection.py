"""One cancellation has one fingerprint, whoever asks for it and whichever release reads it."""

from dataclasses import fields, replace

import pytest

from cancellations.arithmetic.quotes import Asked
from cancellations.documents.requests import (
    CancelAllDocument,
    CancelItemsDocument,
    ItemToCancel,
    read_cancellation,
)
from cancellations.selection import (
    CancellationRequest,
    EverythingEligible,
    SelectedItems,
    SelectedLine,
    SettlementRequest,
)
from orders.documents.fields import validated
from tests.support.specimens import changed

ITEMS = {
    "idempotency_key": "K-1",
    "order_number": "00001401",
    "reason": "Changed Mind",
    "note": "",
    "items": [
        {"key": "1", "quantity": 2},
        {
            "key": "3",
            "quantity": 1,
            "reason": "Other",
            "note": "Too late",
            "refund_delivery": True,
        },
    ],
}
ALL = {
    "idempotency_key": "K-2",
    "order_number": "00001401",
    "reason": "Changed Mind",
    "note": "",
    "items": "all",
    "refund_delivery": True,
}
ITEMS_TODAY = "1:5c04707850749214807050e6de1358a2458985d0ee0e5ae078dd984e6be95f6f"
ALL_TODAY = "1:c2b07f67c418b16f8dc5237ccc6cd84d422de0644ce3e3e59a01a72d20a9468d"

WHOSE = {"idempotency_key", "order_number"}
"""Names the request; the rest says what is asked."""

OTHER = {
    "key": "2",
    "quantity": 3,
    "reason": "Unknown",
    "note": "Something else",
    "refund_delivery": False,
    "children": "none",
    "takes_children": False,
    "refund_fees": True,
}
"""Another value than above for whatever can be asked."""


class LaterItem(ItemToCancel):
    tags: list[str] = []


class LaterItems(CancelItemsDocument):
    items: list[LaterItem]
    tags: list[str] = []


class LaterAll(CancelAllDocument):
    tags: list[str] = []


def fingerprint(document):
    return read_cancellation(document).request.fingerprint


def test_fingerprints_are_those_that_databases_hold():
    assert fingerprint(ITEMS) == ITEMS_TODAY
    assert fingerprint(ALL) == ALL_TODAY


def test_a_field_that_is_added_later_leaves_them_as_they_are():
    assert validated(LaterItems, ITEMS).request.fingerprint == ITEMS_TODAY
    assert validated(LaterAll, ALL).request.fingerprint == ALL_TODAY


@pytest.mark.parametrize("field", sorted(ItemToCancel.model_fields))
def test_every_field_of_an_item_is_content(field):
    other = changed(ITEMS, {f"items[1].{field}": OTHER[field]})

    assert fingerprint(other) != ITEMS_TODAY


@pytest.mark.parametrize("field", sorted(CancelItemsDocument.model_fields.keys() - WHOSE))
def test_every_field_of_a_cancellation_of_items_is_content(field):
    value = ITEMS["items"][:1] if field == "items" else OTHER[field]

    assert fingerprint(changed(ITEMS, {field: value})) != ITEMS_TODAY


@pytest.mark.parametrize("field", sorted(CancelAllDocument.model_fields.keys() - WHOSE))
def test_every_field_of_a_cancellation_of_all_is_content(field):
    if field == "items":
        other = changed(ALL, {"items": ITEMS["items"]})
        del other["refund_delivery"]
    else:
        other = changed(ALL, {field: OTHER[field]})

    assert fingerprint(other) != ALL_TODAY


@pytest.mark.parametrize("field", [field.name for field in fields(Asked)])
def test_all_that_is_asked_of_a_line_is_content(field):
    asked = Asked("1", 2, refund_delivery=True)

    other = replace(asked, **{field: OTHER[field]})

    assert items(SelectedLine(other, "Outdated")) != items(SelectedLine(asked, "Outdated"))


@pytest.mark.parametrize("field", [field.name for field in fields(SelectedLine)][1:])
def test_all_that_is_said_of_a_line_is_content(field):
    line = SelectedLine(Asked("1", 2), "Outdated", "Please")

    assert items(replace(line, **{field: OTHER[field]})) != items(line)


@pytest.mark.parametrize("field", [field.name for field in fields(EverythingEligible)])
def test_all_that_is_said_of_everything_is_content(field):
    everything = EverythingEligible("Outdated", "Please", refund_delivery=True)

    assert content(replace(everything, **{field: OTHER[field]})) != content(everything)


def test_whether_the_fees_go_is_content():
    lines = (SelectedLine(Asked("1", 2), "Outdated"),)

    assert content(SelectedItems(lines, refund_fees=True)) != content(SelectedItems(lines))


@pytest.mark.parametrize(
    "other",
    [
        {"delivery_groups": ("G1",)},
        {"refund_fees": True},
        {"note": "Please"},
        {"chosen": {}},
        {"chosen": {"P1": 5}},
    ],
)
def test_all_that_is_asked_of_a_settlement_is_content(other):
    settlement = SettlementRequest("W-1", "K")

    assert replace(settlement, **other).fingerprint != settlement.fingerprint


def test_the_same_settlement_in_other_words_is_the_same():
    said = SettlementRequest("W-1", "K", ("G1", "G2"), note=" 1\r\n2", chosen={"P1": 5, "P2": 7})
    again = replace(said, delivery_groups=("G2", "G1"), note="1\n2 ", chosen={"P2": 7, "P1": 5})

    assert again.fingerprint == said.fingerprint


def content(selection):
    return CancellationRequest("W-1", "K", selection).fingerprint


def items(*lines):
    return content(SelectedItems(lines))


@pytest.mark.parametrize(
    "same",
    [
        {"items": ITEMS["items"][::-1]},
        {"reason": "Outdated", "items[0].reason": "Changed Mind"},
        {"items[0].refund_delivery": False},
        {"items[1].note": "  Too late\n"},
    ],
)
def test_the_same_asked_in_other_words_is_the_same(same):
    assert fingerprint(changed(ITEMS, same)) == ITEMS_TODAY


def test_a_note_is_the_same_on_the_document_and_on_each_item():
    above = {"idempotency_key": "K", "order_number": "W-1", "reason": "Other", "note": "1\r\n2 "}
    items = [{"key": "1", "quantity": 1}, {"key": "2", "quantity": 1}]
    below = [item | {"reason": "Other", "note": "1\n2"} for item in items]

    assert fingerprint(above | {"items": items}) == fingerprint(
        {"idempotency_key": "K", "order_number": "W-1", "items": below}
    )
