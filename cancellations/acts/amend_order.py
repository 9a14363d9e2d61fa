"""The act that amends an order that is there already: what a newer document of it says."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from cancellations.acts.note_misfits import note_misfits
from cancellations.acts.record_fulfillment import write_reported_changes
from cancellations.arithmetic.amendments import with_additions
from cancellations.arithmetic.reports import LineFacts, PaymentFacts, Report, take
from cancellations.documents.facts import REPORT
from orders.arithmetic.facts import Reported
from orders.documents.amendment import (
    THE_ORDER,
    Amendment,
    amendment,
    as_news,
    refused_differences,
)
from orders.documents.fields import DocumentRefused, Problem
from orders.documents.order import OrderDocument, PaymentDocument, as_line, as_payment
from orders.documents.stored import as_document
from orders.events import write_event
from orders.imports import Parts, name_by_newest_order, set_accounts, store_parts
from orders.models import DeliveryGroup, OrderEvent, OrderItemSummary, OrderSummary, PaymentSummary
from orders.standing import as_it_stands, with_everything, write_standing


@dataclass(frozen=True, slots=True)
class Compared:
    """A document beside the order that it tells of.

    Attributes:
        news: The document as far as it is newer than what is known.
    """

    order: OrderSummary
    document: OrderDocument
    news: OrderDocument
    found: Amendment


def compared(number: str, document: OrderDocument) -> Compared:
    """How a document differs from the order of its number; writes nothing.

    Raises:
        DocumentRefused: It differs where an order never does, with both values.
    """
    order = with_everything().get(order_number=number)
    unit = document.unit
    if unit.code == order.currency.code and unit != order.currency:
        message = (
            f"has {document.unit.places} decimals, but the order keeps {order.currency.places}"
        )
        raise DocumentRefused(Problem("currency", message))
    known, stale = as_document(order), _stale(order, document)
    if problems := tuple(refused_differences(known, document, is_late=THE_ORDER in stale)):
        raise DocumentRefused(*problems)
    news = as_news(known, document, stale=stale)
    return Compared(order, document, news, amendment(known, news))


def amend_order(order: OrderSummary, document: OrderDocument, *, by: User) -> bool:
    """Take over what a document says of a locked order; gives whether anything differs.

    Raises:
        DocumentRefused: It differs where an order never does; nothing was written.
    """
    told = compared(order.order_number, document)
    if told.found.fields:
        _write(told, by)
    return bool(told.found.fields)


def _write(told: Compared, by: User) -> None:
    order, news, found = told.order, told.news, told.found
    unit = order.currency
    before = with_additions(
        as_it_stands(order),
        {item.key: as_line(item, unit) for item in found.added_items},
        tuple(as_payment(payment) for payment in found.added_payments),
    )
    report = _report(news, found)
    taken = take(before, report)
    event = write_event(
        order, OrderEvent.Type.AMENDED, by=by, facts=_facts(found, report), after=taken.after
    )
    if found.added_items or found.added_payments or found.added_groups:
        order = _store_additions(order, news, found)
    _rename(order, news, found)
    _remember(order, told.document)
    write_reported_changes(order, taken, event)
    stored = as_it_stands(order)
    write_standing(order, before=stored, after=taken.after)
    order.fingerprint = told.document.fingerprint
    order.save(
        update_fields=["account", "customer_name", "customer_email", "channel", "fingerprint"]
    )
    note_misfits(order, before, taken, report, by=by)


def _store_additions(order: OrderSummary, news: OrderDocument, found: Amendment) -> OrderSummary:
    """Store what is additional, at the end; gives the order with all of it, read again."""
    first = (len(order.delivery_groups.all()), len(order.lines.all()), len(order.payments.all()))
    store_parts(
        [Parts(order, news, found.added_groups, found.added_items, found.added_payments, first)]
    )
    stored = with_everything().get(pk=order.pk)
    stored.events_written = order.events_written
    return stored


def _rename(order: OrderSummary, news: OrderDocument, found: Amendment) -> None:
    """Customer, channel, and what delivery groups and payments are called."""
    if "account" in found.fields:
        before = order.account
        set_accounts([order], [news])
        if before and before != order.account:
            name_by_newest_order(before, but=order)
    order.channel = news.channel
    if not found.names:
        return
    groups = {group.key: group for group in order.delivery_groups.all()}
    for said in news.delivery_groups:
        group = groups[said.key]
        group.method, group.deliver_to, group.address = said.method, said.deliver_to, said.address
    payments = {payment.key: payment for payment in order.payments.all()}
    for told in news.payments:
        payments[told.key].method = told.method
    DeliveryGroup.objects.bulk_update(groups.values(), ["method", "deliver_to", "address"])
    PaymentSummary.objects.bulk_update(payments.values(), ["method"])


def _report(news: OrderDocument, found: Amendment) -> Report:
    """What is counted and paid otherwise; with the refunds over additional payments."""
    figured = found.payments | {payment.key for payment in found.added_payments}
    return Report(
        lines={
            item.key: LineFacts(Reported.of(item.quantities))
            for item in news.items
            if item.key in found.lines
        },
        payments={
            payment.key: _figures(payment) for payment in news.payments if payment.key in figured
        },
    )


def _figures(payment: PaymentDocument) -> PaymentFacts:
    return PaymentFacts(
        payment.authorized, payment.captured, payment.refunded, payment.charged_back
    )


def _facts(found: Amendment, report: Report) -> dict[str, Any]:
    """What ``verify_orders`` takes again: what was added as it came, and what was reported."""
    added = Report(
        {item.key: LineFacts(Reported.of(item.quantities)) for item in found.added_items},
        {payment.key: _figures(payment) for payment in found.added_payments},
    )
    return {
        "fields": list(found.fields),
        "added": REPORT.dump_python(added, mode="json"),
        "report": REPORT.dump_python(report, mode="json"),
    }


def _stale(order: OrderSummary, document: OrderDocument) -> set[tuple[str, str]]:
    """Of what something newer is known than the document is."""
    if document.updated_at is None:
        return set()
    known = {
        THE_ORDER: order.told_at,
        **{("items", line.key): line.reported_at for line in order.lines.all()},
        **{("payments", payment.key): payment.reported_at for payment in order.payments.all()},
    }
    return {about for about, at in known.items() if at and at > document.updated_at}


def _remember(order: OrderSummary, document: OrderDocument) -> None:
    """Keep of what time a locked order, its lines and its payments were told of last."""
    at = document.updated_at
    if at is None:
        return
    stale = _stale(order, document)
    if THE_ORDER not in stale:
        OrderSummary.objects.filter(pk=order.pk).update(told_at=at)
    for model, name, rows in (
        (OrderItemSummary, "items", order.lines.all()),
        (PaymentSummary, "payments", order.payments.all()),
    ):
        fresh = [row.pk for row in rows if (name, row.key) not in stale]
        model._default_manager.filter(pk__in=fresh).update(reported_at=at)
