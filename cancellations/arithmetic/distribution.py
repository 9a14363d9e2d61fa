"""Which payments a refund goes back over (domain.md §6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders.arithmetic.funds import Payment
from orders.arithmetic.money import Minor


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a gateway can send of a currency, in minor units: whole steps, and no less than."""

    step: Minor = 1
    smallest: Minor = 1

    def most_of(self, amount: Minor) -> Minor:
        """The most that can be sent of an amount; 0 where it is too small."""
        whole = amount - amount % self.step
        return whole if whole >= self.smallest else 0


ANY_AMOUNT = Amounts()
"""Whatever there is: of gateways that send single minor units, and of people."""


@dataclass(frozen=True, slots=True)
class Share:
    """So much of a refund over one payment, in minor units; always more than 0."""

    payment: Payment
    amount: Minor


def distribute(
    amount: Minor, payments: Sequence[Payment], sends: Mapping[str, Amounts] | None = None
) -> tuple[Share, ...]:
    """Shares of ``amount``, at most what each payment can still refund.

    The payment whose refundable is exactly the amount; else the smallest greater one; else
    from the largest to the smallest until covered. A payment that only supports full
    refunds takes part while nothing of it went back, with its whole captured amount or not at
    all, and comes first in the last rule. Ties go by the sequence of ``payments``. Each takes
    whole steps of its gateway; what remains goes on by the same rules over the others. What no
    payment can take is left over.

    Args:
        sends: What a payment's gateway can send, by the payment's key, where not any amount.
    """
    sends = sends or {}
    able = [payment for payment in payments if _takes_part(payment, amount, sends)]
    if not able:
        return ()
    chosen = _exact(amount, able) or _smallest_greater(amount, able)
    if chosen is None:
        return _until_covered(amount, able, sends)
    share = Share(chosen, _most(chosen, amount, sends))
    others = [payment for payment in able if payment is not chosen]
    return (share, *distribute(amount - share.amount, others, sends))


def beyond_steps(amount: Minor, payments: Sequence[Payment], sends: Mapping[str, Amounts]) -> Minor:
    """What of an amount the payments could take, and no step of their gateways can send."""
    if not sends:
        return 0
    taken, sent = (
        sum(share.amount for share in distribute(amount, payments, steps)) for steps in ({}, sends)
    )
    return max(0, taken - sent)


def _takes_part(payment: Payment, amount: Minor, sends: Mapping[str, Amounts]) -> bool:
    most = _most(payment, amount, sends)
    if not payment.full_refund_only:
        return most > 0
    whole = payment.refundable == payment.captured
    return whole and 0 < most == payment.refundable


def _most(payment: Payment, amount: Minor, sends: Mapping[str, Amounts]) -> Minor:
    """The most that can go of an amount over a payment, which may not be all that there is."""
    return sends.get(payment.key, ANY_AMOUNT).most_of(min(payment.refundable, amount))


def _exact(amount: Minor, payments: Sequence[Payment]) -> Payment | None:
    return next((payment for payment in payments if payment.refundable == amount), None)


def _smallest_greater(amount: Minor, payments: Sequence[Payment]) -> Payment | None:
    greater = [payment for payment in payments if payment.refundable > amount]
    return min(greater, key=lambda payment: payment.refundable, default=None)


def _until_covered(
    amount: Minor, payments: Sequence[Payment], sends: Mapping[str, Amounts]
) -> tuple[Share, ...]:
    shares = []
    for payment in sorted(payments, key=lambda p: (not p.full_refund_only, -p.refundable)):
        if _takes_part(payment, amount, sends):
            shares.append(Share(payment, _most(payment, amount, sends)))
            amount -= shares[-1].amount
    return tuple(shares)
