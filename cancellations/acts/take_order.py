"""The act that takes orders from documents: each order whole, or not at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import User
from django.db import DataError

from cancellations.acts.exceptions import note_misfit_payments
from cancellations.arithmetic.reports import LineFacts, PaymentFacts, Report
from cancellations.documents.facts import REPORT
from orders.arithmetic.amounts import Standing
from orders.arithmetic.facts import Reported
from orders.documents.fields import Problem
from orders.documents.order import OrderDocument, as_it_came
from orders.events import next_event
from orders.imports import new_order, store_orders
from orders.locking import (
    OrderBusy,
    OrderRefused,
    begun_again_when_interrupted,
    locked_orders,
)
from orders.models import OrderEvent, OrderSummary


class ImportOutcome(StrEnum):
    """What became of one order document."""

    IMPORTED = "imported"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    outcome: ImportOutcome
    problem: Problem | None = None


_EXISTS = Result(
    ImportOutcome.REFUSED, Problem("order_number", "exists with other content; nothing was changed")
)
_FAILED = Result(
    ImportOutcome.REFUSED, Problem("", "the database refused this order; nothing of it was stored")
)
_BUSY = Result(
    ImportOutcome.REFUSED,
    Problem("", "someone else is at work on it; nothing of it was stored. Import it again"),
)


def import_orders(
    documents: Sequence[OrderDocument], *, by: User, dry_run: bool = False
) -> list[Result]:
    """Load a batch of orders in one transaction; the results are in the documents' order.

    An order whose number exists with the same content is skipped, with other content
    refused. When the database refuses the batch (another import took a number meanwhile,
    say), its orders are loaded one by one, so that one order's trouble is its own.
    """
    if dry_run:
        return _sort_out(documents, _fingerprints(documents))[0]
    try:
        return _import_batch(documents, by)
    except (OrderBusy, OrderRefused, DataError):
        return [_import_one(document, by) for document in documents]


def _import_one(document: OrderDocument, by: User) -> Result:
    """A batch of one, for which trouble is final."""
    try:
        [result] = _import_batch([document], by)
    except OrderBusy:
        return _BUSY
    except (OrderRefused, DataError):
        return _FAILED
    return result


@begun_again_when_interrupted
def _import_batch(documents: Sequence[OrderDocument], by: User) -> list[Result]:
    with locked_orders(_numbers(documents)) as orders:
        known = {number: order.fingerprint for number, order in orders.items()}
        results, fresh = _sort_out(documents, known)
        if fresh:
            _store(sorted(fresh, key=lambda document: document.order_number), by)
        return results


def _fingerprints(documents: Iterable[OrderDocument]) -> dict[str, str]:
    """Those of the orders that are there, by number, without a lock."""
    orders = OrderSummary.objects.filter(order_number__in=_numbers(documents))
    return dict(orders.values_list("order_number", "fingerprint"))


def _numbers(documents: Iterable[OrderDocument]) -> set[str]:
    return {document.order_number for document in documents}


def _sort_out(
    documents: Iterable[OrderDocument], known: dict[str, str]
) -> tuple[list[Result], list[OrderDocument]]:
    """What becomes of each document, and those to store.

    Args:
        known: Fingerprints by order number; takes in those of the documents.
    """
    results: list[Result] = []
    fresh: list[OrderDocument] = []
    for document in documents:
        if document.order_number not in known:
            known[document.order_number] = document.fingerprint
            fresh.append(document)
            results.append(Result(ImportOutcome.IMPORTED))
        elif document.is_what_is_named(known[document.order_number]):
            results.append(Result(ImportOutcome.SKIPPED))
        else:
            results.append(_EXISTS)
    return results, fresh


def _store(documents: Sequence[OrderDocument], by: User) -> None:
    """Store new orders, each with its first event and an exception for what does not fit."""
    orders, events = [], []
    for document in documents:
        standing = as_it_came(document)
        order = new_order(document, standing)
        orders.append(order)
        facts = REPORT.dump_python(_as_report(standing), mode="json")
        imported = OrderEvent.Type.IMPORTED
        events.append(next_event(order, imported, by=by, facts=facts, after=standing))
    store_orders(orders, documents, events)
    note_misfit_payments(orders)


def _as_report(standing: Standing) -> Report:
    """What an order brings along, beside what was sold: its counters and its payments."""
    return Report(
        lines={
            key: LineFacts(line.reported)
            for key, line in standing.lines.items()
            if line.reported != Reported()
        },
        payments={
            payment.key: PaymentFacts(
                payment.authorized,
                payment.captured,
                payment.refunded_elsewhere,
                payment.charged_back,
            )
            for payment in standing.payments
        },
    )
