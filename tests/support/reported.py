"""Reports as arithmetic takes them, in few words; amounts as text."""

from dataclasses import replace

from cancellations.arithmetic.reports import LineFacts, PaymentFacts, Report
from orders.arithmetic.facts import Reported
from tests.support.standings import usd


def told(key="1", *, flag=False, **counters):
    """A report on one line, by the names of its counters."""
    return Report(lines={key: LineFacts(Reported(**counters), flag)})


def returned(count, key="1", *, flag=False, **counters):
    gone = dict.fromkeys(("allocated", "fulfilled", "return_initiated", "returned"), count)
    return told(key, flag=flag, **gone, **counters)


def figures(payment, **changes):
    """What is reported of a payment: as it is, but for the changes, as text."""
    known = PaymentFacts(
        payment.authorized, payment.captured, payment.refunded_elsewhere, payment.charged_back
    )
    return replace(known, **{name: usd(amount) for name, amount in changes.items()})


def paid(order, **changes):
    """A report on payments, by their keys."""
    payments = {payment.key: payment for payment in order.payments}
    return Report(payments={key: figures(payments[key], **said) for key, said in changes.items()})


def both(report, other):
    return Report({**report.lines, **other.lines}, {**report.payments, **other.payments})
