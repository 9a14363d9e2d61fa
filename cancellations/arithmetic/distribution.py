"""Which payments a refund goes back over (domain.md §6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from orders.arithmetic.funds import Payment
from orders.arithmetic.money import Minor


@dataclass(frozen=True, slots=True)
class Share:
    """So much of a refund over one payment, in minor units; always more than 0."""

    payment: Payment
    amount: Minor


def distribute(amount: Minor, payments: Sequence[Payment]) -> tuple[Share, ...]:
    """Shares of ``amount``, at most what each payment can still refund.

    The payment whose refundable is exactly the amount; else the smallest greater one; else
    from the largest to the smallest until covered. A payment that only supports full
    refunds takes part while nothing of it went back, with its whole captured amount or not at
    all, and comes first in the last rule. Ties go by the sequence of ``payments``. What no
    payment can take is left over.
    """
    if amount <= 0:
        return ()
    able = [payment for payment in payments if _takes_part(payment)]
    for payment in able:
        if payment.refundable == amount:
            return (Share(payment, amount),)
    greater = [p for p in able if p.refundable > amount and not p.full_refund_only]
    if greater:
        return (Share(min(greater, key=lambda payment: payment.refundable), amount),)
    return _until_covered(amount, able)


def _takes_part(payment: Payment) -> bool:
    whole = payment.refundable == payment.captured
    return payment.refundable > 0 and (whole or not payment.full_refund_only)


def _until_covered(amount: Minor, payments: Sequence[Payment]) -> tuple[Share, ...]:
    shares = []
    for payment in sorted(payments, key=lambda p: (not p.full_refund_only, -p.refundable)):
        part = min(payment.refundable, amount)
        if payment.full_refund_only and part < payment.refundable:
            continue
        if part:
            shares.append(Share(payment, part))
            amount -= part
    return tuple(shares)
