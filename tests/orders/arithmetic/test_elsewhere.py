"""The table of domain.md §6, row by row; amounts are minor units."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.arithmetic.amounts import Line, Standing
from orders.arithmetic.elsewhere import (
    after_capture,
    after_chargeback,
    after_loss,
    after_refunds,
    as_it_came,
    nothing_more_expected,
)
from orders.arithmetic.funds import Elsewhere, Payment
from orders.arithmetic.statuses import Quantities
from tests.support.builders import USD

WORTH = 100


def order(gone=0, *, captured=WORTH, expected=0, given=0, unpaid=0, **figures):
    """A hundred units at 1 each, of which some have gone elsewhere."""
    counters = Quantities(WORTH, canceled=gone, canceled_elsewhere=gone)
    return Standing(
        currency=USD,
        tax_locale="net",
        lines={"1": Line("1", "Thing", "product", counters, line_amount=WORTH)},
        payments=(Payment("P1", "Visa", captured, **figures),),
        elsewhere=Elsewhere(expected, given, unpaid),
    )


def moved(standing):
    """P, G and W."""
    money = standing.elsewhere
    return money.expected, money.given, money.unpaid


@pytest.mark.parametrize(
    ("before", "after", "expected", "unpaid"),
    [
        (0, 80, 0, 20),
        (0, 90, 10, 10),
        (0, 100, 20, 0),
        (0, 120, 20, 0),
        (70, 75, 0, 20),
        (85, 90, 5, 15),
        (80, 80, 0, 20),
        (100, 50, 0, 20),
    ],
)
def test_what_is_captured_makes_owed_what_was_taken_off_unpaid(before, after, expected, unpaid):
    was = order(20, captured=before, unpaid=20)
    now = order(20, captured=after, unpaid=20)

    assert moved(after_capture(now, balance_before=was.balance)) == (expected, 0, unpaid)


def test_what_is_captured_adds_to_what_is_expected_and_leaves_goodwill():
    was = order(30, captured=80, expected=10, given=5, unpaid=20, refunded_elsewhere=5)
    now = order(30, captured=90, expected=10, given=5, unpaid=20, refunded_elsewhere=5)

    assert moved(after_capture(now, balance_before=was.balance)) == (20, 5, 10)


@pytest.mark.parametrize(
    ("captured", "given", "taken", "left"),
    [
        (100, 0, 20, (20, 0, 0)),
        (0, 0, 20, (0, 0, 20)),
        (80, 0, 20, (0, 0, 20)),
        (90, 0, 20, (10, 0, 10)),
        (110, 0, 20, (20, 0, 0)),
        (100, 10, 8, (0, 2, 0)),
        (100, 10, 10, (0, 0, 0)),
        (100, 10, 30, (20, 0, 0)),
        (50, 10, 30, (0, 0, 20)),
        (105, -5, 10, (10, -5, 0)),
        (100, -5, 10, (5, -5, 5)),
        (100, 0, 100, (100, 0, 0)),
    ],
)
def test_what_others_take_off_falls_on_goodwill_then_is_theirs_as_far_as_it_was_paid(
    captured, given, taken, left
):
    refunded = max(0, given)
    was = order(captured=captured, given=given, refunded_elsewhere=refunded)
    now = order(taken, captured=captured, given=given, refunded_elsewhere=refunded)

    assert moved(after_loss(now, taken=taken, balance_before=was.balance)) == left


def test_what_others_take_off_adds_to_what_is_expected_and_unpaid():
    was = order(20, captured=90, expected=10, unpaid=10)
    now = order(50, captured=90, expected=10, unpaid=10)

    assert moved(after_loss(now, taken=30, balance_before=was.balance)) == (40, 0, 10)


@pytest.mark.parametrize(("lost", "expected"), [(0, 30), (10, 20), (30, 0), (40, 0)])
def test_what_is_charged_back_is_expected_no_more_and_no_goodwill(lost, expected):
    standing = order(30, expected=30, given=5, unpaid=7)

    assert moved(after_chargeback(standing, lost=lost)) == (expected, 5, 7)


@pytest.mark.parametrize(
    ("refunded", "balance", "before", "left"),
    [
        (20, 0, (20, 0, 0), (0, 0, 0)),
        (15, 0, (20, 0, 0), (5, 0, 0)),
        (30, 0, (20, 0, 0), (0, 10, 0)),
        (30, 4, (20, 0, 0), (0, 6, 0)),
        (30, 10, (20, 0, 0), (0, 0, 0)),
        (30, 50, (20, 0, 0), (0, 0, 0)),
        (30, -50, (20, 0, 0), (0, 10, 0)),
        (10, 0, (0, 5, 3), (0, 15, 3)),
        (10, 0, (0, -5, 0), (0, 5, 0)),
        (0, 7, (20, 5, 3), (20, 5, 3)),
        (-5, 0, (0, 10, 3), (0, 5, 3)),
        (-15, 0, (2, 10, 0), (7, 0, 0)),
        (-5, 0, (0, -3, 0), (5, -3, 0)),
        (-5, 40, (0, 0, 0), (5, 0, 0)),
    ],
)
def test_what_others_refund_pays_what_is_expected_then_what_we_owe_and_is_goodwill(
    refunded, balance, before, left
):
    standing = order(expected=before[0], given=before[1], unpaid=before[2])

    assert moved(after_refunds(standing, refunded=refunded, balance_before=balance)) == left


@pytest.mark.parametrize(
    ("shop_keeps_it", "left", "owed"), [(True, (0, -17, 7), 0), (False, (0, 3, 7), 20)]
)
def test_when_nothing_more_is_coming_the_shop_keeps_it_or_we_owe_it(shop_keeps_it, left, owed):
    standing = order(20, captured=103, expected=20, given=3, unpaid=7, refunded_elsewhere=3 + 3)
    assert standing.excess_funds == 0

    told = nothing_more_expected(standing, shop_keeps_it=shop_keeps_it)

    assert moved(told) == left
    assert told.excess_funds == owed


@pytest.mark.parametrize(
    ("gone", "figures", "left", "owed"),
    [
        (0, {}, (0, 0, 0), 0),
        (10, {}, (10, 0, 0), 0),
        (10, {"refunded_elsewhere": 4}, (6, 0, 0), 0),
        (10, {"refunded_elsewhere": 10}, (0, 0, 0), 0),
        (10, {"refunded_elsewhere": 15}, (0, 5, 0), 0),
        (0, {"refunded_elsewhere": 5}, (0, 5, 0), 0),
        (10, {"captured": 0}, (0, 0, 10), 0),
        (10, {"captured": 96}, (6, 0, 4), 0),
        (0, {"captured": 110}, (0, 0, 0), 10),
        (0, {"captured": 110, "refunded_elsewhere": 4}, (0, 0, 0), 6),
        (0, {"captured": 110, "refunded_elsewhere": 14}, (0, 4, 0), 0),
        (10, {"captured": 110, "refunded_elsewhere": 14}, (0, 0, 0), 6),
        (10, {"charged_back": 10}, (0, 0, 10), 0),
        (10, {"charged_back": 4}, (6, 0, 4), 0),
        (100, {"refunded_elsewhere": 100}, (0, 0, 0), 0),
    ],
)
def test_an_order_comes_with_a_report_of_all_that_happened_before(gone, figures, left, owed):
    came = as_it_came(order(gone, **figures))

    assert moved(came) == left
    assert came.excess_funds == owed
    assert came.payments == order(gone, **figures).payments
    assert came.totals.grand_total == WORTH - gone


@pytest.mark.parametrize("captured", [90, 105])
@pytest.mark.parametrize(("gone", "refunded"), [(0, 0), (20, 0), (20, 30), (0, 5)])
def test_money_of_before_is_no_matter_when_it_comes(captured, gone, refunded):
    figures = {"captured": captured, "refunded_elsewhere": refunded}

    came = as_it_came(order(gone, expected=2, given=3, unpaid=2, **figures))

    assert came == as_it_came(order(gone, **figures))


def test_what_was_returned_counts_as_what_was_canceled():
    whole = order()
    line = whole.lines["1"]
    counters = Quantities(
        WORTH, canceled=15, allocated=20, fulfilled=20, return_initiated=5, returned=5
    )

    came = as_it_came(replace(whole, lines={"1": replace(line, quantities=counters)}))

    assert moved(came) == (20, 0, 0)


@st.composite
def standings(draw):
    """Orders whose figures may be any, with any money elsewhere."""
    captured = draw(st.integers(0, 150))
    return order(
        draw(st.integers(0, WORTH)),
        captured=captured,
        refunded_elsewhere=draw(st.integers(0, 120)),
        charged_back=draw(st.integers(0, 40)),
        reserved=draw(st.integers(0, 40)),
        expected=draw(st.integers(0, 60)),
        given=draw(st.integers(-40, 60)),
        unpaid=draw(st.integers(0, 60)),
    )


def with_figure(standing, figure, amount):
    [payment] = standing.payments
    return standing.with_money(
        payments=(replace(payment, **{figure: getattr(payment, figure) + amount}),)
    )


@given(standings(), st.data())
def test_what_others_take_off_changes_nothing_of_what_we_owe(was, data):
    line = was.lines["1"]
    taken = data.draw(st.integers(0, line.quantities.current))
    gone = replace(line.quantities, canceled=line.quantities.canceled + taken)
    now = replace(was, lines={"1": replace(line, quantities=gone)})

    after = after_loss(now, taken=taken, balance_before=was.balance)

    assert after.excess_funds == was.excess_funds
    assert after.elsewhere.expected >= was.elsewhere.expected
    assert after.elsewhere.unpaid >= was.elsewhere.unpaid


@given(standings(), st.integers(0, 100))
def test_what_is_captured_is_theirs_before_it_is_owed_by_us(was, captured):
    now = with_figure(was, "captured", captured)

    after = after_capture(now, balance_before=was.balance)

    owed_by_them = after.elsewhere.expected - was.elsewhere.expected
    assert owed_by_them == was.elsewhere.unpaid - after.elsewhere.unpaid >= 0
    assert after.elsewhere.unpaid == 0 or after.excess_funds == was.excess_funds


@given(standings(), st.integers(0, 100))
def test_what_others_refund_pays_what_we_owe_only_beyond_what_is_expected(was, refunded):
    now = with_figure(was, "refunded_elsewhere", refunded)

    after = after_refunds(now, refunded=refunded, balance_before=was.balance)

    beyond = refunded - min(refunded, was.elsewhere.expected)
    assert after.excess_funds == max(0, was.excess_funds - beyond)
    assert after.elsewhere.expected >= 0


@given(standings(), st.integers(1, 60))
def test_a_refund_that_failed_there_is_as_if_it_had_not_been_where_nothing_was_owed(was, refunded):
    was = was.with_money(elsewhere=replace(was.elsewhere, given=max(0, was.elsewhere.given)))
    paid = with_figure(was, "refunded_elsewhere", refunded)
    paid = after_refunds(paid, refunded=refunded, balance_before=min(0, was.balance))

    failed = with_figure(paid, "refunded_elsewhere", -refunded)
    failed = after_refunds(failed, refunded=-refunded, balance_before=paid.balance)

    total = was.elsewhere.expected + was.elsewhere.unpaid - was.elsewhere.given
    money = failed.elsewhere
    assert money.expected + money.unpaid - money.given == total
    assert failed.payments == was.payments
