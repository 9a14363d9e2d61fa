"""The pages around the wizards: start and finish."""

from uuid import UUID, uuid4

from django.contrib.auth.decorators import permission_required
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cancellations.history import with_items_and_refunds
from cancellations.letters import to_read_out
from cancellations.models import RIGHT_TO_CANCEL
from cancellations.undoing import undo_offer
from cancellations.wizard.cancellation import CancellationWizard
from cancellations.wizard.frame import Frame
from cancellations.wizard.gate import (
    NOTHING_CANCELED,
    NotAnOrderSummary,
    Open,
    Refused,
    enter,
    made_by_run,
)
from cancellations.wizard.step import FINISH, progress
from cancellations.wizard.storage import open_run
from orders.arithmetic.funds import Payment
from orders.models import OrderSummary

cancels_items = permission_required(RIGHT_TO_CANCEL, raise_exception=True)


@require_safe
@never_cache
@cancels_items
def start(
    request: HttpRequest, order_number: str, wizard: type[CancellationWizard]
) -> HttpResponse:
    """Open a new run of a wizard, or say why there is nothing to cancel."""
    match enter(request, wizard.kind, order_number, uuid4(), to_all=wizard.takes_everything):
        case Open(order, run, _):
            open_run(request, run)
            step = wizard.step_list[0].name
            url = reverse(f"wizard:{run.kind}_step", args=[order.order_number, run.id, step])
            return redirect(Frame.opened_by(request).keep(url))
        case NotAnOrderSummary() | Refused() as nothing:
            return nothing.page(request)
        case _:  # a run id that was known already: this does not happen by chance
            raise Http404


@require_safe
@never_cache
@cancels_items
def finish(
    request: HttpRequest, order_number: str, run: UUID, wizard: type[CancellationWizard]
) -> HttpResponse:
    """The last step of a submitted run: safe to reload and to bookmark."""
    change_order = get_object_or_404(
        with_items_and_refunds(made_by_run(run)).select_related("order__account"),
        order__order_number=order_number,
    )
    context = {
        "messages": _still_true(request),
        "order": change_order.order,
        "frame": (frame := Frame.of(request)),
        "way_out": frame.way_out(resolve_url(change_order.order)),
        "change_order": change_order,
        "undo": undo_offer(change_order, reader=request.user),
        "kept_open": _kept_open(change_order.order) if change_order.releases.all() else (),
        "to_read_out": to_read_out(change_order),
        "kind_label": wizard.label,
        "progress": progress(wizard.step_list, FINISH[0]),
    }
    return render(request, "wizard/finish.html", context)


def _kept_open(order: OrderSummary) -> list[Payment]:
    """The payments of which something may still be captured, as they are now."""
    figures = (payment.figures for payment in order.payments.all())
    return [payment for payment in figures if payment.authorization_open]


def _still_true(request: HttpRequest) -> list[Message]:
    """What was said on the way here, but for what was said before the run was submitted."""
    return [said for said in get_messages(request) if NOTHING_CANCELED not in said.tags]
