"""That others pay back nothing more: said by a person, once, of the amount they saw."""

from functools import partial

import pytest

from cancellations.acts.expect_nothing_more import (
    ExpectationChanged,
    NothingExpected,
    expect_nothing_more,
)
from cancellations.history import orders_with_history
from cancellations.selection import NotAllowed, SelectionRefused
from cancellations.verification import differences
from orders.locking import UnknownOrder
from orders.models import OrderEvent, OrderSummary
from orders.standing import as_it_stands
from tests.support.builders import imported, item, minor, order_document
from tests.support.threads import at_once
from tests.support.unguarded import set_life_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def order():
    """Two coats at 10.00, of which one came back before the order was imported."""
    counters = ("allocated", "fulfilled", "return_initiated", "returned")
    coat = item(**{f"quantity_{name}": 1 for name in counters})
    return imported(order_document(order_number="X-1", items=[coat]) | {"payments": [PAID]})


PAID = {
    "key": "P1",
    "method": "Visa",
    "gateway": "sandbox",
    "gateway_reference": "ch_1",
    "authorized": "20.00",
    "captured": "20.00",
}


def expect(by, *, shop_keeps_it=True, agreed="10.00", number="X-1"):
    return expect_nothing_more(
        order_number=number, shop_keeps_it=shop_keeps_it, agreed=minor(agreed), by=by
    )


def elsewhere():
    money = OrderSummary.objects.get().elsewhere
    return money.expected, money.given


@pytest.mark.parametrize(
    ("shop_keeps_it", "given", "owed"), [(True, "-10.00", "0.00"), (False, "0.00", "10.00")]
)
def test_the_shop_keeps_it_or_we_owe_it(order, manager, shop_keeps_it, given, owed):
    assert elsewhere() == (minor("10.00"), 0)

    after = expect(manager, shop_keeps_it=shop_keeps_it)

    assert elsewhere() == (0, minor(given))
    assert after.excess_funds == minor(owed)
    assert as_it_stands(OrderSummary.objects.get()) == after


@pytest.mark.parametrize("shop_keeps_it", [True, False])
def test_it_is_an_event_that_is_replayed(order, manager, shop_keeps_it):
    expect(manager, shop_keeps_it=shop_keeps_it)

    event = OrderEvent.objects.order_by("sequence").last()
    assert (event.type, event.by) == ("nothing_more_expected", manager)
    assert event.facts == {"shop_keeps_it": shop_keeps_it, "expected": minor("10.00")}
    [after] = orders_with_history(["X-1"])
    assert list(differences(after)) == []


def test_another_amount_than_was_seen_is_refused(order, stored_rows, manager):
    before = stored_rows()

    with pytest.raises(ExpectationChanged) as refused:
        expect(manager, agreed="9.99")

    assert refused.value.expected == minor("10.00")
    assert stored_rows() == before


def test_nothing_can_be_said_twice(order, stored_rows, manager):
    expect(manager)
    before = stored_rows()

    with pytest.raises(NothingExpected):
        expect(manager, shop_keeps_it=False)

    assert stored_rows() == before


def test_an_unmanaged_order_is_left_alone(order, stored_rows, manager):
    set_life_cycle(OrderSummary.objects.all(), "unmanaged")
    before = stored_rows()

    with pytest.raises(SelectionRefused):
        expect(manager)

    assert stored_rows() == before


def test_only_those_who_may_settle_may_say_it(order, stored_rows, agent):
    before = stored_rows()

    with pytest.raises(NotAllowed):
        expect(agent)

    assert stored_rows() == before


def test_an_order_that_is_not_there(order, manager):
    with pytest.raises(UnknownOrder):
        expect(manager, number="X-2")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_who_say_it_at_once_one_is_heard(order, manager):
    answers = [partial(expect, manager, shop_keeps_it=answer) for answer in (True, False)]

    _, outcomes = at_once(*answers)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NothingExpected", "Standing"]
    [after] = orders_with_history(["X-1"])
    assert list(differences(after)) == []
