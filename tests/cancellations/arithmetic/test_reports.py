"""What a report makes of an order, in the sequence of domain.md §6."""

from cancellations.arithmetic.quotes import moves
from cancellations.arithmetic.reports import Report, take
from orders.arithmetic.money import show
from orders.arithmetic.statuses import Quantities
from tests.support.builders import USD, delivery_charge, delivery_group, item, tax
from tests.support.reported import both, paid, returned, told
from tests.support.standings import sold, usd


def elsewhere(standing):
    """P, G and W as text."""
    money = standing.elsewhere
    return tuple(show(amount, USD) for amount in (money.expected, money.given, money.unpaid))


def four_shirts(**changes):
    return sold(item(quantity=4), **{"paid": ["40.00"], **changes})


def test_a_report_of_nothing_changes_nothing():
    order = four_shirts()

    taken = take(order, Report())

    assert taken.after == order
    assert (taken.changes, taken.fits, taken.misfits) == ((), frozenset(), frozenset())


def test_units_that_leave_make_a_change_of_their_kind():
    order = four_shirts()

    [canceled] = take(order, told(canceled=1)).changes
    [came_back] = take(order, returned(2)).changes

    assert (canceled.kind, canceled.quantities) == ("reported_cancellation", {"1": 1})
    assert (came_back.kind, came_back.quantities) == ("return", {"1": 2})
    assert show(came_back.after.totals.grand_total, USD) == "20.00"


def test_one_report_makes_two_changes_the_cancellation_first():
    order = sold(item(quantity=3, unit_price="3.33", line_amount="10.00"), paid=["10.00"])

    taken = take(order, returned(1, canceled=1))

    first, second = taken.changes
    kinds = [change.kind for change in taken.changes]
    off = [
        show(change.before.totals.grand_total - change.after.totals.grand_total, USD)
        for change in taken.changes
    ]
    assert kinds == ["reported_cancellation", "return"]
    assert off == ["3.33", "3.34"]
    assert (first.after.lines["1"].quantities.returned, second.after.lines["1"].quantities) == (
        0,
        taken.after.lines["1"].quantities,
    )
    assert second.before == first.after
    assert first.after.lines["1"].quantities == Quantities(3, canceled=1, canceled_elsewhere=1)


def test_what_is_canceled_elsewhere_is_counted_so_and_adds_up():
    once = take(four_shirts(), told(canceled=1)).after

    counters = take(once, told(canceled=3)).after.lines["1"].quantities

    assert (counters.canceled, counters.canceled_elsewhere, counters.canceled_here) == (3, 3, 0)


def test_what_is_authorized_is_taken_over():
    order = four_shirts()

    taken = take(order, paid(order, P1={"authorized": "55.00"}))

    assert taken.after.payments[0].authorized == usd("55.00")


def test_what_went_back_elsewhere_beyond_what_was_expected_is_told():
    order = four_shirts()
    returned_one = take(order, returned(1)).after
    some = take(returned_one, paid(order, P1={"refunded_elsewhere": "4.00"}))

    more = take(some.after, paid(order, P1={"refunded_elsewhere": "13.00"}))

    assert (some.beyond_expected, more.beyond_expected) == (0, usd("3.00"))


def test_counters_that_only_go_up_and_down_make_no_change():
    order = four_shirts()

    shipped = take(order, told(allocated=3, fulfilled=2))
    taken_back = take(shipped.after, told(allocated=1))

    assert (shipped.changes, taken_back.changes) == ((), ())
    assert taken_back.after.lines["1"].quantities.allocated == 1
    assert taken_back.after.lines["1"].quantities.fulfilled == 0


def test_a_family_moves_with_its_bundle():
    order = sold(item("1", unit_price="50.00"), item("2", unit_price="5.00", bundle="1"))

    [change] = take(order, returned(1)).changes

    moved = [
        (move.line.key, move.quantity, show(move.net, USD))
        for move in moves(change.before, change.after, change.quantities)
    ]
    assert moved == [("1", 1, "50.00"), ("2", 0, "5.00")]


def test_what_is_captured_comes_before_what_left():
    """Paid and returned in one report: the return was paid for."""
    order = four_shirts(paid=["0.00"])

    taken = take(order, both(returned(1), paid(order, P1={"captured": "40.00"})))

    assert elsewhere(taken.after) == ("10.00", "0.00", "0.00")


def test_what_left_comes_before_what_was_charged_back():
    order = four_shirts()

    taken = take(order, both(returned(1), paid(order, P1={"charged_back": "4.00"})))

    assert elsewhere(taken.after) == ("6.00", "0.00", "0.00")


