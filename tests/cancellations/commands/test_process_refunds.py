"""The worker as a command, with hands that are threads: rows are committed here."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from time import monotonic

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone
from psycopg.errors import AdminShutdown

from cancellations.management.commands import process_refunds
from cancellations.models import Attempt, Refund, Worker
from cancellations.queues import queues
from cancellations.refunds import gateways
from cancellations.refunds.carrying_out import Answered, queue_of
from cancellations.refunds.gateways import Answer
from cancellations.refunds.gateways.sandbox.gateway import Sandbox
from cancellations.refunds.gateways.sandbox.ledger import MemoryLedger
from cancellations.work import Done, claim, record
from cancellations.worker import Draining
from integrations.models import Unpublished
from orders.locking import LONGEST_WAIT_SECONDS, locked_order
from tests.support.builders import cancel, imported, item, payment, select

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _only_refunds_on_sqlite(monkeypatch):
    """The feed is published by a hand, and SQLite in memory has locks that no hand waits for."""
    if connection.vendor != "postgresql":
        monkeypatch.setattr(process_refunds, "every_queue", queues)


@pytest.fixture
def sandbox(monkeypatch):
    made = Sandbox(MemoryLedger())
    monkeypatch.setitem(gateways._FACTORIES, "sandbox", lambda: made)
    return made


@pytest.fixture
def due(agent, sandbox):
    """Refunds whose hold is over, by the references of their payments."""

    def due(*references):
        for reference in references:
            order = imported(items=[item()], payments=[payment(gateway_reference=reference)])
            cancel(order, select(), by=agent)
        Refund.objects.update(due_at=timezone.now() - timedelta(seconds=1))

    return due


@pytest.mark.both_databases
def test_once_it_works_on_all_that_is_due_and_ends(due, sandbox, run_command):
    due(*[f"ch_{n}" for n in range(12)])

    finished = run_command("process_refunds", "--once")

    worked_on, words = finished.output.split(" ", 1)
    assert (finished.status, words) == (0, "worked on\n")
    if connection.vendor == "postgresql":
        assert int(worked_on) > 12  # the feed of events is published beside
        assert not Unpublished.objects.exists()
    else:
        assert worked_on == "12"
    assert set(Refund.objects.values_list("status", flat=True)) == {"succeeded"}
    assert len(sandbox.ledger.entries) == 12
    assert run_command("process_refunds", "--once").output == "0 worked on\n"


@pytest.mark.both_databases
def test_it_says_whether_a_worker_is_alive(due, run_command):
    none = run_command("process_refunds", "--alive")
    run_command("process_refunds", "--once")
    one = run_command("process_refunds", "--alive")
    Worker.objects.update(seen_at=timezone.now() - timedelta(seconds=90))
    gone = run_command("process_refunds", "--alive")

    assert [told.status for told in (none, one, gone)] == [1, 0, 1]
    assert one.output == "1 at work\n"
    assert none.errors == "No worker was seen in the last minute.\n"


@pytest.mark.postgresql
def test_one_that_takes_long_keeps_no_other_and_is_finished_before_the_worker_stops(due, sandbox):
    answered = Event()
    sandbox.sleep = lambda seconds: answered.wait(30)
    due("ch_slow/slow", "ch_1", "ch_2", "ch_3")
    stop = Event()
    worker = Draining(queues(), hands=2)
    at_work = Thread(target=worker.until, args=[stop])

    at_work.start()
    while worker.done < 3:
        assert at_work.is_alive()
    slow = Refund.objects.get(payment__gateway_reference="ch_slow/slow")
    assert slow.status == "processing"
    stop.set()
    answered.set()
    at_work.join()

    slow.refresh_from_db()
    assert (slow.status, worker.done) == ("succeeded", 4)
    connections.close_all()


@pytest.mark.postgresql
def test_two_workers_share_what_is_due(due, sandbox):
    due(*[f"ch_{n}" for n in range(20)])
    stop = Event()
    workers = [Draining(queues(), hands=2) for _ in range(2)]
    at_work = [
        Thread(target=worker.until, args=[stop], kwargs={"once": True}) for worker in workers
    ]

    for each in at_work:
        each.start()
    for each in at_work:
        each.join()
    Draining(queues(), hands=2).until(Event(), once=True)

    assert Attempt.objects.count() == 20
    assert {entry.asked for entry in sandbox.ledger.entries.values()} == {1}
    assert set(Refund.objects.values_list("status", flat=True)) == {"succeeded"}
    connections.close_all()


@pytest.mark.postgresql
def test_an_order_that_is_busy_keeps_no_other_and_is_recorded_when_it_is_free(due):
    due("ch_1", "ch_2")
    queue = queue_of(Refund)
    rows = claim(queue, now=timezone.now(), most=2)
    done = [Done(row, queue.work(row, timezone.now)) for row in rows]
    busy = rows[0].change_order.order.order_number

    with ThreadPoolExecutor() as another, locked_order(busy):
        began = monotonic()
        later = another.submit(_in_a_thread, queue.record, done, timezone.now).result()
        waited = monotonic() - began
        states = list(Refund.objects.order_by("pk").values_list("status", flat=True))

    assert (later, states) == ([done[0]], ["processing", "succeeded"])
    assert waited < LONGEST_WAIT_SECONDS
    assert list(queue.record(later, timezone.now)) == []
    assert set(Refund.objects.values_list("status", flat=True)) == {"succeeded"}


@pytest.mark.postgresql
def test_one_that_cannot_be_recorded_keeps_no_other(due, caplog):
    due("ch_1", "ch_2")
    queue = queue_of(Refund)
    rows = claim(queue, now=timezone.now(), most=2)
    done = [Done(row, queue.work(row, timezone.now)) for row in rows]
    done[0] = Done(rows[0], Answered(Answer("no outcome of ours"), 1))

    assert record(queue, done, timezone.now) == []

    states = list(Refund.objects.order_by("pk").values_list("status", flat=True))
    assert states == ["processing", "succeeded"]
    assert f"cancellations.Refund {rows[0].pk} was worked on, and not recorded" in caplog.text


def _in_a_thread(act, *arguments):
    try:
        return act(*arguments)
    finally:
        connections.close_all()


@pytest.mark.postgresql
def test_answers_outlive_a_database_that_is_away_for_a_moment(due):
    due("ch_1", "ch_2")
    queue = queue_of(Refund)
    rows = claim(queue, now=timezone.now(), most=2)
    done = [Done(row, queue.work(row, timezone.now)) for row in rows]

    def away(execute, sql, params, many, context):
        raise OperationalError("the database is away") from AdminShutdown()

    with connection.execute_wrapper(away):
        later = record(queue, done, timezone.now)

    assert later == done
    assert record(queue, later, timezone.now) == []
    assert set(Refund.objects.values_list("status", flat=True)) == {"succeeded"}


@pytest.mark.postgresql
def test_a_worker_that_is_told_to_stop_records_what_is_answered_while_one_takes_long(due, sandbox):
    answered = Event()
    sandbox.sleep = lambda seconds: answered.wait(30)
    due("ch_slow/slow", "ch_1", "ch_2", "ch_3")
    stop = Event()
    worker = Draining(queues(), hands=8)
    at_work = Thread(target=worker.until, args=[stop])

    with _stopping_once_all_is_claimed(worker, stop):
        at_work.start()
        while worker.done < 3:
            assert at_work.is_alive()
    states = sorted(Refund.objects.values_list("status", flat=True))
    answered.set()
    at_work.join()

    assert states == ["processing", "succeeded", "succeeded", "succeeded"]
    assert set(Refund.objects.values_list("status", flat=True)) == {"succeeded"}
    connections.close_all()


@pytest.mark.postgresql
def test_what_waits_for_a_busy_order_takes_nobodys_room(due):
    due("ch_1", "ch_2", "ch_3")
    stop = Event()
    worker = Draining(queues(), hands=1)
    at_work = Thread(target=worker.until, args=[stop])
    busy = Refund.objects.order_by("due_at", "pk").first().change_order.order.order_number

    with locked_order(busy):
        at_work.start()
        while worker.done < 2:
            assert at_work.is_alive()
    stop.set()
    at_work.join()

    assert set(Refund.objects.values_list("status", flat=True)) == {"succeeded"}
    connections.close_all()


@contextmanager
def _stopping_once_all_is_claimed(worker, stop):
    fill = worker._fill

    def filling(**asked):
        found = fill(**asked)
        stop.set()
        return found

    worker._fill = filling
    yield
