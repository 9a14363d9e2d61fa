"""What a process exception is about, as pages name it."""

from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from cancellations.models import ProcessException
from console.lists.columns import Link
from console.lists.refunds import refund_title, release_title


def subject_of(exception: ProcessException) -> str | Link:
    """The line or payment; the refund or release, with its page; the order, or what is owed.

    Asks nothing of an exception fetched with its line and payment.
    """
    if exception.refund_id:
        url = resolve_url("console:refund_record", exception.refund_id)
        return Link(f"{refund_title(exception.refund_id)} · {exception.payment}", url)
    if exception.release_id:
        url = resolve_url("console:release_record", exception.release_id)
        return Link(f"{release_title(exception.release_id)} · {exception.payment}", url)
    if exception.line or exception.payment:
        return str(exception.line or exception.payment)
    if exception.category == ProcessException.Category.RECORDS:
        return _("The whole order")
    return _("What is owed")
