"""What a settlement comes to, as its page shows it; no amount is computed here."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cancellations.arithmetic.changes import Change
from cancellations.arithmetic.quotes import Quote
from cancellations.arithmetic.releases import kept_open
from cancellations.explained import DueInWords, due_in_words
from cancellations.second_person import needs_second_person
from cancellations.snapshots import QuoteChanged, Snapshot
from cancellations.wizard.differences import Difference, differences_since
from cancellations.wizard.receipt import ReceiptLine, receipt_of
from console.records.lines import Parts
from console.records.money import Behind, read_behind
from console.records.totals import read_totals
from orders.arithmetic.amounts import Standing
from orders.arithmetic.funds import Payment
from orders.arithmetic.money import Minor
from orders.models import OrderSummary


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would happen now.

    Attributes:
        agreed: The quote signed for its order: what gets submitted is what was reviewed.
        lines: The lines of which something is given back, each with how it adds up.
        totals: The order's totals before and after, where any of them changes.
        due: How the refund comes about from what is given back, where anything is.
        kept: The authorizations that stay, each with what is needed of it.
        needs_second_person: Whether somebody else has to approve it.
    """

    quote: Quote
    agreed: str
    lines: tuple[ReceiptLine, ...]
    totals: tuple[Change, ...]
    due: DueInWords | None
    kept: tuple[tuple[Payment, Minor], ...]
    needs_second_person: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """How what an order's customer is owed comes about, from the figures of its record.

    Attributes:
        held: Of each payment by which money is held, its method and how much.
        totals: What the order comes to now.
    """

    amount_minor: Minor
    held: tuple[tuple[str, Minor], ...]
    held_minor: Minor
    totals: tuple[tuple[str, Minor, Parts], ...]
    behind: Behind


def owed_now(order: OrderSummary, standing: Standing) -> Owed | None:
    """What is owed whatever is chosen; None where nothing is."""
    if not standing.excess_funds:
        return None
    return Owed(
        amount_minor=standing.excess_funds,
        held=tuple((each.method, each.held) for each in standing.payments if each.held),
        held_minor=standing.held,
        totals=tuple(read_totals(order, standing)),
        behind=read_behind(standing),
    )


def outcome_of(quoted: Quote, order: OrderSummary) -> Outcome:
    """The outcome of a quoted settlement of an order."""
    receipt = receipt_of(quoted, tuple(order.lines.all()), ())
    given_back = due_in_words(receipt.due.due, order.currency, taken_off=_("Given back"))
    return Outcome(
        quote=quoted,
        agreed=Snapshot.of(quoted, ()).sign(order.order_number),
        lines=receipt.lines,
        totals=receipt.totals if quoted.moves else (),
        due=given_back if quoted.moves else None,
        kept=kept_open(quoted.after) if quoted.releases else (),
        needs_second_person=needs_second_person(order, quoted),
    )


def differences(refused: QuoteChanged, order: OrderSummary) -> tuple[Difference, ...]:
    """What moved between review and submit."""
    methods = {payment.key: payment.method for payment in order.payments.all()}
    return differences_since(refused.reviewed, refused.now, order.currency, methods)
