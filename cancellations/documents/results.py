"""What became of documents, as values: what commands print and an API can answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from django.contrib.auth.models import User

from cancellations.acts.cancel import preview_cancellation, submit_cancellation
from cancellations.acts.record_fulfillment import Recorded, record_fulfillment
from cancellations.acts.settle import preview_settlement, submit_settlement
from cancellations.acts.undo import CannotBeUndone, preview_undo, undo_change_order
from cancellations.documents.fulfillment import read_fulfillment
from cancellations.documents.requests import (
    RequestDocument,
    SettlementDocument,
    UndoDocument,
    read_request,
)
from cancellations.judgement import Judged
from cancellations.models import ChangeOrder
from cancellations.models.numbers import pk_of
from cancellations.second_person import SecondPersonNeeded, check_one_person_may
from cancellations.selection import NotAllowed, RequestReused, SelectionRefused
from cancellations.snapshots import NotReviewed
from orders.arithmetic.money import Currency, show
from orders.documents.fields import NO_CURRENCY, DocumentRefused, Problem
from orders.locking import OrderBusy, OrderRefused, UnknownOrder
from orders.models import OrderSummary
from orders.texts import is_number


class Outcome(StrEnum):
    """What became of one document that asks for a cancellation or settlement."""

    CANCELED = "canceled"
    SETTLED = "settled"
    UNDONE = "undone"
    REPEATED = "repeated"
    WOULD_CANCEL = "would_cancel"
    WOULD_SETTLE = "would_settle"
    WOULD_UNDO = "would_undo"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CancellationResult:
    """What became of one cancellation document (contract.md §2).

    Attributes:
        idempotency_key: As the document names it, None when that is no text; so ``order_number``.
        change_order: The number of the one that the document made, now or before.
        refund_due: In the document form of the order's currency.
        errors: Why it was refused, at the fields concerned.
    """

    idempotency_key: str | None
    order_number: str | None
    outcome: Outcome
    change_order: str | None = None
    refund_due: str | None = None
    errors: tuple[Problem, ...] = ()

    @classmethod
    def refused(cls, value: Mapping[str, Any], *problems: Problem) -> "CancellationResult":
        """A refusal, with as much of the document's identity as is text."""
        key, number = value.get("idempotency_key"), value.get("order_number")
        return cls(
            key if isinstance(key, str) else None,
            number if isinstance(number, str) else None,
            Outcome.REFUSED,
            errors=problems,
        )

    def as_document(self) -> dict[str, Any]:
        """The result in the fields and the order of the contract."""
        return {
            "idempotency_key": self.idempotency_key,
            "order_number": self.order_number,
            "outcome": self.outcome.value,
            "change_order": self.change_order,
            "refund_due": self.refund_due,
            "errors": [
                {"path": problem.path, "message": problem.message} for problem in self.errors
            ],
        }


def apply_cancellation(
    value: Mapping[str, Any], *, by: User, dry_run: bool = False
) -> CancellationResult:
    """Cancel what the document in a JSON object asks for; a refusal is a result, too.

    Args:
        by: The acting user.
        dry_run: Judge only, and change nothing.
    """
    try:
        document = read_request(value)
    except DocumentRefused as refusal:
        return CancellationResult.refused(value, *refusal.problems)
    refused = partial(CancellationResult.refused, value)
    try:
        return _previewed(document, by) if dry_run else _submitted(document, by)
    except SelectionRefused as refusal:
        return refused(*dict.fromkeys(map(document.problem, refusal.refusals)))
    except RequestReused as refusal:
        return refused(Problem("idempotency_key", refusal.message))
    except UnknownOrder as refusal:
        return refused(Problem("order_number", refusal.message))
    except CannotBeUndone as refusal:
        return refused(Problem("undo", refusal.message))
    except (OrderBusy, OrderRefused, NotAllowed, SecondPersonNeeded) as refusal:
        return refused(Problem("", refusal.message))


