"""Above which amount one person's submit is not enough, and what a second one decides on."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Sum
from pydantic import ValidationError

from cancellations.arithmetic.quotes import Quote
from cancellations.documents.requests import CancelAllDocument, CancelItemsDocument
from cancellations.models import Approval, ChangeOrder, Refund
from cancellations.models.approvals import ApprovalStatus
from cancellations.selection import CancellationRequest, SettlementRequest
from cancellations.snapshots import NotReadBack
from orders.arithmetic.money import Minor, decimal
from orders.arithmetic.words import gettext_noop
from orders.models import OrderSummary

ASKED_KINDS = (ChangeOrder.Kind.CANCELLATION, ChangeOrder.Kind.SETTLEMENT)


class SecondPersonNeeded(Exception):
    """More is at stake than one person does alone; nothing was written."""

    message = gettext_noop(
        "More is at stake than one person may do alone: submit it in the console, where a second"
        " one approves it."
    )


def at_stake(quoted: Quote) -> Minor:
    """What leaves the order's total, or what is refunded, whichever is more."""
    refunded = sum(share.amount for share in quoted.shares)
    return max(quoted.canceled, refunded)


def needs_second_person(order: OrderSummary, quoted: Quote) -> bool:
    """Whether more is at stake than the setting lets people do alone in the order's currency.

    What was done of the order without a second person, and stands, counts with it: what one may
    not do at once, nobody does in parts.
    """
    limit = settings.APPROVAL_OVER.get(quoted.currency.code)
    if limit is None:
        return False
    canceled, refunded = _done_alone(order)
    refunds = sum(share.amount for share in quoted.shares)
    at_stake_in_all = max(canceled + quoted.canceled, refunded + refunds)
    return decimal(at_stake_in_all, quoted.currency) > limit


def check_one_person_may(order: OrderSummary, quoted: Quote) -> None:
    """Let only that pass which needs no second person.

    Raises:
        SecondPersonNeeded: Somebody else has to approve it.
    """
    if needs_second_person(order, quoted):  # guard: a second person
        raise SecondPersonNeeded


def _done_alone(order: OrderSummary) -> tuple[Minor, Minor]:
    """What was canceled, and refunded, of an order by acts that nobody approved nor undid."""
    alone = ChangeOrder.objects.filter(
        order=order, kind__in=ASKED_KINDS, approval__isnull=True, undone_by__isnull=True
    )
    canceled = alone.aggregate(total=Sum("grand_total_minor"))["total"] or 0
    refunds = Refund.objects.filter(change_order__in=alone)
    refunded = refunds.aggregate(total=Sum("amount_minor"))["total"] or 0
    return -canceled, refunded


def waiting_of(order: OrderSummary) -> Iterable[Approval]:
    """What of an order waits for a second person; nothing is asked where none is needed ever."""
    if not settings.APPROVAL_OVER:
        return ()
    waiting = Approval.objects.filter(order=order, status=ApprovalStatus.REQUESTED)
    return waiting.select_related("order", "requested_by")


def count_waiting_for(user: User) -> int:
    """How many approvals wait for this user's decision."""
    waiting = Approval.objects.filter(status=ApprovalStatus.REQUESTED)
    return waiting.exclude(requested_by=user).count()


def asked_in(approval: Approval) -> CancellationRequest | SettlementRequest:
    """What was asked of a second person, by the id it was asked under.

    Raises:
        NotReadBack: It is not what its fingerprint names, or was erased.
    """
    number, content = approval.order.order_number, approval.content
    try:
        request = _request(number, approval, content)
    except (ValidationError, KeyError, TypeError) as error:
        raise NotReadBack from error
    if not request.asks_what_is_named(approval.fingerprint):
        raise NotReadBack
    return request


def _request(
    number: str, approval: Approval, content: dict[str, object]
) -> CancellationRequest | SettlementRequest:
    if approval.kind == ChangeOrder.Kind.SETTLEMENT:
        return SettlementRequest(
            number,
            approval.request_id,
            tuple(content["settle"]),  # type: ignore[arg-type]
            bool(content.get("refund_fees", False)),
            str(content.get("note", "")),
            content.get("chosen"),  # type: ignore[arg-type]
        )
    document = CancelAllDocument if content["items"] == "all" else CancelItemsDocument
    named = {"idempotency_key": approval.request_id, "order_number": number}
    return document.model_validate(named | content).request
