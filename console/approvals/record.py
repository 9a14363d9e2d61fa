"""What an approval's page says: what was asked, whether it still holds, and who may decide."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cancellations.acts.agreed import NoLongerHolds, still_agreed
from cancellations.acts.approve import ANOTHER_PERSON
from cancellations.acts.change_orders import actor_name
from cancellations.acts.requests import APPROVING_NEEDS, may_approve
from cancellations.arithmetic.quotes import Quote
from cancellations.models import Approval
from cancellations.snapshots import NotReadBack, Snapshot
from cancellations.wizard.line_pages import Wanted
from cancellations.wizard.receipt import Receipt, receipt_of
from console.lists.approvals import status_of, title_of
from console.lists.columns import Link, Status, link_to
from console.settlement.outcome import Outcome, outcome_of
from orders.arithmetic.money import Minor
from orders.formats import Text
from orders.models import OrderSummary

_KINDS: dict[str, Text] = {
    "cancellation": _("Items are canceled."),
    "settlement": _("What is owed is refunded."),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A line or payment as it was reviewed; ``why`` are the reason and the note."""

    name: str
    amount: Minor
    quantity: int = 0
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApprovalRecord:
    """An approval in words.

    Attributes:
        receipt, outcome: What would happen, of a cancellation or a settlement that still holds.
        asked: Of any other: what was reviewed, line by line, then payment by payment; nothing once
            it was erased.
        note: Of a settlement.
        holds: Whether what was reviewed would still happen; of one that is decided, no.
        may_not: Why the reader cannot decide, or "".
        may_withdraw: Whether the reader asked for it.
        result: The change order that came of it.
    """

    title: str
    status: Status
    kind: Text
    requester: str
    decider: str
    receipt: Receipt | None
    outcome: Outcome | None
    asked: tuple[Asked, ...]
    note: str
    holds: bool
    may_not: str
    may_withdraw: bool
    result: Link | None


def read_approval(
    approval: Approval,
    order: OrderSummary,
    *,
    reader: AbstractBaseUser | AnonymousUser,
    wanted: Wanted,
) -> ApprovalRecord:
    """The record of an approval of an order that was fetched ``with_everything()``.

    Args:
        wanted: Which page of its lines.
    """
    receipt, outcome = _now(approval, order, wanted) if approval.is_requested else (None, None)
    holds = bool(receipt or outcome)
    return ApprovalRecord(
        title=title_of(approval),
        status=status_of(approval),
        kind=_KINDS[approval.kind],
        requester=actor_name(approval.requested_by),
        decider=actor_name(approval.decided_by) if approval.decided_by else "",
        receipt=receipt,
        outcome=outcome,
        asked=() if holds else tuple(_asked(approval, order)),
        note=str(approval.content.get("note", "")) if approval.kind == "settlement" else "",
        holds=holds,
        may_not=_may_not(approval, reader),
        may_withdraw=reader.pk == approval.requested_by_id,
        result=link_to(approval.change_order) if approval.change_order else None,
    )


def _now(
    approval: Approval, order: OrderSummary, wanted: Wanted
) -> tuple[Receipt | None, Outcome | None]:
    """What would happen, if it still is what was reviewed."""
    try:
        agreed = still_agreed(order, approval)
    except NoLongerHolds:
        return None, None
    quoted: Quote = agreed.quote
    if approval.kind == "settlement":
        return None, replace(outcome_of(quoted, order), agreed="")
    return receipt_of(quoted, list(order.lines.all()), agreed.lines, wanted), None


def _asked(approval: Approval, order: OrderSummary) -> Iterator[Asked]:
    try:
        reviewed = Snapshot.read(approval.agreed, order.order_number)
    except NotReadBack:
        return
    with_tax = order.tax_locale == "net"
    for line in reviewed.lines.values():
        amount = line.net + (line.tax if with_tax else 0)
        yield Asked(line.name, amount, line.quantity, (line.answers or ())[:2])
    methods = {payment.key: payment.method for payment in order.payments.all()}
    for key, amount in reviewed.refunds.items():
        said = gettext("Refund: %(payment)s") % {"payment": methods.get(key, key)}
        yield Asked(said, amount)


def _may_not(approval: Approval, reader: AbstractBaseUser | AnonymousUser) -> str:
    if reader.pk == approval.requested_by_id:
        return gettext(ANOTHER_PERSON)
    return "" if may_approve(reader) else gettext(APPROVING_NEEDS)
