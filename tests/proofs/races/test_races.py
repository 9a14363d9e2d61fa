"""Acts on one order at the same time, in threads with database connections of their own."""

from threading import Event, Thread

import pytest
from django.db import connection
from pytest_django.asserts import assertContains, assertRedirects

from cancellations.acts.cancel import Submission, submit_cancellation
from cancellations.acts.expect_nothing_more import NothingExpected, expect_nothing_more
from cancellations.acts.record_fulfillment import Recorded, record_fulfillment
from cancellations.acts.settle import NOTHING_OWED, submit_settlement
from cancellations.documents.fulfillment import read_fulfillment
from cancellations.history import orders_with_history
from cancellations.models import ChangeOrder, ProcessException, Refund
from cancellations.selection import Refusal, SelectionRefused
from cancellations.snapshots import NotReviewed
from cancellations.verification import differences
from orders import locking
from orders.locking import OrderBusy, locked_order
from orders.models import OrderEvent, OrderItemSummary
from tests.support.builders import USD, imported, item, minor, report, request, select
from tests.support.settlements import settlement
from tests.support.threads import at_once, wait_until_blocked

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def order():
    """An order with one unit left to cancel."""
    return imported(items=[item(quantity=1)])


@pytest.fixture
def hold(order):
    """Holds the order's lock until all acts that run at once wait for it."""

    def hold(acts):
        def let_go_when_all_wait():
            try:
                with locked_order(order.order_number):
                    held.set()
                    wait_until_blocked(len(acts))
            finally:
                connection.close()

        held = Event()
        holder = Thread(target=let_go_when_all_wait)
        holder.start()
        held.wait()
        backends, outcomes = at_once(*acts)
        holder.join()
        assert len(backends) == len(acts)
        return outcomes

    return hold


def submits(asked, by):
    return lambda: submit_cancellation(request=asked, agreed=NotReviewed(), by=by)


def settles(asked, by):
    return lambda: submit_settlement(request=asked, agreed=NotReviewed(), by=by)


def by_kind(outcome):
    """Refusals after results, whichever thread came first."""
    return isinstance(outcome, Exception), getattr(outcome, "is_repeat", False)


def is_clean():
    return [list(differences(order)) for order in orders_with_history()] == [[]]


def test_the_same_request_at_once_cancels_once(order, agent, hold):
    asked = request(order, select())

    first, second = sorted(hold([submits(asked, agent)] * 2), key=by_kind)

    change_order = ChangeOrder.objects.get()
    assert first == Submission(change_order, is_repeat=False)
    assert second == Submission(change_order, is_repeat=True)
    assert Refund.objects.count() == 1
    assert is_clean()


def test_the_last_unit_is_canceled_by_one_of_two_requests(order, agent, hold):
    requests = [request(order, select()) for _ in range(2)]

    first, second = sorted(hold([submits(asked, agent) for asked in requests]), key=by_kind)

    assert first == Submission(ChangeOrder.objects.get(), is_repeat=False)
    assert isinstance(second, SelectionRefused)
    assert second.refusals == (Refusal("1", "quantity", "Nothing of it can be canceled."),)
    assert OrderItemSummary.objects.get().quantity_canceled == 1
    assert is_clean()


def test_the_same_settlement_at_once_refunds_once(manager, hold, order):
    report(order, payments=[{"key": "P1", "captured": "12.50"}])
    asked = settlement(order)

    first, second = sorted(hold([settles(asked, manager)] * 2), key=by_kind)

    change_order = ChangeOrder.objects.get()
    assert first == Submission(change_order, is_repeat=False)
    assert second == Submission(change_order, is_repeat=True)
    assert Refund.objects.get().amount_minor == minor("2.50")
    assert is_clean()


def test_what_is_owed_is_refunded_by_one_of_two_settlements(manager, hold, order):
    report(order, payments=[{"key": "P1", "captured": "12.50"}])
    acts = [settles(settlement(order), manager) for _ in range(2)]

    first, second = sorted(hold(acts), key=by_kind)

    assert first == Submission(ChangeOrder.objects.get(), is_repeat=False)
    assert isinstance(second, SelectionRefused)
    assert second.refusals == (Refusal(None, "", NOTHING_OWED),)
    assert Refund.objects.get().amount_minor == minor("2.50")
    assert is_clean()


