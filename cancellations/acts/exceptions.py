"""Process exceptions: opened and resolved by what is reported, and resolved by people."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from cancellations.arithmetic.reports import Concern, Report, Taken
from cancellations.models import ProcessException
from orders.arithmetic.amounts import Standing
from orders.arithmetic.funds import Payment
from orders.arithmetic.money import Minor
from orders.models import OrderSummary, PaymentSummary

Category = ProcessException.Category
Severity = ProcessException.Severity


def note_misfits(order: OrderSummary, taken: Taken, report: Report, *, by: User) -> None:
    """Open an exception for what did not fit, and resolve those that a report has settled.

    Of a category at most one is open for a line or payment: newer facts take its place.

    Args:
        order: Locked, with its lines and payments read.
    """
    open_now = {
        (exception.category, exception.about): exception
        for exception in order.process_exceptions.open().select_related("line", "payment")
    }
    settled = [open_now[concern].pk for concern in taken.fits if concern in open_now]
    if settled:
        ProcessException.objects.filter(pk__in=settled).update(
            resolved_at=timezone.now(), resolved_by=by
        )
    new = []
    for concern in sorted(taken.misfits):
        facts = _facts(concern, taken.after, report)
        if known := open_now.get(concern):
            known.facts, known.severity = facts, _severity(known.category, facts)
            known.save(update_fields=["facts", "severity"])
        else:
            new.append(_exception(order, concern, facts))
    ProcessException.objects.bulk_create(new)


def note_misfit_payments(orders: Sequence[OrderSummary]) -> None:
    """Open an exception for each payment of new orders whose figures do not fit."""
    payments = PaymentSummary.objects.filter(order__in=orders)
    ProcessException.objects.bulk_create(
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


def _exception(order: OrderSummary, concern: Concern, facts: Mapping[str, Any]) -> ProcessException:
    category, key = concern
    about_line = category == "fulfillment"
    lines = {line.key: line for line in order.lines.all()}
    payments = {payment.key: payment for payment in order.payments.all()}
    return ProcessException(
        order=order,
        category=category,
        severity=_severity(category, facts),
        line=lines[key] if about_line else None,
        payment=None if about_line else payments[key],
        facts=facts,
    )


def _severity(category: str, facts: Mapping[str, Any]) -> Severity:
    """High where money or goods may be lost; low where only what is planned does not fit."""
    if category != Category.FULFILLMENT:
        return Severity.HIGH
    shipped = facts["reported"]["fulfilled"] > facts["in_effect"]["fulfilled"]
    return Severity.HIGH if shipped else Severity.LOW


def _facts(concern: Concern, after: Standing, report: Report) -> dict[str, Any]:
    """What was reported beside what is in effect, in counts and minor units."""
    category, key = concern
    if category == "fulfillment":
        return {
            "reported": asdict(report.lines[key].reported),
            "in_effect": asdict(after.lines[key].quantities),
        }
    return _payment_facts(next(payment for payment in after.payments if payment.key == key))


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
