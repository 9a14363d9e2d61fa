"""What an order was paid with, and the money that other systems move (domain.md §6)."""

from collections.abc import Iterable
from dataclasses import dataclass

from orders.arithmetic.money import Minor


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment summary, in minor units.

    Attributes:
        refunded_here: What our refunds brought back over it.
        refunded_elsewhere: What others report to have refunded.
        released: What of its authorization was given up.
        captured_at_release: What was captured when it was, or None.
    """

    key: str
    method: str
    captured: Minor
    authorized: Minor = 0
    refunded_here: Minor = 0
    refunded_elsewhere: Minor = 0
    charged_back: Minor = 0
    reserved: Minor = 0
    full_refund_only: bool = False
    released: Minor = 0
    captured_at_release: Minor | None = None

    @property
    def refunded(self) -> Minor:
        return self.refunded_here + self.refunded_elsewhere

    @property
    def held(self) -> Minor:
        """What is still there and not set aside; below 0 when more went than came."""
        return self.captured - self.refunded - self.charged_back - self.reserved

    @property
    def refundable(self) -> Minor:
        return max(0, self.held)

    @property
    def authorization_open(self) -> Minor:
        """What may still be captured."""
        return max(0, self.authorized - self.captured - self.released)

    @property
    def misfit(self) -> str | None:
        """What of its figures does not fit, in words, or None (domain.md §2)."""
        if self.held < 0:
            return "more went back or is set aside than was captured"
        if self.captured_at_release is not None and self.captured > self.captured_at_release:
            return "more was captured than at its release"
        return None


def held(payments: Iterable[Payment]) -> Minor:
    """Over all payments, not clamped: what one lacks another has to make up for."""
    return sum(payment.held for payment in payments)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Money that other systems move, moved by facts alone, in minor units.

    Attributes:
        expected: P, what others took off the order and still have to pay back; 0 or more.
        given: G, what others gave beyond what was owed; negative: what the shop kept of a return.
        unpaid: W, what others took off before anyone had paid for it; 0 or more.
    """

    expected: Minor = 0
    given: Minor = 0
    unpaid: Minor = 0


NOTHING_ELSEWHERE = Elsewhere()
