"""What waits for a second person: those who may decide are written to, and it is looked at again.

A mail that cannot be sent is tried at each look; the console shows what waits in any case.
"""

import logging
from datetime import timedelta

from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from cancellations.acts.approve import expire_if_changed
from cancellations.acts.change_orders import actor_name
from cancellations.acts.requests import may_approve
from cancellations.models import RIGHT_TO_APPROVE, Approval
from cancellations.work import Clock, Queue
from orders.formats import money_text

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
LOOKED_AT_EVERY = timedelta(minutes=5)


def approvals_queue() -> Queue:
    """Approvals that are requested, each looked at every few minutes."""
    return Queue(
        rows=lambda: Approval.objects.select_related("order", "requested_by"),
        work=look_after,
        lease=LEASE,
    )


def look_after(row: Approval, clock: Clock) -> None:
    """Expire a claimed approval if it no longer holds; else tell of it, once."""
    if expire_if_changed(approval_id=row.pk):
        return
    told_at = row.told_at or (clock() if _told(row) else None)
    mine = Approval.objects.filter(pk=row.pk, lease=row.lease)
    mine.update(due_at=clock() + LOOKED_AT_EVERY, lease=None, told_at=told_at)


def those_who_may_decide(approval: Approval) -> list[User]:
    """Whoever may be the second person of an approval, and has an address."""
    users = User.objects.with_perm(
        RIGHT_TO_APPROVE,
        include_superusers=False,
        backend="django.contrib.auth.backends.ModelBackend",
    )
    others = users.exclude(pk=approval.requested_by_id).exclude(email="").order_by("pk")
    return [user for user in others if may_approve(user)]


def _told(approval: Approval) -> bool:
    """Write to those who may decide; gives whether any mail went."""
    sent = [_sent(approval, user.email) for user in those_who_may_decide(approval)]
    return any(sent)


def _sent(approval: Approval, address: str) -> bool:
    try:
        send_mail(_subject(approval), _text(approval), None, [address])
    except Exception:
        logger.exception("a mail about approval %s could not be sent", approval.pk)
        return False
    return True


def _subject(approval: Approval) -> str:
    return _("Countermand: approval #%(number)d waits for you") % {"number": approval.pk}


def _text(approval: Approval) -> str:
    return _(
        "%(name)s asks a second person to approve %(amount)s on order %(order)s."
        " You find it under Approvals."
    ) % {
        "name": actor_name(approval.requested_by),
        "amount": money_text(approval.amount_minor, approval.order.currency),
        "order": approval.order.order_number,
    }
