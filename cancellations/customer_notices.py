"""When customers are told of change orders: the rows that ``mailing.py`` sends.

Nothing is written unless the setting ``CUSTOMER_NOTICES`` is on.
"""

from datetime import datetime

from django.conf import settings

from cancellations.models import ChangeOrder, CustomerNotice, Refund
from cancellations.models.refund_states import RefundStatus
from cancellations.models.refunds import Instruction
from orders.texts import ERASED

Kind = CustomerNotice.Kind
Status = CustomerNotice.Status


def call_for_a_notice(change_order: ChangeOrder) -> None:
    """Have the customer told of a new cancellation or settlement when its hold is over."""
    is_ours = ChangeOrder.Kind(change_order.kind).can_be_undone
    has_an_address = change_order.order.customer_email not in ("", ERASED)
    if settings.CUSTOMER_NOTICES and is_ours and has_an_address:
        CustomerNotice.objects.create(
            change_order=change_order, kind=Kind.CHANGED, due_at=change_order.held_until
        )


def tell_of_refunds(row: Instruction, *, now: datetime) -> None:
    """Have the customer told when, with this refund, all of its change order's have succeeded.

    Those that were withdrawn are none of them. To be called under the order's lock by whatever
    ends a refund: an answer, a notice of its gateway, or a person.
    """
    if not settings.CUSTOMER_NOTICES or row.is_release or not row.has_ended:
        return
    notices = CustomerNotice.objects.filter(change_order=row.change_order_id)
    was_told = notices.filter(kind=Kind.CHANGED).exclude(status=Status.DROPPED)
    if not was_told.exists() or not all_succeeded(row.change_order_id):
        return
    notice, is_new = notices.get_or_create(
        kind=Kind.REFUNDED, defaults={"change_order": row.change_order, "due_at": now}
    )
    if not is_new:
        notices.filter(pk=notice.pk, status=Status.WAITING, due_at=None).update(due_at=now)


def is_being_told(change_order: ChangeOrder) -> bool:
    """Whether a notice of it is on its way to the customer; locks those that are not."""
    notices = CustomerNotice.objects.select_for_update().filter(change_order=change_order)
    return any(notice.status not in (Status.WAITING, Status.DROPPED) for notice in notices)


def all_succeeded(change_order_id: int) -> bool:
    """Whether all of a change order's refunds have, but for what was withdrawn, and any has."""
    refunds = Refund.objects.filter(change_order=change_order_id)
    statuses = set(refunds.exclude(status=RefundStatus.WITHDRAWN).values_list("status", flat=True))
    return statuses == {RefundStatus.SUCCEEDED}
