"""E-mails to customers about change orders, each handed to the mail server once.

A notice is a row in the queue. Its claim says *sending* before the mail is handed over, so that
one whose worker died in between is never sent a second time, but left with the remark that it
may have been sent: never twice is worth more than surely once.
"""

import logging
import random
import smtplib
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from cancellations.arithmetic.sending import wait_for_the_mail
from cancellations.customer_notices import all_succeeded
from cancellations.letters import customers_language, letter_for
from cancellations.models import CustomerNotice
from cancellations.models.queue import QueuedQuerySet
from cancellations.seeds import system_user
from cancellations.work import Clock, Queue
from orders.events import write_event_as_it_stands
from orders.locking import OrderBusy, locked_order
from orders.models import EventType
from orders.texts import ERASED, without_what_no_text_holds

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""Longer than handing a mail over takes, with every time-out of ``EMAIL_TIMEOUT`` in it."""
LONGEST_REMARK = 500
RECORDED_BEFORE_GIVING_UP = 5

Kind = CustomerNotice.Kind
Status = CustomerNotice.Status


class NotHandedOver(Exception):
    """A mail certainly was not sent: it may be tried again."""


def notices_queue() -> Queue:
    """The notices that wait to be sent."""
    return Queue(rows=_unsent, claim=_claim, work=send, lease=LEASE)


def _unsent() -> QueuedQuerySet:
    """Those in the queue; that refunds have succeeded is told after what was canceled."""
    first = CustomerNotice.objects.filter(
        change_order=OuterRef("change_order"),
        kind=Kind.CHANGED,
        status__in=(Status.WAITING, Status.SENDING),
    )
    rows: QueuedQuerySet = CustomerNotice.objects.select_related("change_order__order")
    return rows.exclude(Q(kind=Kind.REFUNDED) & Exists(first))


def _claim(row: CustomerNotice, now: datetime) -> Collection[str]:
    """Say that it is being sent before it is; whoever finds one that says so leaves it."""
    row.was_being_sent = row.status == Status.SENDING  # guard: a mail is not sent again
    row.status = Status.SENDING
    return ("status",)


def send(row: CustomerNotice, clock: Clock) -> None:
    """Send a claimed notice, and record what came of it; a failure changes nothing else."""
    if row.was_being_sent:
        _record(row, Status.FAILED, remark=CustomerNotice.MAY_HAVE_BEEN_SENT)
    elif not settings.CUSTOMER_NOTICES or row.change_order.order.customer_email == ERASED:
        _claimed(row).update(status=Status.DROPPED, due_at=None, lease=None)
    elif row.kind == Kind.REFUNDED and not all_succeeded(row.change_order_id):
        _put_back(row, due_at=None)
    else:
        _try(row, clock)


def _try(row: CustomerNotice, clock: Clock) -> None:
    try:
        _hand_over(row)
    except NotHandedOver as failure:
        remark = without_what_no_text_holds(str(failure))[:LONGEST_REMARK]
        if row.tries < settings.NOTICE_MOST_TRIES:
            wait = wait_for_the_mail(row.tries, chance=random.random())
            _put_back(row, due_at=clock() + wait, remark=remark)
        else:
            _record(row, Status.FAILED, remark=remark)
    except Exception:
        logger.exception("whether %s of %s was sent is not known", row.kind, row.change_order)
        _record(row, Status.FAILED, remark=CustomerNotice.MAY_HAVE_BEEN_SENT)
    else:
        _record(row, Status.SENT)


def _hand_over(row: CustomerNotice) -> None:
    """Give the mail to Django's backend.

    Raises:
        NotHandedOver: It has not gone. Whatever else is raised leaves a doubt.
    """
    connection = get_connection()
    try:
        message = message_of(row)
        connection.open()
    except Exception as error:
        raise NotHandedOver(_in_words(error)) from error
    try:
        if connection.send_messages([message]) == 0:
            raise NotHandedOver("the mail backend sent nothing")
    except _REFUSED as error:
        raise NotHandedOver(_in_words(error)) from error
    finally:
        with suppress(Exception):
            connection.close()


_REFUSED = (
    smtplib.SMTPResponseException,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPNotSupportedError,
    ConnectionRefusedError,
    ValueError,
)
"""What a mail server or Django says no with before it has taken anything."""


def message_of(notice: CustomerNotice) -> EmailMultiAlternatives:
    """The mail of a notice, as text and as HTML, in the customer's language."""
    letter = letter_for(notice)
    with customers_language():
        message = EmailMultiAlternatives(
            letter.subject, letter.text, to=[notice.change_order.order.customer_email]
        )
        message.attach_alternative(letter.html, "text/html")
    return message


@retry(
    retry=retry_if_exception_type(OrderBusy),
    stop=stop_after_attempt(RECORDED_BEFORE_GIVING_UP),
    wait=wait_random_exponential(max=5),
    reraise=True,
)
def _record(row: CustomerNotice, status: str, *, remark: str = "") -> None:
    """Write what became of a notice, with an event.

    That it was sent is true whoever hears of it; that it was not, only while it is ours.
    """
    with locked_order(row.change_order.order.order_number) as order:
        current = CustomerNotice.objects.select_for_update().get(pk=row.pk)
        if current.status == Status.SENT or (current.lease != row.lease and status != Status.SENT):
            return
        is_doubt = remark == CustomerNotice.MAY_HAVE_BEEN_SENT
        write_event_as_it_stands(
            order,
            EventType.CUSTOMER_NOTIFIED,
            by=system_user(),
            facts={
                "notice": current.pk,
                "kind": current.kind,
                "outcome": "doubtful" if is_doubt else str(status),
                "change_order": current.change_order_id,
            },
        )
        current.status, current.remark = status, remark
        current.due_at = current.lease = None
        current.save(update_fields=["status", "remark", "due_at", "lease"])


def _put_back(row: CustomerNotice, *, due_at: datetime | None, remark: str = "") -> None:
    """Have it wait again; without ``due_at`` until it is called for."""
    _claimed(row).update(status=Status.WAITING, due_at=due_at, lease=None, remark=remark)


def _claimed(row: CustomerNotice) -> QuerySet[CustomerNotice]:
    return CustomerNotice.objects.filter(pk=row.pk, lease=row.lease, status=Status.SENDING)


def _in_words(error: Exception) -> str:
    """What a mail server answered, or what kept it from being asked."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode(errors="replace") if isinstance(said, bytes) else said
        return f"{error.smtp_code} {text}"
    return f"{type(error).__name__}: {error}"
