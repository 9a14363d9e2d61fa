"""Acts that go wrong: PostgreSQL refuses what they write, and verify_orders tells of it elsewhere.

Each lie takes a piece of the product out of an act, or puts something else in its place.
"""

from dataclasses import dataclass, field, replace

import pytest

from cancellations.acts import change_orders
from cancellations.arithmetic import quotes
from cancellations.arithmetic.distribution import Share
from cancellations.arithmetic.releases import Release as ToRelease
from cancellations.history import orders_with_history
from cancellations.models import ChangeOrder, Refund, Release
from cancellations.verification import differences
from orders.arithmetic.funds import Elsewhere
from orders.locking import OrderRefused
from orders.models import OrderEvent, OrderItemSummary, PaymentSummary
from tests.support.builders import (
    cancel,
    imported,
    item,
    minor,
    order_document,
    payment,
    report,
    select,
)

pytestmark = pytest.mark.slow


def shares(**chosen):
    """A distribution that goes by nothing but these amounts."""

    def distributed(amount, payments, sends=None):
        return tuple(
            Share(payment, minor(chosen[payment.key]))
            for payment in payments
            if payment.key in chosen
        )

    return distributed


def every_open_authorization(standing):
    return tuple(
        ToRelease(payment, payment.authorization_open)
        for payment in standing.payments
        if payment.authorization_open
    )


