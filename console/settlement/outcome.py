"""What a settlement comes to, as its page shows it; no amount is computed here."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from cancellations.arithmetic.changes import Change, total_changes
from cancellations.arithmetic.quotes import Quote
from cancellations.arithmetic.releases import kept_open
from cancellations.second_person import needs_second_person
from cancellations.snapshots import QuoteChanged, Snapshot
from cancellations.wizard.differences import Difference, differences_since
from orders.arithmetic.funds import Payment
from orders.arithmetic.money import Minor
from orders.models import OrderSummary


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would happen now.

    Attributes:
        agreed: The quote signed for its order: what gets submitted is what was reviewed.
        totals: The order's totals before and after, where any of them changes.
        kept: The authorizations that stay, each with what is needed of it.
        needs_second_person: Whether somebody else has to approve it.
    """

    quote: Quote
    agreed: str
    totals: tuple[Change, ...]
    kept: tuple[tuple[Payment, Minor], ...]
    needs_second_person: bool


def outcome_of(quoted: Quote, order: OrderSummary) -> Outcome:
    """The outcome of a quoted settlement of an order."""
    totals = tuple(
        replace(total, label=_(total.label)) for total in total_changes(quoted.before, quoted.after)
    )
    return Outcome(
        quote=quoted,
        agreed=Snapshot.of(quoted, ()).sign(order.order_number),
        totals=totals if quoted.moves else (),
        kept=kept_open(quoted.after) if quoted.releases else (),
        needs_second_person=needs_second_person(order, quoted),
    )


def differences(refused: QuoteChanged, order: OrderSummary) -> tuple[Difference, ...]:
    """What moved between review and submit."""
    methods = {payment.key: payment.method for payment in order.payments.all()}
    return differences_since(refused.reviewed, refused.now, order.currency, methods)
