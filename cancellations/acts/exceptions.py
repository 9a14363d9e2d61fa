"""The act by which people resolve process exceptions."""

from django.contrib.auth.models import User
from django.utils import timezone

from cancellations.acts.requests import check_may_resolve
from cancellations.marks import mark_orders
from cancellations.models import LONGEST_NOTE, ProcessException
from cancellations.models.refund_states import RefundStatus
from cancellations.refunds.attention import nobody_is_needed
from cancellations.selection import as_it_counts
from orders.arithmetic.words import gettext_noop
from orders.documents.fields import fingerprint
from orders.events import write_event_as_it_stands
from orders.locking import begun_again_when_interrupted, locked_order
from orders.models import OrderEvent

FACTS_VERSION = 1
"""Of what ``facts_name`` names; it stands only in pages that are open."""


class UnknownException(Exception):
    """No process exception has this id."""

    message = gettext_noop("There is no process exception with this number.")


class NoteRefused(Exception):
    """A note is missing or too long; the message says what to do, and nothing was written."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ResolvedBefore(Exception):
    """Someone, or a report, resolved the exception before; nothing was written."""

    def __init__(self, exception: ProcessException) -> None:
        super().__init__(f"{exception} was resolved before.")
        self.exception = exception


class FactsChanged(Exception):
    """Newer facts have taken the place of those that were read; nothing was written."""


class DecidedOnTheRefund(Exception):
    """It is resolved with the refund or release that waits for a person; nothing was written."""

    message = gettext_noop("Decide on the refund itself: the exception is resolved with it.")


@begun_again_when_interrupted
def resolve_exception(
    *, exception_id: int, note: str, by: User, seen: str | None = None
) -> ProcessException:
    """Resolve an open process exception with a note that says what was done about it.

    Args:
        note: At least a word, at most ``LONGEST_NOTE`` characters; a line break counts one.
        seen: Names the facts that were read (``facts_name``); unless given, whatever they are.

    Raises:
        NotAllowed: ``by`` may not resolve exceptions.
        NoteRefused: The note is missing or too long.
        UnknownException: There is no such exception.
        OrderBusy: Someone else is changing its order.
        OrderRefused: The database found the order's records not to agree.
        ResolvedBefore: It is not open any more.
        FactsChanged: It is about other facts than were read.
        DecidedOnTheRefund: Its refund or release still waits for a person.
    """
    check_may_resolve(by)
    note = checked_note(note)
    found = ProcessException.objects.filter(pk=exception_id)
    order_number = found.values_list("order__order_number", flat=True).first()
    if order_number is None:
        raise UnknownException
    with locked_order(order_number) as order:
        related = ("order", "line", "payment", "refund", "release", "resolved_by")
        exception = found.select_related(*related).get()
        if not exception.is_open:
            raise ResolvedBefore(exception)
        if seen is not None and seen != facts_name(exception):
            raise FactsChanged
        if is_decided_on_the_refund(exception):
            raise DecidedOnTheRefund
        # The event first: that it is resolved is told outside with the sequence of this event.
        write_event_as_it_stands(
            order, OrderEvent.Type.EXCEPTION_RESOLVED, by=by, facts={"exception": exception.pk}
        )
        exception.resolved_at, exception.resolved_by = timezone.now(), by
        exception.note = note
        exception.save(update_fields=["resolved_at", "resolved_by", "note"])
        if exception.instruction:
            nobody_is_needed(exception.instruction, by=by, now=exception.resolved_at)
        mark_orders([order.pk])
        return exception


def is_decided_on_the_refund(exception: ProcessException) -> bool:
    """Whether it is about a refund or release that has neither ended nor been accepted."""
    row = exception.instruction
    if row is None:
        return False
    is_accepted = row.status == RefundStatus.SETTLING and row.due_at is not None
    return not row.has_ended and not is_accepted


def facts_name(exception: ProcessException) -> str:
    """Names an exception's facts, so that newer ones are noticed."""
    return fingerprint(exception.facts, version=FACTS_VERSION)


NO_NOTE = gettext_noop("Write a note: what was done about it?")


def checked_note(note: str, *, missing: str = NO_NOTE) -> str:
    """A note as it counts.

    Args:
        missing: What is said where there is none.

    Raises:
        NoteRefused: It is missing or too long.
    """
    note = as_it_counts(note)
    if not note:
        raise NoteRefused(missing)
    if len(note) > LONGEST_NOTE:
        raise NoteRefused(f"Shorten the note to {LONGEST_NOTE} characters.")
    return note
