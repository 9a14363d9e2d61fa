"""What undoing gives back, exactly, and what it leaves alone."""

from dataclasses import replace

from cancellations.arithmetic.quotes import Asked, quote
from cancellations.arithmetic.reversals import Undone, reversed_from
from orders.arithmetic.amounts import Group
from orders.arithmetic.funds import Payment
from tests.support.builders import delivery_charge, fee, item
from tests.support.standings import sold, usd


def undone_of(quoted):
    """A change order that did what was quoted."""
    return Undone(
        before=quoted.before,
        after=quoted.after,
        quantities={entry.key: entry.quantity for entry in quoted.asked},
        refunds={share.payment.key: share.amount for share in quoted.shares},
        releases={release.payment.key: release.amount for release in quoted.releases},
    )


def with_counters(line, **counters):
    return replace(line, quantities=replace(line.quantities, **counters))


def test_right_after_it_all_is_as_it_was_before():
    order = sold(item("1"), item("2", quantity=3), delivery_charge(), fee(), paid=["60.99", "0.00"])
    cash, card = order.payments
    order = order.with_money(payments=(cash, replace(card, authorized=usd("5.00"))))
    asked = [Asked("1", 2, refund_delivery=True), Asked("2", 3, refund_delivery=True)]

    quoted = quote(order, asked, refund_fees=True)

    assert quoted.shares
    assert quoted.releases
    assert quoted.after.lines["2001"].released
    assert reversed_from(quoted.after, undone_of(quoted)) == order


def test_what_was_reported_since_stays():
    order = sold(item("1", quantity=5), fee(), paid=["53.00"])
    quoted = quote(order, [Asked("1", 2)])
    fee_since = replace(order.lines["2001"], key="2002", released=True)
    since = {
        "1": with_counters(quoted.after.lines["1"], allocated=1, canceled=3, canceled_elsewhere=1),
        "2001": quoted.after.lines["2001"],
        "2002": fee_since,
    }
    groups = {"G1": Group("G1", 70), "G2": Group("G2", 80, released=True)}
    payment = quoted.after.payments[0]
    paid_since = Payment("P9", "Visa", 100, reserved=30, released=5, captured_at_release=100)
    now = replace(
        quoted.after,
        lines=since,
        groups=groups,
        payments=(replace(payment, refunded_elsewhere=1), paid_since),
    )

    again = reversed_from(now, undone_of(quoted))

    assert again.lines == since | {
        "1": with_counters(order.lines["1"], allocated=1, canceled=1, canceled_elsewhere=1)
    }
    assert again.groups == {"G1": Group("G1"), "G2": groups["G2"]}
    assert again.payments == (replace(order.payments[0], refunded_elsewhere=1), paid_since)


def test_of_two_releases_the_later_one_is_taken_back():
    order = sold(item("1"), paid=["20.00"])
    [paid] = order.payments
    first = replace(paid, authorized=usd("50.00"), released=700, captured_at_release=1500)
    second = replace(first, released=1000, captured_at_release=2000)
    before, after = (order.with_money(payments=(each,)) for each in (first, second))

    again = reversed_from(after, Undone(before, after, {}, {}, {"P1": 300}))

    assert again.payments == (first,)