def half_of_every_authorization(standing):
    return tuple(
        replace(release, amount=release.amount // 2)
        for release in every_open_authorization(standing)
    )


def goodwill(standing, *args, _really=quotes.standing_after, **options):
    """The order as it would stand, had others given 5.00."""
    after = _really(standing, *args, **options)
    return after.with_money(elsewhere=Elsewhere(given=minor("5.00")))


def without_a_reason(*args, _really=change_orders._item):
    return _really(*args)._replace(reason_id=None, reason_name="")


def of_another_order(*args, _really=change_orders._item):
    item = _really(*args)
    others = OrderItemSummary.objects.exclude(order=item.line.order)
    return item._replace(line=others.get(key=item.line.key))


def over_another_order(
    model, change_order, payments, moneys, *, _really=change_orders._write_moneys
):
    others = PaymentSummary.objects.exclude(order=change_order.order)
    _really(model, change_order, {payment.key: payment for payment in others}, moneys)


def in_euros(model, *, _really=change_orders.asked_of):
    def asked_of(row):
        if isinstance(row, model):
            row.currency_code = "EUR"
        return _really(row)

    return asked_of


def on_the_first_event(*, order, new, _really=change_orders.write_change_order):
    return _really(order=order, new=replace(new, event=order.events.get(sequence=1)))


def called_a_return(*, order, new, _really=change_orders.write_change_order):
    return _really(order=order, new=replace(new, kind=ChangeOrder.Kind.RETURN, refund_due=0))


def nothing(*args, **options):
    """Leave it out."""


CHILD = select("3", 1)
NEEDED = {"payments": [payment("10.00"), payment("18.00", "P2", captured="0.00")]}
WHOLE = {"payments": [payment("20.00"), payment("8.00", "P2", full_refund_only=True)]}


@dataclass(frozen=True, slots=True)
class Lie:
    """What is put where, in which cancellation, and what PostgreSQL says of it."""

    about: str
    where: str
    instead: object
    told: str
    select: object = field(default_factory=select)
    order: dict = field(default_factory=dict)


QUOTES = "cancellations.arithmetic.quotes"
WRITER = "cancellations.acts.change_orders"
CANCEL = "cancellations.acts.cancel"
LIES = [
    Lie(
        "refunds above what is due", f"{QUOTES}.distribute", shares(P1="20.00"), "what hangs on it"
    ),
    Lie(
        "refunds of everything",
        f"{QUOTES}.distribute",
        shares(P1="20.00", P2="8.00"),
        "what hangs on it",
    ),
    Lie(
        "what is held is due",
        "orders.arithmetic.amounts.Standing.excess_funds",
        property(lambda self: max(0, self.held)),
        "what hangs on it",
    ),
    Lie(
        "more is refunded than a payment has",
        f"{QUOTES}.distribute",
        shares(P2="9.00"),
        "has less left",
    ),
    Lie(
        "a payment that goes whole goes in part",
        f"{QUOTES}.distribute",
        shares(P2="7.00"),
        "goes back whole",
        order=WHOLE,
    ),
    Lie(
        "a unit takes the whole line",
        "orders.arithmetic.amounts.left",
        lambda amount, gone, of: 0 if gone else amount,
        "lines of order",
    ),
    Lie("nobody gave goodwill", f"{QUOTES}.standing_after", goodwill, "does not say what"),
    Lie(
        "an authorization that is needed is given up",
        f"{QUOTES}.releasable",
        every_open_authorization,
        "gives up an authorization",
        order=NEEDED,
    ),
    Lie(
        "half an authorization is given up",
        f"{QUOTES}.releasable",
        half_of_every_authorization,
        "gives up an authorization",
    ),
    Lie(
        "a canceled child is not counted",
        "orders.standing._write_counters",
        nothing,
        "what line 3",
        select=CHILD,
    ),
    Lie(
        "refunds are not set aside", "orders.standing._write_payments", nothing, "does not say what"
    ),
    Lie(
        "items take nothing",
        f"{WRITER}.item_columns",
        lambda move: dict.fromkeys([f"{name}_minor" for name in quotes.ITEM_AMOUNTS], 0),
        "do not make up its totals",
    ),
    Lie("no reason is kept", f"{WRITER}._item", without_a_reason, "or no item of it"),
    Lie(
        "a line of another order is canceled",
        f"{WRITER}._item",
        of_another_order,
        "is not of the order",
    ),
    Lie(
        "another order pays",
        f"{WRITER}._write_moneys",
        over_another_order,
        "is not of the order",
    ),
    Lie("a refund is in euros", f"{WRITER}.asked_of", in_euros(Refund), "not in its currency"),
    Lie(
        "a release is in euros",
        f"{WRITER}.asked_of",
        in_euros(Release),
        "gives up an authorization",
    ),
    Lie(
        "a change order hangs on another event",
        f"{CANCEL}.write_change_order",
        on_the_first_event,
        "without an event that makes it",
    ),
    Lie(
        "a cancellation is called a return",
        f"{CANCEL}.write_change_order",
        called_a_return,
        "without an event that makes it",
    ),
    Lie("no change order is written", f"{CANCEL}.write_change_order", nothing, "what line 1"),
    Lie("the order is not written", f"{CANCEL}.write_standing", nothing, "what line 1"),
]
each_lie = pytest.mark.parametrize("lie", LIES, ids=[lie.about for lie in LIES])


def new_order(**changes):
    """Lines of 20.00 and 8.00, the latter a bundle; all captured, and 6.00 more authorized."""
    items = [
        item(),
        item("2", quantity=1, unit_price="8.00"),
        item("3", bundle="2", unit_price="0.00"),
    ]
    paid = [payment("20.00"), payment("8.00", "P2"), payment("6.00", "P3", captured="0.00")]
    return imported(order_document(**{"items": items, "payments": paid, **changes}))


def told_of(order):
    """What verify_orders finds of an order."""
    [read] = orders_with_history([order.order_number])
    return list(differences(read))


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@each_lie
def test_the_database_has_the_last_word(agent, monkeypatch, lie):
    order = new_order(**lie.order)
    new_order()

    monkeypatch.setattr(lie.where, lie.instead)
    with pytest.raises(OrderRefused) as refusal:
        cancel(order, lie.select, by=agent)
    monkeypatch.undo()

    assert lie.told in str(refusal.value.__cause__)
    assert not ChangeOrder.objects.exists()
    assert OrderEvent.objects.count() == 2
    assert told_of(order) == []


@pytest.mark.both_databases
@pytest.mark.django_db
@pytest.mark.usefixtures("without_triggers")
@each_lie
def test_where_nothing_guards_verify_orders_tells(agent, monkeypatch, lie):
    order = new_order(**lie.order)
    new_order()

    monkeypatch.setattr(lie.where, lie.instead)
    cancel(order, lie.select, by=agent)
    monkeypatch.undo()

    assert told_of(order)


@pytest.mark.both_databases
@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{}, NEEDED, WHOLE], ids=["paid", "needed", "whole"])
def test_an_act_that_tells_the_truth_goes_through(agent, changes):
    order = new_order(**changes)

    for chosen in (select(), CHILD):
        cancel(order, chosen, by=agent)
    report(order, payments=[{"key": "P1", "captured": "21.00"}])

    assert told_of(order) == []


@pytest.mark.both_databases
@pytest.mark.django_db
@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize(
    ("sequence", "facts"),
    [
        (1, {"lines": {"9": {"reported": {"canceled": 1}}}}),
        (1, {"payments": "all"}),
        (2, {}),
        (2, []),
    ],
)
def test_facts_that_nobody_can_replay_are_told(agent, sequence, facts):
    order = new_order()
    cancel(order, select(), by=agent)
    OrderEvent.objects.filter(sequence=sequence).update(facts=facts)

    [difference] = told_of(order)

    assert difference.startswith("events cannot be replayed: ")
