"""What happened is published once, in the order in which it was committed."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.utils import timezone

from cancellations.acts.exceptions import resolve_exception
from cancellations.acts.undo import undo_change_order
from cancellations.models import ProcessException
from cancellations.queues import queues
from cancellations.work import drain
from integrations.events import publishing
from integrations.events.feed import OlderThanKept, as_json, feed_after
from integrations.events.publishing import publish_all, publish_some, remove_older
from integrations.models import Feed, PublishedEvent, Unpublished
from orders.models import EventType, OrderEvent
from tests.support.builders import UserFactory, cancel, imported, payment, product, select_all
from tests.support.threads import at_once

pytestmark = [pytest.mark.django_db]
committed = pytest.mark.django_db(transaction=True)


def types():
    return list(PublishedEvent.objects.order_by("sequence").values_list("type", flat=True))


@pytest.mark.both_databases
def test_what_happens_to_an_order_is_told_in_its_sequence(new_order, manager):
    order = new_order([product("1", 2)], captured="20.00")
    made = cancel(order, select_all(), by=manager)
    undo_change_order(change_order_id=made.pk, by=manager)

    publish_all()

    assert types() == [
        "order.imported",
        "change_order.created",
        "change_order.created",
        "change_order.undone",
        "refund.withdrawn",
    ]
    assert list(PublishedEvent.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5]
    assert [each.order_sequence for each in PublishedEvent.objects.all()] == [1, 2, 3, 3, 3]
    told = PublishedEvent.objects.get(sequence=2).data
    assert told["kind"] == "cancellation"
    assert told["refund_due"] == {"amount": "20.00", "currency": "USD"}
    assert told["lines"] == [{"line": "1", "quantity": 2}]


@pytest.mark.both_databases
def test_it_is_published_once_however_often_it_is_asked_for(new_order):
    new_order([product("1")])

    assert [publish_all(), publish_all()] == [1, 0]
    assert types() == ["order.imported"]
    assert Unpublished.objects.count() == 0


@pytest.mark.both_databases
def test_what_became_of_refunds_is_told(new_order, manager):
    order = new_order([product("1", 2)], payments=[payment("20.00", gateway="nobody")])
    cancel(order, select_all(), by=manager)
    drain(queues(), clock=lambda: timezone.now() + timedelta(hours=1))

    publish_all()

    seen = set(types())
    assert {"order.imported", "change_order.created"} < seen
    assert len(types()) == len(
        PublishedEvent.objects.values_list("source", "about", "part").distinct()
    )


@pytest.mark.both_databases
def test_that_an_exception_is_resolved_is_told_with_the_sequence_of_that(new_order, manager):
    new_order([product("1")], payments=[payment("20.00", charged_back="30.00")])
    opened = ProcessException.objects.get()
    resolve_exception(exception_id=opened.pk, note="Called.", by=manager)

    publish_all()

    assert types() == ["order.imported", "exception.opened", "exception.resolved"]
    assert [each.order_sequence for each in PublishedEvent.objects.all()] == [1, 1, 2]


@pytest.mark.both_databases
def test_exceptions_are_told_as_they_open(new_order):
    new_order([product("1")], payments=[payment("20.00", charged_back="30.00")])

    publish_all()

    assert types() == ["order.imported", "exception.opened"]
    assert PublishedEvent.objects.last().order_sequence == 1


def test_notes_tell_nothing_and_are_passed(new_order, manager):
    order = new_order([product("1")])
    publish_all()
    event = OrderEvent.objects.get(order=order)
    event.pk, event.sequence, event.type = None, 2, EventType.NOTE_WRITTEN
    with transaction.atomic():
        event._state.adding = True
        order.events_written = 2
        event.save(force_insert=True)
        order.save(update_fields=["events_written"])

    assert publish_all() == 1
    assert types() == ["order.imported"]


def test_no_name_or_address_is_told(new_order):
    order = new_order(
        [product("1")], account={"number": "A-7", "name": "Quite Secret", "email": "q@example.com"}
    )
    publish_all()

    told = str([as_json(event) for event in PublishedEvent.objects.all()])

    assert order.order_number in told
    assert not any(word in told for word in ("Secret", "example.com", "Lauren", "Market"))


@committed
@pytest.mark.postgresql
def test_what_commits_late_is_published_late_and_never_skipped(manager):
    late, early = imported(order_number="LATE"), imported(order_number="EARLY")
    publish_all()
    begun, may_commit = Event(), Event()

    def held_open():
        try:
            with transaction.atomic():
                cancel(late, select_all(), by=manager)
                begun.set()
                may_commit.wait(30)
        finally:
            connection.close()

    thread = Thread(target=held_open)
    thread.start()
    assert begun.wait(30)
    cancel(early, select_all(), by=manager)
    publish_all()
    seen = feed_after(2, user=manager)

    may_commit.set()
    thread.join()
    publish_all()
    following = feed_after(seen[-1].sequence, user=manager)

    assert [event.order.order_number for event in (*seen, *following)] == ["EARLY", "LATE"]
    written = OrderEvent.objects.filter(type="items_canceled").order_by("pk")
    assert [event.order.order_number for event in written] == ["LATE", "EARLY"]


@committed
@pytest.mark.postgresql
def test_publishers_at_the_same_time_publish_once():
    for number in range(40):
        imported(order_number=f"W-{number}")

    at_once(*[publish_all] * 4)

    events = PublishedEvent.objects.order_by("sequence")
    assert [event.sequence for event in events] == list(range(1, 41))
    assert len({event.order_id for event in events}) == 40


@pytest.mark.both_databases
def test_a_publisher_that_dies_has_published_nothing(new_order, monkeypatch):
    new_order([product("1")])

    def dies(events, now):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "_queue_deliveries", dies)
        with pytest.raises(KeyboardInterrupt):
            publish_some(now=timezone.now())
    assert (types(), Unpublished.objects.count()) == ([], 1)

    publish_all()
    assert types() == ["order.imported"]


@pytest.mark.both_databases
def test_the_feed_shows_what_its_reader_may_see(new_order, viewer):
    new_order([product("1")])
    publish_all()

    assert [event.type for event in feed_after(0, user=viewer)] == ["order.imported"]
    assert feed_after(0, user=UserFactory()) == []
    assert feed_after(0, types=["refund.failed"], user=viewer) == []
    assert feed_after(1, user=viewer) == []


@pytest.mark.both_databases
def test_what_is_older_than_kept_is_removed_and_asking_for_it_says_so(new_order, viewer, settings):
    new_order([product("1")], "W-1")
    publish_all(now=timezone.now() - timedelta(days=401))
    new_order([product("1")], "W-2")
    publish_all()

    assert remove_older(now=timezone.now()) == 1

    with pytest.raises(OlderThanKept) as refused:
        feed_after(0, user=viewer)
    assert refused.value.removed == 1
    assert [event.sequence for event in feed_after(1, user=viewer)] == [2]
    assert Feed.objects.get().last == 2


@pytest.mark.both_databases
def test_what_cannot_be_told_is_a_link_and_stops_nothing(new_order, manager, monkeypatch, caplog):
    for number in ("W/1", "W-2", "W-3"):
        cancel(new_order([product("1")], number), select_all(), by=manager)
    tell = publishing.told_by

    def fails_at_one(event):
        if (event.order.order_number, event.sequence) == ("W/1", 2):
            raise KeyError("facts")
        return tell(event)

    monkeypatch.setattr(publishing, "told_by", fails_at_one)
    assert publish_all() == 6

    assert types() == ["order.imported", "change_order.created"] * 3
    assert [each.sequence for each in PublishedEvent.objects.all()] == [1, 2, 3, 4, 5, 6]
    bare = PublishedEvent.objects.get(sequence=2)
    assert bare.data == {"href": "/api/v1/orders/W~2F1", "order_sequence": 2}
    assert (bare.order.order_number, bare.order_sequence) == ("W/1", 2)
    assert "cannot be told" in caplog.text


@pytest.mark.both_databases
def test_what_the_database_refuses_is_a_link_too(new_order, monkeypatch):
    new_order([product("1")], "W-9")
    new_order([product("1")], payments=[payment("20.00", charged_back="30.00")])
    monkeypatch.setattr(publishing, "_with_sequence", lambda told, sequence: {"no": object()})

    publish_all()

    assert types() == ["order.imported", "order.imported", "exception.opened"]
    assert all(
        set(each.data) == {"href", "order_sequence"} for each in PublishedEvent.objects.all()
    )


@pytest.mark.both_databases
def test_what_is_nowhere_any_more_stops_nothing(new_order, caplog):
    Unpublished.objects.create(source="event", about=10**9)
    Unpublished.objects.create(source="opened", about=10**9)
    new_order([product("1")])

    publish_all()

    assert (types(), Unpublished.objects.count()) == (["order.imported"], 0)
    assert "it is not there" in caplog.text


@pytest.mark.parametrize("fault", [OperationalError, ProgrammingError, MemoryError])
def test_while_the_database_is_away_nothing_is_made_less_of_it(new_order, monkeypatch, fault):
    """Or of another version than the code, or the machine at its end."""
    new_order([product("1")])

    def is_away(event):
        raise fault("gone")

    monkeypatch.setattr(publishing, "told_by", is_away)
    with pytest.raises(fault):
        publish_all()
    assert Unpublished.objects.count() == 1
