"""Which refund of ours one at a gateway is, was, or was said to be."""

from cancellations.models import Attempt, Refund
from cancellations.models.refund_states import RefundStatus
from cancellations.models.refunds import Instruction
from cancellations.refunds.answers import PAID_ALL_THE_SAME
from cancellations.refunds.elsewhere import standing_elsewhere
from cancellations.refunds.gateways.notices import RefundTold
from orders.arithmetic.money import Minor
from orders.models import EventType, OrderSummary, PaymentSummary

Outcome = Attempt.Outcome


def ours(gateway: str, told: RefundTold) -> Refund | None:
    """The refund of ours that a notice is about: by our key, else by the gateway's own name.

    Another refund at the gateway under a key of ours is none of ours: somebody copied it.
    """
    refunds = Refund.objects.filter(payment__gateway=gateway).select_related("payment__order")
    if not told.key:
        return refunds.filter(gateway_id=told.id).first()
    found = refunds.filter(idempotency_key=told.key).first()
    return found if found and found.gateway_id in ("", told.id) else None


def tried_before(gateway: str, told: RefundTold) -> Refund | None:
    """The refund of ours that was sent under this key, refused, and sent anew under another."""
    if not told.key:
        return None
    tries = Attempt.objects.filter(idempotency_key=told.key, refund__payment__gateway=gateway)
    found = tries.exclude(refund__idempotency_key=told.key).select_related("refund__payment__order")
    attempt = found.first()
    return attempt.refund if attempt else None


def is_news_of_an_earlier_try(told: RefundTold) -> bool:
    """Whether more is told of an earlier try than was so before it failed.

    One that its gateway had accepted failed after that; one that it had refused may have gone.
    """
    if told.outcome != Outcome.SUCCEEDED:
        return told.outcome == Outcome.REFUSED
    accepted = (Outcome.SUCCEEDED, Outcome.SETTLING)
    return not Attempt.objects.filter(idempotency_key=told.key, outcome__in=accepted).exists()


def said_to_be_ours(
    order: OrderSummary, name: str, told: RefundTold, payment: PaymentSummary, amount: Minor
) -> Refund | None:
    """The refund of ours that a person said this one was, where it has failed after all."""
    if told.outcome != Outcome.REFUSED or not order.events.filter(request_id=name).exists():
        return None
    return payment.refunds.filter(
        status=RefundStatus.SUCCEEDED, paid_by=Refund.PaidBy.ELSEWHERE, amount_minor=amount
    ).first()


def is_ended_by_people(order: OrderSummary, gateway: str, row: Instruction) -> bool:
    """Whether a refund ended without its gateway: money that it moves by our doing is more then.

    Where people said that it was what a report told of, the gateway's own word on it agrees; where
    they said that it was another refund at the gateway, both have gone.
    """
    if row.paid_by == Instruction.PaidBy.ELSEWHERE:
        return _was_said_to_be_another(order, gateway, row)
    return row.status == RefundStatus.WITHDRAWN or row.paid_by == Instruction.PaidBy.HAND


def _was_said_to_be_another(order: OrderSummary, gateway: str, row: Instruction) -> bool:
    said = order.events.filter(
        type=EventType.PERSON_DECIDED, facts__decision="was_this_refund", facts__refund=row.pk
    ).last()
    names = standing_elsewhere(order, f"{gateway} refund ")
    names |= standing_elsewhere(order, f"{PAID_ALL_THE_SAME}{row.pk} ")
    return said is not None and any(
        row.payment.key in event.facts["payments"]
        for event in order.events.filter(request_id__in=names, pk__lt=said.pk)
    )