def apply_fulfillment(value: Mapping[str, Any], *, by: User) -> Recorded | tuple[Problem, ...]:
    """Take over what the report in a JSON object says.

    Returns:
        What became of it; or why it was refused, at the fields concerned.
    """
    try:
        return take_fulfillment(value, by=by)
    except DocumentRefused as refusal:
        return refusal.problems
    except RequestReused as refusal:
        return (Problem("event", refusal.message),)
    except UnknownOrder as refusal:
        return (Problem("order_number", refusal.message),)
    except (OrderBusy, OrderRefused) as refusal:
        return (Problem("", refusal.message),)


def take_fulfillment(value: Mapping[str, Any], *, by: User) -> Recorded:
    """Take over what the report in a JSON object says.

    Raises:
        DocumentRefused: It breaks the contract, or contradicts itself.
        RequestReused, UnknownOrder, OrderBusy, OrderRefused: As they say.
    """
    currency = _currency(value.get("order_number"))
    report = read_fulfillment(value, currency=currency or NO_CURRENCY)
    if currency is None:
        raise UnknownOrder
    return record_fulfillment(report=report, by=by)


def _submitted(document: RequestDocument, by: User) -> CancellationResult:
    if isinstance(document, UndoDocument):
        done = undo_change_order(
            change_order_id=_to_undo(document), by=by, request_id=document.idempotency_key
        )
        made = Outcome.UNDONE
    elif isinstance(document, SettlementDocument):
        done = submit_settlement(request=document.request, agreed=NotReviewed(), by=by)
        made = Outcome.SETTLED
    else:
        done = submit_cancellation(request=document.request, agreed=NotReviewed(), by=by)
        made = Outcome.CANCELED
    return _of_change_order(
        document, Outcome.REPEATED if done.is_repeat else made, done.change_order
    )


def _previewed(document: RequestDocument, by: User) -> CancellationResult:
    if isinstance(document, UndoDocument):
        undone = preview_undo(_to_undo(document))
        if isinstance(undone, ChangeOrder):
            return _of_change_order(document, Outcome.REPEATED, undone)
        return CancellationResult(
            document.idempotency_key, document.order_number, Outcome.WOULD_UNDO, refund_due=None
        )
    if isinstance(document, SettlementDocument):
        found = preview_settlement(request=document.request, by=by)
        would = Outcome.WOULD_SETTLE
    else:
        judged = preview_cancellation(request=document.request, by=by)
        found = judged.quote if isinstance(judged, Judged) else judged
        would = Outcome.WOULD_CANCEL
    if isinstance(found, ChangeOrder):
        return _of_change_order(document, Outcome.REPEATED, found)
    order = OrderSummary.objects.get(order_number=document.order_number)
    check_one_person_may(order, found)
    due = show(found.refund_due, found.currency)
    return CancellationResult(
        document.idempotency_key, document.order_number, would, refund_due=due
    )


def _to_undo(document: UndoDocument) -> int:
    """The change order that a document wants undone.

    Raises:
        UnknownOrder: There is no such order.
        CannotBeUndone: It is no change order of that order.
    """
    found = ChangeOrder.objects.filter(pk=pk_of(document.undo))
    number = found.values_list("order__order_number", flat=True).first()
    if number == document.order_number:
        return pk_of(document.undo)
    if not OrderSummary.objects.filter(order_number=document.order_number).exists():
        raise UnknownOrder
    raise CannotBeUndone(NOT_OF_THE_ORDER)


NOT_OF_THE_ORDER = "There is no such change order of this order."


def _of_change_order(
    document: RequestDocument, outcome: Outcome, change_order: ChangeOrder
) -> CancellationResult:
    return CancellationResult(
        document.idempotency_key,
        document.order_number,
        outcome,
        change_order.number,
        show(change_order.refund_due_minor, change_order.order.currency),
    )


def _currency(order_number: object) -> Currency | None:
    """The currency of the reported order, which it keeps; None when there is no such order."""
    if not isinstance(order_number, str) or not is_number(order_number):
        return None
    order = OrderSummary.objects.filter(order_number=order_number).first()
    return order.currency if order else None
