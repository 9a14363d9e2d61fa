"""A later release has to give a document of today the fingerprint that it has now.

Otherwise every order that is imported once more would be refused as one with other content.
"""

import pytest

from orders.arithmetic.money import Currency
from orders.documents import order
from orders.documents.fields import validated
from orders.documents.order import (
    AccountDocument,
    AdjustmentDocument,
    DeliveryGroupDocument,
    ItemDocument,
    OrderDocument,
    PaymentDocument,
    TaxDocument,
    read_order,
)
from tests.support.specimens import COMPLETE, MINIMAL, changed

COMPLETE_TODAY = "1:a656554a2405e15f324404e447277e59ddc65e3e8de62934db912e4e2e5c3d3b"
MINIMAL_TODAY = "1:337af993d73128cd89dad995ae0eb82e63b4b2c1dc89fbfe88de0a449cd6080c"


class LaterAccount(AccountDocument):
    tags: list[str] = []


class LaterGroup(DeliveryGroupDocument):
    tags: list[str] = []


class LaterAdjustment(AdjustmentDocument):
    tags: list[str] = []


class LaterTax(TaxDocument):
    tags: list[str] = []


class LaterItem(ItemDocument):
    adjustments: list[LaterAdjustment] = []
    taxes: list[LaterTax] = []
    tags: list[str] = []


class LaterPayment(PaymentDocument):
    tags: list[str] = []


class LaterOrder(OrderDocument):
    """The order document of a release in which everything may have tags."""

    account: LaterAccount
    delivery_groups: list[LaterGroup] = []
    items: list[LaterItem]
    payments: list[LaterPayment] = []
    tags: list[str] = []


def later_fingerprint(document):
    return validated(LaterOrder, document, currency=Currency("USD", 2)).fingerprint


def test_fingerprints_are_those_that_databases_hold():
    assert read_order(COMPLETE).fingerprint == COMPLETE_TODAY
    assert read_order(MINIMAL).fingerprint == MINIMAL_TODAY


def test_a_field_that_is_added_later_leaves_them_as_they_are():
    assert later_fingerprint(COMPLETE) == COMPLETE_TODAY
    assert later_fingerprint(MINIMAL) == MINIMAL_TODAY


def test_amounts_are_named_whatever_number_of_places_the_currency_has_by_then(monkeypatch):
    monkeypatch.setattr(order, "currency_on", lambda code, day: Currency(code, 3))

    assert read_order(COMPLETE).fingerprint == COMPLETE_TODAY


def test_what_was_named_in_an_earlier_version_is_compared_in_that_version(monkeypatch):
    document = read_order(COMPLETE)
    monkeypatch.setattr(order, "CONTENT_VERSION", 2)

    assert document.fingerprint != COMPLETE_TODAY
    assert document.is_what_is_named(COMPLETE_TODAY)
    assert not document.is_what_is_named(MINIMAL_TODAY)


@pytest.mark.parametrize(
    "path",
    [
        "tags",
        "account.tags",
        "delivery_groups[0].tags",
        "items[0].tags",
        "items[0].adjustments[0].tags",
        "items[0].taxes[0].tags",
        "payments[0].tags",
    ],
)
def test_what_is_said_in_it_is_other_content(path):
    assert later_fingerprint(changed(COMPLETE, {path: []})) == COMPLETE_TODAY
    assert later_fingerprint(changed(COMPLETE, {path: ["gift"]})) != COMPLETE_TODAY