def test_what_left_comes_before_what_was_refunded():
    order = four_shirts()

    taken = take(order, both(returned(1), paid(order, P1={"refunded_elsewhere": "10.00"})))

    assert elsewhere(taken.after) == ("0.00", "0.00", "0.00")


def test_what_was_charged_back_comes_before_what_was_refunded():
    order = four_shirts()
    returned_one = take(order, returned(1)).after

    both_at_once = paid(order, P1={"charged_back": "10.00", "refunded_elsewhere": "4.00"})

    assert elsewhere(take(returned_one, both_at_once).after) == ("0.00", "4.00", "0.00")


def test_goodwill_falls_first_when_units_leave():
    order = four_shirts()
    given = take(order, paid(order, P1={"refunded_elsewhere": "6.00"})).after
    assert elsewhere(given) == ("0.00", "6.00", "0.00")

    assert elsewhere(take(given, told(canceled=1)).after) == ("4.00", "0.00", "0.00")


def test_refunds_are_netted_over_the_payments():
    order = four_shirts(paid=["20.00", "20.00"])
    was = take(
        order, paid(order, P1={"refunded_elsewhere": "10.00"}, P2={"refunded_elsewhere": "0.00"})
    ).after

    now = take(
        was, paid(was, P1={"refunded_elsewhere": "0.00"}, P2={"refunded_elsewhere": "10.00"})
    ).after

    assert elsewhere(was) == elsewhere(now) == ("0.00", "10.00", "0.00")
    assert [payment.refunded_elsewhere for payment in now.payments] == [0, usd("10.00")]


def test_chargebacks_are_not():
    order = four_shirts(paid=["20.00", "20.00"])
    was = take(order, both(returned(3), paid(order, P1={"charged_back": "10.00"}))).after
    assert elsewhere(was) == ("20.00", "0.00", "0.00")

    now = take(was, paid(was, P1={"charged_back": "0.00"}, P2={"charged_back": "10.00"})).after

    assert elsewhere(now) == ("10.00", "0.00", "0.00")


def test_a_chargeback_that_is_taken_back_is_expected_no_more():
    order = four_shirts()
    was = take(order, both(returned(1), paid(order, P1={"charged_back": "10.00"}))).after

    now = take(was, paid(was, P1={"charged_back": "0.00"})).after

    assert elsewhere(now) == ("0.00", "0.00", "0.00")
    assert show(now.excess_funds, USD) == "10.00"


def test_payments_that_are_not_named_stay():
    order = four_shirts(paid=["20.00", "20.00"])

    taken = take(order, paid(order, P2={"captured": "25.00"}))

    assert taken.after.payments[0] == order.payments[0]
    assert taken.fits == {("payment", "P2")}


def two_groups():
    """Two at 10.00 in each of two groups, whose charges are 5.00 and 3.00."""
    return sold(
        item("1", taxes=[tax("1.00")]),
        item("2", delivery_group="G2"),
        delivery_charge("1001", unit_price="5.00"),
        delivery_charge("1002", unit_price="3.00", delivery_group="G2"),
        delivery_groups=[delivery_group("G1"), delivery_group("G2")],
        paid=["49.00"],
    )


def test_delivery_given_back_elsewhere_leaves_with_the_flagged_units():
    order = two_groups()

    flagged = take(order, returned(1, flag=True))
    plain = take(order, returned(1))

    assert show(flagged.after.components["1001"].net, USD) == "2.50"
    assert show(plain.after.components["1001"].net, USD) == "5.00"
    assert flagged.changes[0].flagged == {"1"}
    assert elsewhere(flagged.after) == ("13.00", "0.00", "0.00")


def test_a_flag_on_a_line_that_loses_nothing_is_not_heeded():
    order = two_groups()

    taken = take(order, both(returned(1), told("2", allocated=1, flag=True)))

    assert taken.changes[0].flagged == frozenset()
    assert show(taken.after.totals.delivery, USD) == "8.00"


def test_the_last_unit_returned_takes_the_rest_of_the_charge():
    order = two_groups()
    once = take(order, returned(1)).after

    both_back = take(once, returned(2, flag=True)).after

    assert both_back.groups["G1"].released
    assert show(both_back.components["1001"].net, USD) == "0.00"


def test_a_flagged_row_of_one_kind_does_not_answer_for_the_other_kind():
    """The cancellation empties nothing; the return that does is flagged."""
    order = two_groups()

    taken = take(order, returned(1, canceled=1, flag=True))

    released = [change.after.groups["G1"].released for change in taken.changes]
    assert released == [False, True]
