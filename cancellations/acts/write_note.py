"""The act by which people write notes on an order for each other."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from cancellations.acts.requests import check_may_cancel
from cancellations.models import LONGEST_NOTE, InternalNote
from cancellations.selection import RequestReused, as_it_counts
from orders.arithmetic.words import gettext_noop
from orders.documents.fields import fingerprint
from orders.events import write_event_as_it_stands
from orders.locking import begun_again_when_interrupted, locked_order
from orders.models import EventType, OrderSummary

NOTHING_WRITTEN = gettext_noop("Write a note.")
TOO_LONG = gettext_noop("Shorten the note to %(most)d characters.")
NOTE_VERSION = 1
"""Of what a note's fingerprint names."""


class NoteRefused(Exception):
    """A note is empty or too long; ``message % said`` says what to do, and nothing was written."""

    def __init__(self, message: str, **said: int) -> None:
        super().__init__(message % said)
        self.message = message
        self.said = said


@dataclass(frozen=True, slots=True)
class Written:
    """The note of a request, and whether it had been written before."""

    note: InternalNote
    is_repeat: bool


@begun_again_when_interrupted
def write_note(*, order_number: str, text: str, request_id: str, by: User) -> Written:
    """Write a note on an order, once for its request; it is never changed or deleted.

    Args:
        text: At least a word, at most ``LONGEST_NOTE`` characters; a line break counts one.
        request_id: Unique among those of the order's reports and notes.
        by: The acting user, who needs the right to cancel.

    Raises:
        NotAllowed: ``by`` may not cancel.
        NoteRefused: The note is empty or too long.
        UnknownOrder, OrderBusy: The order is not there, or someone else is changing it.
        OrderRefused: The database found the order's records not to agree.
        RequestReused: The request's id stands for another note.
    """
    check_may_cancel(by)
    text = _sound(text)
    named = fingerprint({"note": text}, version=NOTE_VERSION)
    with locked_order(order_number) as order:
        if written := _written_before(order, request_id, named):  # guard: a note once
            return Written(written, is_repeat=True)
        event = write_event_as_it_stands(
            order,
            EventType.NOTE_WRITTEN,
            by=by,
            facts={},
            request_id=request_id,
            fingerprint=named,
        )
        note = InternalNote.objects.create(order=order, event=event, text=text)
        return Written(note, is_repeat=False)


def _written_before(order: OrderSummary, request_id: str, named: str) -> InternalNote | None:
    """The note that this request wrote.

    Raises:
        RequestReused: It was another, or the id is that of a report.
    """
    event = order.events.filter(request_id=request_id).first()
    if event is None:
        return None
    if event.type != EventType.NOTE_WRITTEN or event.fingerprint != named:
        raise RequestReused
    return InternalNote.objects.get(event=event)


def _sound(text: str) -> str:
    text = as_it_counts(text)
    if not text:
        raise NoteRefused(NOTHING_WRITTEN)
    if len(text) > LONGEST_NOTE:
        raise NoteRefused(TOO_LONG, most=LONGEST_NOTE)
    return text
