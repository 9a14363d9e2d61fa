"""The act that takes what a gateway tells of itself: each notice once, with all that it changes.

A refund that it names as ours settles ours. One that is not ours went back elsewhere: it raises
what the payment had refunded there, and lowers it again if it fails. A dispute raises what was
charged back. Notices come twice, late, and in any sequence: that a refund has failed, or a dispute
was won, is the last word on it.
"""

from dataclasses import dataclass

from django.utils import timezone

from cancellations.models import Attempt, Refund
from cancellations.models.attempts import GatewayNotice
from cancellations.models.refund_states import RefundStatus
from cancellations.models.refunds import Instruction
from cancellations.refunds.answers import (
    is_overtaken,
    name_of_paid_all_the_same,
    take_answer,
)
from cancellations.refunds.attention import call_for_a_person
from cancellations.refunds.elsewhere import take_dispute, take_elsewhere
from cancellations.refunds.gateways import Answer
from cancellations.refunds.gateways.notices import DisputeTold, Notice, RefundTold, Told
from cancellations.refunds.recording import locked
from cancellations.refunds.whose import (
    is_ended_by_people,
    is_news_of_an_earlier_try,
    ours,
    said_to_be_ours,
    tried_before,
)
from cancellations.seeds import system_user
from orders.arithmetic.money import Minor
from orders.locking import begun_again_when_interrupted, locked_order
from orders.models import OrderSummary, PaymentSummary

Outcome = Attempt.Outcome

SETTLED = "settled"
ELSEWHERE = "refunded_elsewhere"
CHARGED_BACK = "charged_back"
KNOWN = "known"
OTHER_MONEY = "other_money"
NOT_FOR_US = "not_for_us"
"""What is made of a notice."""

_NEWS = {
    Outcome.SUCCEEDED: {
        RefundStatus.PROCESSING,
        RefundStatus.SETTLING,
        RefundStatus.UNKNOWN,
        RefundStatus.FAILED,
    },
    Outcome.SETTLING: {RefundStatus.PROCESSING, RefundStatus.UNKNOWN},
    Outcome.REFUSED: {
        RefundStatus.PROCESSING,
        RefundStatus.SETTLING,
        RefundStatus.UNKNOWN,
        RefundStatus.SUCCEEDED,
    },
}
"""In which states of a refund of ours an outcome is news; in the others it is known, or late."""


@begun_again_when_interrupted
def take_notice(*, gateway: str, notice: Notice) -> str:
    """Take a notice, all or nothing, once; gives what was made of it.

    Raises:
        OrderBusy: Someone else is changing its order; nothing was written.
        OrderRefused: The database found the order's records not to agree.
    """
    if notice.told is None:
        return NOT_FOR_US
    if taken := _taken_as(gateway, notice):
        return taken
    found = _concerned(gateway, notice.told)
    if found is None:
        return _noted(gateway, notice, NOT_FOR_US)
    with locked_order(found.order.order_number) as order:
        if taken := _taken_as(gateway, notice):
            return taken
        found = _concerned(gateway, notice.told) or found  # as it is under the lock
        return _noted(gateway, notice, _take(order, gateway, notice.told, found))


def _taken_as(gateway: str, notice: Notice) -> str:
    known = GatewayNotice.objects.filter(gateway=gateway, notice_id=notice.id).first()
    return known.taken_as if known else ""


def _noted(gateway: str, notice: Notice, taken_as: str) -> str:
    GatewayNotice.objects.get_or_create(
        gateway=gateway,
        notice_id=notice.id,
        defaults={"type": notice.type, "taken_as": taken_as},
    )
    return taken_as


@dataclass(frozen=True, slots=True)
class _Concerned:
    """The payment that a notice is about, with the refund of ours if it is one.

    Attributes:
        tried_before: The refund of ours of which it is an earlier try, under a key given up.
    """

    payment: PaymentSummary
    refund: Refund | None = None
    tried_before: Refund | None = None

    @property
    def order(self) -> OrderSummary:
        return self.payment.order


