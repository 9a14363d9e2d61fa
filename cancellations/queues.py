"""All that is worked on in the background: every queue there is."""

from collections.abc import Callable
from datetime import timedelta

from cancellations.arithmetic.distribution import beyond_steps
from cancellations.mailing import notices_queue
from cancellations.models import Refund, Release, Unassigned
from cancellations.refunds.attention import call_for_an_assignment
from cancellations.refunds.carrying_out import queue_of
from cancellations.refunds.gateways.asking import what_can_be_sent
from cancellations.seeds import system_user
from cancellations.waiting import approvals_queue
from cancellations.work import Clock, Queue
from orders.arithmetic.money import Minor
from orders.events import write_event_as_it_stands
from orders.locking import locked_order
from orders.models import EventType, OrderSummary
from orders.standing import as_it_stands

LEASE = timedelta(minutes=1)

_of_upper_rooms: list[Callable[[], tuple[Queue, ...]]] = []


def add_queues(more: Callable[[], tuple[Queue, ...]]) -> None:
    """Have workers look at queues of an upper room, too, after those of this one."""
    if more not in _of_upper_rooms:
        _of_upper_rooms.append(more)


def every_queue() -> tuple[Queue, ...]:
    """Those of this room and of those above it."""
    return (*queues(), *(queue for more in _of_upper_rooms for queue in more()))


def queues() -> tuple[Queue, ...]:
    """Those of this room, in the sequence in which a worker looks at them."""
    return (
        queue_of(Refund),
        queue_of(Release),
        Queue(
            rows=lambda: Unassigned.objects.select_related("change_order__order"),
            work=_tell_of_what_is_unassigned,
            lease=LEASE,
        ),
        notices_queue(),
        approvals_queue(),
    )


def _owed_for_ever(order: OrderSummary) -> Minor:
    """What of an order stays owed until a person sees to it: not what no step can send."""
    standing = as_it_stands(order)
    owed = standing.excess_funds
    return owed - beyond_steps(owed, standing.payments, what_can_be_sent(order))


def _tell_of_what_is_unassigned(row: Unassigned, clock: Clock) -> None:
    """Open an exception for money that no payment could take, if it is still owed."""
    with locked_order(row.change_order.order.order_number) as order:
        current = Unassigned.objects.select_for_update().get(pk=row.pk)
        if current.lease != row.lease:
            return
        owed = _owed_for_ever(order)
        if (
            owed
            and not order.process_exceptions.open()
            .filter(payment__isnull=True, line__isnull=True)
            .exists()
        ):
            write_event_as_it_stands(
                order,
                EventType.LEFT_TO_PEOPLE,
                by=system_user(),
                facts={"why": "unassigned", "amount": owed},
            )
            call_for_an_assignment(order, minor=owed, now=clock())
        current.due_at = current.lease = None
        current.save(update_fields=["due_at", "lease"])
