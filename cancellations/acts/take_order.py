"""The act that takes orders from documents: each order whole, or not at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import User
from django.db import DataError

from cancellations.acts.amend_order import amend_order, compared
from cancellations.acts.note_misfits import note_misfit_payments
from cancellations.arithmetic.reports import LineFacts, PaymentFacts, Report
from cancellations.documents.facts import REPORT
from orders.arithmetic.amounts import Standing
from orders.arithmetic.facts import NOTHING_REPORTED
from orders.documents.fields import DocumentRefused, Problem
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
    AMENDED = "amended"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    outcome: ImportOutcome
    problems: tuple[Problem, ...] = ()


_FAILED = Result(
    ImportOutcome.REFUSED,
    (Problem("", "the database refused this order; nothing of it was stored"),),
)
BUSY = Result(
    ImportOutcome.REFUSED,
    (Problem("", "someone else is at work on it; nothing of it was stored. Import it again"),),
)


def import_orders(
    documents: Sequence[OrderDocument], *, by: User, dry_run: bool = False
) -> list[Result]:
    """Take a batch of orders in one transaction; the results are in the documents' order.

    An order whose number exists with the same content is skipped, with other content amended
    (contract.md §1). When the database refuses the batch (another import took a number
    meanwhile, say), its orders are taken one by one, so that one order's trouble is its own.
    """
    results: list[Result] = []
    for batch in _once_each(documents):
        if dry_run:
            results += _judge(batch)
            continue
        try:
            results += _import_batch(batch, by)
        except (OrderBusy, OrderRefused, DataError):
            results += [_import_one(document, by) for document in batch]
    return results


def _once_each(documents: Sequence[OrderDocument]) -> Iterator[list[OrderDocument]]:
    """Batches in which no number is twice: the second document of an order amends the first."""
    batch: dict[str, OrderDocument] = {}
    for document in documents:
        if document.order_number in batch:
            yield list(batch.values())
            batch = {}
        batch[document.order_number] = document
    yield list(batch.values())


def _import_one(document: OrderDocument, by: User) -> Result:
    """A batch of one, for which trouble is final."""
    try:
        [result] = _import_batch([document], by)
    except OrderBusy:
        return BUSY
    except (OrderRefused, DataError):
        return _FAILED
    return result


@begun_again_when_interrupted
def _import_batch(documents: Sequence[OrderDocument], by: User) -> list[Result]:
    with locked_orders({document.order_number for document in documents}) as orders:
        fresh = [document for document in documents if document.order_number not in orders]
        if fresh:
            _store(sorted(fresh, key=lambda document: document.order_number), by)
        return [
            _taken(document, orders[document.order_number], by)
            if document.order_number in orders
            else Result(ImportOutcome.IMPORTED)
            for document in documents
        ]


def _taken(document: OrderDocument, order: OrderSummary, by: User) -> Result:
    """Amend a locked order, unless the document says what it said before."""
    if document.is_what_is_named(order.fingerprint):
        return Result(ImportOutcome.SKIPPED)
    try:
        amended = amend_order(order, document, by=by)
    except DocumentRefused as refusal:
        return Result(ImportOutcome.REFUSED, refusal.problems)
    return Result(ImportOutcome.AMENDED if amended else ImportOutcome.SKIPPED)


def _judge(documents: Sequence[OrderDocument]) -> list[Result]:
    """What would become of documents, as the orders are: without a lock and without writing."""
    numbers = {document.order_number for document in documents}
    orders = OrderSummary.objects.filter(order_number__in=numbers)
    known = dict(orders.values_list("order_number", "fingerprint"))
    return [
        _judged(document, known[document.order_number])
        if document.order_number in known
        else Result(ImportOutcome.IMPORTED)
        for document in documents
    ]


def _judged(document: OrderDocument, fingerprint: str) -> Result:
    if document.is_what_is_named(fingerprint):
        return Result(ImportOutcome.SKIPPED)
    try:
        found = compared(document.order_number, document).found
    except DocumentRefused as refusal:
        return Result(ImportOutcome.REFUSED, refusal.problems)
    return Result(ImportOutcome.AMENDED if found.fields else ImportOutcome.SKIPPED)


def _store(documents: Sequence[OrderDocument], by: User) -> None:
    """Store new orders, each with its first event and an exception for what does not fit."""
    orders, events, misfits = [], [], []
    for document in documents:
        standing = as_it_came(document)
        order = new_order(document, standing)
        orders.append(order)
        facts = REPORT.dump_python(_as_report(standing), mode="json")
        imported = OrderEvent.Type.IMPORTED
        events.append(next_event(order, imported, by=by, facts=facts, after=standing))
        if any(payment.misfit for payment in standing.payments):
            misfits.append(order)
    store_orders(orders, documents, events)
    if misfits:
        note_misfit_payments(misfits)


def _as_report(standing: Standing) -> Report:
    """What an order brings along, beside what was sold: its counters and its payments."""
    return Report(
        lines={
            key: LineFacts(line.reported)
            for key, line in standing.lines.items()
            if line.reported != NOTHING_REPORTED
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
