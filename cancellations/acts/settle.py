"""The act that refunds what is owed without a cancellation, and its read-only preview."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.models import User

from cancellations.acts.change_orders import NewChangeOrder, write_change_order
from cancellations.acts.requests import Submission, check_may_settle, earlier
from cancellations.arithmetic.distribution import Amounts, beyond_steps
from cancellations.arithmetic.quotes import Quote
from cancellations.arithmetic.releases import releasable
from cancellations.arithmetic.settlements import (
    charges_left_behind,
    fees_left_behind,
    quote_settlement,
)
from cancellations.documents.facts import facts_of_steps
from cancellations.models import LONGEST_NOTE, ChangeOrder
from cancellations.refunds.gateways.asking import what_can_be_sent
from cancellations.second_person import check_one_person_may
from cancellations.selection import (
    UNMANAGED,
    Amount,
    Refusal,
    SelectionRefused,
    SettlementRequest,
    as_it_counts,
)
from cancellations.snapshots import NotReviewed, QuoteChanged, Snapshot
from orders.arithmetic.amounts import Standing
from orders.arithmetic.money import Minor
from orders.arithmetic.words import gettext_noop
from orders.events import write_event
from orders.locking import UnknownOrder, begun_again_when_interrupted, locked_order
from orders.models import OrderEvent, OrderSummary
from orders.standing import as_it_stands, write_standing

NOTHING_OWED = gettext_noop("Nothing is owed, given back or released by it.")
NOTHING_CHOSEN = gettext_noop("Say how much goes back over which payment.")
NO_PAYMENT_TAKES_IT = gettext_noop("No payment can take it by the rules: choose one.")
NAMED_TWICE = gettext_noop("A delivery group is named twice.")
NO_CHARGE = gettext_noop("%(group)s has no charge left behind, or still has items.")
NO_FEE = gettext_noop("There is no fee left, or there are still items.")
LONG_NOTE = gettext_noop("Shorten the note to %(most)d characters.")
AT_MOST = gettext_noop("At most %(amount)s can go back over this payment.")
MORE_THAN_OWED = gettext_noop("More than the %(amount)s that is owed.")


@begun_again_when_interrupted
def submit_settlement(
    *, request: SettlementRequest, agreed: Snapshot | NotReviewed, by: User
) -> Submission:
    """Refund what an order's customer is owed, all or nothing, once for its request.

    What no payment can take by the rules stays unassigned. Where that is all of it, a document is
    settled all the same: whoever writes it asks that it be refunded as far as it can be, and reads
    the rest in the export. A person, who has reviewed it, is to choose a payment instead.

    Args:
        agreed: What was reviewed, or ``NotReviewed()`` for documents.
        by: The acting user, who needs the right to refund what is owed.

    Raises:
        NotAllowed: ``by`` may not settle.
        UnknownOrder, OrderBusy: The order is not there, or someone else is changing it.
        OrderRefused: The database found the order's records not to agree.
        RequestReused: The request's id stands for other content.
        SelectionRefused: The order as locked does not allow it.
        QuoteChanged: What was reviewed is no longer what would happen.
        SecondPersonNeeded: So much is at stake that somebody else has to approve it.
    """
    check_may_settle(by)
    with locked_order(request.order_number) as order:
        if repeated := earlier(order, request):
            return Submission(repeated, is_repeat=True)
        quoted = agreed_settlement(order, request, agreed)
        check_one_person_may(order, quoted)
        return Submission(write_settlement(order, quoted, request, by=by), is_repeat=False)


def agreed_settlement(
    order: OrderSummary, request: SettlementRequest, agreed: Snapshot | NotReviewed
) -> Quote:
    """What a request comes to on a locked order, if that is what was agreed.

    Raises:
        SelectionRefused: The order as locked does not allow it.
        QuoteChanged: What was reviewed is no longer what would happen.
    """
    quoted = judged_settlement(order, request)
    if isinstance(agreed, Snapshot) and comes_to_nothing(quoted):
        raise SelectionRefused(Refusal(None, "payments", NO_PAYMENT_TAKES_IT))
    now = Snapshot.of(quoted, ())
    if isinstance(agreed, Snapshot) and agreed != now:
        raise QuoteChanged(agreed, now)
    return quoted


def write_settlement(
    order: OrderSummary, quoted: Quote, request: SettlementRequest, *, by: User
) -> ChangeOrder:
    """Refund what was judged on a locked order, in the transaction that locked it."""
    event = write_event(
        order, OrderEvent.Type.SETTLED, by=by, facts=_facts(request, quoted), after=quoted.after
    )
    change_order = write_change_order(order=order, new=_new(quoted, request, event))
    write_standing(order, before=quoted.before, after=quoted.after)
    return change_order


def preview_settlement(*, request: SettlementRequest, by: User) -> ChangeOrder | Quote:
    """What :func:`submit_settlement` would do now, without a lock and without writing."""
    check_may_settle(by)
    order = OrderSummary.objects.filter(order_number=request.order_number).first()
    if order is None:
        raise UnknownOrder
    return earlier(order, request) or judged_settlement(order, request)


def can_be_settled(standing: Standing, sends: Mapping[str, Amounts]) -> bool:
    """Whether something of a managed order is owed, or can be given back or released.

    Args:
        sends: What its gateways can send; what no step of them can is not owed for ever.
    """
    gives_back = charges_left_behind(standing) or fees_left_behind(standing)
    return bool(gives_back) or _is_unsettled(standing, sends)


def comes_to_nothing(quoted: Quote) -> bool:
    """Whether nothing moves by it: what is owed stays owed, for no payment can take it."""
    return not (quoted.moves or quoted.shares or quoted.releases)


def judged_settlement(order: OrderSummary, request: SettlementRequest) -> Quote:
    """Hold a settlement against domain.md §6 and price it; writes nothing.

    Raises:
        SelectionRefused: With every refusal, each at the field concerned.
    """
    if not order.is_managed:
        raise SelectionRefused(UNMANAGED)
    standing = as_it_stands(order)
    if refusals := tuple(_refusals(standing, request)):
        raise SelectionRefused(*refusals)
    quoted = quote_settlement(
        standing,
        request.delivery_groups,
        refund_fees=request.refund_fees,
        chosen=request.chosen,
        sends=what_can_be_sent(order),
    )
    if refusals := tuple(_refusals_of(quoted, request)):
        raise SelectionRefused(*refusals)
    return quoted


def _refusals(standing: Standing, request: SettlementRequest) -> Iterator[Refusal]:
    charges = charges_left_behind(standing)
    if len(set(request.delivery_groups)) < len(request.delivery_groups):
        yield Refusal(None, "settle.delivery_groups", NAMED_TWICE)
    for position, key in enumerate(request.delivery_groups):
        if key not in charges:
            field = f"settle.delivery_groups[{position}]"
            yield Refusal(None, field, NO_CHARGE, (("group", repr(key)),))
    if request.refund_fees and not fees_left_behind(standing):
        yield Refusal(None, "settle.refund_fees", NO_FEE)
    if len(request.note) > LONGEST_NOTE:
        yield Refusal(None, "note", LONG_NOTE, (("most", LONGEST_NOTE),))


def _refusals_of(quoted: Quote, request: SettlementRequest) -> Iterator[Refusal]:
    """What is refused of the amounts that a settlement comes to."""
    gives_back = request.delivery_groups or request.refund_fees
    if not gives_back and not _is_unsettled(quoted.before, quoted.sends):
        yield Refusal(None, "", NOTHING_OWED)
    if request.chosen is None:
        return
    moves_something = gives_back or quoted.releases or any(request.chosen.values())
    if quoted.refund_due and not moves_something:
        yield Refusal(None, "payments", NOTHING_CHOSEN)
    refundable = {payment.key: payment.refundable for payment in quoted.before.payments}
    for key, amount in request.chosen.items():
        most = refundable.get(key, 0)
        if not 0 <= amount <= most:
            yield Refusal(key, "payments", AT_MOST, _amount(most, quoted))
    if sum(request.chosen.values()) > quoted.refund_due:
        yield Refusal(None, "payments", MORE_THAN_OWED, _amount(quoted.refund_due, quoted))


def _is_unsettled(standing: Standing, sends: Mapping[str, Amounts]) -> bool:
    """Whether something is owed or can be released, without anything given back."""
    owed = standing.excess_funds
    return bool(owed - beyond_steps(owed, standing.payments, sends) or releasable(standing))


def _amount(minor: Minor, quoted: Quote) -> tuple[tuple[str, object], ...]:
    return (("amount", Amount(minor, quoted.currency)),)


def _facts(request: SettlementRequest, quoted: Quote) -> dict[str, Any]:
    return {
        "delivery_groups": sorted(request.delivery_groups),
        "refund_fees": request.refund_fees,
        "chosen": None if request.chosen is None else dict(request.chosen),
        **facts_of_steps(quoted),
    }


def _new(quoted: Quote, request: SettlementRequest, event: OrderEvent) -> NewChangeOrder:
    return NewChangeOrder(
        kind=ChangeOrder.Kind.SETTLEMENT,
        request_id=request.request_id,
        fingerprint=request.fingerprint,
        event=event,
        before=quoted.before,
        after=quoted.after,
        moves=quoted.moves,
        note=as_it_counts(request.note),
        refund_due=quoted.refund_due,
        owed_before=quoted.owed_before,
        shares=quoted.shares,
        releases=quoted.releases,
    )
