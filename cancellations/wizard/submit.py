"""What becomes of a submit, and what the agent is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cancellations.acts.agreed import DecidedBefore
from cancellations.acts.submit import AskedOtherwise, submit_or_ask
from cancellations.history import with_items_and_refunds
from cancellations.models import Approval, CancellationReason, ChangeOrder
from cancellations.selection import (
    CancellationRequest,
    NotAllowed,
    RequestReused,
    SelectionRefused,
    as_it_counts,
)
from cancellations.snapshots import NotReadBack, QuoteChanged, Snapshot
from cancellations.wizard.gate import NOTHING_CANCELED
from cancellations.wizard.run import Run
from orders.locking import OrderBusy, OrderRefused
from orders.models import OrderSummary

BUSY = _("Someone else is changing this order; nothing was canceled. Try again.")
REFUSED = _(
    "The database refused this cancellation, so nothing was canceled: the order's records do not"
    " agree with each other. Tell those who keep Countermand running."
)
SUBMITTED_OTHERWISE = _(
    "This cancellation had been submitted before, with other answers or amounts than you reviewed."
    " What follows is what was canceled then; nothing was added to it."
)


ASKED = _("A second person has been asked to approve it; nothing was canceled yet.")
ASKED_OTHERWISE = _(
    "A second person has been asked before, for other answers than these. Withdraw that first."
)


class SubmitOutcome(Enum):
    """What a submit came to."""

    CANCELED = auto()
    CANCELED_BEFORE = auto()
    """An earlier submit of the same run had canceled; this one changed nothing."""
    ORDER_CHANGED = auto()
    """What was reviewed is not what would happen now; nothing was canceled."""
    NOT_NOW = auto()
    """Nothing was canceled, and a message says why."""


@dataclass(frozen=True, slots=True)
class Waits:
    """A second person decides; nothing was canceled."""

    approval: Approval


def submit(
    request: HttpRequest,
    asked: CancellationRequest,
    agreed: Snapshot,
    reasons: Sequence[CancellationReason],
) -> SubmitOutcome | Waits:
    """Cancel what was asked, if it still comes to what was agreed.

    Raises:
        PermissionDenied: Whoever submits has no right to cancel.
    """
    try:
        return attempt(request, asked, agreed, reasons)
    except OrderRefused:
        messages.error(request, REFUSED, extra_tags=NOTHING_CANCELED)
        return SubmitOutcome.NOT_NOW


def attempt(
    request: HttpRequest,
    asked: CancellationRequest,
    agreed: Snapshot,
    reasons: Sequence[CancellationReason],
) -> SubmitOutcome | Waits:
    """The same, which says nothing of an order that takes no cancellation.

    Raises:
        OrderRefused: The order takes none; nothing was canceled.
        PermissionDenied: Whoever submits has no right to cancel.
    """
    try:
        done = submit_or_ask(
            request=asked,
            agreed=agreed,
            by=request.user,  # type: ignore[arg-type]
            reasons=reasons,
        )
    except (QuoteChanged, SelectionRefused):
        return SubmitOutcome.ORDER_CHANGED
    except OrderBusy:
        messages.error(request, BUSY, extra_tags=NOTHING_CANCELED)
        return SubmitOutcome.NOT_NOW
    except NotAllowed as refusal:
        raise PermissionDenied(gettext(refusal.message)) from refusal
    except (RequestReused, DecidedBefore):
        return SubmitOutcome.CANCELED_BEFORE
    except AskedOtherwise as refusal:
        messages.warning(request, ASKED_OTHERWISE)
        return Waits(refusal.waiting)
    if isinstance(done, Approval):
        messages.success(request, ASKED)
        return Waits(done)
    return SubmitOutcome.CANCELED_BEFORE if done.is_repeat else SubmitOutcome.CANCELED


def tell_if_submitted_otherwise(request: HttpRequest, order: OrderSummary, run: Run) -> None:
    """Tell whoever posts a review of a submitted run if it did something else than reviewed."""
    token = request.POST.get("review-agreed")
    if not token:
        return
    try:
        reviewed = Snapshot.read(token, order.order_number)
    except NotReadBack:
        return
    submitted = ChangeOrder.objects.filter(order=order, request_id=run.request_id)
    made = with_items_and_refunds(submitted).get()
    if _as_reviewed(reviewed) != _as_made(made):
        messages.warning(request, SUBMITTED_OTHERWISE)


def _as_reviewed(reviewed: Snapshot) -> tuple[object, ...]:
    """What is compared: lines with their amounts and answers, refunds, what is left over, and
    releases."""
    lines = {
        key: (line.quantity, line.net, line.tax, _answers(*line.answers) if line.answers else None)
        for key, line in reviewed.lines.items()
    }
    return lines, reviewed.refunds, reviewed.unassigned, reviewed.releases


def _as_made(made: ChangeOrder) -> tuple[object, ...]:
    lines = {
        item.line.key: (
            item.quantity,
            -item.net_minor,
            -item.tax_minor,
            _answers(item.reason_name, item.note, item.refund_delivery)
            if item.reason_name
            else None,
        )
        for item in made.items.all()
    }
    refunds = {refund.payment.key: refund.amount_minor for refund in made.refunds.all()}
    releases = {release.payment.key: release.amount_minor for release in made.releases.all()}
    return lines, refunds, made.unassigned_minor, releases


def _answers(reason: str, note: str, refund_delivery: bool) -> tuple[str, str, bool]:
    return reason, as_it_counts(note), refund_delivery
