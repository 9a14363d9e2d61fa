"""Process exceptions: opened and resolved by what is reported, and resolved by people."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from cancellations.acts.requests import check_may_resolve
from cancellations.arithmetic.reports import Concern, Report, Taken
from cancellations.models import LONGEST_NOTE, ProcessException
from cancellations.selection import as_it_counts
from orders.arithmetic.amounts import Standing
from orders.arithmetic.funds import Payment
from orders.arithmetic.money import Minor
from orders.arithmetic.words import gettext_noop
from orders.documents.fields import fingerprint
from orders.events import write_event
from orders.locking import begun_again_when_interrupted, locked_order
from orders.models import OrderEvent, OrderSummary, PaymentSummary
from orders.standing import as_it_stands

Category = ProcessException.Category
Severity = ProcessException.Severity

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
    """
    check_may_resolve(by)
    note = _sound(note)
    found = ProcessException.objects.filter(pk=exception_id)
    order_number = found.values_list("order__order_number", flat=True).first()
    if order_number is None:
        raise UnknownException
    with locked_order(order_number) as order:
        exception = found.select_related("order", "line", "payment", "resolved_by").get()
        if not exception.is_open:
            raise ResolvedBefore(exception)
        if seen is not None and seen != facts_name(exception):
            raise FactsChanged
        exception.resolved_at, exception.resolved_by = timezone.now(), by
        exception.note = note
        exception.save(update_fields=["resolved_at", "resolved_by", "note"])
        write_event(
            order,
            OrderEvent.Type.EXCEPTION_RESOLVED,
            by=by,
            facts={"exception": exception.pk},
            after=as_it_stands(order),
        )
        order.save(update_fields=["events_written"])
        return exception


def facts_name(exception: ProcessException) -> str:
    """Names an exception's facts, so that newer ones are noticed."""
    return fingerprint(exception.facts, version=FACTS_VERSION)


def _sound(note: str) -> str:
    note = as_it_counts(note)
    if not note:
        raise NoteRefused(gettext_noop("Write a note: what was done about it?"))
    if len(note) > LONGEST_NOTE:
        raise NoteRefused(f"Shorten the note to {LONGEST_NOTE} characters.")
    return note


def note_misfits(order: OrderSummary, taken: Taken, report: Report, *, by: User) -> None:
    """Open an exception for what did not fit, and resolve those that a report has settled.

    Of a category at most one is open for a line or payment: newer facts take its place. What a
    person has resolved is not opened again by the same facts: absolute figures come every hour.

    Args:
        order: Locked, with its lines and payments read.
    """
    open_now = {
        (exception.category, exception.about): exception
        for exception in order.process_exceptions.open().select_related("line", "payment")
    }
    settled = [open_now[concern].pk for concern in taken.fits if concern in open_now]
    if settled:
        ProcessException.objects.filter(pk__in=settled).update(
            resolved_at=timezone.now(), resolved_by=by
        )
    dealt_with = _facts_dealt_with(order, taken.misfits - open_now.keys())
    new = []
    for concern in sorted(taken.misfits):
        facts = _facts(concern, taken.after, report)
        if known := open_now.get(concern):
            known.facts, known.severity = facts, _severity(known.category, facts)
            known.save(update_fields=["facts", "severity"])
        elif dealt_with.get(concern) != facts:
            new.append(_exception(order, concern, facts))
    ProcessException.objects.bulk_create(new)


def _facts_dealt_with(
    order: OrderSummary, concerns: Collection[Concern]
) -> dict[tuple[str, str], Any]:
    """The facts of the last exception of each concern that a person resolved."""
    if not concerns:
        return {}
    resolved = order.process_exceptions.exclude(note="").select_related("line", "payment")
    return {
        (exception.category, exception.about): exception.facts
        for exception in resolved.order_by("resolved_at", "pk")
    }


def note_misfit_payments(orders: Sequence[OrderSummary]) -> None:
    """Open an exception for each payment of new orders whose figures do not fit."""
    payments = PaymentSummary.objects.filter(order__in=orders)
    ProcessException.objects.bulk_create(
        ProcessException(
            order_id=payment.order_id,
            category=Category.PAYMENT,
            severity=Severity.HIGH,
            payment=payment,
            facts=_payment_facts(payment.figures),
        )
        for payment in payments.order_by("pk")
        if payment.figures.misfit
    )


def _exception(order: OrderSummary, concern: Concern, facts: Mapping[str, Any]) -> ProcessException:
    category, key = concern
    about_line = category == "fulfillment"
    lines = {line.key: line for line in order.lines.all()}
    payments = {payment.key: payment for payment in order.payments.all()}
    return ProcessException(
        order=order,
        category=category,
        severity=_severity(category, facts),
        line=lines[key] if about_line else None,
        payment=None if about_line else payments[key],
        facts=facts,
    )


def _severity(category: str, facts: Mapping[str, Any]) -> Severity:
    """High where money or goods may be lost; low where only what is planned does not fit."""
    if category != Category.FULFILLMENT:
        return Severity.HIGH
    shipped = facts["reported"]["fulfilled"] > facts["in_effect"]["fulfilled"]
    return Severity.HIGH if shipped else Severity.LOW


def _facts(concern: Concern, after: Standing, report: Report) -> dict[str, Any]:
    """What was reported beside what is in effect, in counts and minor units."""
    category, key = concern
    if category == "fulfillment":
        return {
            "reported": asdict(report.lines[key].reported),
            "in_effect": asdict(after.lines[key].quantities),
        }
    return _payment_facts(next(payment for payment in after.payments if payment.key == key))


def _payment_facts(payment: Payment) -> dict[str, Minor | None]:
    return {
        name: getattr(payment, name)
        for name in (
            "captured",
            "refunded_here",
            "refunded_elsewhere",
            "charged_back",
            "reserved",
            "captured_at_release",
        )
    }
