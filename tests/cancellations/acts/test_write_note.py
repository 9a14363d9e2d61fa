"""Notes that people write on an order for each other."""

from functools import partial

import pytest

from cancellations.acts.record_fulfillment import record_fulfillment
from cancellations.acts.write_note import NoteRefused, write_note
from cancellations.documents.fulfillment import read_fulfillment
from cancellations.models import InternalNote
from cancellations.selection import NotAllowed, RequestReused
from orders.locking import UnknownOrder
from tests.support.builders import imported, system_user
from tests.support.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def order():
    return imported(order_number="W-1")


@pytest.fixture
def write(agent):
    def write(text="Called, no answer.", request_id="note-1", by=agent, order_number="W-1"):
        return write_note(order_number=order_number, text=text, request_id=request_id, by=by)

    return write


def test_a_note_stands_beside_the_event_that_tells_of_it(order, write, agent, verified):
    done = write(" Called.\r\nNo answer. ")

    event = order.events.get(sequence=2)
    assert (event.type, event.by, event.facts) == ("note_written", agent, {})
    assert (done.note.event, done.note.text, done.is_repeat) == (
        event,
        "Called.\nNo answer.",
        False,
    )
    verified()


def test_the_same_request_writes_one_note(order, write):
    first, second = write(), write(" Called, no answer.\n")

    assert (second.note, second.is_repeat) == (first.note, True)
    assert InternalNote.objects.count() == 1
    assert order.events.count() == 2


def test_a_request_that_stands_for_another_text_is_refused(order, write):
    write()

    with pytest.raises(RequestReused):
        write("Something else.")

    assert InternalNote.objects.get().text == "Called, no answer."


def test_a_request_that_stands_for_a_report_is_refused(order, write):
    told = {"order_number": "W-1", "payments": [{"key": "P1", "captured": "5.00"}], "event": "r-1"}
    document = read_fulfillment(told, currency=order.currency)
    record_fulfillment(report=document, by=system_user())

    with pytest.raises(RequestReused):
        write(request_id="r-1")

    assert InternalNote.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Write a note."),
        (" \n ", "Write a note."),
        ("x" * 1001, "Shorten the note to 1000 characters."),
    ],
)
def test_a_note_has_a_word_and_is_no_longer_than_1000_characters(order, write, text, says):
    with pytest.raises(NoteRefused, match=says):
        write(text)

    assert order.events.count() == 1


def test_line_breaks_count_one(order, write):
    done = write("x\r\n" * 499 + "xx")

    assert done.note.text == "x\n" * 499 + "xx"


def test_viewers_write_none(order, write, viewer):
    with pytest.raises(NotAllowed):
        write(by=viewer)

    assert InternalNote.objects.count() == 0


def test_there_is_no_note_without_an_order(write):
    with pytest.raises(UnknownOrder):
        write(order_number="nope")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_double_click_writes_one_note(agent):
    imported(order_number="W-1")
    click = partial(write_note, order_number="W-1", text="Once.", request_id="n", by=agent)

    _, outcomes = at_once(click, click)

    assert sorted(outcome.is_repeat for outcome in outcomes) == [False, True]
    assert InternalNote.objects.count() == 1
