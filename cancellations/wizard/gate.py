"""The way into a wizard: which order, whether its run is still open, and who is turned away."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cancellations.history import with_items_and_refunds
from cancellations.models import ChangeOrder
from cancellations.snapshots import NotReadBack, Snapshot
from cancellations.wizard.frame import Frame
from orders.models import OrderItemSummary, OrderSummary

NOTHING_CANCELED = "nothing-canceled"
"""Tags a message that is no longer true once the run was submitted, by another click perhaps."""

CHANGED = "This order changed while you were working. Nothing was canceled."


class NotAnOrderSummary(Exception):
    """A wizard was opened on something that is no order summary."""


@dataclass(frozen=True, slots=True)
class WizardOrder:
    """An order as a wizard meets it, with what is known of the wizard's run.

    Attributes:
        is_submitted: The run made a change order of this order.
        is_run_elsewhere: It made one of another order.
    """

    summary: OrderSummary
    is_submitted: bool
    is_run_elsewhere: bool

    @property
    def pk(self) -> int:
        return self.summary.pk

    @property
    def order_number(self) -> str:
        return self.summary.order_number


def find_order(order_number: str, run: UUID | None = None) -> WizardOrder:
    """The order of a wizard with its lines, in two queries.

    The statement that reads the lines says as well whether the run was submitted, so that of
    a double click neither can see the other's work and not know it for its own.

    Raises:
        NotAnOrderSummary: There is none of this number.
    """
    cancellations = ChangeOrder.objects.filter(kind=ChangeOrder.Kind.CANCELLATION)
    made = cancellations.filter(request_id=str(run)) if run else cancellations.none()
    submitted = Exists(made.filter(order__order_number=order_number))
    lines = OrderItemSummary.objects.for_reading().annotate(is_of_submitted_run=submitted)
    summary = (
        OrderSummary.objects.select_related("account")
        .prefetch_related(Prefetch("lines", lines))
        .annotate(is_run_elsewhere=Exists(made.exclude(order=OuterRef("pk"))))
        .filter(order_number=order_number)
        .first()
    )
    if summary is None:
        raise NotAnOrderSummary
    is_submitted = any(getattr(line, "is_of_submitted_run", False) for line in summary.lines.all())
    return WizardOrder(summary, is_submitted, summary.is_run_elsewhere)


def was_submitted_otherwise(order: WizardOrder, run: UUID, agreed: str) -> bool:
    """Whether a submitted run did something else than this signed review of it says."""
    try:
        reviewed = Snapshot.read(agreed, order.order_number)
    except NotReadBack:
        return False
    made = with_items_and_refunds(order.summary.change_orders.all()).get(request_id=str(run))
    lines = {
        item.line.key: (
            item.quantity,
            -item.net_minor,
            -item.tax_minor,
            (item.reason_name, item.note, item.refund_delivery) if item.reason_name else None,
        )
        for item in made.items.all()
    }
    refunds = {refund.payment.key: refund.amount_minor for refund in made.refunds.all()}
    return (lines, refunds, made.unassigned_minor) != (
        {
            key: (line.quantity, line.net, line.tax, line.answers)
            for key, line in reviewed.lines.items()
        },
        reviewed.refunds,
        reviewed.unassigned,
    )


def refuse_entry(
    request: HttpRequest, order: WizardOrder, *, is_at_work: bool = False
) -> HttpResponse | None:
    """The page that says why nothing of the order can be canceled, or None when some can be.

    Args:
        is_at_work: Whether the agent had sent something, of which then nothing was canceled.
    """
    if not order.summary.is_managed:
        title = "This order summary is unmanaged."
        text = "You can only cancel items of a managed order summary."
    elif not any(line.is_product and line.quantity_available for line in order.summary.lines.all()):
        title = "Nothing to cancel"
        text = "When an order has items you can cancel, you'll find them here."
    else:
        return None
    if is_at_work:
        messages.warning(request, CHANGED)
    return _page(request, title, text, order.summary)


def refuse_not_an_order_summary(request: HttpRequest) -> HttpResponse:
    """The page of a wizard that was opened on something else; 404."""
    title = "We don't think you meant to come here."
    text = "Start a cancellation from an order summary."
    response = _page(request, title, text, None)
    response.status_code = 404
    return response


def _page(request: HttpRequest, title: str, text: str, order: OrderSummary | None) -> HttpResponse:
    frame = Frame.of(request)
    context = {"title": title, "text": text, "order": order, "frame": frame}
    return render(request, "wizard/nothing.html", context)
