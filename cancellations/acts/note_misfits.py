"""What acts note as process exceptions: facts that do not fit, settled by newer ones that do."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeAlias

from django.contrib.auth.models import User
from django.utils import timezone

from cancellations.arithmetic.reports import Concern, Report, Taken
from cancellations.marks import mark_orders
from cancellations.models import ProcessException
from cancellations.refunds.attention import assigned
from orders.arithmetic.amounts import Standing
from orders.arithmetic.funds import Payment
from orders.arithmetic.money import Minor
from orders.models import OrderItemSummary, OrderSummary, PaymentSummary

Category = ProcessException.Category
Severity = ProcessException.Severity


def note_misfits(
    order: OrderSummary, before: Standing, taken: Taken, report: Report, *, by: User
) -> None:
    """Open an exception for what did not fit, and resolve those that a report has settled.

    Of a category at most one is open for a line or payment: newer facts take its place. What a
    person has resolved is not opened again by the same facts: absolute figures come every hour.

    Args:
        order: Locked, with its lines and payments read.
    """
    open_now = {
        (exception.category, exception.about): exception
        for exception in order.process_exceptions.open()
        .of_facts()
        .select_related("line", "payment")
    }
    settled = [open_now[concern].pk for concern in taken.fits if concern in open_now]
    if settled:
        ProcessException.objects.filter(pk__in=settled).update(
            resolved_at=timezone.now(), resolved_by=by
        )
    dealt_with = _facts_dealt_with(order, taken.misfits - open_now.keys())
    moved = _moved(before, taken.after)
    subjects = _subjects(order)
    new, newer = [], []
    for concern, facts in _facts_of_misfits(taken, report):
        if known := open_now.get(concern):
            if known.facts != facts:
                known.facts, known.severity = facts, _severity(known.category, facts)
                newer.append(known)
        elif concern in moved or dealt_with.get(concern) != facts:
            new.append(_exception(order, concern, subjects, facts))
    ProcessException.objects.bulk_update(newer, ["facts", "severity"])
    ProcessException.objects.bulk_create(new)
    if settled or newer or new:
        mark_orders([order.pk])
    if before.excess_funds and not taken.after.excess_funds:
        assigned(order, by=by, now=timezone.now())


def _moved(before: Standing, after: Standing) -> set[Concern]:
    """What a report changed: a misfit of it is another than one that was dealt with before."""
    moved: set[Concern] = {
        ("fulfillment", key) for key, line in after.lines.items() if line != before.lines[key]
    }
    for was, now in zip(before.payments, after.payments, strict=True):
        if was != now:
            moved |= {("payment", now.key), ("refund", now.key)}
    return moved


def _facts_dealt_with(
    order: OrderSummary, concerns: Collection[Concern]
) -> dict[tuple[str, str], Any]:
    """The facts of the last exception of each concern that a person resolved."""
    if not concerns:
        return {}
    resolved = order.process_exceptions.of_facts().exclude(note="")
    return {
        (exception.category, exception.about): exception.facts
        for exception in resolved.select_related("line", "payment").order_by("resolved_at", "pk")
    }


def note_misfit_payments(orders: Sequence[OrderSummary]) -> None:
    """Open an exception for each payment of new orders whose figures do not fit."""
    payments = PaymentSummary.objects.filter(order__in=orders)
    opened = ProcessException.objects.bulk_create(
        ProcessException(
            order_id=payment.order_id,
            category=Category.PAYMENT,
            severity=Severity.HIGH,
            payment=payment,
            facts=_payment_facts(payment.figures),
        )
        for payment in payments.order_by("pk")
        if payment.figures.misfit
    )
    mark_orders({exception.order_id for exception in opened})


Subjects: TypeAlias = Mapping[str, Mapping[str, OrderItemSummary | PaymentSummary]]
"""The lines and payments of an order by their keys."""


def _subjects(order: OrderSummary) -> Subjects:
    return {
        "line": {line.key: line for line in order.lines.all()},
        "payment": {payment.key: payment for payment in order.payments.all()},
    }


def _exception(
    order: OrderSummary, concern: Concern, subjects: Subjects, facts: Mapping[str, Any]
) -> ProcessException:
    category, key = concern
    kind = "line" if category == "fulfillment" else "payment"
    about: dict[str, Any] = {kind: subjects[kind][key]}
    return ProcessException(
        order=order,
        category=category,
        severity=_severity(category, facts),
        facts=facts,
        **about,
    )


def _severity(category: str, facts: Mapping[str, Any]) -> Severity:
    """High where money or goods may be lost; low where only what is planned does not fit."""
    if category != Category.FULFILLMENT:
        return Severity.HIGH
    reported, in_effect = facts["reported"], facts["in_effect"]
    lost = (
        reported["fulfilled"] > in_effect["fulfilled"]
        or reported["returned"] > in_effect["returned"]
        or reported["canceled"] > in_effect["canceled_elsewhere"]
    )
    return Severity.HIGH if lost else Severity.LOW


def _facts_of_misfits(taken: Taken, report: Report) -> Iterator[tuple[Concern, dict[str, Any]]]:
    """What was reported beside what is in effect, in counts and minor units."""
    payments = {payment.key: payment for payment in taken.after.payments}
    for concern in sorted(taken.misfits):
        category, key = concern
        if category == "fulfillment":
            yield (
                concern,
                {
                    "reported": asdict(report.lines[key].reported),
                    "in_effect": asdict(taken.after.lines[key].quantities),
                },
            )
        elif category == "refund":
            facts = _payment_facts(payments[key])
            yield concern, {**facts, "beyond_expected": taken.beyond_expected}
        else:
            yield concern, _payment_facts(payments[key])


def _payment_facts(payment: Payment) -> dict[str, Minor | None]:
    return {
        name: getattr(payment, name)
        for name in (
            "captured",
            "refunded_here",
            "refunded_elsewhere",
            "charged_back",
            "reserved",
            "captured_at_release",
        )
    }
