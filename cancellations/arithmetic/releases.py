"""Which authorizations are given up because nothing of them is needed any more (domain.md §6)."""

from dataclasses import dataclass

from orders.arithmetic.amounts import Standing
from orders.arithmetic.funds import Payment
from orders.arithmetic.money import Minor


@dataclass(frozen=True, slots=True)
class Release:
    """What is still open of one payment's authorization, in minor units; always more than 0."""

    payment: Payment
    amount: Minor


def releasable(standing: Standing) -> tuple[Release, ...]:
    """Those of which nothing is needed, whole; ``needed`` says what the others are kept for.

    Args:
        standing: With the refunds of the change set aside.
    """
    return tuple(
        Release(payment, payment.authorization_open)
        for payment, needed in _needs(standing)
        if not needed
    )


def kept_open(standing: Standing) -> tuple[tuple[Payment, Minor], ...]:
    """The payments whose authorization stays, each with what is needed of it."""
    return tuple((payment, needed) for payment, needed in _needs(standing) if needed)


def _needs(standing: Standing) -> list[tuple[Payment, Minor]]:
    """The open authorizations in the order's sequence, each with what has to be captured of it."""
    need = max(0, standing.to_keep + standing.elsewhere.expected - max(0, standing.held))
    needs = []
    for payment in standing.payments:
        if payment.authorization_open:
            needed = min(payment.authorization_open, need)
            needs.append((payment, needed))
            need -= needed
    return needs