def _concerned(gateway: str, told: Told) -> _Concerned | None:
    """What a notice is about; None where no order knows of it."""
    if isinstance(told, RefundTold):
        if refund := ours(gateway, told):
            return _Concerned(refund.payment, refund)
        if refund := tried_before(gateway, told):
            return _Concerned(refund.payment, tried_before=refund)
    payments = PaymentSummary.objects.filter(gateway=gateway, gateway_reference__in=told.payments)
    payment = payments.select_related("order").order_by("pk").first() if told.payments else None
    return _Concerned(payment) if payment else None


def _take(order: OrderSummary, gateway: str, told: Told, found: _Concerned) -> str:
    """Write what a notice changes of its order.

    Args:
        order: Locked.
    """
    is_same_currency = told.currency == order.currency.code
    amount = told.minor(order.currency) if is_same_currency else None
    if isinstance(told, RefundTold) and found.refund:
        row = locked(found.refund)
        if is_ended_by_people(order, gateway, row):
            return _take_paid_all_the_same(order, told, row)
        if RefundStatus(row.status) in _ITS_OWN:
            return _settle(order, told, row, amount)
    if amount is None:
        return OTHER_MONEY
    if isinstance(told, DisputeTold):
        is_new = take_dispute(order, gateway, told, found.payment, amount)
        return CHARGED_BACK if is_new else KNOWN
    return _take_elsewhere(order, gateway, told, found, amount)


def _take_elsewhere(
    order: OrderSummary, gateway: str, told: RefundTold, found: _Concerned, amount: Minor
) -> str:
    """Write what a refund changes that no refund of ours is waiting for, by what is known of it.

    Args:
        order: Locked.
    """
    if found.tried_before and not is_news_of_an_earlier_try(told):
        return KNOWN
    name = f"{gateway} refund {told.id}"
    if found.tried_before:
        name = name_of_paid_all_the_same(found.tried_before, told.id)
    if row := said_to_be_ours(order, name, told, found.payment, amount):
        return _settle(order, told, locked(row), amount)
    if not take_elsewhere(order, name, told, found.payment, amount):
        return KNOWN
    if found.tried_before and told.outcome != Outcome.REFUSED:
        row_now = locked(found.tried_before)
        if row_now.has_ended:
            call_for_a_person(row_now, why="paid_all_the_same", now=timezone.now())
    return ELSEWHERE


_ITS_OWN = frozenset().union(*_NEWS.values())
"""States of refunds that were sent; another one cannot be known to the gateway by our doing."""


def _settle(order: OrderSummary, told: RefundTold, row: Instruction, amount: Minor | None) -> str:
    """Make of a refund of ours what its gateway tells of it, where that is news.

    Args:
        row: Locked.
        amount: None where the order cannot name it: no amount of ours, then.
    """
    answer = Answer(
        told.outcome,
        gateway_id=told.id,
        amount=amount or 0,
        currency=told.currency,
        code=told.code,
    )
    status = RefundStatus(row.status)
    if status not in _NEWS[told.outcome] or is_overtaken(row, answer):
        return KNOWN
    if status == RefundStatus.FAILED and amount != row.amount_minor:
        return OTHER_MONEY
    take_answer(
        order,
        row,
        answer,
        by=system_user(),
        now=timezone.now(),
        call="notice",
    )
    return SETTLED


def _take_paid_all_the_same(order: OrderSummary, told: RefundTold, row: Instruction) -> str:
    """What had ended without the gateway was paid by it as well, or was not in the end."""
    name = name_of_paid_all_the_same(row, told.id)
    if not take_elsewhere(order, name, told, row.payment, row.amount_minor):
        return KNOWN
    if told.outcome != Outcome.REFUSED:
        row.gateway_id = told.id
        row.save(update_fields=["gateway_id"])
        call_for_a_person(row, why="paid_all_the_same", now=timezone.now())
    return ELSEWHERE
