"""How an order began: as it was sold, and with what documents brought beside it."""

from collections.abc import Collection
from dataclasses import replace

from cancellations.arithmetic.reports import Report
from orders.arithmetic import amounts
from orders.arithmetic.funds import NOTHING_ELSEWHERE, Payment
from orders.arithmetic.statuses import Quantities


def as_sold(standing: amounts.Standing) -> amounts.Standing:
    """What an order came with, before anything happened to it: nothing counted, nothing paid."""
    return replace(
        standing,
        lines={
            key: amounts.Line(
                key=line.key,
                name=line.name,
                type=line.type,
                quantities=Quantities(line.quantities.ordered),
                line_amount=line.line_amount,
                adjustments=line.adjustments,
                taxes=line.taxes,
                bundle=line.bundle,
                group=line.group,
            )
            for key, line in standing.lines.items()
        },
        groups={key: amounts.Group(key) for key in standing.groups},
        payments=tuple(
            Payment(each.key, each.method, 0, full_refund_only=each.full_refund_only)
            for each in standing.payments
        ),
        elsewhere=NOTHING_ELSEWHERE,
    )


def without(
    sold: amounts.Standing, lines: Collection[str], payments: Collection[str]
) -> amounts.Standing:
    """What was sold at first: without the lines and payments that amendments brought."""
    return replace(
        sold,
        lines={key: line for key, line in sold.lines.items() if key not in lines},
        payments=tuple(each for each in sold.payments if each.key not in payments),
    )


def brought(sold: amounts.Standing, report: Report) -> amounts.Standing:
    """What an order came with, as counted and paid when it came."""
    lines = dict(sold.lines)
    for key, line_facts in report.lines.items():
        counters = line_facts.reported
        lines[key] = replace(
            lines[key],
            reported=counters,
            quantities=Quantities(
                lines[key].quantities.ordered,
                canceled=counters.canceled,
                allocated=counters.allocated,
                fulfilled=counters.fulfilled,
                return_initiated=counters.return_initiated,
                returned=counters.returned,
                canceled_elsewhere=counters.canceled,
            ),
        )
    payments = tuple(
        replace(
            payment,
            authorized=facts.authorized,
            captured=facts.captured,
            refunded_elsewhere=facts.refunded_elsewhere,
            charged_back=facts.charged_back,
        )
        if (facts := report.payments.get(payment.key))
        else payment
        for payment in sold.payments
    )
    return replace(sold, lines=lines, payments=payments)
