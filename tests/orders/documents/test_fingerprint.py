"""A later release has to give a document of today the fingerprint that it has now.

Otherwise every order that is imported once more would be refused as one with other content.
"""

import pytest

from orders.arithmetic.money import Currency
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

COMPLETE_TODAY = "1:9f0b6fbc32a019eb98314b054d4662634c6398d08f39981217d1522c4cedb225"
MINIMAL_TODAY = "1:e05e2e885b14e45cb4d2f75414431230e8a652d021f41f66eff116bff5535c20"


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
