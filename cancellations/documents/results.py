"""What became of documents, as values: what commands print and an API can answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from django.contrib.auth.models import User

from cancellations.acts.cancel import preview_cancellation, submit_cancellation
from cancellations.acts.record_fulfillment import record_fulfillment
from cancellations.documents.fulfillment import read_fulfillment
from cancellations.documents.requests import CancellationDocument, read_cancellation
from cancellations.models import ChangeOrder
from cancellations.selection import NotAllowed, RequestReused, SelectionRefused
from cancellations.snapshots import NotReviewed
from orders.arithmetic.money import Currency, show
from orders.documents.fields import NO_CURRENCY, DocumentRefused, Problem
from orders.locking import OrderBusy, OrderRefused, UnknownOrder
from orders.models import OrderSummary
from orders.texts import is_number


class Outcome(StrEnum):
    """What became of one cancellation document."""

    CANCELED = "canceled"
    REPEATED = "repeated"
    WOULD_CANCEL = "would_cancel"
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
        document = read_cancellation(value)
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
    except (OrderBusy, OrderRefused, NotAllowed) as refusal:
        return refused(Problem("", refusal.message))


def apply_fulfillment(value: Mapping[str, Any], *, by: User) -> tuple[Problem, ...]:
    """Take over what the report in a JSON object says.

    Returns:
        Why it was refused, at the fields concerned; nothing when it was taken over.
    """
    try:
        currency = _currency(value.get("order_number"))
        record_fulfillment(report=read_fulfillment(value, currency=currency), by=by)
    except DocumentRefused as refusal:
        return refusal.problems
    except UnknownOrder as refusal:
        return (Problem("order_number", refusal.message),)
    except (OrderBusy, OrderRefused) as refusal:
        return (Problem("", refusal.message),)
    return ()


def _submitted(document: CancellationDocument, by: User) -> CancellationResult:
    done = submit_cancellation(request=document.request, agreed=NotReviewed(), by=by)
    outcome = Outcome.REPEATED if done.is_repeat else Outcome.CANCELED
    return _of_change_order(document, outcome, done.change_order)


def _previewed(document: CancellationDocument, by: User) -> CancellationResult:
    found = preview_cancellation(request=document.request, by=by)
    if isinstance(found, ChangeOrder):
        return _of_change_order(document, Outcome.REPEATED, found)
    due = show(found.quote.refund_due, found.quote.currency)
    return CancellationResult(
        document.idempotency_key, document.order_number, Outcome.WOULD_CANCEL, refund_due=due
    )


def _of_change_order(
    document: CancellationDocument, outcome: Outcome, change_order: ChangeOrder
) -> CancellationResult:
    return CancellationResult(
        document.idempotency_key,
        document.order_number,
        outcome,
        change_order.number,
        show(change_order.refund_due_minor, change_order.order.currency),
    )


def _currency(order_number: object) -> Currency:
    """The currency of the reported order; without an order any will do for the checks."""
    if not isinstance(order_number, str) or not is_number(order_number):
        return NO_CURRENCY
    order = OrderSummary.objects.filter(order_number=order_number).first()
    return order.currency if order else NO_CURRENCY
