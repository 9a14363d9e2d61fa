"""Mails about endpoints that were disabled: sent from their own queue, which holds up no other."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from cancellations.models.queue import QueuedQuerySet
from cancellations.work import Clock, Queue
from integrations.models import Endpoint

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
TRIED_EVERY = timedelta(minutes=5)


def letters_queue() -> Queue:
    """Endpoints that were disabled, of which whoever keeps them has not been told."""
    return Queue(rows=_disabled, work=tell, lease=LEASE)


def _disabled() -> QueuedQuerySet:
    rows: QueuedQuerySet = Endpoint.objects.select_related("kept_by")
    return rows.filter(disabled_at__isnull=False)


def tell(row: Endpoint, clock: Clock) -> None:
    """Write to whoever keeps it; where no mail can be sent the feed and the page say it."""
    is_over = _sent(row) or row.tries >= settings.NOTICE_MOST_TRIES
    again = None if is_over else clock() + TRIED_EVERY
    Endpoint.objects.filter(pk=row.pk, lease=row.lease).update(due_at=again, lease=None)


def _sent(endpoint: Endpoint) -> bool:
    address = endpoint.kept_by.email
    if not address:
        return True
    text = _(
        "The webhook endpoint %(address)s was disabled: %(why)s\n\n"
        "What waits for it is delivered once it is enabled again."
    ) % {"address": endpoint.address, "why": endpoint.get_disabled_why_display()}
    try:
        send_mail(_("A webhook endpoint was disabled"), text, None, [address])
    except Exception:
        logger.exception("a mail about endpoint %s could not be sent", endpoint.pk)
        return False
    return True
