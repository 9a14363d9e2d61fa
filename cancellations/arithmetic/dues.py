"""Why what is refunded is not what was canceled (domain.md §6): from the one to the other."""

from dataclasses import dataclass

from orders.arithmetic.amounts import Standing
from orders.arithmetic.money import Minor


@dataclass(frozen=True, slots=True)
class Due:
    """From what a change takes off the grand total to what it refunds; amounts of 0 or more.

    Attributes:
        canceled: What leaves the grand total.
        owed_before: What was owed without it, and is refunded with it.
        given_before: What others had given of it already, as goodwill.
        charged_back: What would be refunded, had the customer's bank not taken it back.
        never_captured: What nobody had paid.
        refund_due: ``canceled + owed_before − given_before − charged_back − never_captured``.
    """

    canceled: Minor
    owed_before: Minor
    given_before: Minor
    charged_back: Minor
    never_captured: Minor

    @property
    def refund_due(self) -> Minor:
        kept = self.given_before + self.charged_back + self.never_captured
        return self.canceled + self.owed_before - kept

    @property
    def is_plain(self) -> bool:
        """Whether what is canceled is what is refunded, and there is nothing to explain."""
        return self == Due(self.canceled, 0, 0, 0, 0)


def due_of(before: Standing, after: Standing) -> Due:
    """What makes up the refund of a change that leaves an order as ``after``.

    Money that it sets aside for refunds changes nothing of it.
    """
    canceled = before.totals.grand_total - after.totals.grand_total
    to_pay_back = before.to_keep - after.to_keep
    missing = _missing(before.balance, to_pay_back)
    charged_back = sum(payment.charged_back for payment in before.payments)
    never_captured = _missing(before.balance + charged_back, to_pay_back)
    return Due(
        canceled=canceled,
        owed_before=before.excess_funds,
        given_before=canceled - to_pay_back,
        charged_back=missing - never_captured,
        never_captured=never_captured,
    )


def _missing(balance: Minor, to_pay_back: Minor) -> Minor:
    """What of an amount cannot be paid back, because so much was not paid."""
    return min(to_pay_back, max(0, -balance))
