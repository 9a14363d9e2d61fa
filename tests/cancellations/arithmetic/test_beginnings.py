"""How an order began, told from what it has become."""

from dataclasses import replace

from cancellations.arithmetic.beginnings import as_sold, brought, without
from cancellations.arithmetic.reports import LineFacts, PaymentFacts, Report
from orders.arithmetic.amounts import Group
from orders.arithmetic.facts import Reported
from orders.arithmetic.funds import Elsewhere, Payment
from orders.arithmetic.statuses import Quantities
from tests.support.builders import adjustment, delivery_charge, fee, item, tax
from tests.support.standings import sold

COUNTED = Reported(canceled=1, allocated=5, fulfilled=4, return_initiated=3, returned=2)


def order(**changes):
    """A bundle with its child, their delivery and a fee, all of it as it was sold."""
    bundle = item(
        "1", quantity=9, adjustments=[adjustment("-1.00")], taxes=[tax("0.50"), tax("0.25")]
    )
    return sold(bundle, item("2", quantity=9, bundle="1"), delivery_charge(), fee(), **changes)


def nothing_paid(*keys):
    return tuple(Payment(key, "Visa", 0) for key in keys)


def test_as_it_was_sold_nothing_is_counted_and_nothing_is_paid():
    fresh = order()
    counters = Quantities(9, 1, 5, 4, 3, 2, 1)
    lines = {
        key: replace(line, quantities=counters, reported=COUNTED)
        if line.is_product
        else replace(line, released=line.type == "fee")
        for key, line in fresh.lines.items()
    }
    paid = Payment("P1", "Visa", 900, 950, 10, 20, 30, 40, released=50, captured_at_release=900)
    whole = replace(paid, key="P2", method="Gift card", full_refund_only=True)

    now = replace(
        fresh,
        lines=lines,
        groups={"G1": Group("G1", 500, released=True)},
        payments=(paid, whole),
        elsewhere=Elsewhere(1, 2, 3),
    )

    gift_card = Payment("P2", "Gift card", 0, full_refund_only=True)
    assert as_sold(now) == replace(fresh, payments=(*nothing_paid("P1"), gift_card))


def test_what_amendments_brought_was_not_there_at_first():
    whole = replace(order(), payments=nothing_paid("P1", "P2"))

    first = without(whole, {"2", "2001"}, {"P2"})

    assert list(first.lines) == ["1", "1001"]
    assert first == replace(
        whole,
        lines={key: whole.lines[key] for key in ("1", "1001")},
        payments=nothing_paid("P1"),
    )


def test_an_order_comes_with_what_was_counted_and_paid_then():
    fresh = replace(order(), payments=nothing_paid("P1", "P2"))
    report = Report({"1": LineFacts(COUNTED)}, {"P2": PaymentFacts(40, 30, 20, 10)})

    came = brought(fresh, report)

    counted = replace(
        fresh.lines["1"],
        reported=COUNTED,
        quantities=Quantities(
            9,
            canceled=1,
            allocated=5,
            fulfilled=4,
            return_initiated=3,
            returned=2,
            canceled_elsewhere=1,
        ),
    )
    paid = Payment("P2", "Visa", 30, authorized=40, refunded_elsewhere=20, charged_back=10)
    assert came == replace(
        fresh, lines={**fresh.lines, "1": counted}, payments=(*nothing_paid("P1"), paid)
    )
    assert list(came.lines) == list(fresh.lines)