def test_one_of_two_people_says_that_nothing_more_is_coming(manager, hold, order):
    report(order, {"key": "1", "quantity_canceled": 1})

    def says(shop_keeps_it):
        return lambda: expect_nothing_more(
            order_number=order.order_number,
            shop_keeps_it=shop_keeps_it,
            agreed=minor("10.00"),
            by=manager,
        )

    _, second = sorted(hold([says(True), says(False)]), key=by_kind)

    assert isinstance(second, NothingExpected)
    assert OrderEvent.objects.filter(type="nothing_more_expected").count() == 1
    assert is_clean()


def test_many_at_once_cancel_every_unit_once(agent):
    order = imported(items=[item(quantity=8)])
    requests = [request(order, select()) for _ in range(10)]

    backends, outcomes = at_once(*(submits(asked, agent) for asked in requests))

    assert len(backends) == 10
    assert sum(isinstance(outcome, Submission) for outcome in outcomes) == 8
    assert sum(isinstance(outcome, SelectionRefused) for outcome in outcomes) == 2
    order.refresh_from_db()
    assert (order.grand_total_minor, order.status) == (0, "canceled")
    assert sum(refund.amount_minor for refund in Refund.objects.all()) == 8000
    assert is_clean()


def test_a_unit_is_canceled_or_allocated_and_a_report_that_comes_late_is_an_exception(
    order, agent, hold
):
    shipped = read_fulfillment(
        {
            "order_number": order.order_number,
            "items": [{"key": "1", "quantity_allocated": 1, "quantity_fulfilled": 1}],
        },
        currency=USD,
    )
    asked = request(order, select())

    canceled, recorded = hold(
        [submits(asked, agent), lambda: record_fulfillment(report=shipped, by=agent)]
    )

    line = OrderItemSummary.objects.get()
    assert recorded == Recorded()
    if isinstance(canceled, Submission):
        assert (line.quantity_canceled, line.quantity_allocated) == (1, 0)
        assert ProcessException.objects.get().line == line
    else:
        assert isinstance(canceled, SelectionRefused)
        assert (line.quantity_canceled, line.quantity_allocated) == (0, 1)
        assert not ProcessException.objects.exists()
    assert is_clean()


@pytest.fixture
def held(order, monkeypatch):
    """The order's lock held by someone else, longer than anyone waits for it."""
    monkeypatch.setattr(locking, "LONGEST_WAIT_SECONDS", 0.2)

    def hold():
        try:
            with locked_order(order.order_number):
                locked.set()
                over.wait(20)
        finally:
            connection.close()

    locked, over = Event(), Event()
    holder = Thread(target=hold)
    holder.start()
    locked.wait()
    yield
    over.set()
    holder.join()


def test_a_lock_that_is_not_had_in_time_leaves_the_order_busy(order, agent, held):
    _, [outcome] = at_once(submits(request(order, select()), agent))

    assert isinstance(outcome, OrderBusy)
    assert not ChangeOrder.objects.exists()


def test_the_agent_is_told_that_the_order_is_busy_and_keeps_the_answers(order, new_run, held):
    run = new_run(order.order_number)
    run.select("1")
    run.explain({"1": 1}, note="as agreed")

    response = run.submit()

    assertRedirects(response, run.url("review"), fetch_redirect_response=False)
    review = run.get("review")
    assertContains(review, "Someone else is changing this order; nothing was canceled. Try again.")
    assertContains(review, "as agreed")
    assert not ChangeOrder.objects.exists()


def test_orders_do_not_wait_for_each_other(order, agent):
    other = imported()

    with locked_order(order.order_number):
        _, [outcome] = at_once(submits(request(other, select()), agent))

    assert isinstance(outcome, Submission)


def test_the_wait_is_bounded_as_a_whole_and_for_the_act_alone(order):
    bounds = [_bounds()]

    def look(execute, sql, *rest):
        if "FOR UPDATE" in sql:
            bounds.append(_bounds())
        return execute(sql, *rest)

    with connection.execute_wrapper(look), locked_order(order.order_number):
        bounds.append(_bounds())
    bounds.append(_bounds())

    assert bounds[1:3] == [("5s", "5s"), ("5s", "30s")]
    assert bounds[3] == bounds[0] == ("0", "30s")  # as the settings give every statement


def _bounds():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')"
        )
        return cursor.fetchone()
